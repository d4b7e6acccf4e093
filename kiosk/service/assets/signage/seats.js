// The side: free seats, or what else there is to know.

import { Pages } from "./pages.js";
import { byId, fit, japanese, list, make, makeEnglish, write } from "./text.js";
import { dateText, day, hour } from "./time.js";

const zonePages = new Pages(byId("zones"), null);

/** A number of seats in at most four letters: more than that is a mistake somewhere, and must not push the rest aside. */
const seats = (number) => (number > 999 ? "999+" : String(Number(number) || 0));

function count(part) {
  return make("div", part.free > 0 ? "count" : "count none", make("b", "", seats(part.free)), make("span", "", `/ ${seats(part.total)}`));
}

/** Whether a programme has the whole zone; of a part of it, the rest may be free. */
const isTaken = (zone) => Boolean(zone.taken_by) && !(zone.free > 0);

/** What is to be said under a zone's name, the most important first. */
function notes(zone, inLine) {
  const taken = isTaken(zone);
  const said = [];
  if (taken && zone.until) said.push(`${hour(zone.until)}まで`);
  if (!taken && zone.taken_by) said.push(zone.until ? `${hour(zone.until)}まで一部セミナー` : "一部セミナー");
  if (!taken && !(zone.free > 0)) said.push("満席");
  if (inLine && zone.power && !taken) said.push(`電源 ${seats(zone.power.free)}/${seats(zone.power.total)}`);
  if (inLine && zone.pc && !taken) said.push(`PC ${seats(zone.pc.free)}/${seats(zone.pc.total)}`);
  return said.map((text) => make("span", "", text));
}

function zoneRow(zone, inLine) {
  const name = make("div", "zone-name", make("div", inLine ? "one-line" : "two-lines", japanese(zone.name)));
  const said = notes(zone, inLine);
  const note = make("div", "zone-note", ...said);
  if (said.length > 0) name.append(note);
  const element = make("div", "zone", name, isTaken(zone) ? make("div", "count words", "セミナーで使用中") : count(zone));
  return { element, note, said };
}

const partRow = (label, part) => make("div", "zone", make("div", "zone-name", make("span", "within", label)), count(part));

function zoneParts(zone) {
  if (isTaken(zone)) return [];
  return [zone.power && partRow("電源席", zone.power), zone.pc && partRow("PC席", zone.pc)].filter(Boolean);
}

/** Lets lines break between these phrases only. */
function writePhrases(id, phrases) {
  byId(id).replaceChildren(...phrases.map((text) => make("span", "phrase", text)));
}

/** The zones as last drawn, and the room they had. */
let zonesKey = null;

/** Draws the zones anew the next time, whatever they are. */
export function forgetZones() {
  zonesKey = null;
}

/** Power and PC seats get a large number each where there is room, else a line under their zone's name, else a small one. */
function showZones(zones) {
  const key = zonePages.keyOf(zones);
  if (key === zonesKey) return;
  zonesKey = key;
  if (zones.length === 0) byId("zones").dataset.density = "none";
  for (const density of zones.length > 0 ? ["open", "lines", "dense"] : []) {
    const inLine = density !== "open";
    const rows = zones.map((zone) => zoneRow(zone, inLine));
    const elements = rows.map((each, index) => (inLine ? [each.element] : [each.element, ...zoneParts(zones[index])])).flat();
    byId("zones").dataset.density = density;
    zonePages.fill([density, zones], () => [{ heading: null, rows: elements }]);
    rows.forEach(({ note, said }) => fit(note, () => {
      if (said.length < 2) return false;
      said.pop().remove();
      return true;
    }));
    if (zonePages.count < 2) return;
  }
}

function sideText(view, zones) {
  if (!view.walk_in) return ["ただいま、予約なしでの", "受付は行っておりません。", "ご予約の方は、", "入口の受付機へどうぞ。"];
  const isFull = zones.length > 0 && !zones.some((zone) => zone.free > 0);
  return isFull ? ["ただいま満席です。", "入口の受付機で", "順番を", "お取りいただけます。"] : ["予約なしでもご利用いただけます。", "入口の受付機へどうぞ。"];
}

/** Free seats while people without a reservation are taken; what else there is to know at other times. */
export function showSide(view, layout) {
  const title = byId("side-title");
  if (layout === "evening") {
    write(title, "本日の受付は終了しました");
    writePhrases("side-text", ["夜のセミナー・研修に", "ご参加の方は、", "入口の受付機へどうぞ。"]);
    const next = view.next_opening;
    if (next) byId("side-text").append(make("p", "next-opening", "次の開所は", make("b", "", `${dateText(day(next.date))} ${hour(next.time)}`)));
    return;
  }
  const zones = view.walk_in ? list(view.zones) : [];
  title.replaceChildren(make("span", "", zones.length > 0 ? "空いている席" : "ご利用案内"), makeEnglish(zones.length > 0 ? "Free seats" : ""));
  writePhrases("side-text", sideText(view, zones));
  if (view.walk_in && view.waiting > 0) byId("side-text").prepend(make("b", "waiting", `お待ちの方 ${seats(view.waiting)}名`));
  showZones(zones);
}
