/* Draws the charts of a page with the server's own Vega-Lite: without eval (the interpreter reads expressions), in the page's font.
   Where that cannot be, the server's picture stands in its place. */

let library = null;

function load(address) {
  library ||= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", done);
    script.addEventListener("error", () => { library = null; failed(new Error("no library")); });
    document.head.append(script);
  });
  return library;
}

const DARK = { "#0072B2": "#56B4E9", "#6B6B6B": "#C8C8C8", "#D55E00": "#FFB14A" }; // of the palette, those that cannot be seen on dark ground

function suited(text, box) {
  const dark = box.closest("[data-ground]")?.dataset.ground === "dark";
  const spec = JSON.parse(dark ? Object.entries(DARK).reduce((made, [from, to]) => made.replaceAll(from, to), text) : text);
  const styles = getComputedStyle(document.body);
  const large = Math.min(1.6, parseFloat(getComputedStyle(document.documentElement).fontSize) / 20) * (box.clientWidth < 380 ? 1 : Number(box.closest("[data-scale]")?.dataset.scale || 1));
  delete spec.title; // it stands above, as a heading
  spec.config.font = styles.fontFamily;
  for (const name of ["axis", "legend", "text"]) for (const size of ["labelFontSize", "titleFontSize", "fontSize"]) if (spec.config[name]?.[size]) spec.config[name][size] = Math.round(spec.config[name][size] * large * 1.1);
  const fills = box.dataset.fill && box.clientHeight > 150;
  spec.autosize = { type: fills ? "fit" : "fit-x", contains: "padding" }; // drawn for paper; here as wide as there is room
  spec.width = Math.max(200, box.clientWidth);
  spec.height = fills ? box.clientHeight : Math.round(spec.height * Math.max(1, large));
  if (dark) {
    spec.background = "transparent";
    const ink = "#f4f1ea";
    spec.config.axis = { ...spec.config.axis, labelColor: ink, titleColor: ink, gridColor: "#2f5a50", domainColor: "#7fa79b", tickColor: "#7fa79b" };
    spec.config.legend = { ...spec.config.legend, labelColor: ink };
    spec.config.text = { ...spec.config.text, color: ink, fill: ink };
  }
  return spec;
}

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

function point(_, event, __, value) { // what a mark says, beside the pointer
  tip.hidden = value == null || value === "";
  if (tip.hidden) return;
  tip.textContent = typeof value === "object" ? Object.entries(value).map(([name, said]) => `${name}：${said}`).join("\n") : String(value);
  tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
  tip.style.top = Math.max(8, event.clientY - tip.offsetHeight - 10) + "px";
}

async function soon(library, figure, box) { // the first time of all it may be made yet: the server's picture meanwhile
  const meanwhile = setTimeout(() => picture(figure, box), 4000);
  try { await library; } finally { clearTimeout(meanwhile); }
}

function picture(figure, box) {
  const made = document.createElement("img");
  made.src = figure.dataset.picture;
  made.alt = figure.dataset.told;
  box.removeAttribute("role");
  box.removeAttribute("aria-label");
  box.replaceChildren(made);
}

async function draw(figure, address) {
  const box = figure.querySelector(".drawn");
  if (!box.clientWidth) return; // in a panel that is not shown: later
  try {
    await soon(load(address), figure, box);
    box.replaceChildren();
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", figure.dataset.told);
    const inside = document.createElement("div");
    box.append(inside);
    await vegaEmbed(inside, suited(figure.dataset.spec, box), { ast: true, actions: false, renderer: "canvas", defaultStyle: false, tooltip: point });
    figure.dataset.drawn = "yes";
  } catch {
    picture(figure, box);
    figure.dataset.drawn = "picture";
  }
}

export async function drawAll(root, anew = false) {
  const { vega } = root.dataset;
  for (const figure of root.querySelectorAll("figure[data-chart]")) if (anew || !figure.dataset.drawn) await draw(figure, vega);
}

let width = innerWidth, later = 0;
export function redrawWithTheWindow(root) {
  const again = () => { clearTimeout(later); later = setTimeout(() => { width = innerWidth; drawAll(root, true); }, 200); };
  addEventListener("resize", () => { if (innerWidth !== width) again(); });
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-size", "data-contrast"] });
}
