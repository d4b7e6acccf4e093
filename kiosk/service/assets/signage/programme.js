// Today's programme, the coming days', and the seats that are about to be free.

import { Pages } from "./pages.js";
import { byId, fit, japanese, list, make, makeEnglish } from "./text.js";
import { dateText, day, hour } from "./time.js";

export const programmePages = new Pages(byId("programme-box"), byId("programme-page"));

export const AUDIENCES = { business: "区内企業の方", job_seeker: "就職希望の方", anyone: "どなたでも" };

function places(item) {
  if (item.state !== "ended" && item.fill) return make("span", "", `受付済 ${item.fill.here}/${item.fill.capacity}`);
  if (item.state === "cancelled" || item.state === "now" || item.places_left === null || item.places_left === undefined) return null;
  return item.places_left > 0 ? make("span", "", `残り ${item.places_left}席`) : make("span", "shut", "満席");
}

/** The large word of a row's first column and the line under it. */
function timeOf(item, dated) {
  if (dated) return [dateText(day(item.date)), `${hour(item.starts)}～${hour(item.ends)}`];
  if (item.state === "now") return ["開催中", `～${hour(item.ends)}`];
  if (item.state === "cancelled") return ["中止", `${hour(item.starts)}～${hour(item.ends)}`];
  return [hour(item.starts), `～${hour(item.ends)}`];
}

function row(item, dated) {
  const [main, under] = timeOf(item, dated);
  const next = !dated && item.state === "next" ? make("span", "tag", "このあと") : null;
  const time = make("div", "time", make("b", "", main), make("span", "", under), next);
  const cancelled = dated && item.state === "cancelled" ? make("span", "shut", "中止") : null;
  const audience = AUDIENCES[item.audience] ? make("span", "", AUDIENCES[item.audience]) : null;
  const meta = [cancelled, audience, places(item)].filter(Boolean);
  const known = ["now", "next", "later", "cancelled"].includes(item.state) ? item.state : "later";
  return make("div", `row ${dated ? "dated " : ""}${known}`, time, make("div", "title two-lines", japanese(item.title)),
    make("div", "meta", ...meta));
}

const heading = (text, translation) => () => make("div", "heading", make("span", "", text), makeEnglish(translation));

function todaySection(view) {
  const items = list(view.programme).filter((item) => item.state !== "ended");
  const had = list(view.programme).length > 0;
  const rows = items.map((item) => row(item, false));
  if (rows.length === 0) rows.push(make("p", "nothing", had ? "本日の予定はすべて終了しました。" : "本日の予定はありません。"));
  return { heading: heading("本日のセミナー・研修", "Today"), rows };
}

export function weekSection(view) {
  const rows = list(view.week).filter((item) => item.state !== "ended").map((item) => row(item, true));
  return { heading: heading("これからのセミナー・研修", "Coming up"), rows };
}

export function showProgramme(view, layout) {
  const sections = layout === "closed" ? [weekSection(view)] : [todaySection(view), weekSection(view)];
  const filled = sections.filter((section) => section.rows.length > 0);
  byId("programme").hidden = filled.length === 0;
  byId("main").classList.toggle("bare", filled.length === 0);
  programmePages.fill([layout, view.programme, view.week], () => filled);
}

const ADVICE = { free: "予約なしで受付中", busy: "相談員が対応中です" };

/** デジタル相談, for businesses, as the advisers are. */
export function showAdvice(view) {
  const chip = byId("advice");
  const words = ADVICE[view.advice];
  chip.hidden = !words;
  chip.replaceChildren(make("span", "", "ご相談"), make("b", "", words || ""));
}

export function showEnding(view) {
  const chip = byId("ending");
  const names = list(view.ending_soon).map((name) => make("b", "", String(name)));
  chip.hidden = names.length === 0;
  const more = make("span", "more");
  more.hidden = true;
  chip.replaceChildren(make("span", "", "まもなく終了"), ...names, more);
  let dropped = 0;
  fit(chip, () => {
    const last = names.pop();
    if (!last) return false;
    last.remove();
    dropped += 1;
    more.hidden = false;
    more.textContent = names.length > 0 ? `ほか${dropped}席` : `${dropped}席`;
    return true;
  });
}
