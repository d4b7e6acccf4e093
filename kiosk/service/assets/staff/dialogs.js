// The one dialog: what to do, with what, and why. Every action has its reasons to choose from.

import { act, call } from "./calls.js";
import { button, element } from "./lists.js";
import { ADVISERS, REASONS, STATES_OF_ADVISERS, activity, charge, reserved, time, told } from "./words.js";

const byId = (id) => document.getElementById(id);
const dialog = byId("dialog");

const WHY = {
  check_out: ["asked", "helped", "gone", "trouble", "mistake", "safety"],
  move: ["asked", "trouble", "mistake", "safety", "centre"],
  extend: ["asked", "delay", "mistake", "centre"],
  free_seat: ["gone"],
  pardon: ["delay", "trouble", "mistake", "asked"],
  check_in: ["trouble", "helped", "mistake", "delay"],
  put_up_notice: ["centre", "trouble", "safety"],
  take_down_notice: ["centre", "mistake"],
  close: ["safety", "centre", "trouble"],
  reopen: ["centre", "mistake"],
  start_consultation: ["helped", "asked", "mistake"],
  close_incident: ["safety", "centre", "mistake"],
  hand_out: ["asked", "helped", "trouble"],
  take_back: ["asked", "helped", "gone", "mistake"],
  set_aside: ["trouble", "safety", "centre"],
  return_to_service: ["centre", "mistake"],
  report_charge: ["centre", "mistake"],
};

export function say(text, good) {
  const message = byId("dialog-message");
  message.hidden = !text;
  message.className = good ? "done" : "fault";
  message.textContent = text;
  if (text) message.scrollIntoView({ block: "center" });
}

/** Opens the dialog on something; what was said before goes. */
export function open(title, ...body) {
  byId("dialog-title").textContent = title;
  byId("dialog-body").replaceChildren(...body);
  byId("dialog-do").hidden = true;
  byId("dialog-back").textContent = "閉じる";
  say("", true);
  if (!dialog.open) dialog.showModal();
}

export function startDialog() {
  byId("dialog-back").addEventListener("click", () => dialog.close());
  dialog.addEventListener("submit", (event) => event.preventDefault());
}

export function closeDialog() {
  if (dialog.open) dialog.close();
}

/** Choices of which one is taken: `[value, text]`, the first at first. */
export function choices(name, title, options, className) {
  const made = options.map(([value, text], index) => {
    const input = element("input", "");
    Object.assign(input, { type: "radio", name, value, checked: index === 0 });
    return element("label", "choice", input, text);
  });
  return [element("h3", "", title), element("div", `choices ${className}`, ...made)];
}

export const chosen = (name) => dialog.querySelector(`input[name="${name}"]:checked`).value;

/** Asks for details and reason, then does it. `action` makes it from what was chosen. */
export function ask(title, does, kind, action, ...body) {
  const why = choices("why", "理由", WHY[kind].map((reason) => [reason, REASONS[reason]]), "wide");
  open(title, ...body, ...why);
  const done = byId("dialog-do");
  done.hidden = false;
  done.disabled = false;
  done.textContent = does;
  done.onclick = async () => {
    done.disabled = true;
    const { status, body: verdict } = await act({ kind, ...action() }, chosen("why"));
    const answer = status === 200 ? told(verdict, sayDone(verdict)) : { good: false, text: verdict.detail || verdict.title };
    done.disabled = answer.good;
    done.hidden = answer.good;
    if (answer.good) byId("dialog-body").replaceChildren();
    say(answer.text, answer.good);
  };
}

function sayDone({ place, until }) {
  const where = place && place.kind === "seat" ? `${place.seat}席　` : "";
  return until ? `完了しました。${where}${time(until)}まで` : "完了しました。";
}

/** A sentence a line. */
export const facts = (text) => element("p", "facts", text.replace(/。(?=.)/g, "。\n"));
const during = (stay) => `${activity(stay)}　${time(stay.started_at)}～${time(stay.until)}`;
const about = (stay) => `${stay.seat ? `${stay.seat}席　` : ""}${stay.member}　${during(stay)}`;

/** What can be done with a stay. */
export function openStay(stay, view) {
  const visit = stay.visit;
  const doing = [];
  const add = (text, pressed) => doing.push(button(text, "quiet", pressed));
  if (stay.overdue && stay.seat) {
    add("席を空ける（誰もいない）", () => ask("席を空ける", "空ける", "free_seat", () => ({ visit }), facts(about(stay))));
  }
  add("利用を終える", () => ask("利用を終える", "終える", "check_out", () => ({ visit }), facts(about(stay))));
  if (stay.seat && stay.activity.kind === "coworking") {
    add("延長する", () => extend(stay));
    add("席を移る", () => move(stay, view));
  }
  if (stay.activity.kind === "coworking") add("機器を貸す", () => handOut(stay, view));
  open(stay.seat ? `${stay.seat}席　${stay.member}` : stay.member, facts(during(stay)), element("h3", "", "何をしますか"), element("div", "choices wide", ...doing));
}

function extend(stay) {
  const lengths = [["30", "30分"], ["60", "1時間"], ["120", "2時間"]];
  const action = () => ({ visit: stay.visit, minutes: Number(chosen("minutes")) });
  const note = facts("ほかの方の予約と閉所の時刻を越えては延びません。足りないときは、できるところまで延ばします。");
  ask("延長する", "延長する", "extend", action, facts(about(stay)), note, ...choices("minutes", "長さ", lengths, ""));
}

function move(stay, view) {
  const free = view.floor.seats.filter((seat) => seat.state === "free");
  if (!free.length) {
    open("席を移る", facts(about(stay)), facts("いま空いている席はありません。"));
    return;
  }
  const seats = free.map((seat) => [seat.id, seat.id + (seat.offers.pc ? "（PC）" : "")]);
  const action = () => ({ visit: stay.visit, seat: chosen("seat") });
  ask("席を移る", "移る", "move", action, facts(about(stay)), ...choices("seat", "移る先", seats, ""));
}

function handOut(stay, view) {
  // The fullest of each kind first: whoever presses on at once has chosen well.
  const percent = (one) => (one.charge ? one.charge.percent : -1);
  const isBattery = (one) => Number(one.kind === "battery");
  const free = view.equipment.filter((one) => one.free).sort((a, b) => isBattery(a) - isBattery(b) || percent(b) - percent(a));
  if (!free.length) {
    open("機器を貸す", facts(about(stay)), facts("いま貸し出せる機器はありません。"));
    return;
  }
  const pieces = free.map((one) => [one.id, `${one.name}（${charge(one)}）`]);
  const action = () => ({ visit: stay.visit, equipment: chosen("equipment") });
  const note = facts("残量が利用時間に足りないものは、電源のある席でだけお貸しできます。");
  ask("機器を貸す", "貸し出す", "hand_out", action, facts(about(stay)), note, ...choices("equipment", "機器", pieces, "wide"));
}

/** Somebody without a pass: found by number, looked at, then checked in. */
export function openCheckIn() {
  const number = element("input", "");
  Object.assign(number, { name: "number", maxLength: 40, autocomplete: "off", spellcheck: false });
  number.setAttribute("aria-label", "会員番号または予約番号");
  const find = async () => {
    const typed = number.value.trim();
    if (!typed) return;
    const { status, body } = await call("GET", `/v1/staff/members/${encodeURIComponent(typed)}`);
    if (status === 200) confirm(body);
    else say(status === 404 ? "この番号は見つかりません。会員証や予約の控えと見比べてください。" : body.title, false);
  };
  number.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      find();
    }
  });
  const row = element("div", "find", number, button("探す", "", find));
  open("番号で受付する", facts("会員番号（例 M00012）か、予約番号（9けた）を入力してください。"), row);
  number.focus();
}

const STATES = { active: "有効", unverified: "確認書類をまだ見ていません", suspended: "停止中", revoked: "退会" };

function confirm(found) {
  const reservations = found.reservations.map((one) => facts(`${time(one.starts)}～${time(one.ends)}　${reserved(one.what)}${one.lapsed ? "（無断不参加）" : ""}`));
  const none = reservations.length ? reservations : [facts("本日の予約はありません。空いている席をご案内します。")];
  const state = facts(`会員の状態：${STATES[found.state]}${found.inside ? "　受付済みです" : ""}`);
  ask(`${found.member} を受付する`, "受付する", "check_in", () => ({ member: found.member }), state, ...none);
}

/** Who advises, perhaps two: an adviser, and a management consultant who joins. */
export function openJoint(one, view) {
  const busy = new Set(view.advice.running.flatMap((each) => each.advisers));
  const free = view.advice.advisers.filter((each) => !busy.has(each.id));
  const boxes = free.map((each) => {
    const input = element("input", "");
    Object.assign(input, { type: "checkbox", name: "adviser", value: each.id });
    const state = STATES_OF_ADVISERS[each.state] || "未入力";
    return element("label", "choice", input, `${each.id}　${ADVISERS[each.role]}（${state}）`);
  });
  if (!boxes.length) {
    open("相談を始める", facts("いま手の空いている相談員はいません。"));
    return;
  }
  const chosenOnes = () => [...dialog.querySelectorAll('input[name="adviser"]:checked')].map((input) => input.value);
  const action = () => ({ visit: one.visit, advisers: chosenOnes() });
  const who = [element("h3", "", "担当（経営相談員が同席するときは2名）"), element("div", "choices full", ...boxes)];
  ask(`${one.member} の相談を始める`, "始める", "start_consultation", action, ...who);
  const done = byId("dialog-do");
  const look = () => (done.disabled = chosenOnes().length === 0);
  boxes.forEach((box) => box.addEventListener("change", look));
  look();
}

/** Somebody with a place in a programme, late too, is let in. */
export function openExpected(programme) {
  const people = programme.expected.map((one) => [one.member, `${one.member}${one.standby ? "　キャンセル待ち" : ""}${one.is_here ? "　来所中" : ""}`]);
  const action = () => ({ member: chosen("member") });
  const note = facts(`いま ${programme.here}名／定員 ${programme.capacity}名。開始後の受付時間を過ぎた方も、空きがあれば受付できます。`);
  ask(programme.title.ja, "受付する", "check_in", action, note, ...choices("member", "まだ受付していない方", people, "wide"));
}

export function openLapsed(view) {
  const lapsed = view.lapsed.map((one) => [one.reservation, `${one.member}　${time(one.starts)}～${time(one.ends)}`]);
  const action = () => ({ reservation: chosen("reservation") });
  const note = facts("予約は、終了時刻まで再び使えるようになります。ほかの方の席はなくなりません。");
  ask("無断不参加を取り消す", "取り消す", "pardon", action, note, ...choices("reservation", "予約", lapsed, "full"));
}

export function openNotices(view) {
  const options = view.notices.map((one) => [one.id, `${one.up ? "【掲示中】" : ""}${one.text.ja}`]);
  const next = element("div", "choices wide");
  const pick = () => {
    const up = view.notices.find((one) => one.id === chosen("notice")).up;
    const title = up ? "お知らせを下げる" : "お知らせを出す";
    const kind = up ? "take_down_notice" : "put_up_notice";
    const notice = chosen("notice");
    const text = view.notices.find((one) => one.id === notice).text;
    ask(title, title, kind, () => ({ notice }), facts(text.ja), facts(text.en || ""));
  };
  next.append(button("次へ", "", pick));
  open("お知らせ", facts("選んだお知らせを、今日の案内表示に出します。"), ...choices("notice", "お知らせ", options, "full"), element("h3", "", ""), next);
}

/** The times a closure may last to: every half hour until the evening. */
function times(now) {
  const found = [];
  for (let minute = Number(now.slice(11, 13)) * 60 + Number(now.slice(14, 16)) + 15; minute < 22 * 60 && found.length < 12; ) {
    minute = Math.ceil(minute / 30) * 30;
    const text = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    found.push([text, text.replace(/^0/, "")]);
    minute += 1;
  }
  return found;
}

export function openClosing(view) {
  if (view.closed_until) {
    ask("受付を再開する", "再開する", "reopen", () => ({}), facts("すぐに、新しい方の受付を始めます。"));
    return;
  }
  const note = facts("新しい方の受付を止め、画面と案内表示に再開の時刻を出します。ご利用中の方はそのままです。");
  ask("受付を一時止める", "止める", "close", () => ({ until: chosen("until") }), note, ...choices("until", "いつまで", times(view.now), ""));
}
