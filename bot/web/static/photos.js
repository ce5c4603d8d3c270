/* Photos and recordings: sent to the server as soon as they are there, shown with how far they are, handed out with the message. */

import { Told, ask, asKnown } from "./server.js";
import { make } from "./drawing.js";

const problem = document.getElementById("problem");
const photos = [];
const chosen = document.getElementById("photo"), previews = document.getElementById("previews");
chosen.multiple = true;
chosen.addEventListener("change", () => {
  for (const file of chosen.files) if (!attach(file)) break;
  chosen.value = "";
});

export function attach(file) { // false when there are too many
  if (photos.length >= 9) { problem.textContent = "一次最多发 9 张照片或录音。"; return false; }
  const photo = { file, id: null, state: "sending", url: URL.createObjectURL(file), why: "", offline: false };
  photos.push(photo);
  upload(photo);
  return true;
}
addEventListener("online", () => photos.filter((each) => each.offline).forEach(upload));

async function upload(photo) {
  photo.state = "sending";
  photo.offline = false;
  showPhotos();
  const body = new FormData();
  body.append("file", photo.file);
  try {
    photo.id = (await asKnown(() => ask("/api/chat/files", { method: "POST", body }))).file;
    photo.state = "done";
  } catch (error) {
    photo.state = "failed";
    photo.offline = !(error instanceof Told);
    photo.why = photo.offline ? "没传上去，网络好像断了。有网会自己再传，请别关这个页面。" : error.message;
    problem.textContent = photo.why;
  }
  showPhotos();
}

function showPhotos() {
  previews.replaceChildren(...photos.map((photo) => {
    const item = make("li", photo.state);
    const image = preview(photo);
    if (image.controls) item.classList.add("audio");
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

function preview(photo) {
  const sound = photo.file.type.startsWith("audio/");
  const made = make(sound ? "audio" : "img");
  if (sound) {
    made.controls = true;
    made.setAttribute("aria-label", "要发的录音");
  } else made.alt = "要发的照片";
  made.src = photo.url;
  made.addEventListener("error", () => made.replaceWith(make("span", "nopic", "看不了预览")));
  return made;
}

export const sending = () => photos.some((each) => each.state === "sending");

export const ready = () => photos.filter((each) => each.id).map((each) => each.id);

export function clear() { // they have gone with a message
  photos.splice(0).forEach((each) => URL.revokeObjectURL(each.url));
  showPhotos();
}
