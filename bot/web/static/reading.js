/* Reading aloud, by the device's own voice: a button at each message of Jiesu, and a switch that reads new ones. */

import { make, phones } from "./drawing.js";

const speech = window.speechSynthesis;
const can = Boolean(speech && window.SpeechSynthesisUtterance);
const toggle = document.getElementById("aloud"), line = document.getElementById("line");
const PIECE = /[^。！？!?；\n]+[。！？!?；\n]*/g; // some voices stop in the middle of anything longer
const icon = "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11";

const kept = (() => { try { return localStorage.getItem("jiesu.aloud") === "yes"; } catch { return false; } })();
let on = can && kept;
let current = null; // the button of the message that is being read
let blocked = []; // messages that the browser would not read before somebody touches the page

function voice() { // Mandarin, of the device itself if it has one
  const all = speech.getVoices().filter((each) => /^(zh[-_](CN|Hans)|zh$|cmn)/i.test(each.lang));
  return all.find((each) => each.localService) || all[0] || null;
}
const foreign = () => speech.getVoices().length > 0 && !voice(); // it has voices, none of which speaks Chinese

function spoken(item) { // its words, numbers digit by digit, then what can be pressed
  let words = item.querySelector(".bubble")?.textContent || "";
  for (const found of [...phones(words)].reverse()) words = words.slice(0, found.at) + [...found.words].join(" ") + words.slice(found.at + found.words.length);
  words = words.replace(/\b\d{2}-\d{6}\b/g, (number) => [...number.replace("-", "")].join(" ")).replace(/[\p{Extended_Pictographic}\uFE0F]/gu, "");
  const choices = [...item.querySelectorAll(".buttons button")].map((each) => each.textContent);
  return words + (choices.length ? "\n可以点：" + choices.join("，") + "。" : "");
}

function utter(words, begun = () => {}, ended = () => {}) {
  const pieces = words.match(PIECE) || [];
  pieces.forEach((piece, at) => {
    const said = new SpeechSynthesisUtterance(piece.trim());
    said.lang = "zh-CN";
    said.voice = voice();
    said.rate = 0.9;
    if (at === 0) said.onstart = begun;
    if (at === pieces.length - 1) said.onend = ended;
    said.onerror = (event) => ended(event.error);
    speech.speak(said);
  });
}

function read(item) {
  const button = item.querySelector(".hear");
  utter(spoken(item), () => stopButton(button), (why) => {
    idle(button);
    if (why === "not-allowed") blocked.push(item);
    else if (why && !/cancel|interrupt/.test(why)) line.textContent = "这台机器念不出来，请看文字。";
  });
}
function stopButton(button) {
  idle(current);
  current = button;
  if (button) button.lastChild.textContent = "别念了";
}
function idle(button) {
  if (button) button.lastChild.textContent = "念一遍";
  if (button === current) current = null;
}
function hush() {
  blocked = [];
  speech.cancel();
  idle(current);
}

export function hearable(item) { // gives a message of Jiesu its button
  if (!can || foreign() || item.classList.contains("me") || !item.querySelector(".bubble") || item.querySelector(".hear")) return;
  const button = make("button", "hear");
  button.type = "button";
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true" class="icon"><path d="${icon}"/></svg><span>念一遍</span>`;
  button.addEventListener("click", () => {
    const stop = button === current;
    hush();
    if (stop) return;
    stopButton(button);
    read(item);
  });
  (item.querySelector(".meta") || item).append(button);
}

export function readNew(item) { // has just come; several are read one after the other
  if (on && !foreign()) read(item);
}

function show() {
  toggle.hidden = !can || foreign();
  toggle.setAttribute("aria-pressed", String(on));
}
if (can) {
  show();
  speech.addEventListener?.("voiceschanged", () => {
    show();
    if (foreign()) document.querySelectorAll(".hear").forEach((each) => each.remove());
  });
  toggle.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("jiesu.aloud", on ? "yes" : "no"); } catch { /* for this page only */ }
    show();
    hush();
    if (on) utter("好，有新消息就念给您听。"); // said at once: some phones let a page speak only after a touch
  });
  addEventListener("pointerup", () => blocked.splice(0).forEach(read));
  addEventListener("pagehide", hush);
}
