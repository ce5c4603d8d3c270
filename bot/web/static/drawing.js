/* How a message looks: the same as templates/message.html draws it. */

import { address } from "./server.js";

export const make = (tag, className, words) => {
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
const PHONE = /(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8}|95598|12345|119|110|120)(?![\d\-.:室号栋楼户单元年月天块平个])/g;
export function* phones(words) {
  for (const found of words.matchAll(PHONE)) {
    if (/[\d\-号楼栋]/.test(words[found.index - 1] || "")) continue; // (a look-behind would stop older phones)
    yield { at: found.index, words: found[0], href: "tel:" + found[0].replace("-", "") };
  }
}
// Pages of our own that are for staff, whatever our address; no others: what Jiesu says may hold a resident's words.
const home = document.getElementById("say").dataset.home;
function* pages(words) {
  for (let at = words.indexOf(home + "/staff/"); at >= 0; at = words.indexOf(home + "/staff/", at + 1)) {
    const path = words.slice(at + home.length).match(/^[a-z/]+/)[0];
    yield { at, words: home + path, href: address(path) };
  }
}
export function withLinks(bubble) {
  const words = bubble.textContent;
  let from = 0;
  const parts = [];
  for (const found of [...pages(words), ...phones(words)].sort((one, other) => one.at - other.at)) {
    if (found.at < from) continue; // a number in an address
    const link = make("a", "", found.words);
    link.href = found.href;
    parts.push(words.slice(from, found.at), link);
    from = found.at + found.words.length;
  }
  if (parts.length) bubble.replaceChildren(...parts, words.slice(from));
}

const PAPERS = { docx: "📄 Word 文档", xlsx: "📊 Excel 表格" }; // a report's files end so: nothing has to be tried first

function picture(id) {
  const paper = PAPERS[id.split(".").pop()];
  const link = make("a", paper ? "pic other" : "pic", paper);
  link.dataset.file = id;
  link.href = address("/api/chat/files/" + encodeURIComponent(id));
  link.target = "_blank";
  link.rel = "noopener";
  if (paper) return link;
  const image = make("img");
  image.alt = "照片";
  image.src = link.href;
  link.append(image);
  return watched(link, image);
}
export function watched(link, image) { // not a photo: a voice or a film is played here, anything else (or gone) is a link
  const other = () => {
    const film = make("video", "film");
    film.preload = "metadata";
    film.addEventListener("loadedmetadata", () => played(link, film));
    film.addEventListener("error", () => { link.className = "pic other"; link.textContent = "📎 打开附件"; });
    film.src = link.href;
  };
  image.addEventListener("error", other);
  if (image.complete && !image.naturalWidth) image.src = link.href; // may have failed before anybody listened: once more
  return link;
}

function played(link, film) {
  const player = film.videoWidth ? film : make("audio", "sound");
  player.controls = true;
  player.preload = "metadata";
  player.src = link.href;
  player.dataset.file = link.dataset.file;
  player.setAttribute("aria-label", film.videoWidth ? "视频" : "录音");
  link.replaceWith(player);
}

export function seen(item) { // the message that an item shows: the reverse of draw
  return {
    n: Number(item.dataset.n),
    from: ["me", "person"].find((each) => item.classList.contains(each)) || "jiesu",
    text: item.querySelector(".bubble")?.textContent || "",
    buttons: [...item.querySelectorAll(".buttons button[value]")].map((each) => ({ label: each.textContent, value: each.value })),
    files: [...item.querySelectorAll("[data-file]")].map((each) => each.dataset.file),
    case: item.querySelector(".meta > span")?.textContent || null,
    at: item.querySelector("time")?.dateTime || null,
  };
}

export function draw(message) {
  const item = make("div", "msg " + message.from + (message.text.startsWith("⚠") ? " danger" : ""));
  item.append(make("span", "visually-hidden", message.from === "me" ? "我说：" : "接诉说："));
  if (message.text) {
    const bubble = make("div", "bubble", message.text);
    if (message.from !== "me") withLinks(bubble);
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
  if (message.at) item.append(meta(message));
  return item;
}

export function meta(message) { // case number and time, by the clock of the town
  const made = make("p", "meta");
  if (message.case) made.append(make("span", "", message.case), " ");
  const stamp = make("time", "", when(message.at));
  stamp.dateTime = message.at;
  made.append(stamp);
  return made;
}
