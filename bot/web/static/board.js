/* The board while it is open: its charts, its live numbers, and what takes a little longer. */

import { redrawWithTheWindow } from "./charts.js";
import { follow } from "./live.js";

const board = document.getElementById("board");
redrawWithTheWindow(board);
const refresh = follow(board, "进来的时间到了，请在聊天里发「网页」再进来");
if (board.dataset.slow === "wait") refresh();

// ---- one way to say when: whoever uses one empties the others

const time = document.querySelector("#filters form").elements;
const empty = (...names) => { for (const name of names) time[name].value = ""; };
time.period.addEventListener("change", () => { empty("words"); if (time.period.value !== "own") empty("from", "to"); });
for (const name of ["from", "to"]) time[name].addEventListener("input", () => { if (time[name].value) { time.period.value = "own"; empty("words"); } });
time.words.addEventListener("input", () => {
  if (!time.words.value) return;
  empty("from", "to");
  time.period.value = time.was.value; // words are no choice
});
