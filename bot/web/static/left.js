"use strict";
/* Somebody has left this device: what it kept of them goes, and pages of theirs that are still open are opened anew. Type size
   and contrast are the device's and stay. */
(() => {
  const { chair } = document.getElementById("left").dataset;
  const theirs = (key) => ["jiesu.owner.", "jiesu.seen."].some((name) => key === name + chair) || key.startsWith("jiesu.unsent." + chair + ".");
  try {
    Object.keys(localStorage).filter(theirs).forEach((key) => localStorage.removeItem(key));
    localStorage.setItem("jiesu.left." + chair, String(Date.now())); // heard by other tabs (chat.js)
  } catch { /* nothing was kept */ }
})();
