//! 予約.

use super::plan::{Keyed, Operation, operations};
use super::sheet::{self, Field, Row};
use super::values::{at, cancelled, date, date_time, is_standby, plain, time};
use super::{Kind, Options, Remark, Report, gather, noted};
use crate::store::members::members;
use crate::store::places::without_seat;
use crate::store::programme::programmes;
use crate::store::{StoreError, Writing, reservations};
use chrono::TimeDelta;
use domain::code::ReservationNumber;
use domain::floor::Features;
use domain::ids::ReservationId;
use domain::reference::{DateTime, Programme, Purpose, Reservation};
use std::collections::{BTreeMap, BTreeSet};

const FIELDS: &[Field] = &[
    Field {
        name: "number",
        label: "予約番号",
        aliases: &["予約番号", "予約no", "予約id", "受付番号", "申込番号"],
        required: true,
    },
    Field {
        name: "member_no",
        label: "会員番号",
        aliases: &["会員番号", "会員no", "会員id", "利用者番号", "会員コード"],
        required: true,
    },
    Field {
        name: "starts",
        label: "開始日時",
        aliases: &["開始日時", "利用開始日時", "予約開始日時", "予約日時"],
        required: false,
    },
    Field {
        name: "ends",
        label: "終了日時",
        aliases: &["終了日時", "利用終了日時", "予約終了日時"],
        required: false,
    },
    Field {
        name: "date",
        label: "日付",
        aliases: &["日付", "利用日", "予約日", "開催日"],
        required: false,
    },
    Field {
        name: "from",
        label: "開始時刻",
        aliases: &["開始時刻", "開始時間", "利用開始時刻"],
        required: false,
    },
    Field {
        name: "to",
        label: "終了時刻",
        aliases: &["終了時刻", "終了時間", "利用終了時刻"],
        required: false,
    },
    Field {
        name: "purpose",
        label: "利用目的",
        aliases: &[
            "利用目的",
            "用途",
            "予約種別",
            "メニュー",
            "サービス名",
            "利用区分",
        ],
        required: false,
    },
    Field {
        name: "programme",
        label: "催し番号",
        aliases: &[
            "催し番号",
            "イベント番号",
            "イベントid",
            "講座番号",
            "プログラムid",
        ],
        required: false,
    },
    Field {
        name: "title",
        label: "催し名",
        aliases: &["催し名", "イベント名", "講座名", "セミナー名"],
        required: false,
    },
    Field {
        name: "needs",
        label: "希望設備",
        aliases: &["希望設備", "必要設備", "設備", "希望"],
        required: false,
    },
    Field {
        name: "state",
        label: "状態",
        aliases: &["状態", "予約状態", "ステータス", "予約ステータス"],
        required: false,
    },
];

#[derive(Clone, Debug, PartialEq, Eq)]
struct ReservationRow {
    id: String,
    member: String,
    starts: DateTime,
    ends: DateTime,
    purpose: Purpose,
    cancelled: bool,
}

impl Keyed for ReservationRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// What rows refer to.
struct Known {
    reservations: BTreeMap<String, ReservationRow>,
    members: BTreeSet<String>,
    programmes: Vec<Programme>,
}

pub(super) fn import(
    writing: &mut Writing<'_>,
    text: &str,
    options: Options,
) -> Result<Report, StoreError> {
    let mut sheet = sheet::read(text, FIELDS);
    let known = known(writing)?;
    let wanted = gather(&mut sheet, "予約番号", |row, faults| {
        known.read(row, faults)
    });
    warn_of_untypable_numbers(&mut sheet, &known, &wanted);
    let now = writing.now();
    let plan = operations(&known.reservations, &wanted, options.complete, |row| {
        !row.cancelled && row.ends > now
    });
    refuse_what_has_no_seat(writing, &mut sheet, &plan)?;
    let report = Report::of_plan(Kind::Reservations, sheet, &plan, options);
    if report.applied {
        plan.into_iter()
            .try_for_each(|operation| carry_out(writing, operation))?;
    }
    Ok(report)
}

fn known(writing: &Writing<'_>) -> Result<Known, StoreError> {
    let row = |one: Reservation| {
        let Reservation {
            id,
            member,
            starts,
            ends,
            purpose,
            cancelled,
            ..
        } = one;
        let (id, member) = (id.as_str().to_owned(), member.as_str().to_owned());
        (
            id.clone(),
            ReservationRow {
                id,
                member,
                starts,
                ends,
                purpose,
                cancelled,
            },
        )
    };
    Ok(Known {
        reservations: reservations::all(&writing.tx)?
            .into_iter()
            .map(row)
            .collect(),
        members: members(&writing.tx)?
            .into_iter()
            .map(|record| record.member.id.as_str().to_owned())
            .collect(),
        programmes: programmes(&writing.tx)?,
    })
}

/// The door takes nine digits with a check digit; other services' numbers identify the reservation, but cannot be typed there.
fn warn_of_untypable_numbers(sheet: &mut sheet::Sheet, known: &Known, wanted: &[ReservationRow]) {
    let untypable = wanted.iter().filter(|row| {
        !known.reservations.contains_key(&row.id) && ReservationNumber::parse(&row.id).is_err()
    });
    let count = untypable.count();
    if count > 0 {
        let message = format!(
            "{count} 件の予約番号は入口で入力できる形（9桁）ではないため、入力用の番号を別に付けます。QRコードでの受付には影響しません"
        );
        sheet.warnings.push(Remark {
            line: None,
            column: Some("予約番号".to_owned()),
            message,
        });
    }
}

/// The id a row is about.
fn id_of(row: &Row) -> String {
    let written = plain(row.get("number").unwrap_or_default());
    ReservationNumber::parse(&written).map_or(written, |number| number.to_string())
}

/// A reservation that was confirmed must find its seat (decision 0004), whoever confirmed it.
fn refuse_what_has_no_seat(
    writing: &Writing<'_>,
    sheet: &mut sheet::Sheet,
    plan: &[Operation<ReservationRow>],
) -> Result<(), StoreError> {
    let wanted: Vec<Reservation> = plan
        .iter()
        .map(|operation| as_planned(writing, operation))
        .collect::<Result<_, _>>()?;
    let mut without = without_seat(&writing.tx, writing.now(), &wanted)?;
    let mut faults = Vec::new();
    for row in &sheet.rows {
        if without.remove(&id_of(row).into()) {
            faults.push(row.remark(
                "開始日時",
                "この時間に用意できる席がありません。時間を変えるか、希望設備を減らしてください",
            ));
        }
    }
    sheet.faults.extend(faults);
    // What a change in the file pushes out may itself stand in no file.
    sheet.faults.extend(without.into_iter().map(|id| {
        Remark::of_file(format!("このファイルの変更により、予約「{id}」の席がなくなります。変更する予約の時間を見直してください"))
    }));
    Ok(())
}

/// The reservation an operation leaves, ranked as the doors will rank it.
fn as_planned(
    writing: &Writing<'_>,
    operation: &Operation<ReservationRow>,
) -> Result<Reservation, StoreError> {
    let (Operation::Add(row) | Operation::Change(row) | Operation::End(row)) = operation;
    let id = ReservationId::from(row.id.as_str());
    let known = reservations::reservation(&writing.tx, &id)?;
    Ok(Reservation {
        number: known
            .as_ref()
            .map_or(ReservationNumber::from_serial(0), |known| known.number),
        since: known.map_or(u64::MAX, |known| known.since),
        id,
        member: row.member.as_str().into(),
        starts: row.starts,
        ends: row.ends,
        purpose: row.purpose.clone(),
        cancelled: row.cancelled || matches!(operation, Operation::End(_)),
    })
}

impl Known {
    fn read(&self, row: &Row, faults: &mut Vec<Remark>) -> Option<ReservationRow> {
        let before = faults.len();
        let id = id_of(row);
        if id.is_empty() || id.len() > 64 {
            faults.push(row.remark("予約番号", "予約番号がありません。番号を書いてください"));
            return None;
        }
        let member = plain(row.get("member_no").unwrap_or_default());
        if !self.members.contains(&member) {
            faults.push(row.remark("会員番号", format!("会員番号「{member}」は登録されていません。先に会員を取り込むか、番号を直してください")));
        }
        let cancelled = noted(
            row,
            "状態",
            cancelled(row.get("state").unwrap_or_default()),
            faults,
        );
        let starts = noted(row, "開始日時", moment(row, "starts", "from"), faults)?;
        let purpose = noted(row, "利用目的", self.purpose(row, starts), faults)?;
        let ends = noted(row, "終了日時", moment(row, "ends", "to"), faults)?;
        let (starts, ends) = match self.sitting(&purpose) {
            // The doors open by the programme, so a reservation for it has the same times.
            Some(sitting) => {
                check_day(row, sitting, starts, faults);
                (sitting.starts, sitting.ends)
            }
            None => both(row, starts, ends, faults)?,
        };
        (faults.len() == before).then_some(ReservationRow {
            id,
            member,
            starts,
            ends,
            purpose,
            cancelled: cancelled?,
        })
    }

    fn sitting(&self, purpose: &Purpose) -> Option<&Programme> {
        match purpose {
            Purpose::Programme { programme, .. } => {
                self.programmes.iter().find(|one| &one.id == programme)
            }
            Purpose::Seat { .. } | Purpose::Consultation => None,
        }
    }

    fn purpose(&self, row: &Row, starts: Option<DateTime>) -> Result<Purpose, String> {
        if let Some(id) = row.filled("programme").map(plain) {
            let known = self.programmes.iter().find(|one| one.id.as_str() == id);
            let message = || {
                format!(
                    "催し番号「{id}」は登録されていません。先に催しを取り込むか、番号を直してください"
                )
            };
            return known.map(|one| place_in(one, row)).ok_or_else(message);
        }
        if let Some(title) = row.filled("title") {
            return self.titled(title, row, starts);
        }
        let needs = row.filled("needs").map(needs).unwrap_or_default();
        match plain(row.get("purpose").unwrap_or_default()).as_str() {
            ""
            | "コワーキング"
            | "コワーキングスペース"
            | "座席"
            | "席"
            | "席利用"
            | "パソコン席" => Ok(Purpose::Seat { needs }),
            "相談" | "デジタル相談" => Ok(Purpose::Consultation),
            title => self.titled(title, row, starts),
        }
    }

    fn titled(&self, title: &str, row: &Row, starts: Option<DateTime>) -> Result<Purpose, String> {
        let same = |one: &&Programme| {
            plain(&one.title.ja) == plain(title)
                && starts.is_none_or(|starts| starts.date_naive() == one.starts.date_naive())
        };
        let mut found = self.programmes.iter().filter(same);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(place_in(one, row)),
            (None, _) => Err("この名前の催しが、その日にありません。先に催しを取り込むか、名前と日付を確かめてください".to_owned()),
            (Some(_), Some(_)) => Err("この名前の催しが、その日に2つ以上あります。催し番号の列で指定してください".to_owned()),
        }
    }
}

fn place_in(programme: &Programme, row: &Row) -> Purpose {
    Purpose::Programme {
        programme: programme.id.clone(),
        standby: is_standby(row.get("state").unwrap_or_default()),
    }
}

/// Whoever names another day means another programme.
fn check_day(row: &Row, sitting: &Programme, starts: Option<DateTime>, faults: &mut Vec<Remark>) {
    let date = sitting.starts.date_naive();
    if starts.is_some_and(|starts| starts.date_naive() != date) {
        let message = format!("この催しは {date} です。日付か催し番号を直してください");
        faults.push(row.remark("開始日時", message));
    }
}

fn both(
    row: &Row,
    starts: Option<DateTime>,
    ends: Option<DateTime>,
    faults: &mut Vec<Remark>,
) -> Option<(DateTime, DateTime)> {
    let (Some(starts), Some(ends)) = (starts, ends) else {
        faults.push(row.remark("開始日時", "開始と終了の日時がそろっていません。開始日時・終了日時、または日付・開始時刻・終了時刻を書いてください"));
        return None;
    };
    if ends <= starts || ends - starts > TimeDelta::hours(24) {
        faults.push(row.remark("終了日時", "終了は開始より後、24時間以内にしてください"));
    }
    Some((starts, ends))
}

/// From one column, or from the date and a time of day; `Ok(None)` where nothing is written.
fn moment(row: &Row, whole: &str, clock: &str) -> Result<Option<DateTime>, String> {
    if let Some(text) = row.filled(whole) {
        return date_time(text).map(Some);
    }
    match (row.filled("date"), row.filled(clock)) {
        (Some(day), Some(clock)) => at(date(day)?, time(clock)?).map(Some),
        _ => Ok(None),
    }
}

fn needs(text: &str) -> Features {
    let text = plain(text);
    let wants = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let wheelchair = wants(&["車いす", "車椅子", "補助犬"]);
    Features {
        pc: wants(&["パソコン", "PC", "pc"]),
        power: wants(&["電源"]),
        step_free: wheelchair,
        floor_space: wheelchair,
        calls: wants(&["通話", "オンライン会議", "Web会議", "WEB会議"]),
    }
}

fn carry_out(
    writing: &mut Writing<'_>,
    operation: Operation<ReservationRow>,
) -> Result<(), StoreError> {
    let row = match operation {
        Operation::Add(row) | Operation::Change(row) => row,
        Operation::End(row) => ReservationRow {
            cancelled: true,
            ..row
        },
    };
    let ReservationRow {
        id,
        member,
        starts,
        ends,
        purpose,
        cancelled,
    } = row;
    let id = id.into();
    let number = match reservations::reservation(&writing.tx, &id)? {
        Some(known) => known.number,
        None => match ReservationNumber::parse(id.as_str()) {
            Ok(number) => number,
            Err(_) => writing.free_reservation_number()?,
        },
    };
    // `since` is settled on saving.
    writing.save_reservation(&Reservation {
        id,
        number,
        member: member.into(),
        starts,
        ends,
        purpose,
        cancelled,
        since: 0,
    })?;
    Ok(())
}
