/* The big screen: live, its panels one after the other. Whoever wants less movement turns them by hand. */

import { drawAll, redrawWithTheWindow } from "./charts.js";
import { follow } from "./live.js";

const EVERY = 20000; // ms that a panel stays
const screen = document.getElementById("screen"), turns = document.getElementById("turns"), hold = document.getElementById("hold");
const names = [...turns.querySelectorAll("[data-panel]")].map((each) => each.dataset.panel);
const still = matchMedia("(prefers-reduced-motion: reduce)");
let here = 0, held = false, dark = false;
const again = follow(screen, (early) => { // no number stays; ended before its time it was closed
  dark = true;
  screen.replaceChildren(document.getElementById(early ? "closed" : "over").content.cloneNode(true));
  screen.classList.add("dark");
});

function show(n) {
  here = (n + names.length) % names.length;
  names.forEach((name, at) => {
    const panel = document.getElementById(name);
    panel.hidden = at !== here;
    panel.classList.toggle("come", at === here);
  });
  turns.querySelectorAll("[data-panel]").forEach((each, at) => each.setAttribute("aria-pressed", String(at === here)));
  drawAll(screen);
}

turns.addEventListener("click", (event) => {
  const { panel } = event.target.dataset;
  if (panel) { show(names.indexOf(panel)); stay(true); }
});
hold.addEventListener("click", () => stay(!held));
function stay(on) {
  held = on;
  hold.setAttribute("aria-pressed", String(on));
  hold.textContent = on ? "接着换" : "停住";
}
const moves = () => { hold.hidden = still.matches; };
still.addEventListener("change", moves);
moves();
turns.hidden = false;
show(0);
setInterval(() => { if (dark) return; moves(); if (!held && !still.matches && !document.hidden) show(here + 1); }, EVERY);
setInterval(() => { // the clock of the town may not be the device's: it comes with the numbers, at least once a minute
  if (!document.hidden && !dark) again();
}, 60000);

redrawWithTheWindow(screen);

