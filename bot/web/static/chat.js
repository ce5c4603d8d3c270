/* The chat of one page. What is on it was drawn by the server; this sends without leaving the page and adds what comes.
   Nothing is lost: a message that could not be sent stays with 再试, and the stream goes on behind the last number. */

import { Told, address, asKnown, forget, known, post } from "./server.js";
import { draw, make, meta, watched, withLinks } from "./drawing.js";
import * as photos from "./photos.js";
import { onPick } from "./places.js";

const $ = (id) => document.getElementById(id);
const form = $("say"), log = $("log"), text = $("text"), problem = $("problem"), newer = $("newer"), line = $("line");
const longest = Number(form.dataset.longest);
let last = Number(form.dataset.last);
let pending = []; // sent, not yet acknowledged
let unread = 0;
const title = document.title;

// ---- showing messages

const nearEnd = (by = 160) => log.scrollHeight - log.scrollTop - log.clientHeight < by;
const toEnd = () => { log.scrollTop = log.scrollHeight; newer.hidden = true; };

function place(item, n) { // in the order of n; what is not stored yet stays at the end
  item.dataset.n = n;
  let before = log.lastElementChild;
  while (before && (before.dataset.n === undefined ? before.classList.contains("waiting") : Number(before.dataset.n) > n)) before = before.previousElementSibling;
  if (before) before.after(item); else log.prepend(item);
}
const shown = (n) => log.querySelector(`[data-n="${n}"]`);

function take(message) {
  last = Math.max(last, message.n);
  const there = shown(message.n);
  if (there) { // mine, acknowledged before it came back: now its time is known
    if (!there.querySelector(".meta")) there.append(meta(message));
    return;
  }
  const follow = nearEnd();
  if (message.from === "me") {
    const mine = pending.find((each) => !each.settled && each.shows === message.text + "|" + message.files.join());
    if (mine) { settle(mine, message); return; }
  }
  const item = draw(message);
  item.classList.add("new");
  place(item, message.n);
  if (follow) toEnd(); else if (message.from !== "me") newer.hidden = false;
  if (document.hidden && message.from !== "me") document.title = `（${++unread}）${title}`;
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) { unread = 0; document.title = title; } });
log.addEventListener("scroll", () => { if (nearEnd()) newer.hidden = true; }, { passive: true });
newer.addEventListener("click", () => { toEnd(); text.focus(); });

// ---- sending

const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""));

function say(body, words, files = []) {
  const item = draw({ from: "me", text: words, files, buttons: [], case: null, at: null });
  item.classList.add("waiting");
  const state = make("p", "state", "正在发送……");
  state.setAttribute("role", "status");
  item.append(state);
  log.append(item);
  toEnd();
  const sent = { body: { client_id: fresh(), ...body }, item, state, shows: words + "|" + files.join(), settled: false };
  pending.push(sent);
  send(sent);
}

async function send(sent) {
  sent.item.classList.remove("failed");
  sent.state.textContent = "正在发送……";
  sent.item.querySelector(".buttons")?.remove();
  try {
    const answer = await asKnown(() => post("/api/chat/messages", sent.body));
    if (!sent.settled) settle(sent, { n: answer.n, at: null });
    listen();
  } catch (error) { failed(sent, error); }
}

function settle(sent, message) { // stored: it has its place
  sent.settled = true;
  pending = pending.filter((each) => each !== sent);
  sent.state.remove();
  sent.item.classList.remove("waiting", "failed");
  sent.item.querySelector(".buttons")?.remove();
  if (shown(message.n)) { sent.item.remove(); return; }
  if (message.at) sent.item.append(meta(message));
  place(sent.item, message.n);
}

function failed(sent, error) {
  if (sent.settled) return;
  sent.item.classList.add("failed");
  sent.state.textContent = error instanceof Told ? "没发出去：" + error.message : "没发出去：网络好像断了。";
  const row = make("div", "buttons");
  const again = make("button", "", "再试");
  again.type = "button";
  again.addEventListener("click", () => send(sent));
  const drop = make("button", "", "改一改");
  drop.type = "button";
  drop.addEventListener("click", () => {
    pending = pending.filter((each) => each !== sent);
    sent.item.remove();
    if (sent.body.text && !text.value) { text.value = sent.body.text; grow(); }
    text.focus();
  });
  row.append(again, drop);
  sent.item.append(row);
  toEnd();
}

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
  if (photos.sending()) { problem.textContent = "照片还在传，请等一下再发。"; return; }
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
log.addEventListener("load", (event) => { if (event.target.tagName === "IMG" && nearEnd(400)) toEnd(); }, true);

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
  source = new EventSource(address("/api/chat/stream?after=" + last));
  source.addEventListener("open", () => { waits = 1000; line.textContent = ""; });
  source.addEventListener("message", (event) => take(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    line.textContent = "正在重新连接……您写的话不会丢。";
    if (source.readyState === EventSource.CLOSED) { source = null; forget(); later(); }
  });
}
function later() {
  line.textContent = "正在重新连接……您写的话不会丢。";
  setTimeout(listen, waits);
  waits = Math.min(waits * 2, 30000);
}
addEventListener("online", () => { if (!source) listen(); });
addEventListener("pageshow", (event) => { if (event.persisted) { if (source && source.close) source.close(); source = null; listen(); } });

log.querySelectorAll(".msg:not(.me):not(.intro) .bubble").forEach(withLinks);
log.querySelectorAll(".pic").forEach((link) => watched(link, link.firstElementChild));
toEnd();
document.documentElement.dataset.ready = "yes";
listen();
