/* The thread on the page: where a message goes, and what of it this device remembers. */

import { draw, make, meta, seen, watched, withLinks } from "./drawing.js";
import { hearable } from "./reading.js";
import * as memory from "./memory.js";

const $ = (id) => document.getElementById(id);
export const log = $("log");
const newer = $("newer");

export const nearEnd = (by = 160) => log.scrollHeight - log.scrollTop - log.clientHeight < by;
export function toEnd() { // of an answer that is higher than the view the beginning: it is read from there
  const last = [...log.querySelectorAll(".msg")].at(-1);
  const high = last && !last.classList.contains("me") && last.offsetHeight > log.clientHeight;
  if (high) log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  else log.scrollTop = log.scrollHeight;
  newer.hidden = true;
}
export const shown = (n) => log.querySelector(`[data-n="${n}"]`);

export function place(item, n) { // in the order of n; what is not stored yet stays at the end
  item.dataset.n = n;
  let before = log.lastElementChild;
  while (before && (before.dataset.n === undefined ? before.classList.contains("waiting") : Number(before.dataset.n) > n)) before = before.previousElementSibling;
  if (before) before.after(item); else log.prepend(item);
  remember();
}

export function add(message) {
  const follow = nearEnd();
  const item = draw(message);
  item.classList.add("new");
  hearable(item);
  place(item, message.n);
  if (follow) toEnd(); else if (message.from !== "me") newer.hidden = false;
  return item;
}

export function stamp(item, message) { // mine, acknowledged before it came back: now its time is known
  if (!item.querySelector(".meta")) item.append(meta(message));
  remember();
}

let online = true, contact = new Date(); // when what is here was last known to be all
export function lost() {
  if (online) contact = new Date();
  online = false;
}

let later;
export function remember() { // after the last of a row of changes
  clearTimeout(later);
  later = setTimeout(write, 200);
}
function write() {
  clearTimeout(later);
  if (log.classList.contains("stale")) return;
  const words = [...document.querySelectorAll("#quick [name=quick]")].map((each) => each.value);
  memory.see([...log.querySelectorAll(".msg[data-n]")].map(seen), { quick: words, who: $("who").textContent, at: online ? new Date() : contact });
}
addEventListener("pagehide", write);

export function recall() { // without a network: what was seen last, and said to be that
  const kept = memory.lastSeen();
  log.classList.add("stale");
  if (!kept) { note("现在没有网，您的对话要连上网才看得到。有危险请直接打 119、110、120。"); return null; }
  for (const message of kept.messages) add(message);
  $("who").textContent = kept.who;
  $("quick").replaceChildren(...kept.quick.map((words) => {
    const button = make("button", "small", words);
    button.name = "quick";
    button.value = words;
    return button;
  }));
  const at = new Date(kept.at);
  note(`以上是这台手机 ${at.getMonth() + 1}月${at.getDate()}日 ${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")} 看到的，不一定是最新的。`);
  return kept;
}
function note(words) {
  const item = make("div", "msg then");
  item.append(make("p", "", words));
  log.append(item);
}
export function current() { // connected: what is here is true again
  online = true;
  log.classList.remove("stale");
  log.querySelector(".then")?.remove();
}

log.querySelectorAll(".msg:not(.me):not(.intro) .bubble").forEach(withLinks);
log.querySelectorAll(".pic > img").forEach((image) => watched(image.parentNode, image)); // a report is a plain link
log.querySelectorAll(".msg").forEach(hearable);
log.addEventListener("scroll", () => { if (nearEnd()) newer.hidden = true; }, { passive: true });
for (const what of ["load", "loadedmetadata"]) log.addEventListener(what, () => { if (nearEnd(400)) toEnd(); }, true); // pictures and sounds take room when they come
