/* Talking to the chat API: who we are, and sentences instead of codes when something is refused. */

const chair = document.getElementById("say").dataset.chair;
let session = null; // a promise: who we are

export const address = (path) => (chair ? path + (path.includes("?") ? "&" : "?") + "chair=" + encodeURIComponent(chair) : path);

export class Told extends Error { // the server answered with a sentence for people
  constructor(status, error) { super(error.say); this.status = status; this.code = error.code; }
}

export async function ask(path, options = {}) {
  const answer = await fetch(address(path), { credentials: "same-origin", ...options, headers: { "X-Requested-With": "jiesu", ...options.headers } });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Told(answer.status, body.error || { code: "", say: "没有连上，请稍后再试。" });
  return body;
}

export const post = (path, body) => ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export function known() {
  if (!session) {
    session = post("/api/chat/session", {});
    session.catch(() => { session = null; });
  }
  return session;
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
