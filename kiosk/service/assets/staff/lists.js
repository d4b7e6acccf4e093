// Who is inside, who called, and what the door is.

import { CALLS, activity, minutesBetween, time } from "./words.js";

const byId = (id) => document.getElementById(id);

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(text, className, pressed) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", pressed);
  return made;
}

function until(stay, now) {
  if (!stay.overdue) return element("span", "until", element("b", "", time(stay.until)), "まで");
  return element("span", "until", element("b", "", `${minutesBetween(stay.until, now)}分超過`));
}

function row(stay, now, open) {
  const seat = element("span", stay.seat ? "seat" : "seat none", stay.seat || "–");
  const who = element("span", "", stay.member, element("small", "", `${time(stay.started_at)}から　${activity(stay)}`));
  const pressed = button("", "stay", () => open(stay));
  pressed.append(seat, who, until(stay, now));
  return element("li", stay.overdue ? "overdue" : "", pressed);
}

export function showInside(view, open) {
  const { inside, now } = view;
  const overdue = inside.filter((stay) => stay.overdue).length;
  byId("count").textContent = `${inside.length}名${overdue ? `（うち時間超過 ${overdue}名）` : ""}`;
  const rows = inside.map((stay) => row(stay, now, open));
  byId("inside").replaceChildren(...(rows.length ? rows : [element("li", "nobody", "ご利用中の方はいません。")]));
}

export function showCalls(view, answer) {
  const calls = view.calls.map((call) => {
    const waits = Math.max(0, minutesBetween(call.since, view.now));
    const when = waits ? `${time(call.since)}から（${waits}分）` : "たったいま";
    const seen = button("対応済み", "", () => answer(call, seen));
    seen.setAttribute("aria-label", `${call.station}の呼び出しを対応済みにする`);
    return element("div", "call", element("b", "", `受付機 ${call.station}`), element("span", "", `${CALLS[call.reason] || ""}　${when}`), seen);
  });
  byId("calls").replaceChildren(...calls);
  byId("calls").hidden = calls.length === 0;
}

const PHASES = { before: "開所前", preparation: "準備中", break: "一時閉所中", evening: "催しの時間", closed: "閉所" };

export function showHeader(view) {
  byId("centre").textContent = view.centre.ja;
  byId("rehearsal").hidden = !view.rehearsal;
  byId("clock").textContent = time(view.now);
  const { open, close } = view.today;
  const hours = open ? `本日 ${open.replace(/^0/, "")}～${close.replace(/^0/, "")}` : "本日は休業日です";
  byId("hours").textContent = PHASES[view.phase] ? `${PHASES[view.phase]}　${hours}` : hours;
  const closed = byId("closed");
  closed.hidden = !view.closed_until;
  if (view.closed_until) closed.textContent = `${time(view.closed_until)}まで、新しい受付を止めています。ご利用中の方はそのままご利用いただけます。`;
  byId("lapsed").textContent = `無断不参加を取り消す（${view.lapsed.length}）`;
  byId("lapsed").disabled = view.lapsed.length === 0;
  byId("notices").disabled = view.notices.length === 0;
  byId("close").textContent = view.closed_until ? "受付を再開する" : "受付を一時止める";
}
