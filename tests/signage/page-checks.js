/*
 * What every signage page must keep, whatever it shows. Runs inside the page; `faults()` names what is wrong, one text each.
 * Pages of entries that are not turned up yet are checked like the one that is.
 */
"use strict";
/* exported faults */

/** Smallest letters, in pixels of the 1920×1080 drawing, and least contrast, at five metres. */
const LEAST_SIZE = 28;
const LEAST_CONTRAST = 7;
/** Rounding of positions, in pixels. */
const SLACK = 1.5;

const describe = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}.${element.className || ""}`;
const within = (inner, outer) =>
  inner.left >= outer.left - SLACK && inner.right <= outer.right + SLACK && inner.top >= outer.top - SLACK && inner.bottom <= outer.bottom + SLACK;

/** Text nodes that take up room on the page, decoration aside. */
function texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const isShown = element.getClientRects().length > 0 && !element.closest("#watermark, #emergency-mark, script, style");
    const isWaiting = document.body.dataset.layout === "waiting";
    if (walker.currentNode.data.trim() && isShown && (!isWaiting || element.id === "waiting")) found.push(walker.currentNode);
  }
  return found;
}

/** Red, green, blue 0–255 and alpha 0–1 of a computed colour. */
function colour(text) {
  const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
  return { red, green, blue, alpha };
}

function over(top, bottom) {
  const mix = (channel) => top[channel] * top.alpha + bottom[channel] * (1 - top.alpha);
  return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
}

function ground(element) {
  const layers = [];
  for (let each = element; each; each = each.parentElement) layers.unshift(colour(getComputedStyle(each).backgroundColor));
  return layers.reduce((below, layer) => over(layer, below), { red: 255, green: 255, blue: 255, alpha: 1 });
}

function brightness({ red, green, blue }) {
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast of an element's text where it stands, the watermark over both when there is one. */
function contrast(element) {
  const watermark = document.getElementById("watermark");
  const veil = watermark.hidden ? { red: 0, green: 0, blue: 0, alpha: 0 } : colour(getComputedStyle(watermark).color);
  const behind = ground(element);
  const letters = over(colour(getComputedStyle(element).color), behind);
  const [darker, lighter] = [brightness(over(veil, letters)), brightness(over(veil, behind))].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const isClamped = (element) => getComputedStyle(element).webkitLineClamp !== "none";
const cuts = (element) => getComputedStyle(element).overflowX === "hidden";

function textFaults(node) {
  const element = node.parentElement;
  const about = `“${node.data.trim().slice(0, 20)}” in ${describe(element)}`;
  const found = [];
  const isUpright = innerHeight > innerWidth;
  const scale = Math.min(innerWidth / (isUpright ? 1080 : 1920), innerHeight / (isUpright ? 1920 : 1080));
  const size = parseFloat(getComputedStyle(element).fontSize);
  if (size < LEAST_SIZE * scale - 0.1) found.push(`${about} is ${size} px high`);
  const ratio = contrast(element);
  if (ratio < LEAST_CONTRAST) found.push(`${about} has a contrast of ${ratio.toFixed(2)}`);
  const range = document.createRange();
  range.selectNodeContents(node);
  let clamped = false;
  for (let box = element; box !== document.body; box = box.parentElement) {
    clamped = clamped || isClamped(box) || (cuts(box) && getComputedStyle(box).textOverflow === "ellipsis");
    const style = getComputedStyle(box);
    if (style.display === "inline" || style.display === "contents") continue;
    const outer = box.getBoundingClientRect();
    if (!clamped && Array.from(range.getClientRects()).some((line) => !within(line, outer))) found.push(`${about} leaves ${describe(box)}`);
  }
  return found;
}

/** Boxes that must lie inside their place, and must not lie over one another. */
function boxFaults() {
  const found = [];
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const shown = (selector) => Array.from(document.querySelectorAll(selector)).filter((each) => each.getClientRects().length > 0);
  for (const box of shown("header, #closing, main, #left, footer, .scene, #side, #hero, .code, .large-code, .chip, #emergency, #emergency-exit")) {
    if (!within(box.getBoundingClientRect(), screen)) found.push(`${describe(box)} leaves the screen`);
  }
  for (const page of shown(".page")) {
    if (!within(page.getBoundingClientRect(), page.parentElement.getBoundingClientRect())) {
      found.push(`a page leaves ${describe(page.parentElement)}`);
    }
  }
  for (const parent of [...shown("body, main, #left, header, footer, .scene, #side, #hero, .page, .row, .shelf, .zone, .code, #codes-box, .large-code, #closing, .chip, .notices, .large, #emergency, .way-out, .first")]) {
    const children = Array.from(parent.children).filter(
      (each) => each.getClientRects().length > 0 && !each.matches(".page, .scene, .lattice, #watermark, #emergency-mark, #waiting, .page-mark, script") && each.tagName !== "WBR",
    );
    children.forEach((child, index) => {
      const one = child.getBoundingClientRect();
      for (const other of children.slice(index + 1)) {
        const two = other.getBoundingClientRect();
        const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        if (wide > SLACK && high > SLACK) found.push(`${describe(child)} and ${describe(other)} lie over one another in ${describe(parent)}`);
      }
    });
  }
  return found;
}

function faults() {
  const found = [];
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight || document.body.scrollHeight > innerHeight) found.push("the page is higher than the screen");
  if (root.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth) found.push("the page is wider than the screen");
  if (!document.fonts.check("28px 'BIZ UDPGothic'", "江") || !document.fonts.check("700 28px 'BIZ UDPGothic'", "江")) found.push("the typeface is missing");
  const nodes = texts();
  if (nodes.length === 0) found.push("the page shows no text");
  nodes.forEach((node) => found.push(...textFaults(node)));
  found.push(...boxFaults());
  const said = nodes.map((node) => node.data).join("");
  ["退館", "閉館", "null", "undefined", "NaN", "[object"].filter((word) => said.includes(word)).forEach((word) => found.push(`it says ${word}`));
  performance.getEntriesByType("resource")
    .filter((entry) => !entry.name.startsWith(location.origin))
    .forEach((entry) => found.push(`it asked for ${entry.name}`));
  return found;
}
