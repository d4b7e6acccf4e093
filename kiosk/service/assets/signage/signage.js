/*
 * The signage page: draws the view model of `/v1/signage` and follows its changes on `/v1/signage/stream`.
 *
 * - Time is the service's: `now` of the last view, carried on by a steady counter. The display's own clock and time zone are often wrong.
 * - The stream is read by hand instead of by `EventSource`, which cannot see keep-alive comments and so never notices a dead connection.
 * - Whatever the service sends is put in as text, never as markup.
 *
 * Must stay within Chrome 86 (`npm run lint` in tests/signage).
 */
"use strict";

(() => {
  const VIEW = "/v1/signage";
  const STREAM = "/v1/signage/stream";
  const EVENT = "signage";
  /** Longest text of one stream event, in characters: beyond this the stream is not ours. */
  const LONGEST_EVENT = 4000000;
  const JST_MS = 9 * 60 * 60 * 1000;

  const settings = document.body.dataset;
  const silenceMs = Number(settings.silenceMs);
  const staleMs = Number(settings.staleMs);
  const retryMs = Number(settings.retryMs);
  const retryMaxMs = Number(settings.retryMaxMs);
  const turnMs = Number(settings.turnMs);

  const byId = (id) => document.getElementById(id);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const list = (value) => (Array.isArray(value) ? value : []);
  const japanese = (text) => (text && typeof text.ja === "string" ? text.ja : "");
  const english = (text) => (text && typeof text.en === "string" ? text.en : "");

  // --- Text -----------------------------------------------------------------------------------------------------------------------

  const BREAK_AFTER = "、。，．！？・：；）」』】〕》〉";
  const BREAK_BEFORE = "（「『【〔《〈";
  const PARTICLES = "のをにはがでともへ";
  const isHiragana = (letter) => letter >= "ぁ" && letter <= "ゟ";

  /** Whether a line may break between two letters: after punctuation, before a bracket, after a particle that ends a phrase. */
  function mayBreak(before, after) {
    if (BREAK_AFTER.includes(after)) return false;
    if (BREAK_AFTER.includes(before) || BREAK_BEFORE.includes(after)) return true;
    return PARTICLES.includes(before) && !isHiragana(after) && after.trim() !== "";
  }

  /** Puts `text` into `element` with the places where a line may break: between phrases, not inside a word. */
  function write(element, text) {
    const parts = [];
    let start = 0;
    for (let index = 1; index < text.length; index += 1) {
      if (mayBreak(text[index - 1], text[index])) {
        parts.push(text.slice(start, index), document.createElement("wbr"));
        start = index;
      }
    }
    element.replaceChildren(...parts, text.slice(start));
    return element;
  }

  /** A new element with a class, holding text or further elements. */
  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    for (const each of content) {
      if (typeof each === "string") element.append(...write(document.createElement("span"), each).childNodes);
      else if (each) element.append(each);
    }
    return element;
  }

  function makeEnglish(text) {
    const element = make("span", "en", text);
    element.lang = "en";
    return element;
  }

  /** Shows `text` in a fixed element, and hides the element when there is none. */
  function put(id, text) {
    const element = byId(id);
    element.hidden = !text;
    write(element, text || "");
  }

  // --- Time -----------------------------------------------------------------------------------------------------------------------

  /** The service's time at a moment of the display's steady counter, both in milliseconds; null until the first view. */
  let anchor = null;

  /** The service's time at a moment of the steady counter (now when left out), as a `Date` whose UTC fields read as JST. */
  function jst(moment = performance.now()) {
    return new Date(anchor.time + (moment - anchor.moment) + JST_MS);
  }

  const WEEKDAYS = "日月火水木金土";
  const WEEKDAYS_EN = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const twoDigits = (number) => String(number).padStart(2, "0");
  const clockText = (date) => `${date.getUTCHours()}:${twoDigits(date.getUTCMinutes())}`;
  const dateText = (date) => `${date.getUTCMonth() + 1}月${date.getUTCDate()}日（${WEEKDAYS[date.getUTCDay()]}）`;
  const dateEnglish = (date) => `${WEEKDAYS_EN[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS_EN[date.getUTCMonth()]}`;
  const isoDay = (date) => date.toISOString().slice(0, 10);
  const day = (iso) => new Date(`${iso}T00:00:00Z`);
  /** "09:30" as people write it: "9:30". */
  const hour = (time) => String(time || "").replace(/^0(?=\d)/, "");
  /** Minutes since midnight of "09:30", and of this moment. */
  const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const minuteOfDay = () => jst().getUTCHours() * 60 + jst().getUTCMinutes();

  // --- Pages ----------------------------------------------------------------------------------------------------------------------

  /** A box that shows as much as fits and turns calmly through the rest; nothing in it ever scrolls. */
  class Pages {
    constructor(box, mark) {
      this.box = box;
      this.mark = mark;
      this.key = null;
      this.current = 0;
      setInterval(() => this.turn(), turnMs);
    }

    /** Fills the box from sections `{heading, rows}`, heading a function or null, unless neither they nor the room have changed. */
    fill(content, sections) {
      const key = this.keyOf(content);
      if (key === this.key) return;
      this.key = key;
      this.box.replaceChildren();
      for (const section of sections()) this.add(section);
      // Only the turning of a page fades: a number that changes must not blink.
      this.box.classList.add("still");
      this.show(Math.min(this.current, this.count - 1));
      this.box.getBoundingClientRect();
      this.box.classList.remove("still");
    }

    keyOf(content) {
      return JSON.stringify([content, this.box.clientWidth, this.box.clientHeight]);
    }

    add({ heading, rows }) {
      let fresh = heading;
      for (const row of rows) {
        const block = fresh ? [fresh(), row] : [row];
        const page = this.box.lastElementChild || this.begin();
        page.append(...block);
        const alone = page.children.length === block.length;
        if (page.offsetHeight > this.box.clientHeight && !alone) {
          if (fresh) block[0].remove();
          this.begin().append(...(heading ? [fresh ? block[0] : heading()] : []), row);
        }
        fresh = null;
      }
    }

    begin() {
      const page = make("div", "page");
      this.box.append(page);
      return page;
    }

    get count() {
      return this.box.children.length;
    }

    turn() {
      if (this.count > 1) this.show((this.current + 1) % this.count);
    }

    show(wanted) {
      const pages = Array.from(this.box.children);
      this.current = Math.max(wanted, 0);
      pages.forEach((page, index) => page.classList.toggle("shown", index === this.current));
      if (this.mark) this.mark.textContent = pages.length > 1 ? `${this.current + 1} / ${pages.length}` : "";
    }
  }

  const programmePages = new Pages(byId("programme-box"), byId("programme-page"));
  const noticePages = new Pages(byId("notices-box"), byId("notices-page"));
  const zonePages = new Pages(byId("zones"), null);

  // --- Programme ------------------------------------------------------------------------------------------------------------------

  const AUDIENCES = { business: "区内企業の方", job_seeker: "就職希望の方", anyone: "どなたでも" };

  function places(item) {
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

  function weekSection(view) {
    const rows = list(view.week).filter((item) => item.state !== "ended").map((item) => row(item, true));
    return { heading: heading("これからのセミナー・研修", "Coming up"), rows };
  }

  function showProgramme(view, layout) {
    const sections = layout === "closed" ? [weekSection(view)] : [todaySection(view), weekSection(view)];
    const filled = sections.filter((section) => section.rows.length > 0);
    byId("programme").hidden = filled.length === 0;
    byId("main").classList.toggle("bare", filled.length === 0);
    programmePages.fill([layout, view.programme, view.week], () => filled);
  }

  /** Shortens a line from its end until it fits its box; `shorten` returns false when nothing is left to drop. */
  function fit(element, shorten) {
    while (element.scrollWidth > element.clientWidth && shorten());
  }

  function showEnding(view) {
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

  // --- Free seats -----------------------------------------------------------------------------------------------------------------

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
    return isFull ? ["ただいま満席です。", "空き次第、順番にご案内します。"] : ["予約なしでもご利用いただけます。", "入口の受付機へどうぞ。"];
  }

  /** Free seats while people without a reservation are taken; what else there is to know at other times. */
  function showSide(view, layout) {
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
    showZones(zones);
  }

  // --- Before opening and after closing -------------------------------------------------------------------------------------------

  const REASONS = {
    holiday: "祝日のため、お休みをいただいております。",
    year_end: "年末年始のため、お休みをいただいております。",
    building: "建物の都合により、お休みをいただいております。",
    centre: "都合により、お休みをいただいております。",
    weather: "荒天のため、お休みをいただいております。",
  };

  function opensLater(view) {
    const today = view.today;
    return Boolean(today && today.open) && minuteOfDay() < minutes(today.open);
  }

  function reasonOf(today) {
    if (today.reason === "weekly_closed") return `${WEEKDAYS[jst().getUTCDay()]}曜日は、お休みをいただいております。`;
    return japanese(today.reason_text) || REASONS[today.reason] || "";
  }

  /** Title, English, text of the large words of the day. */
  function heroWords(view, layout) {
    const today = view.today || {};
    if (view.phase === "break") return ["ただいま閉所しています", "We are closed for a while", reasonOf(today)];
    if (layout === "early" && view.phase === "preparation") {
      return ["ただいま準備中です", `We open at ${hour(today.open)}`, `${hour(today.open)}に開所します。少々お待ちください。`];
    }
    if (layout === "early") {
      return [`本日は${hour(today.open)}に開所します`, `We open at ${hour(today.open)} today`, `本日の開所時間　${hour(today.open)}～${hour(today.close)}`];
    }
    if (today.open) return ["本日は閉所しました", "We are closed for today", "ご利用ありがとうございました。"];
    return ["本日はお休みです", "We are closed today", reasonOf(today)];
  }

  function showHero(view, layout) {
    const hero = byId("hero");
    hero.hidden = layout === "day" || layout === "evening";
    if (hero.hidden) return;
    const [title, translation, text] = heroWords(view, layout);
    put("hero-title", title);
    const next = layout === "closed" || view.phase === "break" ? view.next_opening : null;
    put("hero-en", next ? `${translation}. Next opening: ${dateEnglish(day(next.date))}, ${hour(next.time)}` : translation);
    put("hero-text", text);
    const line = byId("hero-next");
    line.hidden = !next;
    if (next) line.replaceChildren("次の開所は", make("b", "", `${dateText(day(next.date))} ${hour(next.time)}`), "です");
  }

  // --- Footer ---------------------------------------------------------------------------------------------------------------------

  /** Letters from which a notice is written smaller, to keep more of it. */
  const LONG_NOTICE = 60;

  function showNotices(view) {
    const notices = list(view.notices).map((notice) => japanese(notice.text)).filter((text) => text.trim() !== "");
    byId("notices-label").hidden = notices.length === 0;
    byId("footer").hidden = notices.length === 0 && byId("wifi").hidden && byId("membership").hidden;
    const lines = (text) => (text.length > LONG_NOTICE ? "four-lines" : "three-lines");
    noticePages.fill(notices, () => [{ heading: null, rows: notices.map((text) => make("p", `notice ${lines(text)}`, text)) }]);
  }

  const SVG = "http://www.w3.org/2000/svg";
  /** Largest side of a QR code on the 1920×1080 drawing, in pixels, with the quiet zone of four modules around it. */
  const CODE_SIDE = 190;
  const QUIET = 4;

  /** A QR code as one path, each module a whole number of pixels, or null when the rows are not a square of 0 and 1. */
  function drawCode(code) {
    const rows = list(code && code.rows);
    const size = rows.length;
    const whole = size + 2 * QUIET;
    if (size < 21 || rows.some((each) => typeof each !== "string" || each.length !== size || /[^01]/.test(each))) return null;
    const squares = rows.map((each, y) => Array.from(each, (bit, x) => (bit === "1" ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", squares);
    svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${whole} ${whole}`);
    svg.setAttribute("shape-rendering", "crispEdges");
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 100;
    const side = `${Math.max(1, Math.floor((CODE_SIDE * scale) / whole)) * whole}px`;
    svg.style.width = side;
    svg.style.height = side;
    svg.append(path);
    return svg;
  }

  function showCode(id, code, ...caption) {
    const figure = byId(id);
    const picture = drawCode(code);
    figure.hidden = !picture;
    if (picture) figure.replaceChildren(make("div", "plate", picture), make("figcaption", "", ...caption));
  }

  function showCodes(view, layout) {
    const wifi = layout === "closed" ? null : view.wifi;
    showCode("wifi", wifi && wifi.qr, make("span", "", "Wi-Fiにつなぐ"),
      make("span", "", wifi ? String(wifi.ssid || "") : ""));
    showCode("membership", view.membership && view.membership.qr, make("span", "", "会員登録（無料）"),
      make("span", "", "はこちら"));
  }

  // --- The whole ------------------------------------------------------------------------------------------------------------------

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
    const layout = layoutOf(view);
    document.body.dataset.layout = layout;
    put("centre", japanese(view.centre));
    byId("centre").classList.add("one-line");
    put("centre-en", english(view.centre));
    byId("centre-en").classList.add("one-line");
    byId("rehearsal").hidden = !view.rehearsal;
    byId("watermark").hidden = !view.rehearsal;
    showHero(view, layout);
    showEnding(layout === "day" ? view : {});
    showCodes(view, layout);
    tick();
    showNotices(view);
    showSide(view, layout);
    showProgramme(view, layout);
  }

  /** Takes a view from the service: its time first, then what it says. A view that cannot be drawn leaves the last one standing. */
  function take(json) {
    const view = JSON.parse(json);
    const time = Date.parse(view.now);
    if (!Number.isFinite(time)) throw new Error("the view has no time");
    heardAt = performance.now();
    anchor = { time, moment: heardAt };
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
      byId("closing-left").textContent = `あと ${left}分`;
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
    settle("clock", clockText(jst()));
    settle("date", dateText(jst()));
    settle("hours", todayText());
    const stale = performance.now() - heardAt > staleMs;
    byId("stale").hidden = !stale;
    if (stale) settle("stale", `${clockText(jst(heardAt))} 時点の情報です`);
    if (showClosing()) showProgramme(shown, document.body.dataset.layout);
  }

  // --- The service ----------------------------------------------------------------------------------------------------------------

  let reloading = false;

  /** Loads the page anew once the service serves it: a reload into a service that is just restarting would end on an error page. */
  async function reload() {
    if (reloading) return;
    reloading = true;
    for (;;) {
      try {
        const page = await fetch(location.href, { cache: "reload" });
        if (page.ok) {
          location.reload();
          return;
        }
      } catch (error) {
        console.warn("the page cannot be loaded anew yet", error);
      }
      await pause(retryMs);
    }
  }

  /** Cuts a stream of server-sent events, given in pieces of any size, into the data of our events. */
  class Events {
    constructor() {
      this.rest = "";
      this.name = "";
      this.data = [];
    }

    /** The data of the events that this piece completes. */
    feed(piece) {
      this.rest += piece;
      if (this.rest.length > LONGEST_EVENT) throw new Error("a stream event is too long");
      const held = this.rest.endsWith("\r") ? this.rest.length - 1 : this.rest.length;
      const lines = this.rest.slice(0, held).split(/\r\n|\n|\r/);
      this.rest = lines.pop() + this.rest.slice(held);
      return lines.map((line) => this.line(line)).filter((data) => data !== null);
    }

    line(line) {
      if (line === "") {
        const complete = this.name === EVENT && this.data.length > 0 ? this.data.join("\n") : null;
        this.name = "";
        this.data = [];
        return complete;
      }
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field === "event") this.name = value;
      if (field === "data") this.data.push(value);
      return null;
    }
  }

  function takeOrReport(json) {
    try {
      take(json);
    } catch (error) {
      console.error("a view could not be shown", error);
    }
  }

  /** Asks for the view once, for a stream that says nothing until something changes; a view from the stream in between is newer. */
  async function askForView(signal) {
    const before = drawn;
    const response = await fetch(VIEW, { cache: "no-store", signal });
    if (!response.ok) throw new Error(`${VIEW} answered ${response.status}`);
    const json = await response.text();
    if (drawn === before) takeOrReport(json);
  }

  /** One connection, from its opening to its end, of whatever kind. `heard` is called with every sign of life. */
  async function connection(control, heard) {
    const response = await fetch(STREAM, { cache: "no-store", headers: { accept: "text/event-stream" }, signal: control.signal });
    if (!response.ok || !response.body) throw new Error(`${STREAM} answered ${response.status}`);
    heard();
    askForView(control.signal).catch((error) => {
      console.warn("the view could not be fetched", error);
      if (!shown) control.abort();
    });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const events = new Events();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      events.feed(decoder.decode(value, { stream: true })).forEach(takeOrReport);
    }
  }

  /** Follows the service for ever. Pauses grow with failures in a row, and chance keeps displays from returning all at once. */
  async function follow() {
    let failures = 0;
    for (;;) {
      const control = new AbortController();
      let silence = setTimeout(() => control.abort(), silenceMs);
      const heard = () => {
        heardAt = performance.now();
        failures = 0;
        clearTimeout(silence);
        silence = setTimeout(() => control.abort(), silenceMs);
      };
      try {
        await connection(control, heard);
      } catch (error) {
        console.warn("the connection to the service ended", error);
      }
      clearTimeout(silence);
      control.abort();
      const longest = Math.min(retryMaxMs, retryMs * 2 ** Math.min(failures, 10));
      failures += 1;
      await pause(longest * (0.5 + Math.random() / 2));
    }
  }

  const redraw = () => shown && draw();
  addEventListener("resize", redraw);
  document.fonts.ready.then(redraw);
  document.fonts.addEventListener("loadingdone", () => {
    programmePages.key = null;
    noticePages.key = null;
    zonesKey = null;
    redraw();
  });
  setInterval(tick, 1000);
  follow();
})();
