"use strict";
/* The demonstration's clock without leaving the page. Used by /demo and by the bar above the chat. */
(() => {
  const told = document.getElementById("demo-told");
  const now = document.getElementById("demo-now");

  async function forward(button) {
    const buttons = document.querySelectorAll("button[name=forward]");
    buttons.forEach((each) => (each.disabled = true));
    told.textContent = "时钟正在往前走，请稍等……";
    try {
      const answer = await fetch("/demo/clock", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Requested-With": "jiesu" },
        body: JSON.stringify({ forward: Number(button.value) }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      now.textContent = (await answer.json()).say;
      told.textContent = "拨好了：到现在为止该发生的都发生了。";
    } catch {
      told.textContent = "没有拨成，请再试一次。";
    }
    buttons.forEach((each) => (each.disabled = false));
    button.focus();
  }

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch("/demo/clock");
      if (answer.ok) now.textContent = (await answer.json()).say;
    } catch { /* the next look will do */ }
  }

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.name !== "forward") return;
    event.preventDefault();
    forward(button);
  });
  setInterval(look, 15000);
  document.addEventListener("visibilitychange", look);
})();
