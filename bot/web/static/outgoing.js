/* What is being sent: one after the other, in the order in which it was written. Without a network it is kept on the
   device and sent when there is one again, always under the number it was given first: so nothing is said twice. */

import { Told, asKnown, post } from "./server.js";
import { draw, make, meta } from "./drawing.js";
import { log, nearEnd, place, remember, shown, toEnd } from "./thread.js";
import * as memory from "./memory.js";

const line = document.getElementById("line"), text = document.getElementById("text");
let waiting = []; // not yet acknowledged; refused ones stand on the page only
let busy = false, kept = 0, waits = 3000, timer;

const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""));

export function say(body, words, files = []) {
  const sent = show({ body: { client_id: fresh(), ...body }, words, files });
  memory.keep(sent);
  toEnd();
  if (!line.dataset.trouble) line.textContent = "";
  pump();
}

function show(sent) {
  sent.item = draw({ from: "me", text: sent.words, files: sent.files, buttons: [], case: null, at: null });
  sent.item.classList.add("waiting");
  sent.state = make("p", "state", "正在发送……");
  sent.state.setAttribute("role", "status");
  sent.item.append(sent.state);
  log.append(sent.item);
  waiting.push(sent);
  return sent;
}

export function restore() { // written before this page was opened, and not known to have arrived
  for (const each of memory.unsent()) {
    if (waiting.some((other) => other.body.client_id === each.body.client_id)) continue;
    show(each);
    hold(each);
  }
  if (waiting.length) pump();
}

export async function pump() {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  while (waiting.length) {
    const sent = waiting[0];
    try { await send(sent); } catch (error) {
      if (!(error instanceof Told)) { // no network: this one and all behind it wait
        waiting.forEach(hold);
        timer = setTimeout(pump, waits);
        waits = Math.min(waits * 2, 60000);
        break;
      }
      waiting = waiting.filter((each) => each !== sent);
      refused(sent, error);
    }
  }
  busy = false;
  if (!waiting.length) done();
}

async function send(sent) {
  begin(sent);
  sent.flying = true;
  try {
    const answer = await asKnown(() => post("/api/chat/messages", sent.body));
    waits = 3000;
    if (sent.held) kept += 1;
    if (!sent.settled) settle(sent, { n: answer.n, at: null });
  } catch (error) {
    if (!sent.settled) throw error;
  } finally { sent.flying = false; }
}

function begin(sent) {
  sent.item.classList.remove("failed");
  sent.state.textContent = "正在发送……";
  sent.item.querySelector(".buttons")?.remove();
}

export function claims(message) { // whether this is one that is on its way just now; then it has its place
  const mine = waiting.find((each) => each.flying && !each.settled && each.words + "|" + each.files.join() === message.text + "|" + message.files.join());
  if (mine) settle(mine, message);
  return Boolean(mine);
}

function settle(sent, message) { // stored
  sent.settled = true;
  waiting = waiting.filter((each) => each !== sent);
  memory.drop(sent);
  sent.state.remove();
  sent.item.classList.remove("waiting", "failed");
  sent.item.querySelector(".buttons")?.remove();
  if (shown(message.n)) { sent.item.remove(); return; }
  if (message.at) sent.item.append(meta(message));
  place(sent.item, message.n);
}

function hold(sent) {
  sent.held = true;
  sent.item.classList.add("failed");
  sent.state.textContent = "还没发出去：没有网。已经记着，有网就自己发。";
  const follow = nearEnd(300);
  choices(sent, () => { waits = 3000; pump(); });
  if (follow) toEnd();
}

function refused(sent, error) {
  memory.drop(sent);
  sent.item.classList.add("failed");
  sent.state.textContent = "没发出去：" + error.message;
  choices(sent, () => { waiting.push(sent); memory.keep(sent); pump(); });
  toEnd();
}

function choices(sent, again) {
  sent.item.querySelector(".buttons")?.remove();
  const row = make("div", "buttons");
  const button = (words, does) => {
    const made = make("button", "", words);
    made.type = "button";
    made.addEventListener("click", does);
    row.append(made);
  };
  button("再试", again);
  button("改一改", () => takeBack(sent));
  sent.item.append(row);
}

function takeBack(sent) {
  waiting = waiting.filter((each) => each !== sent);
  memory.drop(sent);
  sent.item.remove();
  if (sent.body.text && !text.value) {
    text.value = sent.body.text;
    text.dispatchEvent(new Event("input"));
  }
  text.focus();
}

function done() {
  if (kept) {
    delete line.dataset.trouble;
    line.textContent = `刚才没网时写的 ${kept} 条，已经发出去了。`;
  }
  kept = 0;
  remember();
}
