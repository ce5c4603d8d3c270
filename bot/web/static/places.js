/* The place picker: estate, then building; or where the phone is. What is picked goes to `picked` or `located`. */

import { Told, ask, asKnown } from "./server.js";
import { make } from "./drawing.js";

const $ = (id) => document.getElementById(id);
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
dialog.addEventListener("close", () => $("text").focus());

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

let picked = () => {}, located = () => {};
export function onPick(building, point) {
  picked = building;
  located = point;
}
function pick(each) {
  dialog.close();
  picked(each);
}
$("places-estate").addEventListener("click", () => { if (estate) pick({ ...estate, kind: "estate" }); });
$("places-here").addEventListener("click", () => {
  told.textContent = "正在找您的位置……";
  navigator.geolocation.getCurrentPosition(
    (at) => { dialog.close(); located(at.coords.latitude, at.coords.longitude); },
    () => { told.textContent = "没拿到位置。请从上面选小区，或直接写在话里。"; },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
});

