//! The sample's week: a programme, and reservations for the first day and the next open one.
//!
//! At the rehearsal's usual time, 11:42, the PC seats are free until a training takes them at 13:30.

use super::{at, next_open_day};
use chrono::NaiveDate;
use domain::calendar::Calendar;
use domain::floor::Features;
use domain::reference::{Audience, DateTime, Programme, ProgrammeKind, Purpose};
use domain::text::Text;

/// A reservation to be made.
pub(super) struct Wanted {
    pub member: usize,
    pub starts: DateTime,
    pub ends: DateTime,
    pub purpose: Purpose,
}

type Clock = (u32, u32);

struct Sitting {
    /// The how many-th open day from the first.
    day: usize,
    from: Clock,
    to: Clock,
    title: (&'static str, &'static str),
    kind: ProgrammeKind,
    audience: Audience,
    zone: Option<&'static str>,
    capacity: u32,
}

const fn sitting(
    day: usize,
    (from, to): (Clock, Clock),
    title: (&'static str, &'static str),
    kind: ProgrammeKind,
    audience: Audience,
    zone: Option<&'static str>,
) -> Sitting {
    Sitting {
        day,
        from,
        to,
        title,
        kind,
        audience,
        zone,
        capacity: 20,
    }
}

const WEEK: [Sitting; 10] = [
    sitting(
        0,
        ((10, 30), (12, 0)),
        (
            "電子帳簿保存法 はじめの一歩（オンライン）",
            "First steps in electronic bookkeeping (online)",
        ),
        ProgrammeKind::Seminar,
        Audience::Business,
        None,
    ),
    sitting(
        0,
        ((14, 0), (16, 0)),
        ("表計算ソフト基礎研修", "Spreadsheet basics"),
        ProgrammeKind::Training,
        Audience::JobSeeker,
        Some("pc"),
    ),
    sitting(
        0,
        ((18, 30), (20, 30)),
        (
            "お店のためのキャッシュレス入門",
            "Cashless payments for shops",
        ),
        ProgrammeKind::Seminar,
        Audience::Business,
        Some("pc"),
    ),
    sitting(
        1,
        ((10, 0), (12, 0)),
        ("生成AI体験会", "Hands on with generative AI"),
        ProgrammeKind::HandsOn,
        Audience::Business,
        Some("pc"),
    ),
    sitting(
        1,
        ((14, 0), (16, 0)),
        ("文書作成ソフト基礎研修", "Word processing basics"),
        ProgrammeKind::Training,
        Audience::JobSeeker,
        Some("pc"),
    ),
    sitting(
        2,
        ((14, 0), (15, 30)),
        (
            "小さな会社の情報セキュリティ",
            "Information security for small firms",
        ),
        ProgrammeKind::Seminar,
        Audience::Business,
        Some("pc"),
    ),
    sitting(
        3,
        ((10, 0), (12, 0)),
        ("ITパスポート講座 第1回", "IT Passport course, part 1"),
        ProgrammeKind::Course,
        Audience::JobSeeker,
        Some("pc"),
    ),
    sitting(
        3,
        ((18, 30), (20, 0)),
        (
            "クラウド会計 夜の相談会",
            "Cloud accounting, an evening session",
        ),
        ProgrammeKind::HandsOn,
        Audience::Business,
        Some("pc"),
    ),
    sitting(
        4,
        ((10, 0), (12, 0)),
        ("はじめてのオンライン面接", "Your first online interview"),
        ProgrammeKind::Training,
        Audience::JobSeeker,
        Some("pc"),
    ),
    sitting(
        5,
        ((13, 30), (15, 0)),
        ("ホームページの育て方", "Making a website work for you"),
        ProgrammeKind::Seminar,
        Audience::Anyone,
        None,
    ),
];

pub(super) fn programmes(calendar: &Calendar, date: NaiveDate) -> Vec<Programme> {
    let days: Vec<NaiveDate> =
        std::iter::successors(Some(date), |day| Some(next_open_day(calendar, *day)))
            .take(6)
            .collect();
    WEEK.iter()
        .enumerate()
        .filter_map(|(index, sitting)| {
            let day = *days.get(sitting.day)?;
            Some(Programme {
                id: programme_id(date, index).into(),
                title: Text::both(sitting.title.0, sitting.title.1),
                kind: sitting.kind,
                starts: at(day, sitting.from.0, sitting.from.1),
                ends: at(day, sitting.to.0, sitting.to.1),
                zone: sitting.zone.map(Into::into),
                audience: sitting.audience,
                capacity: sitting.capacity,
                places_left: None,
                set_up_min: None,
                clearing_min: None,
                pcs: if sitting.kind == ProgrammeKind::HandsOn {
                    10
                } else {
                    0
                },
                cancelled: false,
            })
        })
        .collect()
}

fn programme_id(date: NaiveDate, index: usize) -> String {
    format!("P{}-{}", date.format("%y%m%d"), index + 1)
}

/// What a sample reservation is for.
#[derive(Clone, Copy)]
enum For {
    Seat,
    Pc,
    Power,
    Roomy,
    Consultation,
    /// By its number in [`WEEK`], from 1.
    Sitting(usize),
}

const FIRST_DAY: [(usize, Clock, Clock, For); 16] = [
    (12, (9, 45), (10, 45), For::Seat),
    (3, (11, 30), (13, 0), For::Seat),
    (1, (11, 45), (13, 15), For::Pc),
    (43, (11, 45), (13, 0), For::Seat),
    (4, (11, 50), (12, 50), For::Pc),
    (2, (12, 0), (13, 15), For::Pc),
    (5, (12, 15), (14, 15), For::Power),
    (11, (13, 0), (13, 45), For::Consultation),
    (6, (13, 0), (15, 0), For::Seat),
    (44, (14, 0), (16, 0), For::Sitting(2)),
    (45, (14, 0), (16, 0), For::Sitting(2)),
    (46, (14, 0), (16, 0), For::Sitting(2)),
    (13, (14, 30), (16, 30), For::Roomy),
    (7, (16, 30), (17, 45), For::Pc),
    (9, (18, 30), (20, 30), For::Sitting(3)),
    (10, (18, 30), (20, 30), For::Sitting(3)),
];

const NEXT_DAY: [(usize, Clock, Clock, For); 10] = [
    (14, (9, 30), (11, 0), For::Seat),
    (15, (10, 0), (12, 0), For::Sitting(4)),
    (16, (10, 0), (12, 0), For::Sitting(4)),
    (17, (10, 30), (12, 30), For::Power),
    (47, (13, 0), (15, 0), For::Seat),
    (48, (14, 0), (16, 0), For::Sitting(5)),
    (49, (14, 0), (16, 0), For::Sitting(5)),
    (18, (14, 0), (14, 45), For::Consultation),
    (19, (15, 30), (17, 0), For::Seat),
    (20, (16, 30), (17, 30), For::Pc),
];

pub(super) fn reservations(calendar: &Calendar, date: NaiveDate) -> Vec<Wanted> {
    let next = next_open_day(calendar, date);
    let on = |day: NaiveDate| {
        move |(member, from, to, purpose): (usize, Clock, Clock, For)| Wanted {
            member,
            starts: at(day, from.0, from.1),
            ends: at(day, to.0, to.1),
            purpose: purpose.purpose(date),
        }
    };
    FIRST_DAY
        .into_iter()
        .map(on(date))
        .chain(NEXT_DAY.into_iter().map(on(next)))
        .collect()
}

impl For {
    fn purpose(self, date: NaiveDate) -> Purpose {
        let none = Features::default();
        let seat = |needs: Features| Purpose::Seat { needs };
        match self {
            Self::Seat => seat(none),
            Self::Pc => seat(Features { pc: true, ..none }),
            Self::Power => seat(Features {
                power: true,
                ..none
            }),
            Self::Roomy => seat(Features {
                step_free: true,
                floor_space: true,
                ..none
            }),
            Self::Consultation => Purpose::Consultation,
            Self::Sitting(number) => Purpose::Programme {
                programme: programme_id(date, number - 1).into(),
                standby: false,
            },
        }
    }
}
