"use strict";
/* 换人用: what was written here and is not sent yet would be lost: said before anybody leaves. */
(() => {
  const prefix = "jiesu.unsent." + document.getElementById("leave").dataset.chair + ".";
  let count = 0;
  try { count = Object.keys(localStorage).filter((key) => key.startsWith(prefix)).length; } catch { /* then nothing is kept */ }
  if (count) document.getElementById("unsent").textContent = `还有 ${count} 句没发出去。换了人就没有了：先回去，等有网发完。`;
})();
