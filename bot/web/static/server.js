/* Talking to the chat API: who we are, and sentences instead of codes when something is refused. */

import { belongs } from "./memory.js";

const form = document.getElementById("say");
const { chair } = form.dataset;
let session = null; // a promise: who we are

export const address = (path) => (chair ? path + (path.includes("?") ? "&" : "?") + "chair=" + encodeURIComponent(chair) : path);

export class Told extends Error { // the server answered with a sentence for people
  constructor(status, error) { super(error.say); this.status = status; this.code = error.code; }
}

async function fetched(path, options) {
  const answer = await fetch(address(path), { credentials: "same-origin", ...options, headers: { "X-Requested-With": "jiesu", ...options.headers } });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok && (body.error || answer.status < 502)) throw new Told(answer.status, body.error || { code: "", say: "没有连上，请稍后再试。" });
  if (!answer.ok) throw new TypeError("no answer from Jiesu"); // a proxy says that it is not there: as without a network
  return body;
}

export const ask = (path, options = {}) => // in the name of whom the page shows; refused when somebody else has come in meanwhile
  fetched(path, { ...options, headers: form.dataset.me ? { "X-Jiesu-Person": form.dataset.me, ...options.headers } : options.headers });

const PATIENCE = 20000; // ms: after that it counts as no network; said again under the same number it does no harm
const json = (body) => ({ method: "POST", signal: AbortSignal.timeout?.(PATIENCE), headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
export const post = (path, body) => ask(path, json(body));

export function known() {
  if (!session) {
    session = fetched("/api/chat/session", json({})).then(here);
    session.catch(() => { session = null; });
  }
  return session;
}

function here(who) {
  const shown = form.dataset.me;
  belongs(who.person);
  form.dataset.me = who.person;
  if (!shown || shown === who.person) return who;
  location.reload(); // another person has come in on this device: their page, not this one
  return new Promise(() => {});
}

export async function asKnown(what) { // once more when the session has ended meanwhile
  await known();
  try { return await what(); } catch (error) {
    if (error.status !== 401) throw error;
    session = null;
    await known();
    return what();
  }
}

export function forget() { // the session may have ended: ask again
  session = null;
}
