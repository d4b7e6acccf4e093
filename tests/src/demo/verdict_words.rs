//! A verdict in a few Japanese words, for the page of codes. The touch screen has its own, better ones.

use api::Verdict;
use api::verdict::{
    Accompanied, Admitted, AppointmentKind, ClosedBecause, Extended, Extension, Full, Inside, Lent,
    NoPlaceBecause, NotLent, Offered, Place, Returned, SteppedOut, TooEarly, Waiting,
};
use domain::event::Wait;
use domain::reference::DateTime;
use serde::Serialize;

/// A verdict in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Words {
    /// What it is.
    pub title: &'static str,
    /// What the visitor learns besides.
    pub detail: String,
    /// Which colours say it: `done`, `choose`, `not-now` or `people`.
    pub tone: &'static str,
}

pub(super) fn in_words(verdict: &Verdict) -> Words {
    let words = |tone, title, detail: String| Words {
        title,
        detail,
        tone,
    };
    let done = |title, detail| words("done", title, detail);
    let choose = |title, detail| words("choose", title, detail);
    let not_now = |title, detail: &str| words("not-now", title, detail.to_owned());
    match verdict {
        Verdict::Admitted(Admitted {
            place: at, until, ..
        }) => done(
            "受付が完了しました",
            format!("{}、{}まで", place(at), time(until)),
        ),
        Verdict::Inside(Inside {
            place: at,
            until,
            extension,
            ..
        }) => {
            let longer = if matches!(extension, Extension::Possible { .. }) {
                "延長できます"
            } else {
                "延長はできません"
            };
            choose(
                "ご利用中のメニュー",
                format!("{}、{}まで。{longer}", place(at), time(until)),
            )
        }
        Verdict::Offer(offered) => choose("席をご案内しています", seats(offered)),
        Verdict::TooEarly(early) => words("not-now", "予約の時間の前です", until_then(early)),
        Verdict::Standby(standby) => words(
            "not-now",
            "キャンセル待ちです",
            format!("{}にもう一度かざします", time(&standby.ask_again)),
        ),
        Verdict::NoPlace(none) => not_now(
            match none.because {
                NoPlaceBecause::Full => "催しは定員に達しています",
                NoPlaceBecause::LastEntry => "催しの受付は終わっています",
            },
            "係員をお呼びしました",
        ),
        Verdict::Full(Full {
            day_total_used: true,
            ..
        }) => not_now("本日の利用上限です", "別の日のご利用をご案内しています"),
        Verdict::Full(Full {
            wait: Some(wait), ..
        }) => words(
            "not-now",
            "満席です",
            format!("番号を取って待てます。{}", minutes(wait)),
        ),
        Verdict::Joined(place) => done("順番待ちを受け付けました", place_in_line(place)),
        Verdict::Waiting(place) => choose("順番をお待ちの方です", place_in_line(place)),
        Verdict::GivenUp(_) => done("順番待ちを取り消しました", String::new()),
        Verdict::Full(Full { expected_free, .. }) => {
            let free = expected_free.map_or(
                "本日は空く予定がありません".to_owned(),
                |free| format!("{}ごろ空く見込みです", time(&free)),
            );
            words("not-now", "満席です", free)
        }
        Verdict::Closed(closed) => not_now("ただいまご利用いただけません", reason(&closed.reason)),
        Verdict::Expired(expired) => words(
            "not-now",
            "会員証の期限切れです",
            format!(
                "{}まで有効でした。更新をご案内しています",
                expired.valid_until.format("%-m月%-d日")
            ),
        ),
        Verdict::NotRecognised(_) => not_now(
            "確認できないコードです",
            "受付カウンターへご案内しています。理由は画面に出ません",
        ),
        Verdict::Unreadable(_) => {
            not_now("読み取れませんでした", "もう一度かざすようご案内しています")
        }
        Verdict::TooManyErrors(_) => not_now(
            "入力の間違いが続きました",
            "受付カウンターへご案内しています",
        ),
        Verdict::Left(_) => done("利用を終えました", String::new()),
        Verdict::Extended(Extended { until, .. }) => {
            done("延長しました", format!("{}まで", time(until)))
        }
        Verdict::NotExtended(_) => not_now("延長できませんでした", ""),
        Verdict::SeatChanged(Admitted {
            place: at, until, ..
        }) => done(
            "席を替わりました",
            format!("{}、{}まで", place(at), time(until)),
        ),
        Verdict::NoOtherSeat(_) => not_now(
            "ほかに空いている席がありません",
            "今の席をそのままご利用いただけます",
        ),
        Verdict::SteppedOut(SteppedOut { back_by, .. }) => done(
            "一時外出中です",
            format!("{}までにお戻りになります", time(back_by)),
        ),
        Verdict::WelcomeBack(Admitted {
            place: at, until, ..
        }) => done(
            "一時外出からお戻りです",
            format!("{}、{}まで", place(at), time(until)),
        ),
        Verdict::Accompanied(Accompanied { companions, .. }) => {
            done("一緒の方の人数です", format!("{}名", companions.count))
        }
        Verdict::GuestReceived(_) => words(
            "people",
            "会員でない方がお越しです",
            "受付カウンターへご案内し、係員をお呼びしました".to_owned(),
        ),
        Verdict::Lent(Lent { items, .. }) => {
            let names: Vec<_> = items.iter().map(|item| item.name.as_str()).collect();
            done("パソコンをお貸しします", names.join("と"))
        }
        Verdict::NoLoan(_) => not_now(
            "お貸しできるパソコンがありません",
            "別の方法をご案内しています",
        ),
        Verdict::Returned(Returned { name, .. }) => done("返却を受け付けました", name.clone()),
        Verdict::NotLent(NotLent { name, .. }) => {
            not_now("貸出中の機器ではありません", name.as_str())
        }
        Verdict::Lapsed(_) => not_now(
            "ご案内の時間が過ぎました",
            "もう一度かざすようご案内しています",
        ),
        Verdict::Emergency(_) => not_now("緊急対応中です", "係員の案内に従うようお伝えしています"),
        Verdict::StaffCalled(_) => words("people", "係員をお呼びしました", String::new()),
        Verdict::Staff(_) => words("people", "係員の操作です", String::new()),
    }
}

fn place_in_line(place: &Waiting) -> String {
    let wait = place.wait.as_ref().map(minutes).unwrap_or_default();
    format!("{}番。{wait}", place.number)
}

fn minutes(wait: &Wait) -> String {
    format!("目安は{}～{}分です", wait.from_min, wait.to_min)
}

fn seats(offered: &Offered) -> String {
    let seats: Vec<String> = offered
        .choices
        .iter()
        .map(|choice| format!("{}\u{2060}（{}まで）", choice.seat, time(&choice.until)))
        .collect();
    format!("{}。タッチ画面で選びます", seats.join("、"))
}

fn until_then(early: &TooEarly) -> String {
    let what = match &early.appointment.what {
        AppointmentKind::Seat => "座席",
        AppointmentKind::Programme { .. } => "催し",
        AppointmentKind::Consultation => "デジタル相談",
    };
    let starts = format!("{}から{what}の予約", time(&early.appointment.starts));
    let bridge = early
        .bridge
        .as_ref()
        .map(|bridge| format!("。それまで {} をご案内しています", bridge.choice.seat));
    starts + &bridge.unwrap_or_default()
}

fn reason(reason: &ClosedBecause) -> &'static str {
    match reason {
        ClosedBecause::NotYetOpen => "開所前です",
        ClosedBecause::Ended => "本日の受付は終わりました",
        ClosedBecause::ClosedToday { .. } => "本日は休みです",
        ClosedBecause::Break => "一時的に閉めています",
        ClosedBecause::QueueEnded => "お待ちの方へのご案内は本日終わりました",
        ClosedBecause::ProgrammeOnly => "催しの参加者だけの時間です",
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Seat { seat, .. } => format!("{seat} 席"),
        Place::Programme { title, .. } => title.ja.clone(),
        Place::Consultation => "デジタル相談".to_owned(),
    }
}

/// A time of day as it stands on every screen.
pub(super) fn time(time: &DateTime) -> String {
    time.format("%-H:%M").to_string()
}
