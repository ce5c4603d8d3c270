/* Speaking instead of writing: into the field where the browser can write down what it hears, and as a recording that
   goes like a photo. What this browser cannot do is not shown. */

import { attach } from "./photos.js";

const $ = (id) => document.getElementById(id);
const text = $("text"), problem = $("problem"), record = $("record"), dictate = $("dictate");
const LONGEST = 60; // seconds
const NO_MICROPHONE = "没能打开话筒。请在手机设置里允许用话筒，或者直接写。";

// ---- a recording

const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"]; // what most phones can play first
let recorder = null, ticking;

async function begin() {
  problem.textContent = "";
  record.disabled = true;
  try {
    const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    recorder = new MediaRecorder(sound, { mimeType: KINDS.find((each) => MediaRecorder.isTypeSupported(each)) || "" });
    const parts = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => ended(sound, parts));
    recorder.start();
    tick(0);
  } catch {
    recorder = null;
    problem.textContent = NO_MICROPHONE;
  }
  record.disabled = false;
}

function tick(seconds) {
  if (seconds >= LONGEST) { recorder.stop(); return; }
  record.classList.add("on");
  record.lastElementChild.textContent = `录好了（${seconds}秒）`;
  ticking = setTimeout(tick, 1000, seconds + 1);
}

function ended(sound, parts) {
  clearTimeout(ticking);
  const { mimeType } = recorder;
  recorder = null;
  sound.getTracks().forEach((each) => each.stop()); // the microphone's light goes out
  record.classList.remove("on");
  record.lastElementChild.textContent = "录音";
  attach(new File(parts, "voice", { type: mimeType.split(";")[0] }));
  $("send").focus();
}

if (isSecureContext && navigator.mediaDevices?.getUserMedia && window.MediaRecorder) {
  record.hidden = false;
  record.addEventListener("click", () => { if (recorder) recorder.stop(); else begin(); });
}

// ---- written down by the browser

const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
let hearing = null;

function listen() {
  problem.textContent = "";
  const before = text.value;
  hearing = new Recognition();
  hearing.lang = "zh-CN";
  hearing.interimResults = true;
  hearing.onresult = (event) => {
    text.value = before + [...event.results].map((each) => each[0].transcript).join("");
    text.dispatchEvent(new Event("input"));
  };
  hearing.onerror = (event) => failed(event.error);
  hearing.onend = () => { hearing = null; state(); text.focus(); };
  hearing.start();
  state();
}

function failed(why) {
  if (why === "aborted") return;
  if (why === "no-speech") { problem.textContent = "没听见您说话，请再说一次。"; return; }
  if (why === "not-allowed") { problem.textContent = NO_MICROPHONE; return; }
  dictate.hidden = true; // the service behind it cannot be reached from here
  problem.textContent = "这个浏览器听写不了。" + (record.hidden ? "请直接写。" : "可以点「录音」，或者直接写。");
}

function state() {
  dictate.classList.toggle("on", Boolean(hearing));
  dictate.setAttribute("aria-pressed", String(Boolean(hearing)));
  dictate.lastElementChild.textContent = hearing ? "在听，说完点这里" : "说话打字";
}

if (Recognition && isSecureContext) {
  dictate.hidden = false;
  dictate.addEventListener("click", () => { if (hearing) hearing.stop(); else listen(); });
}
