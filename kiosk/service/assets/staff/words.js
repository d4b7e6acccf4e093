// What the page says. Times come from the service in Japan's time and are shown as they stand.

export const ROLES = { receptionist: "受付", adviser: "相談員", lead: "責任者" };

export const REASONS = {
  asked: "本人の申し出",
  helped: "呼び出し・お手伝い",
  gone: "席に誰もいない",
  trouble: "会員証・機器の不調",
  mistake: "受付の間違いの訂正",
  delay: "交通機関の遅れ",
  safety: "安全のため",
  centre: "運営上の都合",
};

export const CALLS = {
  visitor: "係員を呼んでいます",
  guest: "見学・お届け・お問い合わせの方がいます",
  unknown_codes: "読み取れないコードが続いています",
  typed_errors: "番号の入力を間違えています",
  unverified: "会員の確認書類を見てください",
  audience: "対象の異なる予約の方がいます",
  consultation: "相談をお待ちの方がいます",
  programme: "催しに入れない方がいます",
  not_returned: "利用を終えた方の機器が返却されていません",
};

export const ADVISERS = { adviser: "相談員", management_consultant: "経営相談員" };

export const STATES_OF_ADVISERS = {
  available: "対応できます",
  with_visitor: "相談中",
  online: "オンライン",
  out: "外出",
  break: "休憩",
  on_call: "呼び出し可",
};

export const GUESTS = { tour: "見学", delivery: "お届け", enquiry: "お問い合わせ" };

export const INCIDENTS = {
  fire: "火災",
  earthquake: "地震",
  flood: "水害",
  intruder: "不審者",
  medical: "急病",
  power_cut: "停電",
};

export const SEATS = {
  free: "空き",
  occupied: "利用中",
  overdue: "超過",
  offered: "案内中",
  reserved: "予約",
  programme: "催し",
};

const LIMITS = {
  reservation: "この席には次の方の予約があります。",
  programme: "この席では催しの準備が始まります。",
  closing: "閉所の時刻です。",
  own_reservation: "ご本人の次の予約があります。",
  queue: "この席をお待ちの方がいます。",
  grant: "これ以上は延長できません。",
  day_total: "これ以上は延長できません。",
};

const OBSTACLES = {
  not_yours: "この操作は受付の担当者が行います。",
  over: "すでに終わっているか、ほかの係員が対応しました。",
  no_seat: "この方は座席を使っていません。",
  seat_taken: "その席は、この方の終了時刻まで空いていません。",
  over_time: "利用時間を過ぎています。",
  not_overdue: "まだ利用時間内です。",
  unknown: "この番号は見つかりません。",
  suspended: "利用を止めている会員です。",
  expired: "会員の期限が切れています。",
  inside: "この方はすでに受付済みです。",
  closed: "いまは受付の時間ではありません。",
  full: "空いている席がありません。",
  day_total: "1日の利用上限に達しています。",
  too_early: "予約の時間より早く、それまでの席がありません。",
  past_time: "その時刻は過ぎています。",
  in_consultation: "この方か担当者は、いま相談中です。",
  not_next: "先にお待ちの方がいます。",
  emergency: "緊急対応中です。",
  drill: "訓練では、全員の利用をまとめて終えることはできません。",
  not_free: "この機器は、いま貸し出せません。",
  low_charge: "残量が利用時間に足りないか、分かりません。",
  has_one: "この方はすでにパソコンを借りています。",
  too_late: "返却までの時間がありません。",
  out: "この機器は貸出中です。",
  office_says: "事務室が貸し出しを止めています。",
};

const REMEDIES = {
  look_again: "画面の表示をご確認ください。",
  ask_reception: "受付の担当者に頼んでください。",
  ask_office: "事務室に確認してください。",
  choose_another_seat: "別の席を選んでください。",
  extend_first: "先に延長してください。",
  check_out: "「利用を終える」をお使いください。",
  move_visitor: "別の席に移ると延長できることがあります。",
  renew: "更新の手続きをご案内ください。",
  come_back: "次にご利用いただける時間をご案内ください。",
  choose_later_time: "これからの時刻を選んでください。",
  end_consultation: "先にその相談を終えてください。",
  call_first: "いちばん先の番号の方を呼んでください。",
  close_emergency: "先に「緊急を終える」を押してください。",
  choose_another: "別の機器を選んでください。",
  take_back_first: "先に返却を受け付けてください。",
  try_again: "ユーザー名とPINを確かめて、もう一度入力してください。",
  wait: "続けて間違えたため、サインインを止めています。5分ほど待つか、責任者にご相談ください。",
};

/** An ISO time of the service as `9:05`. */
export function time(moment) {
  return moment.slice(11, 16).replace(/^0/, "");
}

/** An ISO time of the service as `11月24日`. */
export function day(moment) {
  return `${Number(moment.slice(5, 7))}月${Number(moment.slice(8, 10))}日`;
}

/** Whole minutes from one moment to another. */
export function minutesBetween(from, to) {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 60000);
}

export function activity(stay) {
  if (stay.activity.kind === "programme") return stay.title ? stay.title.ja : "催し";
  return stay.activity.kind === "consultation" ? "デジタル相談" : "コワーキング";
}

export function reserved(what) {
  if (what.kind === "programme") return what.title.ja;
  return what.kind === "consultation" ? "デジタル相談" : "座席";
}

/** How full a piece of equipment is. */
export function charge(one) {
  return one.charge ? `${one.charge.percent}%` : "残量不明";
}

/** Where a piece of equipment is, and whether it can be lent. */
export function whereabouts(one) {
  if (one.loan) return `貸出中　${one.loan.member}　${time(one.loan.back_by)}まで`;
  if (one.aside) return one.aside === "damaged" ? "破損のため停止中" : "調整のため停止中";
  if (one.state !== "available") return one.state === "checking" ? "事務室で確認中" : "故障";
  return one.rests_until ? `返却後の確認中　${time(one.rests_until)}まで` : "貸し出せます";
}

/** What came of something, in words; `good` says whether it was done. */
export function told(verdict, done) {
  if (verdict.answer === "done") return { good: true, text: done };
  const because = verdict.because;
  const what = because ? LIMITS[because.limited_by] || OBSTACLES[because.kind] || "" : "";
  return { good: false, text: what + (REMEDIES[verdict.remedy] || "") };
}
