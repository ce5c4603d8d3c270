"use strict";
/* Type size and contrast as chosen on this device: set before anything is drawn, so that nothing jumps or flashes. */
(() => {
  const SIZES = ["标准", "大", "特大"];
  const root = document.documentElement;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } }; // (refused in some private windows)
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* holds for this page only */ } };
  const size = () => Math.max(1, SIZES.indexOf(SIZES[Number(kept("jiesu.size")) - 1]) + 1);

  function look(wanted = size(), high = kept("jiesu.contrast") === "high") {
    root.dataset.size = wanted;
    root.dataset.contrast = high ? "high" : "normal";
    const [sizes, contrast] = ["look-size", "look-contrast"].map((id) => document.getElementById(id));
    if (!sizes) return;
    sizes.textContent = "字号：" + SIZES[wanted - 1];
    contrast.setAttribute("aria-pressed", String(high));
    sizes.hidden = contrast.hidden = false;
  }

  look();
  addEventListener("storage", () => look()); // changed in another tab
  document.addEventListener("DOMContentLoaded", () => {
    look();
    document.getElementById("look-size")?.addEventListener("click", () => {
      const next = (Number(root.dataset.size) % SIZES.length) + 1;
      keep("jiesu.size", next);
      look(next, root.dataset.contrast === "high");
    });
    document.getElementById("look-contrast")?.addEventListener("click", () => {
      const high = root.dataset.contrast !== "high";
      keep("jiesu.contrast", high ? "high" : "normal");
      look(Number(root.dataset.size), high);
    });
  });
})();
