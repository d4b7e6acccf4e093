// The footer: notices, and codes for a phone.

import { Pages } from "./pages.js";
import { byId, japanese, list, make } from "./text.js";

export const noticePages = new Pages(byId("notices-box"), byId("notices-page"));

/** Letters from which a notice is written smaller, to keep more of it. */
const LONG_NOTICE = 60;

export function showNotices(view) {
  const notices = list(view.notices).map((notice) => japanese(notice.text)).filter((text) => text.trim() !== "");
  byId("notices-label").hidden = notices.length === 0;
  byId("footer").hidden = notices.length === 0 && byId("wifi").hidden && byId("membership").hidden;
  const lines = (text) => (text.length > LONG_NOTICE ? "four-lines" : "three-lines");
  noticePages.fill(notices, () => [{ heading: null, rows: notices.map((text) => make("p", `notice ${lines(text)}`, text)) }]);
}

const SVG = "http://www.w3.org/2000/svg";
/** Largest side of a QR code on the 1920×1080 drawing, in pixels, with the quiet zone of four modules around it. */
const CODE_SIDE = 190;
const QUIET = 4;

/**
 * A QR code as one path, at most `room` pixels of the drawing a side and each module a whole number of the screen's, or null when the
 * rows are not a square of 0 and 1.
 */
export function drawCode(code, room) {
  const rows = list(code && code.rows);
  const size = rows.length;
  const whole = size + 2 * QUIET;
  if (size < 21 || rows.some((each) => typeof each !== "string" || each.length !== size || /[^01]/.test(each))) return null;
  const squares = rows.map((each, y) => Array.from(each, (bit, x) => (bit === "1" ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", squares);
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${whole} ${whole}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 100;
  const side = `${Math.max(1, Math.floor((room * scale) / whole)) * whole}px`;
  svg.style.width = side;
  svg.style.height = side;
  svg.append(path);
  return svg;
}

function showCode(id, code, ...caption) {
  const figure = byId(id);
  const picture = drawCode(code, CODE_SIDE);
  figure.hidden = !picture;
  if (picture) figure.replaceChildren(make("div", "plate", picture), make("figcaption", "", ...caption));
}

export function showCodes(view, layout) {
  const wifi = layout === "closed" ? null : view.wifi;
  showCode("wifi", wifi && wifi.qr, make("span", "", "Wi-Fiにつなぐ"),
    make("span", "", wifi ? String(wifi.ssid || "") : ""));
  showCode("membership", view.membership && view.membership.qr, make("span", "", "会員登録（無料）"),
    make("span", "", "はこちら"));
}
