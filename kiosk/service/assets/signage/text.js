// Text on the page: whatever the service sends is put in as text, never as markup.

/** A fixed element. */
export const byId = (id) => document.getElementById(id);
/** What the service sends where a list belongs. */
export const list = (value) => (Array.isArray(value) ? value : []);
/** A text of the service in one language, empty when it has none. */
export const japanese = (text) => (text && typeof text.ja === "string" ? text.ja : "");
export const english = (text) => (text && typeof text.en === "string" ? text.en : "");

const BREAK_AFTER = "、。，．！？・：；）」』】〕》〉";
const BREAK_BEFORE = "（「『【〔《〈";
const PARTICLES = "のをにはがでともへ";
const isHiragana = (letter) => letter >= "ぁ" && letter <= "ゟ";

/** Whether a line may break between two letters: after punctuation, before a bracket, after a particle that ends a phrase. */
function mayBreak(before, after) {
  if (BREAK_AFTER.includes(after)) return false;
  if (BREAK_AFTER.includes(before) || BREAK_BEFORE.includes(after)) return true;
  return PARTICLES.includes(before) && !isHiragana(after) && after.trim() !== "";
}

/** Puts `text` into `element` with the places where a line may break: between phrases, not inside a word. */
export function write(element, text) {
  const parts = [];
  let start = 0;
  for (let index = 1; index < text.length; index += 1) {
    if (mayBreak(text[index - 1], text[index])) {
      parts.push(text.slice(start, index), document.createElement("wbr"));
      start = index;
    }
  }
  element.replaceChildren(...parts, text.slice(start));
  return element;
}

/** A new element with a class, holding text or further elements. */
export function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const each of content) {
    if (typeof each === "string") element.append(...write(document.createElement("span"), each).childNodes);
    else if (each) element.append(each);
  }
  return element;
}

export function makeEnglish(text) {
  const element = make("span", "en", text);
  element.lang = "en";
  return element;
}

/** Shows `text` in a fixed element, and hides the element when there is none. */
export function put(id, text) {
  const element = byId(id);
  element.hidden = !text;
  write(element, text || "");
}

/** Shortens a line from its end until it fits its box; `shorten` returns false when nothing is left to drop. */
export function fit(element, shorten) {
  while (element.scrollWidth > element.clientWidth && shorten());
}
