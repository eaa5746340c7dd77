// How the page looks now: text that can be read, nothing over anything else,
// nothing cut off; and a picture of it.
import { HEIGHT, WIDTH, shot, tell } from "./driver.mjs";

const CONTRAST = 4.5;
const LEAST = 60; // pixels, that one wants to see of something

/** In the page: [contrast, text] of all text with less than that. */
function faint(least) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d",
    { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], below) =>
    [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92
      : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.unshift(rgba(getComputedStyle(at).backgroundColor));
    }
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  /** The box of a drawing on which its text stands. */
  const box = (text) => {
    const group = text.closest(".pays, .frame, [data-process]");
    const rect = group?.querySelector(text.closest(".fold") ? ".fold rect"
      : ":scope > .head") ?? group?.querySelector(".body");
    const style = rect && getComputedStyle(rect);
    const fill = style && style.fill !== "none" && rgba(style.fill);
    return fill ? over(fill, behind(text)) : behind(text);
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() ||
        element.closest(".screen, style, title, option, [hidden]")) continue;
    const inDrawing = element.closest("svg");
    const style = getComputedStyle(element);
    const ground = inDrawing ? box(element) : behind(element);
    const ink = over(rgba(inDrawing ? style.fill : style.color), ground);
    const [low, high] = [light(ink), light(ground)].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < least) found.push(`${contrast.toFixed(2)}: ${node.data}`);
  }
  return found;
}

/** In the page: what is cut off, or lies over something else. */
function crowded([width, height]) {
  const found = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > width || root.scrollHeight > height) {
    found.push(`the page is ${root.scrollWidth} x ${root.scrollHeight}`);
  }
  const lies = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
    a.top < b.bottom - 1 && b.top < a.bottom - 1;
  for (const label of document.querySelectorAll(".tree .flight text")) {
    for (const said of document.querySelectorAll(".tree .name")) {
      if (lies(label.getBoundingClientRect(), said.getBoundingClientRect())) {
        found.push(`${label.textContent} lies over ${said.textContent}`);
      }
    }
  }
  const shown = [...document.querySelectorAll(
    "button, input, select, summary, [role=slider]")].filter((one) =>
    one.checkVisibility() && !one.closest(".xterm, .menu div"));
  const boxes = shown.map((one) => one.getBoundingClientRect());
  const name = (i) => shown[i].title || shown[i].textContent;
  boxes.forEach((a, i) => {
    if (shown[i].scrollWidth > shown[i].clientWidth + 1 &&
        shown[i].tagName === "BUTTON") found.push(`${name(i)} is cut off`);
    if (a.right > width + 1) found.push(`${name(i)} is outside`);
    boxes.forEach((b, j) => {
      const scrolls = (one) => one.closest(".scroll");
      if (j > i && lies(a, b) && scrolls(shown[i]) === scrolls(shown[j])) {
        found.push(`${name(i)} lies over ${name(j)}`);
      }
    });
  });
  for (const row of document.querySelectorAll(
    ".controls, .tabs [role=tablist]")) {
    if (row.clientHeight > 40) found.push(`${row.className} has two rows`);
  }
  return found;
}

/** In a window of any other size: nothing is beside it, and there is something
 * of each part. */
export async function fits(page, width, height) {
  await page.setViewportSize({ width, height });
  const wrong = await page.evaluate(([most, least]) => {
    const root = document.scrollingElement;
    const found = [".canvas", ".tabs > [role=tabpanel]", ".screen"].filter(
      (part) => document.querySelector(part).clientHeight < least);
    if (root.scrollWidth > most) found.push(`it is ${root.scrollWidth} wide`);
    return found;
  }, [width, LEAST]);
  tell(`fits: ${width} by ${height}`, !wrong.length, wrong.join());
  await shot(page, `wide_${width}`);
}

export async function looksRight(page, name) {
  const dim = await page.evaluate(faint, CONTRAST);
  tell(`can_be_read: ${name}`, !dim.length, dim.slice(0, 12).join("\n"));
  const close = await page.evaluate(crowded, [WIDTH, HEIGHT]);
  tell(`has_its_room: ${name}`, !close.length, close.slice(0, 12).join("\n"));
  await shot(page, name);
}
