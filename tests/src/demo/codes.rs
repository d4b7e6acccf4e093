//! Who can be played: the sample's members with their passes, and codes that are none.

use super::files::KIOSK;
use super::folder::Folder;
use super::places::Places;
use super::verdict_words::time;
use anyhow::Context;
use domain::Reference;
use domain::code::Pass;
use domain::reference::{Category, DateTime, JST, Member, MemberState, Purpose, Reservation};
use link::collections::{CollectionName, adopt};
use serde::Deserialize;
use std::fmt::Write;

/// Which filter of the page shows somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Reserved,
    Free,
    Special,
}

/// Somebody, or something, that can be held to the scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub(super) group: Group,
    /// Membership number, or what it is if it is no member's.
    pub(super) name: String,
    pub(super) category: Option<Category>,
    /// What the scanner reads.
    pub(super) code: String,
    /// What is known of them: reservation, state.
    pub(super) facts: Vec<String>,
    /// What will happen at the first scan.
    pub(super) expected: &'static str,
}

/// A line of `codes.csv`.
#[derive(Deserialize)]
struct Line {
    member_no: String,
    category: Category,
    code: String,
}

/// Reads `codes.csv` and asks the office, with the kiosk's token, what the door knows of these people.
pub(super) async fn read(
    folder: &Folder,
    places: &Places,
    token: &str,
    now: DateTime,
) -> anyhow::Result<Vec<Visitor>> {
    let reference = fetch(places, token)
        .await
        .context("the office does not give its collections; read office.log")?;
    let mut visitors = Vec::new();
    let mut lines =
        csv::Reader::from_path(folder.file("codes.csv")).context("codes.csv cannot be read")?;
    for line in lines.deserialize::<Line>() {
        let line = line.context("codes.csv is not as the office writes it")?;
        let member = reference
            .members
            .values()
            .find(|member| member.id.as_str() == line.member_no);
        visitors.push(visitor(line, member, &reference, now));
    }
    visitors.extend(no_members(&reference, now));
    Ok(visitors)
}

async fn fetch(places: &Places, token: &str) -> anyhow::Result<Reference> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut reference = Reference::default();
    for name in [
        CollectionName::Settings,
        CollectionName::Programme,
        CollectionName::Members,
        CollectionName::Reservations,
    ] {
        let url = format!(
            "{}/v1/kiosks/{KIOSK}/collections/{name}",
            places.office_url()
        );
        let bytes = http
            .get(url)
            .bearer_auth(token)
            .send()
            .await?
            .error_for_status()?
            .bytes()
            .await?;
        adopt(&mut reference, name, &bytes)?;
    }
    Ok(reference)
}

fn visitor(line: Line, member: Option<&Member>, reference: &Reference, now: DateTime) -> Visitor {
    let mut reservations: Vec<&Reservation> = reference
        .reservations()
        .filter(|one| one.member.as_str() == line.member_no && !one.cancelled && one.ends > now)
        .collect();
    reservations.sort_by_key(|one| one.starts);
    let state = member.and_then(|member| state(member, now));
    let needs_room = member
        .is_some_and(|member| member.needs.floor_space)
        .then(|| "広い席が必要".to_owned());
    let planned = reservations.iter().map(|one| in_words(one, reference, now));
    let facts: Vec<String> = state
        .as_ref()
        .map(|(fact, _)| fact.clone())
        .into_iter()
        .chain(needs_room)
        .chain(planned)
        .collect();
    let is_today = |one: &&&Reservation| one.starts.date_naive() == now.date_naive();
    let expected = match (&state, reservations.iter().find(is_today)) {
        (Some((_, expected)), _) => expected,
        (None, Some(reservation)) => on_arrival(reservation, reference, now),
        (None, None) => "空いている席を選ぶ画面になります",
    };
    let group = match (&state, reservations.is_empty()) {
        (Some(_), _) => Group::Special,
        (None, false) => Group::Reserved,
        (None, true) => Group::Free,
    };
    let facts = if facts.is_empty() {
        vec!["予約なし".to_owned()]
    } else {
        facts
    };
    Visitor {
        group,
        name: line.member_no,
        category: Some(line.category),
        code: line.code,
        facts,
        expected,
    }
}

/// What is special about a membership, and what follows.
fn state(member: &Member, now: DateTime) -> Option<(String, &'static str)> {
    match member.state {
        MemberState::Suspended => Some((
            "利用停止中".to_owned(),
            "確認できないコードとして、受付カウンターへご案内します",
        )),
        MemberState::Revoked => Some((
            "退会済み".to_owned(),
            "確認できないコードとして、受付カウンターへご案内します",
        )),
        _ if member.valid_until < now.date_naive() => Some((
            format!(
                "期限切れ（{}まで）",
                member.valid_until.format("%Y年%-m月%-d日")
            ),
            "一度だけ入れます。更新をご案内します",
        )),
        MemberState::Unverified => Some((
            "書類の確認前".to_owned(),
            "入れます。書類の確認をお願いします",
        )),
        MemberState::Active => None,
    }
}

fn in_words(reservation: &Reservation, reference: &Reference, now: DateTime) -> String {
    let starts = reservation.starts.with_timezone(&JST);
    let day = if starts.date_naive() == now.date_naive() {
        String::new()
    } else {
        starts.format("%-m月%-d日 ").to_string()
    };
    let what = match &reservation.purpose {
        Purpose::Seat { needs } if needs.pc => "パソコン席".to_owned(),
        Purpose::Seat { .. } => "座席".to_owned(),
        Purpose::Consultation => "デジタル相談".to_owned(),
        Purpose::Programme { programme, .. } => {
            let title = reference
                .programmes
                .get(programme)
                .map_or("催し", |programme| programme.title.ja.as_str());
            format!("「{title}」")
        }
    };
    format!("{day}{} 予約　{what}", time(&starts))
}

fn on_arrival(reservation: &Reservation, reference: &Reference, now: DateTime) -> &'static str {
    let settings = &reference.settings;
    let wait = (reservation.starts - now).num_minutes();
    let late = -i64::from(settings.no_show_seat_min);
    match &reservation.purpose {
        Purpose::Consultation => "相談の受付が完了します",
        Purpose::Seat { .. } if wait > i64::from(settings.early.seat_min) => {
            "時間までの席をご案内します"
        }
        Purpose::Programme { standby: true, .. } => "キャンセル待ちの順番をご案内します",
        Purpose::Programme { .. } if wait > i64::from(settings.early.programme_min) => {
            "時間までの席をご案内します"
        }
        Purpose::Seat { .. } if wait < late => "席を空けたので、空いている席をご案内します",
        Purpose::Seat { .. } | Purpose::Programme { .. } => "受付が完了します",
    }
}

/// Codes that are nobody's pass.
fn no_members(reference: &Reference, now: DateTime) -> Vec<Visitor> {
    let special = |name: &str, code: String, fact: String, expected| Visitor {
        group: Group::Special,
        name: name.to_owned(),
        category: None,
        code,
        facts: vec![fact],
        expected,
    };
    let foreign = "確認できないコードとして、受付カウンターへご案内します";
    let mut found = vec![
        special(
            "知らない会員証",
            Pass::from_bits([0x5A; 16]).as_str().to_owned(),
            "このセンターのものではない会員証".to_owned(),
            foreign,
        ),
        special(
            "お店のQRコード",
            "HTTPS://SHOP.EXAMPLE.JP/MENU".to_owned(),
            "会員証ではないコード".to_owned(),
            foreign,
        ),
        special(
            "長すぎるコード",
            "0123456789".repeat(30),
            "300文字".to_owned(),
            "もう一度かざすようご案内します",
        ),
    ];
    let today = reference
        .reservations_on(now.date_naive())
        .filter(|one| !one.cancelled && one.starts > now);
    if let Some(next) = today.min_by_key(|one| one.starts) {
        let fact = format!("{} の {}", next.member, in_words(next, reference, now));
        found.push(special(
            "予約番号のQRコード",
            format!("R{}", next.number),
            fact,
            on_arrival(next, reference, now),
        ));
    }
    found
}

/// A story of several visitors for the touch program without a window.
pub(super) fn story(visitors: &[Visitor]) -> String {
    let find = |wanted: &dyn Fn(&Visitor) -> bool| {
        visitors
            .iter()
            .find(|visitor| wanted(visitor))
            .map(|visitor| visitor.code.as_str())
    };
    let free = find(&|visitor| visitor.group == Group::Free);
    let steps: [(&str, Option<&str>, &[&str]); 8] = [
        (
            "somebody without a reservation takes a seat",
            free,
            &["press この席を利用する"],
        ),
        (
            "somebody with a reservation",
            find(&|visitor| visitor.group == Group::Reserved && visitor.expected.contains("完了")),
            &[],
        ),
        (
            "the first one again: stays longer",
            free,
            &["press 延長する"],
        ),
        (
            "somebody who is early",
            find(&|visitor| visitor.expected.starts_with("時間まで")),
            &[],
        ),
        (
            "a membership that ran out",
            find(&|visitor| {
                visitor
                    .facts
                    .iter()
                    .any(|fact| fact.starts_with("期限切れ"))
            }),
            &[],
        ),
        (
            "somebody who is not let in",
            find(&|visitor| visitor.facts.iter().any(|fact| fact == "利用停止中")),
            &[],
        ),
        (
            "no code of ours",
            find(&|visitor| visitor.name == "長すぎるコード"),
            &[],
        ),
        (
            "the first one leaves",
            free,
            &["press 利用を終える", "press 終了する"],
        ),
    ];
    let mut text = String::new();
    for (what, code, presses) in steps {
        let Some(code) = code else { continue };
        // Writing to a String does not fail.
        let _ = writeln!(text, "# {what}\n{code}");
        presses
            .iter()
            .for_each(|press| _ = writeln!(text, "{press}"));
    }
    text
}
