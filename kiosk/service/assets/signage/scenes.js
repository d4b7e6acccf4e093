// The scenes of the play list, and the programme that has the room: whose turn it is, the service says.

import { drawCode } from "./footer.js";
import { Pages } from "./pages.js";
import { drawPlan } from "./plan.js";
import { AUDIENCES, weekSection } from "./programme.js";
import { byId, english, japanese, list, make, put } from "./text.js";
import { hour, secondsSince } from "./time.js";

/** The element of each scene. */
const ELEMENTS = {
  day: "programme",
  floor: "floor",
  week: "week",
  books: "books",
  notice: "notice",
  codes: "codes",
  in_room: "in-room",
};

/** What stands now. */
let standing = null;

const weekPages = new Pages(byId("week-box"), byId("week-page"), false);
const bookPages = new Pages(byId("books-box"), byId("books-page"), false);

/** Draws the scenes anew the next time, whatever they are. */
export function forgetScenes() {
  weekPages.key = null;
  bookPages.key = null;
}

function bookCard(book) {
  const author = book.author ? make("p", "author one-line", japanese(book.author)) : null;
  return make("div", "book", make("p", "book-title two-lines", japanese(book.title)), author);
}

/** Books two in a row. */
function shelves(books) {
  const rows = [];
  for (let at = 0; at < books.length; at += 2) rows.push(make("div", "shelf", ...books.slice(at, at + 2).map(bookCard)));
  return [{ heading: null, rows }];
}

/** Around a large code: the space to its neighbour, and its caption below, in pixels of the drawing. */
const BESIDE = 40;
const BELOW = 140;

function largeCode(room, code, ...caption) {
  const picture = drawCode(code, room);
  return picture && make("figure", "large-code", make("div", "plate", picture), make("figcaption", "", ...caption.map((text) => make("span", "one-line", text))));
}

function fillCodes(view) {
  const box = byId("codes-box");
  const links = list(view.links);
  const count = Math.max(1, links.length + (view.wifi ? 1 : 0) + (view.membership ? 1 : 0));
  const few = innerHeight > innerWidth ? Math.min(count, 2) : count;
  const columns = count > 4 ? 3 : few;
  const rows = Math.ceil(count / columns);
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 100;
  const room = Math.min(box.clientWidth / columns / scale - BESIDE, box.clientHeight / scale / rows - BELOW);
  const codes = [
    view.wifi && largeCode(room, view.wifi.qr, "Wi-Fiにつなぐ", String(view.wifi.ssid || "")),
    view.membership && largeCode(room, view.membership.qr, "会員登録（無料）"),
    ...links.map((link) => largeCode(room, link.qr, japanese(link.name))),
  ];
  box.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  box.replaceChildren(...codes.filter(Boolean));
}

function fillInRoom(programme) {
  put("in-room-title", japanese(programme && programme.title));
  put("in-room-en", english(programme && programme.title));
  put("in-room-hours", programme ? `${hour(programme.starts)}～${hour(programme.ends)}` : "");
  put("in-room-whom", (programme && AUDIENCES[programme.audience]) || "");
  byId("in-room-title").classList.add("three-lines");
  byId("in-room-en").classList.add("two-lines");
}

/** Fills every scene, also those that are not seen now, so that one only fades over into the next. */
export function fillScenes(view) {
  standing = null;
  weekPages.fill(view.week, () => [weekSection(view)]);
  bookPages.fill(view.books, () => shelves(list(view.books)));
  drawPlan(view.floor || {});
  fillCodes(view);
  fillInRoom(view.in_room);
}

/** Whose turn it is: the list is followed in a circle from the second in which the view was made. */
function turnNow(view) {
  const turns = list(view.turns).filter((turn) => turn.seconds > 0);
  const whole = turns.reduce((sum, turn) => sum + turn.seconds, 0);
  let within = whole > 0 ? Math.max(0, secondsSince(view.now)) % whole : 0;
  for (const turn of turns) {
    if (within < turn.seconds) return turn;
    within -= turn.seconds;
  }
  return { scene: "day", round: 0 };
}

function showNotice(view, round) {
  const notices = list(view.notices).filter((notice) => japanese(notice.text).trim() !== "");
  const number = notices.length > 0 ? round % notices.length : 0;
  const text = notices.length > 0 ? notices[number].text : null;
  put("notice-text", japanese(text));
  put("notice-en", english(text));
  byId("notice-text").classList.add("four-lines");
  byId("notice-en").classList.add("three-lines");
  byId("notice-page").textContent = notices.length > 1 ? `${number + 1} / ${notices.length}` : "";
}

/** Lets the scene stand whose turn it is. */
export function showScene(view, layout) {
  const isOpen = layout === "day" || layout === "evening";
  const day = { scene: "day", round: 0 };
  const open = view.in_room ? { scene: "in_room", round: 0 } : turnNow(view);
  const { scene, round } = isOpen ? open : day;
  const key = JSON.stringify([scene, round, view.notices]);
  if (key === standing) return;
  standing = key;
  const wanted = ELEMENTS[scene] || ELEMENTS.day;
  Object.values(ELEMENTS).forEach((id) => byId(id).classList.toggle("shown", id === wanted));
  document.body.dataset.scene = wanted;
  if (scene === "week") weekPages.show(round % Math.max(1, weekPages.count));
  if (scene === "books") bookPages.show(round % Math.max(1, bookPages.count));
  showNotice(view, scene === "notice" ? round : 0);
}
