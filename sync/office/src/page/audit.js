"use strict";
// The list of what staff did on a day. It is asked for when somebody opens it or chooses a day, and not drawn anew by itself.

(() => {
  const part = (id) => document.getElementById(id);
  const acts = {
    signed_in: "サインイン", signed_out: "サインアウト", sign_in_refused: "サインインできず", check_in: "番号で受付", check_out: "利用を終える", move: "席を移る",
    extend: "延長", free_seat: "席を空ける", pardon: "無断不参加の取り消し", put_up_notice: "お知らせを出す", take_down_notice: "お知らせを下げる",
    close: "受付を止める", reopen: "受付の再開", answer_call: "呼び出しに対応", set_adviser_state: "相談員の状況", start_consultation: "相談の開始",
    end_consultation: "相談の終了", see_out: "見学等の方の退出", call_next: "次の番号を呼ぶ", begin_duty: "勤務の開始", end_duty: "勤務の終了",
    open_incident: "緊急の開始", close_incident: "緊急の終了", tick_person: "在室の確認", hand_out: "機器の貸出", take_back: "機器の返却",
    set_aside: "機器の貸出停止", return_to_service: "機器の貸出再開", report_charge: "残量の記録",
  };
  const reasons = {
    asked: "本人の申し出", helped: "呼び出し・お手伝い", gone: "席に誰もいない", trouble: "会員証・機器の不調", mistake: "受付の間違いの訂正",
    delay: "交通機関の遅れ", safety: "安全のため", centre: "運営上の都合",
  };

  function row(one) {
    const texts = [
      one.at.slice(11, 19) + (one.trusted ? "" : "（推定）"), one.user || one.staff || "不明", acts[one.what] || one.what,
      [one.member, ...one.details.map((each) => each.split("=").pop())].filter(Boolean).join("　"), reasons[one.why] || "", `${one.kiosk} ${one.station}`,
    ];
    const made = document.createElement("tr");
    for (const text of texts) {
      const cell = document.createElement("td");
      cell.textContent = text;
      made.append(cell);
    }
    return made;
  }

  function say(text) {
    part("audit-note").hidden = !text;
    part("audit-note").textContent = text;
  }

  async function show() {
    const date = part("audit-date").value;
    part("audit-file").href = `/v1/audit.csv?date=${date}`;
    try {
      const answer = await fetch(`/v1/audit?date=${date}`, { headers: { "X-Genkan": "1" } });
      if (!answer.ok) throw new Error(answer.status);
      const rehearsal = !part("rehearsal").hidden;
      const rows = (await answer.json()).filter((one) => one.rehearsal === rehearsal).reverse();
      part("audit").replaceChildren(...rows.map(row));
      say(rows.length ? "" : "この日の操作はありません。");
    } catch {
      say("一覧を読み込めませんでした。時間をおいて、もう一度お試しください。");
    }
  }

  part("audit-box").addEventListener("toggle", () => {
    if (!part("audit-box").open) return;
    if (!part("audit-date").value) part("audit-date").value = part("date").dataset.day;
    show();
  });
  part("audit-date").addEventListener("change", () => part("audit-date").value && show());
})();
