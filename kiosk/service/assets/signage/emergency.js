// An emergency, instead of everything else: what it is, what to do, the way out.

import { byId, put } from "./text.js";

/** Title in phrases, the same in English; what to do, the same in English. */
const WORDS = {
  fire: [
    ["火災です。", "避難してください"], "Fire. Please evacuate.",
    "係員の案内に従ってください。\nエレベーターは使わないでください。", "Follow the staff. Do not use the lifts.",
  ],
  earthquake: [
    ["地震です。", "頭を守ってください"], "Earthquake. Protect your head.",
    "揺れがおさまるまで、その場でお待ちください。\nエレベーターは使わないでください。",
    "Stay where you are until the shaking stops. Do not use the lifts.",
  ],
  flood: [
    ["水害の", "おそれがあります。", "この階に", "とどまってください"], "Flood warning. Stay on this floor.",
    "外や下の階へは移動しないでください。\nエレベーターは使わないでください。",
    "Do not go outside or to a lower floor. Do not use the lifts.",
  ],
  intruder: [
    ["安全のため、", "入口から", "離れてください"], "For your safety, keep away from the entrance.",
    "係員の案内に従ってください。\n不審な人には近づかないでください。", "Follow the staff. Do not approach anyone suspicious.",
  ],
};

/** The arrow, and the door it leads to, on a plate of 320 by 210. */
const SIGNS = {
  left: ["M265 105H105M150 60L105 105L150 150M55 45V165", "出口は左です"],
  right: ["M55 105H215M170 60L215 105L170 150M265 45V165", "出口は右です"],
  ahead: ["M160 175V85M115 125L160 80L205 125M100 38H220", "出口は正面です"],
};

function inPhrases(element, phrases) {
  const parts = phrases.flatMap((phrase) => [document.createElement("wbr"), phrase]);
  element.replaceChildren(...parts.slice(1));
}

/** Shows it where the view has one; says whether it does. */
export function showEmergency(view) {
  const is = view.emergency;
  byId("emergency").hidden = !is;
  if (!is) return false;
  const [title, titleEnglish, text, textEnglish] = WORDS[is.what] || WORDS.fire;
  inPhrases(byId("emergency-title"), title);
  put("emergency-title-en", is.drill ? `Drill. ${titleEnglish}` : titleEnglish);
  put("emergency-text", text);
  put("emergency-text-en", `${textEnglish} Building announcements come first.`);
  byId("emergency-drill").hidden = !is.drill;
  byId("emergency-mark").hidden = !is.drill;
  byId("emergency-rehearsal").hidden = !view.rehearsal;
  const sign = SIGNS[is.exit];
  byId("emergency-exit").classList.toggle("none", !sign);
  if (sign) {
    byId("emergency-arrow").setAttribute("d", sign[0]);
    byId("emergency-exit").setAttribute("aria-label", sign[1]);
  }
  return true;
}
