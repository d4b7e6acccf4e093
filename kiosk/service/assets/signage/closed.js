// The large words before opening and after closing.

import { byId, japanese, make, put } from "./text.js";
import { WEEKDAYS, dateEnglish, dateText, day, hour, jst, minuteOfDay, minutes } from "./time.js";

const REASONS = {
  holiday: "祝日のため、お休みをいただいております。",
  year_end: "年末年始のため、お休みをいただいております。",
  building: "建物の都合により、お休みをいただいております。",
  centre: "都合により、お休みをいただいております。",
  weather: "荒天のため、お休みをいただいております。",
};

export function opensLater(view) {
  const today = view.today;
  return Boolean(today && today.open) && minuteOfDay() < minutes(today.open);
}

function reasonOf(today) {
  if (today.reason === "weekly_closed") return `${WEEKDAYS[jst().getUTCDay()]}曜日は、お休みをいただいております。`;
  return japanese(today.reason_text) || REASONS[today.reason] || "";
}

/** Title, English, text of the large words of the day. */
function heroWords(view, layout) {
  const today = view.today || {};
  if (view.phase === "break") return ["ただいま閉所しています", "We are closed for a while", reasonOf(today)];
  if (layout === "early" && view.phase === "preparation") {
    return ["ただいま準備中です", `We open at ${hour(today.open)}`, `${hour(today.open)}に開所します。少々お待ちください。`];
  }
  if (layout === "early") {
    return [`本日は${hour(today.open)}に開所します`, `We open at ${hour(today.open)} today`, `本日の開所時間　${hour(today.open)}～${hour(today.close)}`];
  }
  if (today.open) return ["本日は閉所しました", "We are closed for today", "ご利用ありがとうございました。"];
  return ["本日はお休みです", "We are closed today", reasonOf(today)];
}

export function showHero(view, layout) {
  const hero = byId("hero");
  hero.hidden = layout === "day" || layout === "evening";
  if (hero.hidden) return;
  const [title, translation, text] = heroWords(view, layout);
  put("hero-title", title);
  const next = layout === "closed" || view.phase === "break" ? view.next_opening : null;
  put("hero-en", next ? `${translation}. Next opening: ${dateEnglish(day(next.date))}, ${hour(next.time)}` : translation);
  put("hero-text", text);
  const line = byId("hero-next");
  line.hidden = !next;
  if (next) line.replaceChildren("次の開所は", make("b", "", `${dateText(day(next.date))} ${hour(next.time)}`), "です");
}
