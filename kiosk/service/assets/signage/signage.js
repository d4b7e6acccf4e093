/*
 * The signage page: draws the view model of `/v1/signage` and follows its changes on `/v1/signage/stream`. Each part of the page has a
 * module of its own; this one puts them together.
 *
 * Must stay within Chrome 86 (`npm run lint` in tests/signage).
 */

import { showCalls } from "./calls.js";
import { opensLater, showHero } from "./closed.js";
import { showEmergency } from "./emergency.js";
import { noticePages, showCodes, showNotices } from "./footer.js";
import { programmePages, showAdvice, showEnding, showProgramme } from "./programme.js";
import { fillScenes, forgetScenes, showScene } from "./scenes.js";
import { forgetZones, showSide } from "./seats.js";
import { follow, reload } from "./stream.js";
import { byId, english, japanese, put, write } from "./text.js";
import { clockText, dateText, hour, isoDay, jst, minuteOfDay, minutes, setTime } from "./time.js";

const staleMs = Number(document.body.dataset.staleMs);

/** The view on the screen, the moment (steady counter) at which the service was last heard, and how many views were drawn. */
let shown = null;
let heardAt = performance.now();
let drawn = 0;

function layoutOf(view) {
  const { phase } = view;
  if (phase === "break") return "early";
  if (phase === "before" || phase === "preparation") return view.today && view.today.open ? "early" : "closed";
  if (phase === "closed") return opensLater(view) ? "early" : "closed";
  return phase === "evening" ? "evening" : "day";
}

function draw() {
  const view = shown;
  if (showEmergency(view)) {
    document.body.dataset.layout = "emergency";
    tick();
    return;
  }
  const layout = layoutOf(view);
  document.body.dataset.layout = layout;
  put("centre", japanese(view.centre));
  byId("centre").classList.add("one-line");
  put("centre-en", english(view.centre));
  byId("centre-en").classList.add("one-line");
  byId("rehearsal").hidden = !view.rehearsal;
  byId("watermark").hidden = !view.rehearsal;
  showHero(view, layout);
  showCalls(layout === "day" ? view : {});
  showAdvice(layout === "day" ? view : {});
  showEnding(layout === "day" ? view : {});
  showCodes(view, layout);
  tick();
  showNotices(view);
  showSide(view, layout);
  showProgramme(view, layout);
  fillScenes(view);
  showScene(view, layout);
}

/** Takes a view from the service: its time first, then what it says. A view that cannot be drawn leaves the last one standing. */
function take(json) {
  const view = JSON.parse(json);
  const time = Date.parse(view.now);
  if (!Number.isFinite(time)) throw new Error("the view has no time");
  heardAt = performance.now();
  setTime(time, heardAt);
  if (shown && shown.version !== view.version) reload();
  shown = view;
  drawn += 1;
  draw();
}

function todayText() {
  const { today } = shown;
  if (!today || today.date !== isoDay(jst())) return "";
  return today.open ? `本日 ${hour(today.open)}～${hour(today.close)}` : "本日はお休み";
}

/** The announcement of closing, its minutes counted here so that they stay true without the service. */
function showClosing() {
  // eslint-disable-next-line es-x/no-array-prototype-at, es-x/no-string-prototype-at -- a field, not the method
  const end = shown.closing ? shown.closing.at : null;
  const left = end ? minutes(end) - minuteOfDay() : 0;
  const changed = byId("closing").hidden !== !(left > 0);
  byId("closing").hidden = !(left > 0);
  if (left > 0) {
    write(byId("closing-text"), `本日は${hour(end)}に閉所します。お帰りの準備をお願いします。`);
    byId("closing-left").textContent = `閉所まで あと ${left}分`;
  }
  return changed;
}

/** Changes the text of a fixed element only when it differs, so that a tick costs nothing. */
function settle(id, text) {
  const element = byId(id);
  if (element.textContent !== text) write(element, text);
}

function tick() {
  if (!shown) return;
  if (shown.emergency) {
    settle("emergency-clock", clockText(jst()));
    return;
  }
  settle("clock", clockText(jst()));
  settle("date", dateText(jst()));
  settle("hours", todayText());
  const stale = performance.now() - heardAt > staleMs;
  byId("stale").hidden = !stale;
  if (stale) settle("stale", `${clockText(jst(heardAt))} 時点の情報です`);
  const { layout } = document.body.dataset;
  if (showClosing()) {
    showProgramme(shown, layout);
    fillScenes(shown);
  }
  showScene(shown, layout);
}

function takeOrReport(json) {
  try {
    take(json);
  } catch (error) {
    console.error("a view could not be shown", error);
  }
}

const redraw = () => shown && draw();
addEventListener("resize", redraw);
document.fonts.ready.then(redraw);
document.fonts.addEventListener("loadingdone", () => {
  programmePages.key = null;
  noticePages.key = null;
  forgetZones();
  forgetScenes();
  redraw();
});
setInterval(tick, 1000);
follow({
  show: takeOrReport,
  drawn: () => drawn,
  heard: () => {
    heardAt = performance.now();
  },
});
