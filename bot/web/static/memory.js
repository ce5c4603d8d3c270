/* What this device keeps of one person's chat: what was last seen, and what was written but not sent yet. It belongs to
   whoever the server said we are; as soon as that is somebody else it is thrown away, and nobody else is ever shown it. */

const form = document.getElementById("say");
if (form.dataset.offline) { // the page from this device is nobody's yet: which chair it is for stands in its address
  const asked = new URLSearchParams(location.search).get("chair") || "";
  form.dataset.chair = /^[A-Za-z0-9-]{1,40}$/.test(asked) ? asked : "";
}
const { chair } = form.dataset;
const OWNER = "jiesu.owner." + chair, SEEN = "jiesu.seen." + chair, UNSENT = "jiesu.unsent." + chair + ".";
const UNSURE = "jiesu.unsure"; // set by changing.js
const MOST = 60; // messages: some weeks of a resident

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
function write(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private window, or full: then it is not kept */ }
}
function remove(key) {
  try { localStorage.removeItem(key); } catch { /* was not kept */ }
}
function all(prefix) {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
}
// A tab that was left open still shows somebody who was here before: it may keep nothing any more.
const own = () => form.dataset.me && read(OWNER) === form.dataset.me;

export function belongs(person) { // the server has said who we are ("": nobody yet)
  if (read(SEEN)?.me !== person) remove(SEEN);
  for (const key of all(UNSENT)) if (read(key)?.me !== person) remove(key);
  write(OWNER, person);
  remove(UNSURE);
}

export function lastSeen() { // without a network: what was seen last, while that session lasts
  const kept = read(SEEN);
  if (read(UNSURE) || !kept?.me || kept.me !== read(OWNER) || !(new Date(kept.until) > new Date())) return null;
  return kept;
}

export function see(messages, page) {
  if (own()) write(SEEN, { me: form.dataset.me, until: form.dataset.until, messages: messages.slice(-MOST), ...page });
}

export function keep(sent) {
  if (own()) write(UNSENT + sent.body.client_id, { me: form.dataset.me, at: Date.now(), body: sent.body, words: sent.words, files: sent.files });
}

export function drop(sent) { // sent, or taken back
  remove(UNSENT + sent.body.client_id);
}

export function unsent() { // in the order in which it was written
  if (!own()) return [];
  return all(UNSENT).map(read).filter((each) => each?.me === form.dataset.me).sort((one, other) => one.at - other.at);
}
