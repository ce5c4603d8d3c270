/* A page that follows its numbers: hears that they have changed, and puts the fresh parts in place of the old ones. */

import { drawAll } from "./charts.js";

export function follow(board, farewell) { // `farewell`: what is said at the end, or what to do then; told whether it came before its time
  const live = document.getElementById("live"), words = document.getElementById("live-words");

  function state(on, said) {
    live.dataset.state = on ? "on" : "off";
    if (words.textContent !== said) words.textContent = said;
  }

  // ---- the parts

  let busy = false, again = false, until = end(board);
  function end(main) { return Date.now() + 1000 * (main.dataset.left || 0); }

  async function refresh() {
    if (busy) { again = true; return; } // what happens meanwhile is one more look, not many
    busy = true;
    try {
      const answer = await fetch(board.dataset.whole, { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (answer.status === 401 || answer.status === 403) { ended(); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = fresh.getElementById(board.id);
      if (!main) return;
      board.dataset.stamp = main.dataset.stamp;
      until = end(main);
      for (const part of board.querySelectorAll("[data-part]")) replace(part, main.querySelector(`[data-part="${part.dataset.part}"]`));
      board.dataset.slow = main.dataset.slow;
      await drawAll(board);
    } catch { /* without a network: the stream says so, and comes back */ } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  }

  function replace(old, fresh) {
    if (!fresh || same(old, fresh)) return;
    const opened = [...old.querySelectorAll("details[open][id]")].map((each) => each.id);
    const focus = old.contains(document.activeElement) ? spot(document.activeElement) : null;
    const drawn = new Map([...old.querySelectorAll("figure[data-chart]")].map((each) => [each.dataset.chart, each]));
    const part = document.importNode(fresh, true);
    for (const id of opened) part.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    for (const figure of part.querySelectorAll("figure[data-chart]")) { // a chart that is the same is not drawn anew
      const was = drawn.get(figure.dataset.chart);
      if (was && was.dataset.spec === figure.dataset.spec) figure.replaceWith(was);
    }
    part.classList.add("fresh");
    old.replaceWith(part);
    if (focus) part.querySelector(focus)?.focus({ preventScroll: true });
  }

  const bare = (part) => part.cloneNode(true);
  function same(old, fresh) {
    const made = bare(old);
    made.classList.remove("fresh");
    if (!made.classList.length) made.removeAttribute("class");
    made.querySelectorAll(".drawn").forEach((each) => { each.replaceChildren(); for (const name of each.getAttributeNames()) if (name !== "class") each.removeAttribute(name); });
    made.querySelectorAll("figure[data-drawn]").forEach((each) => each.removeAttribute("data-drawn"));
    made.querySelectorAll("details[open]").forEach((each) => each.removeAttribute("open"));
    const wanted = bare(fresh);
    for (const side of [made, wanted]) side.querySelectorAll("noscript").forEach((each) => each.remove());
    return made.innerHTML === wanted.innerHTML;
  }

  function spot(element) { // how to find the same place again
    if (element.id) return `#${CSS.escape(element.id)}`;
    if (element.matches("summary") && element.parentElement.id) return `#${CSS.escape(element.parentElement.id)} > summary`;
    const href = element.getAttribute("href");
    return href ? `a[href="${CSS.escape(href)}"]` : null;
  }

  // ---- listening: a tab that nobody sees does not

  let source = null, over = false;

  function listen() {
    if (source || over || document.hidden) return;
    source = new EventSource(board.dataset.stream);
    source.addEventListener("open", () => state(true, "实时"));
    source.addEventListener("changed", (event) => {
      state(true, "实时");
      if (JSON.parse(event.data).stamp !== board.dataset.stamp) refresh();
    });
    source.addEventListener("ended", ended);
    source.addEventListener("error", () => {
      state(false, "断开了，正在重连");
      if (source && source.readyState === EventSource.CLOSED) { stop(); setTimeout(listen, 3000); }
    });
  }

  function stop() {
    if (source) source.close();
    source = null;
  }

  function ended() {
    over = true;
    stop();
    if (typeof farewell === "string") state(false, farewell); else farewell(Date.now() < until);
  }

  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else listen(); });
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

  state(false, "正在连接……");
  const begin = () => drawAll(board).then(() => { document.documentElement.dataset.ready = "yes"; });
  if (document.readyState === "complete") begin(); else addEventListener("load", begin); // the page first, then the library
  listen();
  return refresh;
}
