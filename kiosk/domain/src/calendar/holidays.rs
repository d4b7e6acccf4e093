//! National holidays of Japan, reckoned from the Act on National Holidays (国民の祝日に関する法律, 1948 No. 178).
//!
//! Why from the law and not from a crate or a table: `docs/decisions/0003-holidays.md`.

use chrono::{Datelike, NaiveDate, Weekday};

/// The years for which [`holiday`] answers: from the law in its present form to the end of the equinox formula.
pub const YEARS: std::ops::RangeInclusive<i32> = 2022..=2099;

/// A day off by the law, with its names as the Cabinet Office writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// Such as `秋分の日`, `振替休日`, `国民の休日`.
    pub name_ja: &'static str,
    /// Such as `Autumnal Equinox Day`.
    pub name_en: &'static str,
}

const SUBSTITUTE: Holiday = Holiday {
    name_ja: "振替休日",
    name_en: "Substitute Holiday",
};
const SANDWICHED: Holiday = Holiday {
    name_ja: "国民の休日",
    name_en: "Citizens' Holiday",
};

/// The holiday on `date`, substitute and sandwiched days included; `None` on other days and outside [`YEARS`].
pub fn holiday(date: NaiveDate) -> Option<Holiday> {
    if !YEARS.contains(&date.year()) {
        return None;
    }
    named(date)
        .or_else(|| is_substitute(date).then_some(SUBSTITUTE))
        .or_else(|| is_sandwiched(date).then_some(SANDWICHED))
}

/// Article 3 (2): a holiday fell on a Sunday, and every day from there to the eve of `date` is a holiday.
fn is_substitute(date: NaiveDate) -> bool {
    let mut before = date.pred_opt();
    while let Some(day) = before.filter(|day| named(*day).is_some()) {
        if day.weekday() == Weekday::Sun {
            return true;
        }
        before = day.pred_opt();
    }
    false
}

/// Article 3 (3): both neighbours are holidays.
fn is_sandwiched(date: NaiveDate) -> bool {
    let is_holiday = |day: Option<NaiveDate>| day.and_then(named).is_some();
    is_holiday(date.pred_opt()) && is_holiday(date.succ_opt())
}

/// Article 2: the holidays that have a name of their own.
fn named(date: NaiveDate) -> Option<Holiday> {
    let (month, day) = (date.month(), date.day());
    let monday = |n: u32| date.weekday() == Weekday::Mon && (day - 1) / 7 + 1 == n;
    let (name_ja, name_en) = match (month, day) {
        (1, 1) => ("元日", "New Year's Day"),
        (1, _) if monday(2) => ("成人の日", "Coming of Age Day"),
        (2, 11) => ("建国記念の日", "National Foundation Day"),
        (2, 23) => ("天皇誕生日", "The Emperor's Birthday"),
        (3, _) if equinox(date.year(), SPRING) == Some(day) => ("春分の日", "Vernal Equinox Day"),
        (4, 29) => ("昭和の日", "Showa Day"),
        (5, 3) => ("憲法記念日", "Constitution Memorial Day"),
        (5, 4) => ("みどりの日", "Greenery Day"),
        (5, 5) => ("こどもの日", "Children's Day"),
        (7, _) if monday(3) => ("海の日", "Marine Day"),
        (8, 11) => ("山の日", "Mountain Day"),
        (9, _) if monday(3) => ("敬老の日", "Respect for the Aged Day"),
        (9, _) if equinox(date.year(), AUTUMN) == Some(day) => ("秋分の日", "Autumnal Equinox Day"),
        (10, _) if monday(2) => ("スポーツの日", "Sports Day"),
        (11, 3) => ("文化の日", "Culture Day"),
        (11, 23) => ("勤労感謝の日", "Labor Thanksgiving Day"),
        _ => return None,
    };
    Some(Holiday { name_ja, name_en })
}

/// Day of March in 1980, in millionths, at which the sun stands at 0°; then of September at 180°.
const SPRING: i32 = 20_843_100;
const AUTUMN: i32 = 23_248_800;

/// The day of the month in Japan, by the usual approximation of 1980–2099; `None` before 1980. The official day is announced each
/// February for the year after (暦要項).
fn equinox(year: i32, in_1980: i32) -> Option<u32> {
    let years = year - 1980;
    u32::try_from((in_1980 + 242_194 * years) / 1_000_000 - years / 4)
        .ok()
        .filter(|_| years >= 0)
}
