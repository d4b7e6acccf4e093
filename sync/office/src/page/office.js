"use strict";
// Draws the picture of the moment that /live sends. Text goes into the page as text only.

const byId = (id) => document.getElementById(id);
const categories = { business: "企業", job_seeker: "就職希望者", ward_service: "区事業" };

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function who(stay) {
  const name = stay.name ? element("span", "name", stay.name) : null;
  const company = stay.company ? element("span", "company", stay.company) : null;
  return [element("span", "number", stay.member_no), name, company];
}

function zone(one) {
  const taken = one.seats ? `${one.people.length}／${one.seats}席` : `${one.people.length}名`;
  const title = element("h3", "", one.name, element("span", "count", taken));
  if (one.people.length === 0) {
    return element("div", "zone", title, element("p", "none", "ご利用中の方はいません"));
  }
  const people = one.people.map((stay) => {
    const until = stay.out && stay.overdue ? "戻りが遅れています" : stay.overdue ? `${stay.until} 過ぎ` : `${stay.until} まで`;
    return element(
      "li", stay.overdue ? "overdue" : "",
      element("span", "seat", stay.seat || "–"),
      element("span", "who", ...who(stay)),
      element("span", "time", stay.out ? `${stay.out} から外出中` : `${stay.started} から`, element("b", "", until)),
    );
  });
  return element("div", "zone", title, element("ul", "people", ...people));
}

function kiosk(one) {
  const state = one.online ? element("span", "state on", "接続中") : element("span", "state off", "未接続");
  const through = one.through ? `${one.through} までの記録がそろっています` : "まだ記録がありません";
  const behind = one.complete || !one.through ? null : element("p", "behind", one.behind ? `残り ${one.behind} 件を受信中` : "続きを受信中");
  return element("div", "kiosk", element("p", "", element("b", "", one.kiosk), state), element("p", "through", through), behind);
}

function visit(stay) {
  const end = stay.ended ? stay.ended + (stay.inferred ? "（推定）" : "") : "ご利用中";
  const cells = [stay.started, end, "", categories[stay.category] || "", stay.what, stay.seat || "–"].map((text) => element("td", "", text));
  cells[2].append(...who(stay).filter((part) => part !== null));
  return element("tr", stay.ended ? "" : "open", ...cells);
}

function waiting(id, count) {
  byId(id).textContent = count === 0 ? "なし" : `${count}件`;
  byId(id).className = count === 0 ? "" : "some";
}

const matters = {
  other_hash: "同じ番号で内容の違う記録", broken_chain: "前とつながらない記録", unreadable: "読み取れない記録",
  not_a_message: "読み取れない通信", another_kiosk: "別の端末を名乗る通信", tail_lost: "端末の最後の記録が失われています",
  cloned_card: "同じ端末のカードが2枚使われています", history_differs: "端末の以前の記録が変わっています",
  new_journal: "端末が新しい記録を始めました（カード交換後は正常です）", records_missing: "端末の古い記録が失われています",
};

async function record(address, button, fault) {
  button.disabled = true;
  let done = false;
  try {
    done = (await fetch(address, { method: "POST", headers: { "X-Genkan": "1" } })).ok;
  } catch {
    // Told below.
  }
  byId(fault).hidden = done;
  button.disabled = done;
}

function matter(one) {
  const what = matters[one.what] || one.what;
  const button = element("button", "quiet", "確認済みにする");
  button.type = "button";
  button.setAttribute("aria-label", `${what}を確認済みにする`);
  button.addEventListener("click", () => record(`/v1/waiting/${one.list}/${one.id}/put-away`, button, "not-put-away"));
  return element("li", "", element("div", "", element("p", "", what), element("p", "since", `${one.kiosk}　${one.since}`)), button);
}

function contact(one) {
  const name = one.name ? element("span", "name", one.kana ? `${one.name}（${one.kana}）` : one.name) : null;
  const who = element("p", "", element("span", "number", one.member_no), " ", name);
  const words = element("div", "", who, element("p", "since", `${one.when}　${one.what}　予約番号 ${one.number}`));
  if (one.told) return element("li", "", words, element("span", "since", `${one.told} 連絡済み`));
  const button = element("button", "quiet", "連絡済みにする");
  button.type = "button";
  button.setAttribute("aria-label", `${one.name || one.member_no} を連絡済みにする`);
  button.addEventListener("click", () => record(`/v1/call-list/${one.reservation}/told`, button, "not-told"));
  return element("li", "", words, button);
}

function call(one) {
  return element("p", "", element("b", "", "係員を呼んでいます"), element("span", "", `${one.kiosk} ${one.station}`), element("span", "", `${one.since} から`));
}

const emergencies = { fire: "火災", earthquake: "地震", flood: "水害", intruder: "不審者", medical: "急病", power_cut: "停電" };

function emergency(one) {
  const what = `緊急：${emergencies[one.what]}${one.drill ? "（訓練）" : ""}`;
  return element("p", "", element("b", "", what), element("span", "", one.kiosk), element("span", "", `${one.since} から`));
}

function loan(one) {
  const when = element("span", "time", `${one.since} から`, element("b", "", one.late ? `${one.back_by} を過ぎています` : `${one.back_by} まで`));
  return element("li", one.late ? "overdue" : "", element("span", "seat", one.equipment), element("span", "who", ...who(one)), when);
}

function unstaffed(one) {
  return element("p", "", element("b", "", one.missing === "adviser" ? "相談員がいません" : "受付の人数が足りません"), element("span", "", one.kiosk), element("span", "", `${one.since} から`));
}

// What has not changed is left in place, so that nobody's press or reading is disturbed.
let drawn = { calls: "[[],[],[]]", waiting: "[]", contacts: "[]" };
function drawAnew(name, list, draw) {
  const text = JSON.stringify(list);
  if (drawn[name] === text) return;
  drawn = { ...drawn, [name]: text };
  draw();
}

let shift = 0;
function tick() {
  const now = new Date(Date.now() + shift);
  const shown = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", hour: "numeric", minute: "2-digit" });
  byId("clock").textContent = shown.format(now);
}

function draw(picture) {
  shift = new Date(picture.now).getTime() - Date.now();
  tick();
  const day = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", month: "long", day: "numeric", weekday: "short" });
  byId("date").textContent = day.format(new Date(picture.now));
  byId("date").dataset.day = picture.date;
  byId("centre").textContent = picture.centre;
  byId("rehearsal").hidden = !picture.rehearsal;
  byId("broker").hidden = picture.connected;
  const figures = picture.figures;
  byId("inside").textContent = figures.inside;
  byId("persons").textContent = figures.person_days;
  byId("uses").textContent = figures.uses;
  for (const category of Object.keys(categories)) byId(category).textContent = figures[category];
  byId("zones").replaceChildren(...picture.zones.map(zone));
  byId("kiosks").replaceChildren(...(picture.kiosks.length ? picture.kiosks.map(kiosk) : [element("p", "none", "まだ接続した端末がありません")]));
  byId("loans").replaceChildren(...(picture.loans.length ? picture.loans.map(loan) : [element("li", "none", "貸出中の機器はありません")]));
  waiting("quarantine", picture.counts.quarantine);
  waiting("incidents", picture.counts.incidents);
  waiting("unplaced", picture.counts.unplaced);
  drawAnew("waiting", picture.waiting, () => byId("matters").replaceChildren(...picture.waiting.map(matter)));
  drawAnew("contacts", picture.to_call, () => byId("contacts").replaceChildren(...picture.to_call.map(contact)));
  byId("call-list").hidden = picture.to_call.length === 0;
  const urgent = [...picture.emergencies.map(emergency), ...picture.calls.map(call), ...picture.unstaffed.map(unstaffed)];
  drawAnew("calls", [picture.emergencies, picture.calls, picture.unstaffed], () => byId("calls").replaceChildren(...urgent));
  byId("calls").hidden = urgent.length === 0;
  const rows = picture.visits.map(visit);
  const empty = element("td", "none", "本日の来所はまだありません");
  empty.colSpan = 6;
  byId("visits").replaceChildren(...(rows.length ? rows : [element("tr", "", empty)]));
}

function listen() {
  const source = new EventSource("/live");
  source.addEventListener("snapshot", (event) => {
    byId("lost").hidden = true;
    draw(JSON.parse(event.data));
  });
  source.addEventListener("error", () => {
    byId("lost").hidden = false;
    if (source.readyState === EventSource.CLOSED) {
      // Signed out, or the office was started anew: the page itself says which.
      fetch("/v1/kiosks", { headers: { "X-Genkan": "1" } })
        .then((answer) => (answer.status === 401 ? window.location.reload() : setTimeout(listen, 2000)))
        .catch(() => setTimeout(listen, 2000));
    }
  });
}

function remarks(title, list, className) {
  if (list.length === 0) return null;
  const items = list.slice(0, 30).map((one) => {
    const place = [one.line ? `${one.line}行目` : null, one.column].filter(Boolean).join(" ");
    return element("li", "", place ? element("b", "", `${place}：`) : null, one.message);
  });
  const more = list.length > 30 ? element("li", "", `ほか ${list.length - 30} 件`) : null;
  return element("div", className, element("p", "", title), element("ul", "", ...items, more));
}

function report(answer) {
  if (!answer.kind) {
    byId("report").replaceChildren(element("p", "fault", "取り込めませんでした。時間をおいて、もう一度お試しください。"));
    return;
  }
  const sum = `追加 ${answer.added}　変更 ${answer.changed}　変更なし ${answer.unchanged}　終了・取消 ${answer.ended}`;
  const result = answer.faults.length ? `直していただく箇所が ${answer.faults.length} 件あります。何も取り込んでいません。`
    : answer.applied ? "取り込みました。" : "このまま取り込めます。";
  byId("report").replaceChildren(
    element("p", answer.faults.length ? "fault" : "done", result), element("p", "", sum),
    ...[remarks("直していただく箇所", answer.faults, "faults"), remarks("お知らせ", answer.warnings, "warnings")].filter(Boolean),
  );
}

byId("import").addEventListener("submit", async (event) => {
  event.preventDefault();
  const trial = event.submitter && event.submitter.dataset.trial === "true";
  const query = `?complete=${byId("complete").checked}&dry_run=${Boolean(trial)}`;
  byId("report").replaceChildren(element("p", "", "読み取っています…"));
  try {
    const answer = await fetch(`/v1/imports/${byId("kind").value}${query}`, {
      method: "POST", headers: { "X-Genkan": "1", "Content-Type": "text/csv" }, body: byId("file").files[0],
    });
    report(await answer.json());
  } catch {
    report({});
  }
});

setInterval(tick, 1000);
listen();
