/* 添加到桌面: offered once somebody has used the chat, by the browser's own question where it has one, in words on an iPhone.
   Whoever says no is not asked again on this device. */

const $ = (id) => document.getElementById(id);
const hint = $("install"), words = $("install-words"), yes = $("install-yes"), no = $("install-no");
const NEVER = "jiesu.install";
const kept = () => { try { return localStorage.getItem(NEVER); } catch { return "no"; } }; // what cannot be remembered is not asked
const never = () => { try { localStorage.setItem(NEVER, "no"); } catch { /* not asked there anyway */ } hint.hidden = true; };

const installed = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
const inside = /MicroMessenger|QQ\/|DingTalk|Lark|wxwork/i.test(navigator.userAgent); // a page inside another app cannot be installed
let question = null; // the browser's own

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // asked when it is wanted, not at once
  question = event;
  offer();
});
addEventListener("appinstalled", never);

export function offer() { // `used`: they have said something here and were answered
  const used = document.querySelector(".msg.me[data-n]") && document.querySelector(".msg.jiesu[data-n]");
  if (installed || inside || kept() || !used || !(question || apple)) return;
  if (!question) words.textContent = "装到桌面，下次一点就开：点浏览器的「分享」，再点「添加到主屏幕」。";
  yes.hidden = !question;
  hint.hidden = false;
}

yes.addEventListener("click", async () => {
  const asked = question;
  question = null;
  hint.hidden = true;
  await asked.prompt();
  if ((await asked.userChoice).outcome !== "accepted") never();
});
no.addEventListener("click", never);
offer();
