"use strict";
/* The chat of one page. What is on it was drawn by the server; this sends without leaving the page and adds what comes.
   Nothing is lost: a message that could not be sent stays with 再试, and the stream goes on behind the last number. */
(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("say"), log = $("log"), text = $("text"), problem = $("problem"), newer = $("newer"), line = $("line");
  const chair = form.dataset.chair;
  const longest = Number(form.dataset.longest);
  let last = Number(form.dataset.last);
  let session = null; // a promise: who we are
  let pending = []; // sent, not yet acknowledged
  let unread = 0;
  const title = document.title;

  // ---- talking to the server

  const address = (path) => (chair ? path + (path.includes("?") ? "&" : "?") + "chair=" + encodeURIComponent(chair) : path);

  class Told extends Error { // the server answered with a sentence for people
    constructor(status, error) { super(error.say); this.status = status; this.code = error.code; }
  }

  async function ask(path, options = {}) {
    const answer = await fetch(address(path), { credentials: "same-origin", ...options, headers: { "X-Requested-With": "jiesu", ...options.headers } });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Told(answer.status, body.error || { code: "", say: "没有连上，请稍后再试。" });
    return body;
  }

  const post = (path, body) => ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

  function known() {
    if (!session) {
      session = post("/api/chat/session", {});
      session.catch(() => { session = null; });
    }
    return session;
  }

  async function asKnown(what) { // once more when the session has ended meanwhile
    await known();
    try { return await what(); } catch (error) {
      if (error.status !== 401) throw error;
      session = null;
      await known();
      return what();
    }
  }

  // ---- showing messages

  const make = (tag, className, words) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (words !== undefined) made.textContent = words;
    return made;
  };
  const time = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  function when(at) {
    const part = Object.fromEntries(time.formatToParts(new Date(at)).map((each) => [each.type, each.value]));
    return `${part.month}月${part.day}日 ${part.hour}:${part.minute}`;
  }

  // Numbers that can be called: an old hand should not have to copy them. Not a room's (110室) and not a part of a longer one.
  const PHONE = /(?<![\d\-号楼栋])(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8}|95598|12345|119|110|120)(?![\d\-.:室号栋楼户单元年月天块平个])/g;
  function withPhones(bubble) {
    const words = bubble.textContent;
    let from = 0;
    const parts = [];
    for (const found of words.matchAll(PHONE)) {
      const call = make("a", "", found[0]);
      call.href = "tel:" + found[0].replace("-", "");
      parts.push(words.slice(from, found.index), call);
      from = found.index + found[0].length;
    }
    if (parts.length) bubble.replaceChildren(...parts, words.slice(from));
  }

  function picture(id) {
    const link = make("a", "pic");
    link.href = address("/api/chat/files/" + encodeURIComponent(id));
    link.target = "_blank";
    link.rel = "noopener";
    const image = make("img");
    image.alt = "照片";
    image.src = link.href;
    link.append(image);
    return watched(link, image);
  }
  function watched(link, image) { // not a photo (voice, video), or gone
    const other = () => { link.className = "pic other"; link.textContent = "📎 打开附件"; };
    image.addEventListener("error", other);
    if (image.complete && image.src && !image.naturalWidth && image.loading !== "lazy") other();
    image.addEventListener("load", () => { if (nearEnd(400)) toEnd(); });
    return link;
  }

  function draw(message) {
    const item = make("li", "msg " + message.from + (message.text.startsWith("⚠") ? " danger" : ""));
    item.append(make("span", "visually-hidden", message.from === "me" ? "我说：" : "接诉说："));
    if (message.text) {
      const bubble = make("div", "bubble", message.text);
      if (message.from !== "me") withPhones(bubble);
      item.append(bubble);
    }
    for (const id of message.files) item.append(picture(id));
    if (message.buttons.length) {
      const row = make("div", "buttons");
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", "可以点的回答");
      for (const each of message.buttons) {
        const button = make("button", "", each.label);
        button.type = "button";
        button.name = "button";
        button.value = each.value;
        row.append(button);
      }
      item.append(row);
    }
    const meta = make("p", "meta");
    if (message.case) meta.append(make("span", "", message.case), " ");
    const stamp = make("time", "", when(message.at));
    stamp.dateTime = message.at;
    meta.append(stamp);
    item.append(meta);
    return item;
  }

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
    if (shown(message.n)) return;
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
    const item = draw({ from: "me", text: words, files, buttons: [], case: null, at: new Date().toISOString() });
    item.querySelector(".meta").remove();
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
    if (photos.some((each) => each.state === "sending")) { problem.textContent = "照片还在传，请等一下再发。"; return; }
    const files = photos.filter((each) => each.id).map((each) => each.id);
    if (!words && !files.length) { problem.textContent = "您还没写内容。请写一句话，或发一张照片。"; text.focus(); return; }
    if (words.length > longest) { problem.textContent = `您写了 ${words.length} 个字，一次最多发 ${longest} 个字。请分几次发。`; text.focus(); return; }
    say(files.length ? { text: words, files } : { text: words }, words, files);
    text.value = "";
    photos.splice(0);
    showPhotos();
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
  // ---- photos

  const photos = [];
  const chosen = $("photo"), previews = $("previews");
  chosen.multiple = true;
  chosen.addEventListener("change", () => {
    for (const file of chosen.files) {
      if (photos.length >= 9) { problem.textContent = "一次最多发 9 张照片。"; break; }
      const photo = { file, id: null, state: "sending", url: URL.createObjectURL(file), why: "" };
      photos.push(photo);
      upload(photo);
    }
    chosen.value = "";
    showPhotos();
  });

  async function upload(photo) {
    photo.state = "sending";
    showPhotos();
    const body = new FormData();
    body.append("file", photo.file);
    try {
      photo.id = (await asKnown(() => ask("/api/chat/files", { method: "POST", body }))).file;
      photo.state = "done";
    } catch (error) {
      photo.state = "failed";
      photo.why = error instanceof Told ? error.message : "没传上去，网络好像断了。";
      problem.textContent = photo.why;
    }
    showPhotos();
  }

  function showPhotos() {
    previews.replaceChildren(...photos.map((photo) => {
      const item = make("li", photo.state);
      const image = make("img");
      image.alt = "要发的照片";
      image.src = photo.url;
      image.addEventListener("error", () => image.replaceWith(make("span", "nopic", "看不了预览")));
      const row = make("div", "row");
      const button = (words, does) => {
        const made = make("button", "", words);
        made.type = "button";
        made.addEventListener("click", does);
        row.append(made);
      };
      if (photo.state === "failed") button("再试", () => upload(photo));
      button("不要", () => {
        photos.splice(photos.indexOf(photo), 1);
        problem.textContent = "";
        showPhotos();
        chosen.focus();
      });
      const told = make("p", "", { sending: "正在传……", done: "传好了", failed: "没传上" }[photo.state]);
      told.setAttribute("role", "status");
      item.append(image, told, row);
      return item;
    }));
  }

  // ---- places

  const dialog = $("places"), asked = $("places-q"), list = $("places-list"), told = $("places-say");
  let estate = null, latest = 0;
  if (dialog.showModal) {
    $("open-places").hidden = false;
    $("open-places").addEventListener("click", () => { dialog.showModal(); estates(""); $("places-title").focus(); });
  }
  $("close-places").addEventListener("click", () => dialog.close());
  $("places-back").addEventListener("click", () => { asked.value = ""; estates(""); asked.focus(); });
  $("places-here").hidden = !navigator.geolocation || !isSecureContext;
  let typing;
  asked.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => estates(asked.value.trim()), 200); });
  dialog.addEventListener("close", () => text.focus());

  async function find(query) {
    const mine = ++latest;
    told.textContent = "正在找……";
    try {
      const found = (await asKnown(() => ask("/api/chat/places?" + query))).places;
      if (mine !== latest) return null;
      told.textContent = "";
      return found;
    } catch (error) {
      if (mine === latest) told.textContent = error instanceof Told ? error.message : "没连上，请再试一次，或直接写在话里。";
      return null;
    }
  }

  async function estates(words) {
    estate = null;
    stage("在哪个小区？", true);
    const found = await find("q=" + encodeURIComponent(words));
    if (!found) return;
    list.replaceChildren(...found.map((each) => choice(each.name, () => (each.kind === "estate" ? buildings(each) : pick(each)))));
    if (!found.length) told.textContent = "没找到这个名字。您可以直接写在话里。";
  }

  async function buildings(of) {
    estate = of;
    stage(of.name + " 几号楼？", false);
    const found = await find("estate=" + encodeURIComponent(of.id));
    if (!found) return;
    list.replaceChildren(...found.map((each) => choice(each.name.slice(of.name.length) || each.name, () => pick(each))));
    $("places-title").focus();
  }

  function stage(words, first) {
    $("places-title").textContent = words;
    list.replaceChildren();
    list.className = first ? "places-list" : "places-list many";
    for (const id of ["places-q", "places-label"]) $(id).hidden = !first;
    for (const id of ["places-back", "places-estate"]) $(id).hidden = first;
  }

  function choice(words, does) {
    const item = make("li");
    const button = make("button", "", words);
    button.type = "button";
    button.addEventListener("click", does);
    item.append(button);
    return item;
  }

  function pick(each) { // into the sentence that is being written; else said at once
    dialog.close();
    if (text.value.trim() || each.kind !== "building") { text.value = each.name + " " + text.value; grow(); text.focus(); return; }
    say({ place: { building: each.id } }, each.name);
  }
  $("places-estate").addEventListener("click", () => { if (estate) pick({ ...estate, kind: "estate" }); });
  $("places-here").addEventListener("click", () => {
    told.textContent = "正在找您的位置……";
    navigator.geolocation.getCurrentPosition(
      (at) => { dialog.close(); say({ place: { lat: at.coords.latitude, lon: at.coords.longitude } }, "📍"); },
      () => { told.textContent = "没拿到位置。请从上面选小区，或直接写在话里。"; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });

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
      if (source.readyState === EventSource.CLOSED) { source = null; session = null; later(); }
    });
  }
  function later() {
    line.textContent = "正在重新连接……您写的话不会丢。";
    setTimeout(listen, waits);
    waits = Math.min(waits * 2, 30000);
  }
  addEventListener("online", () => { if (!source) listen(); });
  addEventListener("pageshow", (event) => { if (event.persisted) { if (source && source.close) source.close(); source = null; listen(); } });

  log.querySelectorAll(".msg:not(.me):not(.intro) .bubble").forEach(withPhones);
  log.querySelectorAll(".pic").forEach((link) => watched(link, link.firstElementChild));
  toEnd();
  document.documentElement.dataset.ready = "yes";
  listen();
})();
