/* Photos: sent to the server as soon as they are chosen, shown with how far they are, handed out with the message. */

import { Told, ask, asKnown } from "./server.js";
import { make } from "./drawing.js";

const problem = document.getElementById("problem");
const photos = [];
const chosen = document.getElementById("photo"), previews = document.getElementById("previews");
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

export const sending = () => photos.some((each) => each.state === "sending");

export const ready = () => photos.filter((each) => each.id).map((each) => each.id);

export function clear() { // they have gone with a message
  photos.splice(0).forEach((each) => URL.revokeObjectURL(each.url));
  showPhotos();
}
