// The staff page: signing in, then the picture of the moment, and what staff do.

import { act, call, follow } from "./calls.js";
import { closeDialog, openCheckIn, openClosing, openLapsed, openNotices, openStay, startDialog } from "./dialogs.js";
import { showEmergency, startEmergency } from "./emergency.js";
import { openEquipment } from "./equipment.js";
import { showCalls, showHeader, showInside } from "./lists.js";
import { showPlan } from "./plan.js";
import { showDuty, showRooms, startTabs } from "./rooms.js";
import { ROLES, told } from "./words.js";

const byId = (id) => document.getElementById(id);
/** A touch is told to the service so often at most. */
const TOUCH_EVERY_MS = 10000;
/** So long before the session ends the page says so. */
const WARN_S = 60;

let view = null;
let me = null;
let endStream = null;
let idleS = 300;
let touched = Date.now();
let toldTouch = 0;

function show(next) {
  view = next;
  byId("lost").hidden = true;
  showHeader(view);
  showEmergency(view);
  showCalls(view, answer);
  showPlan(view, (stay) => openStay(stay, view));
  showInside(view, (stay) => openStay(stay, view));
  showRooms(view, doAtOnce);
  showDuty(view, me);
}

/** Does what needs no question, and says where it cannot be done. */
async function doAtOnce(action, why, pressed) {
  pressed.disabled = true;
  const { status, body } = await act(action, why);
  const answer = status === 200 ? told(body, "") : { good: false, text: body.detail || body.title };
  byId("not-done").hidden = answer.good;
  byId("not-done").textContent = answer.text;
  if (!answer.good) pressed.disabled = false;
}

async function answer(one, pressed) {
  pressed.disabled = true;
  const { status } = await act({ kind: "answer_call", call: one.id }, "helped");
  if (status !== 200) pressed.disabled = false;
}

function signedOut(message) {
  if (endStream) endStream();
  endStream = null;
  view = null;
  closeDialog();
  document.body.dataset.state = "signed-out";
  byId("pin").value = "";
  byId("sign-in-message").hidden = !message;
  byId("sign-in-message").textContent = message || "";
  byId(byId("user").value ? "pin" : "user").focus();
}

/** Asks whether somebody has signed in, which counts as a touch. */
async function look(ended) {
  const { status, body } = await call("GET", "/v1/staff/session");
  if (status === 401) return signedOut(ended);
  if (status !== 200) {
    byId("lost").hidden = false;
    return setTimeout(() => look(ended), 3000);
  }
  idleS = body.idle_s;
  me = body;
  byId("me").textContent = `${body.user}（${ROLES[body.role]}）`;
  if (!endStream) {
    touched = Date.now();
    document.body.dataset.state = "signed-in";
    endStream = follow(show, lost);
  }
  return undefined;
}

/** The line broke, or the session is over. */
function lost() {
  byId("lost").hidden = false;
  if (endStream) endStream();
  endStream = null;
  setTimeout(() => look("しばらく操作がなかったため、サインアウトしました。"), 1000);
}

async function signIn(event) {
  event.preventDefault();
  const user = byId("user").value.trim();
  const badge = user.toUpperCase().startsWith("K2") && user.length > 20;
  const { status, body } = await call("POST", "/v1/staff/session", { [badge ? "badge" : "user"]: user, pin: byId("pin").value });
  if (badge) byId("user").value = "";
  if (status === 200 && body.answer === "signed_in") {
    byId("sign-in-message").hidden = true;
    byId("pin").value = "";
    await look("");
    return;
  }
  signedOut(status === 200 ? told(body, "").text : body.title);
}

async function signOut() {
  await call("DELETE", "/v1/staff/session");
  signedOut("");
}

function touch() {
  touched = Date.now();
  byId("idle").hidden = true;
  if (!endStream || touched - toldTouch < TOUCH_EVERY_MS) return;
  toldTouch = touched;
  look("しばらく操作がなかったため、サインアウトしました。");
}

function warn() {
  // Nobody is signed out while people are looked for.
  if (view && view.emergency && view.emergency.shuts_door) touched = Date.now();
  const left = idleS - Math.floor((Date.now() - touched) / 1000);
  const near = endStream !== null && left <= Math.min(WARN_S, idleS / 2);
  byId("idle").hidden = !near;
  if (near) byId("idle").textContent = `操作がないため、${Math.max(left, 0)}秒後にサインアウトします。続けるときは画面に触れてください。`;
}

startDialog();
startTabs();
byId("duty").addEventListener("click", ({ currentTarget }) => {
  doAtOnce({ kind: currentTarget.dataset.kind }, "centre", currentTarget).then(() => (currentTarget.disabled = false));
});
startEmergency(() => view);
byId("sign-in").addEventListener("submit", signIn);
byId("sign-out").addEventListener("click", signOut);
byId("check-in").addEventListener("click", openCheckIn);
byId("equipment").addEventListener("click", () => openEquipment(view));
byId("lapsed").addEventListener("click", () => openLapsed(view));
byId("notices").addEventListener("click", () => openNotices(view));
byId("close").addEventListener("click", () => openClosing(view));
document.addEventListener("pointerdown", touch);
document.addEventListener("keydown", touch);
setInterval(warn, 1000);
look("");
