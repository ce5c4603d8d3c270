/* The service worker (served as /service-worker.js, with VERSION, SHELL and FILES in front). It keeps the files that pages
   are drawn with and one empty chat page: nothing that the server says to somebody, and nothing under /api, goes in here. */

const CACHE = "jiesu-" + VERSION;
const PATIENCE = 8000; // ms that a bad connection has

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(tidy()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && (pathname === "/" || pathname === "/chat")) event.respondWith(chat(event.request));
  else if (FILES.includes(pathname)) event.respondWith(file(event.request, pathname));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...FILES].map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
  await skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
}

// The network first, always: what is kept is for when there is none.
async function fresh(request) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE);
  try { return await fetch(request, { signal: giveUp.signal }); } finally { clearTimeout(timer); }
}

async function chat(request) {
  try {
    const answer = await fresh(request);
    if (answer.status !== 502 && answer.status !== 504) return answer; // those: a proxy found nobody at home
  } catch { /* no network */ }
  return (await caches.match(SHELL)) || Response.error();
}

async function file(request, path) {
  try { return await fresh(request); } catch { return (await caches.match(path)) || Response.error(); }
}
