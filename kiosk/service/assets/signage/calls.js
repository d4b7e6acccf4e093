// Waiting visitors who are called to a seat: shown large, and each call sounds once.

import { chime } from "./chime.js";
import { byId, fit, list, make } from "./text.js";

/** The calls that have sounded; none before the first view, so that a page that is loaded anew does not call again. */
let sounded = null;

const key = (call) => `${call.number} ${call.seat} ${call.again}`;

function sound(calls) {
  const keys = calls.map(key);
  const before = sounded;
  sounded = new Set(keys);
  if (before && keys.some((each) => !before.has(each))) chime();
}

/** One call, never broken into lines; shorter where there are several. */
function name(call, several) {
  const element = make("b", "");
  const number = `${Number(call.number) || 0}番`;
  element.textContent = several ? `${number} ${String(call.seat)}席` : `${number}の方\u3000${String(call.seat)}席へ`;
  return element;
}

/** お呼び出し 12番の方 B4席へ: as many as fit in their line, the latest first. */
export function showCalls(view) {
  const calls = list(view.calls);
  sound(calls);
  const chip = byId("calls");
  chip.hidden = calls.length === 0;
  const several = calls.length > 1;
  chip.classList.toggle("several", several);
  const names = calls.map((call) => name(call, several));
  const more = make("span", "more");
  more.hidden = true;
  chip.replaceChildren(make("span", "", "お呼び出し"), ...names, more);
  let dropped = 0;
  fit(chip, () => {
    if (names.length < 2) return false;
    names.pop().remove();
    dropped += 1;
    more.hidden = false;
    more.textContent = `ほか${dropped}名`;
    return true;
  });
}
