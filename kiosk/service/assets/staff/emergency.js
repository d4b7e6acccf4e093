// An emergency: opened by two touches, then the head-count list fills the page until it is closed. Works with nothing but the kiosk.

import { act } from "./calls.js";
import { ask, choices, chosen, closeDialog, facts, open, say } from "./dialogs.js";
import { button, element } from "./lists.js";
import { GUESTS, INCIDENTS, day, time, told } from "./words.js";

const byId = (id) => document.getElementById(id);

/** The first touch opens this; the second, on a kind, opens the emergency. */
export function openEmergency() {
  const drill = element("input", "");
  Object.assign(drill, { type: "checkbox", name: "drill" });
  const begin = async (what) => {
    const action = { kind: "open_incident", what, drill: drill.checked };
    const { status, body } = await act(action, drill.checked ? "centre" : "safety");
    const answer = status === 200 ? told(body, "") : { good: false, text: body.detail || body.title };
    if (answer.good) closeDialog();
    else say(answer.text, false);
  };
  const kinds = Object.entries(INCIDENTS).map(([what, name]) => button(name, "alarm", () => begin(what)));
  const shut = facts("火災・地震・水害・不審者：受付を止め、すべての画面に表示して、在室の方を確認します。");
  const works = facts("急病・停電：受付はそのまま続け、案内表示でお知らせします。");
  open("緊急", element("label", "choice drill", drill, "訓練として始める"), element("h3", "", "押すと、すぐに始まります"), element("div", "choices kinds", ...kinds), shut, works);
}

function closeEmergency(view) {
  const { drill, missing, what } = view.emergency;
  const name = INCIDENTS[what] + (drill ? "（訓練）" : "");
  const body = [];
  if (missing) body.push(element("p", "fault", `まだ${missing}名を確認していません。`));
  if (drill) body.push(facts("ご利用中の方は、そのまま続けられます。"));
  const ends = [["stay", "ご利用中の方は、そのまま続ける"], ["left", "全員が退所した（利用をすべて終える）"]];
  if (!drill) body.push(...choices("ends", "在室の方", ends, "full"));
  const action = () => ({ everybody_left: !drill && chosen("ends") === "left" });
  ask(`${name}を終える`, "終える", "close_incident", action, ...body);
}

function who(listed) {
  if (listed.person.kind === "guest") return `${GUESTS[listed.purpose]}の方`;
  if (listed.person.kind === "companion") return `${listed.member} の同伴者 ${listed.person.number}`;
  return listed.member;
}

async function tick(one, pressed) {
  pressed.disabled = true;
  await act({ kind: "tick_person", person: one.listed.person, ticked: !one.ticked }, "safety");
  pressed.disabled = false;
}

function row(one) {
  const { listed, ticked } = one;
  const seat = element("span", listed.seat ? "seat" : "seat none", listed.seat || "–");
  const name = element("span", "who", who(listed), element("small", "", `${time(listed.since)}から`));
  const state = element("span", "state", ticked ? "✓ 確認済み" : "未確認");
  const pressed = button("", "person", () => tick(one, pressed));
  pressed.setAttribute("aria-pressed", String(ticked));
  pressed.append(seat, name, state);
  return element("li", "", pressed);
}

/** Those who had gone out for a while, whom nobody need look for. */
function outside(people) {
  const out = people.filter((one) => one.listed.stepped_out).map((one) => who(one.listed));
  return out.length ? `一時外出中（在室ではありません）：${out.join("、")}` : "";
}

export function showEmergency(view) {
  const incident = view.emergency;
  byId("emergency").hidden = !incident;
  document.body.dataset.emergency = incident ? (incident.shuts_door ? "list" : "notice") : "none";
  if (!incident) return;
  const { inside, missing, people } = incident;
  byId("emergency-what").textContent = INCIDENTS[incident.what];
  byId("emergency-drill").hidden = !incident.drill;
  byId("emergency-since").textContent = `${day(incident.opened_at)} ${time(incident.opened_at)}から${incident.shuts_door ? "" : "　受付は続けています"}`;
  byId("emergency-counts").hidden = !incident.shuts_door;
  byId("emergency-print").hidden = !incident.shuts_door;
  byId("emergency-inside").textContent = inside;
  byId("emergency-ticked").textContent = inside - missing;
  byId("emergency-missing").textContent = missing;
  byId("emergency-outside").textContent = outside(people);
  const rows = people.filter((one) => !one.listed.stepped_out).map(row);
  const nobody = element("li", "nobody", "在室の方はいません。");
  byId("people").replaceChildren(...(rows.length || !incident.shuts_door ? rows : [nobody]));
}

/** `current` gives the latest picture of the moment. */
export function startEmergency(current) {
  byId("emergency-open").addEventListener("click", openEmergency);
  byId("emergency-close").addEventListener("click", () => closeEmergency(current()));
  byId("emergency-print").addEventListener("click", () => window.print());
}
