/* The board while it is open: its charts, its live numbers, and what takes a little longer. */

import { redrawWithTheWindow } from "./charts.js";
import { follow } from "./live.js";

const board = document.getElementById("board");
redrawWithTheWindow(board);
const refresh = follow(board, "进来的时间到了，请在聊天里发「网页」再进来");
if (board.dataset.slow === "wait") refresh();
