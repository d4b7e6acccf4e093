//! 催し.

use super::plan::{Keyed, Operation, operations};
use super::sheet::{self, Field, Row};
use super::values::{at, audience, cancelled, date, date_time, plain, programme_kind, time};
use super::{Kind, Options, Remark, Report, gather, noted};
use crate::store::collections::read_document;
use crate::store::programme::programmes;
use crate::store::{StoreError, Writing};
use chrono::NaiveTime;
use domain::floor::Floor;
use domain::ids::ZoneId;
use domain::reference::{Audience, DateTime, Programme};
use domain::text::Text;
use link::collections::CollectionName;
use std::collections::BTreeMap;

/// The most places a programme has (R21).
const MOST_PLACES: u32 = 20;

const FIELDS: &[Field] = &[
    Field {
        name: "id",
        label: "催し番号",
        aliases: &[
            "催し番号",
            "イベント番号",
            "イベントid",
            "講座番号",
            "プログラムid",
        ],
        required: true,
    },
    Field {
        name: "title",
        label: "催し名",
        aliases: &[
            "催し名",
            "イベント名",
            "講座名",
            "セミナー名",
            "タイトル",
            "名称",
        ],
        required: true,
    },
    Field {
        name: "title_en",
        label: "催し名(英語)",
        aliases: &["催し名(英語)", "英語名", "titleenglish"],
        required: false,
    },
    Field {
        name: "kind",
        label: "種別",
        aliases: &["種別", "催し種別", "イベント種別", "分類", "カテゴリ"],
        required: true,
    },
    Field {
        name: "starts",
        label: "開始日時",
        aliases: &["開始日時", "開催日時"],
        required: false,
    },
    Field {
        name: "ends",
        label: "終了日時",
        aliases: &["終了日時"],
        required: false,
    },
    Field {
        name: "date",
        label: "日付",
        aliases: &["日付", "開催日", "実施日"],
        required: false,
    },
    Field {
        name: "from",
        label: "開始時刻",
        aliases: &["開始時刻", "開始時間"],
        required: false,
    },
    Field {
        name: "to",
        label: "終了時刻",
        aliases: &["終了時刻", "終了時間"],
        required: false,
    },
    Field {
        name: "zone",
        label: "会場",
        aliases: &["会場", "場所", "開催場所", "実施場所"],
        required: false,
    },
    Field {
        name: "audience",
        label: "対象",
        aliases: &["対象", "対象者"],
        required: false,
    },
    Field {
        name: "capacity",
        label: "定員",
        aliases: &["定員", "募集人数", "募集定員"],
        required: true,
    },
    Field {
        name: "pcs",
        label: "貸出PC",
        aliases: &["貸出PC", "PC台数", "使用PC台数"],
        required: false,
    },
    Field {
        name: "state",
        label: "状態",
        aliases: &["状態", "開催状態", "ステータス"],
        required: false,
    },
];

impl Keyed for Programme {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}

pub(super) fn import(
    writing: &mut Writing<'_>,
    text: &str,
    options: Options,
) -> Result<Report, StoreError> {
    let mut sheet = sheet::read(text, FIELDS);
    let current: BTreeMap<String, Programme> = programmes(&writing.tx)?
        .into_iter()
        .map(|one| (one.id.as_str().to_owned(), one))
        .collect();
    let floor: Floor = read_document(&writing.tx, CollectionName::Floor)?;
    let wanted = gather(&mut sheet, "催し番号", |row, faults| {
        read(row, &current, &floor, faults)
    });
    let now = writing.now();
    let plan = operations(&current, &wanted, options.complete, |one| {
        !one.cancelled && one.ends > now
    });
    let report = Report::of_plan(Kind::Programme, sheet, &plan, options);
    if report.applied {
        plan.into_iter()
            .try_for_each(|operation| carry_out(writing, operation))?;
    }
    Ok(report)
}

fn read(
    row: &Row,
    current: &BTreeMap<String, Programme>,
    floor: &Floor,
    faults: &mut Vec<Remark>,
) -> Option<Programme> {
    let before = faults.len();
    let id = id_of(row, faults)?;
    let known = current.get(&id);
    let title = title_of(row, known, faults);
    let word = |name: &str| row.get(name).unwrap_or_default();
    let kind = noted(row, "種別", programme_kind(word("kind")), faults);
    let starts = noted(row, "開始日時", moment(row, "starts", "from"), faults);
    let ends = noted(row, "終了日時", moment(row, "ends", "to"), faults);
    let zone = match row.get("zone") {
        Some(text) => noted(row, "会場", zone(text, floor), faults),
        None => Some(known.and_then(|known| known.zone.clone())),
    };
    let audience = match row.get("audience") {
        Some(text) => noted(row, "対象", audience(text), faults),
        None => Some(known.map_or(Audience::Anyone, |known| known.audience)),
    };
    let capacity = noted(row, "定員", capacity(word("capacity")), faults);
    let pcs = match row.get("pcs") {
        Some(text) => noted(row, "貸出PC", pcs(text), faults),
        None => Some(known.map_or(0, |known| known.pcs)),
    };
    let cancelled = match row.get("state") {
        Some(text) => noted(row, "状態", cancelled(text), faults),
        None => Some(known.is_some_and(|known| known.cancelled)),
    };
    let (starts, ends) = (starts?, ends?);
    check_times(row, starts, ends, faults);
    let read = Programme {
        id: id.into(),
        title,
        kind: kind?,
        starts,
        ends,
        zone: zone?,
        audience: audience?,
        capacity: capacity?,
        places_left: known.and_then(|known| known.places_left),
        set_up_min: known.and_then(|known| known.set_up_min),
        clearing_min: known.and_then(|known| known.clearing_min),
        pcs: pcs?,
        cancelled: cancelled?,
    };
    (faults.len() == before).then_some(read)
}

fn id_of(row: &Row, faults: &mut Vec<Remark>) -> Option<String> {
    let id = plain(row.get("id").unwrap_or_default());
    if (1..=64).contains(&id.len()) {
        return Some(id);
    }
    faults.push(row.remark("催し番号", "催し番号がありません。番号を書いてください"));
    None
}

/// An English title that the file does not have stays.
fn title_of(row: &Row, known: Option<&Programme>, faults: &mut Vec<Remark>) -> Text {
    let ja = row.get("title").unwrap_or_default().to_owned();
    if ja.is_empty() {
        faults.push(row.remark("催し名", "催し名がありません。名前を書いてください"));
    }
    let en = row
        .filled("title_en")
        .map(str::to_owned)
        .or_else(|| known.and_then(|known| known.title.en.clone()));
    Text { ja, en }
}

fn moment(row: &Row, whole: &str, clock: &str) -> Result<DateTime, String> {
    match (row.filled(whole), row.filled("date"), row.filled(clock)) {
        (Some(text), ..) => date_time(text),
        (None, Some(day), Some(clock)) => at(date(day)?, time(clock)?),
        _ => Err(
            "日時がありません。開始日時・終了日時、または日付・開始時刻・終了時刻を書いてください"
                .to_owned(),
        ),
    }
}

fn check_times(row: &Row, starts: DateTime, ends: DateTime, faults: &mut Vec<Remark>) {
    let latest = NaiveTime::from_hms_opt(21, 0, 0).unwrap_or_default();
    if ends <= starts {
        faults.push(row.remark("終了日時", "終了は開始より後にしてください"));
    } else if starts.date_naive() != ends.date_naive() || ends.time() > latest {
        faults.push(row.remark("終了日時", "同じ日の 21:00 までに終わるようにしてください"));
    }
}

/// A zone by id or name; none where it is held online or elsewhere.
fn zone(text: &str, floor: &Floor) -> Result<Option<ZoneId>, String> {
    let written = plain(text);
    if written.is_empty()
        || ["オンライン", "online", "外部会場", "外部", "別会場"].contains(&written.as_str())
    {
        return Ok(None);
    }
    let found = floor
        .zones
        .iter()
        .find(|zone| zone.id.as_str() == written || plain(&zone.name.ja) == written);
    let names: Vec<&str> = floor
        .zones
        .iter()
        .map(|zone| zone.name.ja.as_str())
        .collect();
    let message = || {
        format!(
            "会場「{written}」はフロアにありません。{}・オンライン・外部会場 のいずれかにしてください",
            names.join("・")
        )
    };
    found.map(|zone| Some(zone.id.clone())).ok_or_else(message)
}

fn capacity(text: &str) -> Result<u32, String> {
    let written = plain(text);
    let number = written.trim_end_matches(['名', '人']).trim().parse().ok();
    let message =
        || format!("定員「{written}」は使えません。1 から {MOST_PLACES} までの数にしてください");
    number
        .filter(|places| (1..=MOST_PLACES).contains(places))
        .ok_or_else(message)
}

/// How many PCs it takes; an empty cell takes none.
fn pcs(text: &str) -> Result<u32, String> {
    let written = plain(text);
    let number = written.trim_end_matches('台').trim();
    if number.is_empty() {
        return Ok(0);
    }
    let count = number.parse().ok().filter(|count| *count <= MOST_PLACES);
    count.ok_or_else(|| {
        format!("貸出PC「{written}」は使えません。0 から {MOST_PLACES} までの数にしてください")
    })
}

fn carry_out(writing: &mut Writing<'_>, operation: Operation<Programme>) -> Result<(), StoreError> {
    match operation {
        Operation::Add(one) | Operation::Change(one) => writing.save_programme(&one),
        Operation::End(one) => writing.save_programme(&Programme {
            cancelled: true,
            ..one
        }),
    }
}
