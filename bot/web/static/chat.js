/* The chat of one page. What is on it was drawn by the server; this sends without leaving the page and adds what comes.
   Nothing is lost: what could not be sent is kept (outgoing.js), and the stream goes on behind the last number. Opened
   without a network, the page comes from this device (shell.js) with what was last seen (memory.js). */

import { address, forget, known } from "./server.js";
import { add, current, log, lost, recall, remember, shown, stamp, toEnd } from "./thread.js";
import { claims, pump, restore, say } from "./outgoing.js";
import { readNew } from "./reading.js";
import * as memory from "./memory.js";
import * as photos from "./photos.js";
import { onPick } from "./places.js";
import "./voice.js";
import { offer } from "./install.js";

const $ = (id) => document.getElementById(id);
const form = $("say"), text = $("text"), problem = $("problem"), newer = $("newer"), line = $("line");
const longest = Number(form.dataset.longest);
let last = Number(form.dataset.last);
let unread = 0;

// ---- what comes

function take(message) {
  last = Math.max(last, message.n);
  const there = shown(message.n);
  if (there) { stamp(there, message); return; }
  if (message.from === "me" && claims(message)) return;
  const item = add(message);
  if (message.from === "me") return;
  offer();
  readNew(item);
  if (document.hidden) document.title = `（${++unread}）${title}`;
}
const title = document.title;
document.addEventListener("visibilitychange", () => { if (!document.hidden) { unread = 0; document.title = title; } });
newer.addEventListener("click", () => { toEnd(); text.focus(); });

// ---- what is said

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button && button.name === "button") press(button);
  else if (button && button.name === "quick") say({ text: button.value }, button.value);
  else speak();
});
log.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=button]");
  if (!button || button.type === "submit") return; // drawn by the server: comes as submit
  press(button);
});
function press(button) {
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 4000);
  say({ button: button.value }, button.textContent);
}

function speak() {
  const words = text.value.trim();
  problem.textContent = "";
  if (photos.sending()) { problem.textContent = "照片或录音还在传，请等一下再发。"; return; }
  const files = photos.ready();
  if (!words && !files.length) { problem.textContent = "您还没写内容。请写一句话，或发一张照片。"; text.focus(); return; }
  if (words.length > longest) { problem.textContent = `您写了 ${words.length} 个字，一次最多发 ${longest} 个字。请分几次发。`; text.focus(); return; }
  say(files.length ? { text: words, files } : { text: words }, words, files);
  text.value = "";
  photos.clear();
  grow();
  text.focus();
}

const grow = () => { text.style.height = "auto"; text.style.height = Math.min(text.scrollHeight + 4, innerHeight * 0.34) + "px"; };
text.addEventListener("input", () => { problem.textContent = ""; grow(); });
text.addEventListener("keydown", (event) => { // Enter sends where there is a real keyboard; never while a word is being composed
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  speak();
});

onPick(
  (each) => { // into the sentence that is being written; else said at once
    if (each.kind === "building" && !text.value.trim()) { say({ place: { building: each.id } }, each.name); return; }
    text.value = each.name + " " + text.value;
    grow();
    text.focus();
  },
  (lat, lon) => say({ place: { lat, lon } }, "📍"),
);

// ---- listening

let source = null, waits = 1000;
async function listen() {
  if (source) return;
  source = "opening"; // only one, however often it is asked for
  try { await known(); } catch { source = null; later(); return; }
  source = new EventSource(address("/api/chat/stream?after=" + last + "&person=" + encodeURIComponent(form.dataset.me)));
  source.addEventListener("open", connected);
  source.addEventListener("message", (event) => take(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    trouble();
    if (source.readyState === EventSource.CLOSED) { source = null; forget(); later(); }
  });
}
function connected() {
  waits = 1000;
  if (line.dataset.trouble) { // (not what else is said there)
    delete line.dataset.trouble;
    line.textContent = "";
  }
  delete form.dataset.offline;
  const leave = $("leave"); // (not there on the page that this device keeps)
  if (leave) leave.hidden = !form.dataset.me;
  current();
  restore();
  pump();
  remember();
}
function trouble() {
  lost();
  line.dataset.trouble = "yes";
  if (form.dataset.offline) line.textContent = "现在没有网，下面不一定是最新的。您写的话先记在这台手机上，有网就自己发。";
  else line.textContent = navigator.onLine ? "正在重新连接……您写的话不会丢。" : "现在没有网。您写的话先记在这台手机上，有网就自己发。";
}
function later() {
  trouble();
  setTimeout(listen, waits);
  waits = Math.min(waits * 2, 30000);
}
addEventListener("online", () => { listen(); pump(); });
addEventListener("offline", trouble);
addEventListener("storage", (event) => { if (event.key === "jiesu.left." + form.dataset.chair) location.reload(); }); // left in another tab
addEventListener("pageshow", (event) => { if (event.persisted) { if (source && source.close) source.close(); source = null; forget(); listen(); } });

if (form.dataset.offline) {
  const kept = recall();
  form.dataset.me = kept ? kept.me : "";
  form.dataset.until = kept ? kept.until : "";
  last = kept?.messages.length ? kept.messages[kept.messages.length - 1].n : 0;
  trouble();
} else memory.belongs(form.dataset.me);
restore();
remember();
toEnd();
document.documentElement.dataset.ready = "yes";
listen();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => { /* a page without it works all the same */ });
