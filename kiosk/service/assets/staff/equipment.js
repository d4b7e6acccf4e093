// What is lent: the list with charge and whereabouts, what to plug in next, and what staff do with a piece of it.

import { ask, choices, chosen, facts, open } from "./dialogs.js";
import { button, element } from "./lists.js";
import { charge, time, whereabouts } from "./words.js";

/** So many are named: the room has no power for more at once. */
const PLUGGED_IN = 6;

function plan(view) {
  const names = view.charging.map((id) => view.equipment.find((one) => one.id === id)).slice(0, PLUGGED_IN);
  const next = names.map((one) => `${one.name}（${charge(one)}）`).join("　");
  return element("p", "charging", element("b", "", "次に充電するもの"), next || "ありません");
}

function row(one) {
  const name = element("span", "name", one.name);
  const level = element("span", "level", charge(one));
  const where = element("span", "", whereabouts(one));
  const pressed = button("", "piece", () => openPiece(one));
  pressed.append(name, level, where);
  return element("li", one.loan ? "out" : one.free ? "" : "held", pressed);
}

/** All there is. */
export function openEquipment(view) {
  const rows = view.equipment.map(row);
  const none = element("li", "nobody", "貸し出す機器が登録されていません。事務室で登録してください。");
  open("機器の貸出", plan(view), element("ul", "equipment", ...(rows.length ? rows : [none])));
}

function about(one) {
  const software = one.software.length ? `ソフト：${one.software.join("、")}` : "";
  const loan = one.loan ? `貸出 ${time(one.loan.started_at)}～　返却予定 ${time(one.loan.back_by)}${one.loan.visit_is_over ? "　（利用は終わっています）" : ""}` : "";
  return [`${whereabouts(one)}　残量 ${charge(one)}`, loan, software].filter(Boolean).map(facts);
}

function openPiece(one) {
  const equipment = one.id;
  const doing = [];
  const add = (text, pressed) => doing.push(button(text, "quiet", pressed));
  if (one.loan) {
    add("返却を受け付ける", () => takeBack(one));
  } else if (one.aside) {
    add("貸し出しに戻す", () => ask("貸し出しに戻す", "戻す", "return_to_service", () => ({ equipment }), ...about(one)));
  } else {
    add("貸し出しを止める", () => setAside(one));
  }
  add("残量を記録する", () => reportCharge(one));
  open(one.name, ...about(one), element("h3", "", "何をしますか"), element("div", "choices wide", ...doing));
}

function takeBack(one) {
  const states = [["good", "異常なし"], ["damaged", "破損・不具合あり"]];
  const action = () => ({ equipment: one.id, damaged: chosen("condition") === "damaged" });
  const note = facts("破損・不具合があるときは、貸し出しを止めます。");
  ask(`${one.name} の返却`, "受け付ける", "take_back", action, ...about(one), ...choices("condition", "状態", states, "wide"), note);
}

function setAside(one) {
  const reasons = [["out_of_order", "動かない・調整が必要"], ["damaged", "破損している"]];
  const action = () => ({ equipment: one.id, because: chosen("because") });
  ask(`${one.name} の貸し出しを止める`, "止める", "set_aside", action, ...about(one), ...choices("because", "状態", reasons, "wide"));
}

function reportCharge(one) {
  const levels = [100, 90, 80, 70, 60, 50, 40, 30, 20, 10].map((percent) => [String(percent), `${percent}%`]);
  const action = () => ({ equipment: one.id, percent: Number(chosen("percent")) });
  ask(`${one.name} の残量`, "記録する", "report_charge", action, ...about(one), ...choices("percent", "残量", levels, ""));
}
