"use strict";
/* Somebody comes in by a link: until the next page says who that is, nothing kept on this device is shown to anybody. */
document.addEventListener("submit", () => {
  try { localStorage.setItem("jiesu.unsure", "true"); } catch { /* then nothing is kept either */ }
});
