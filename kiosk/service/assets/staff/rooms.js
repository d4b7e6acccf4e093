// What goes on besides the floor: consultations and advisers, today's programmes, who waits, guests. Most of it is one touch.

import { openExpected, openJoint } from "./dialogs.js";
import { button, element } from "./lists.js";
import { ADVISERS, GUESTS, STATES_OF_ADVISERS, time } from "./words.js";

const byId = (id) => document.getElementById(id);

/** A line of a list: what, the rest in small letters, and what can be pressed. */
function line(what, rest, ...buttons) {
  const about = element("span", "about", element("b", "", what), element("small", "", rest));
  return element("li", "line", about, element("span", "presses", ...buttons));
}

const nobody = (text) => element("li", "nobody", text);
const list = (title, rows, none) => [element("h3", "", title), element("ol", "", ...(rows.length ? rows : [nobody(none)]))];

function press(text, label, className, pressed) {
  const made = button(text, className, () => pressed(made));
  made.setAttribute("aria-label", label);
  return made;
}

/** Those who could begin now: an adviser who is with nobody and not away. */
const canAdvise = (one) => one.role === "adviser" && one.state === "available";

function waitingRow(one, view, doing) {
  const seat = one.seat ? `${one.seat}席　` : "";
  const rest = seat + (one.reserved ? `${time(one.reserved)}の予約` : "予約なし");
  const starts = view.advice.advisers.filter(canAdvise).slice(0, 2).map((adviser) => {
    const action = { kind: "start_consultation", visit: one.visit, advisers: [adviser.id] };
    return press(`${adviser.id} が開始`, `${one.member}の相談を${adviser.id}が始める`, "", (pressed) => doing(action, "helped", pressed));
  });
  const joint = press("担当を選ぶ", `${one.member}の相談の担当を選ぶ`, "quiet", () => openJoint(one, view));
  return line(one.member, rest, ...starts, joint);
}

function runningRow(one, view, doing) {
  const stay = view.inside.find((each) => each.visit === one.visit);
  const rest = `${one.advisers.join("・")}　${time(one.started_at)}～${time(one.until)}`;
  const action = { kind: "end_consultation", visit: one.visit };
  const who = stay ? stay.member : one.visit;
  return line(who, rest, press("相談を終える", `${who}の相談を終える`, "", (pressed) => doing(action, "helped", pressed)));
}

function adviser(one, doing) {
  const chips = Object.entries(STATES_OF_ADVISERS).map(([state, text]) => {
    const action = { kind: "set_adviser_state", adviser: one.id, state };
    const chip = press(text, `${one.id}を「${text}」にする`, one.state === state ? "chip chosen" : "chip", (pressed) => doing(action, "centre", pressed));
    chip.setAttribute("aria-pressed", String(one.state === state));
    chip.disabled = one.state === state;
    return chip;
  });
  return element("li", "adviser", element("p", "", element("b", "", one.id), element("small", "", ADVISERS[one.role])), element("div", "chips", ...chips));
}

function showAdvice(view, doing) {
  const { advice, awaiting } = view;
  const waiting = awaiting.map((one) => waitingRow(one, view, doing));
  const running = advice.running.map((one) => runningRow(one, view, doing));
  byId("of-advice").replaceChildren(
    ...list("相談をお待ちの方", waiting, "お待ちの方はいません。"),
    ...list("相談中", running, "相談中の方はいません。"),
    ...list("相談員の状況", advice.advisers.map((one) => adviser(one, doing)), "相談員が登録されていません。"),
  );
}

function showProgrammes(view) {
  const rows = view.programmes.map((one) => {
    const standby = one.expected.filter((each) => each.standby).length;
    const held = one.expected.length - standby;
    const rest = `${time(one.starts)}～${time(one.ends)}　未着 ${held}名${standby ? `・キャンセル待ち ${standby}名` : ""}`;
    const open = press("未着の方", `${one.title.ja}の未着の方を受付する`, "quiet", () => openExpected(one));
    open.disabled = one.expected.length === 0;
    const about = element("span", "about", element("b", "", one.title.ja), element("small", "", rest));
    return element("li", "line", about, element("span", "here", element("b", "", one.here), `／${one.capacity}名`), element("span", "presses", open));
  });
  byId("of-programmes").replaceChildren(...list("本日の催し", rows, "これからの催しはありません。"));
}

function showWaiting(view, doing) {
  const first = view.queue.find((one) => !one.seat);
  const tickets = view.queue.map((one) => {
    const rest = `${one.member}　${time(one.since)}から　${one.seat ? `${one.seat}席にお呼び出し中` : "お待ち"}`;
    const action = { kind: "call_next", ticket: one.ticket };
    const call = press("空席に呼ぶ", `${one.number}番の方を空いている席に呼ぶ`, "", (pressed) => doing(action, "helped", pressed));
    return line(`${one.number}番`, rest, ...(one === first ? [call] : []));
  });
  const guests = view.guests.map((one) => {
    const action = { kind: "see_out", guest: one.guest };
    const out = press("退出", `${time(one.since)}に来た${GUESTS[one.purpose]}の方の退出`, "quiet", (pressed) => doing(action, "helped", pressed));
    return line(GUESTS[one.purpose], `${time(one.since)}から`, out);
  });
  byId("of-waiting").replaceChildren(
    ...list("席をお待ちの方", tickets, "お待ちの方はいません。"),
    ...list("見学・お届け等の方", guests, "いまはいません。"),
  );
}

/** Draws the parts beside the floor; `doing` does something at once. */
export function showRooms(view, doing) {
  showAdvice(view, doing);
  showProgrammes(view);
  showWaiting(view, doing);
  const counts = {
    inside: view.inside.length,
    advice: view.awaiting.length,
    programmes: view.programmes.length,
    waiting: view.queue.length + view.guests.length,
  };
  for (const [tab, count] of Object.entries(counts)) byId(`count-${tab}`).textContent = count;
}

/** Turns to the part of a tab. */
export function startTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const turn = (to) => tabs.forEach((tab) => {
    const isShown = tab === to;
    tab.setAttribute("aria-selected", String(isShown));
    byId(tab.getAttribute("aria-controls")).hidden = !isShown;
  });
  tabs.forEach((tab) => tab.addEventListener("click", () => turn(tab)));
}

/** Who is on duty, and the alarms. */
export function showDuty(view, me) {
  const { reception, advice } = view;
  const isOn = reception.on_duty.includes(me.staff);
  const button = byId("duty");
  button.hidden = me.role === "adviser";
  button.textContent = isOn ? "勤務を終える" : "勤務に入る";
  button.dataset.kind = isOn ? "end_duty" : "begin_duty";
  const alarms = [
    reception.short_since && `受付の勤務者が足りません（${reception.on_duty.length}名／${reception.needed}名、${time(reception.short_since)}から）。勤務中の方は「勤務に入る」を押してください。`,
    advice.unstaffed_since && `相談員がいません（${time(advice.unstaffed_since)}から）。「相談」で状況を入れてください。`,
  ].filter(Boolean);
  byId("alarms").replaceChildren(...alarms.map((text) => element("p", "", text)));
  byId("alarms").hidden = alarms.length === 0;
}
