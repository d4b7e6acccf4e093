//! National holidays: what the Cabinet Office has published, and what follows from the law for later years.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use chrono::{Datelike, NaiveDate};
use domain::calendar::{holiday, holidays};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn check_holidays(year: i32, published: &[(&str, &str)]) {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let reckoned: Vec<_> = first
        .iter_days()
        .take_while(|day| day.year() == year)
        .filter_map(|day| Some((day.format("%m-%d").to_string(), holiday(day)?.name_ja)))
        .collect();
    let reckoned: Vec<_> = reckoned
        .iter()
        .map(|(day, name)| (day.as_str(), *name))
        .collect();
    assert_eq!(reckoned, published, "{year}");
}

#[test]
fn holidays_are_those_the_cabinet_office_published_for_2026() {
    check_holidays(
        2026,
        &[
            ("01-01", "元日"),
            ("01-12", "成人の日"),
            ("02-11", "建国記念の日"),
            ("02-23", "天皇誕生日"),
            ("03-20", "春分の日"),
            ("04-29", "昭和の日"),
            ("05-03", "憲法記念日"),
            ("05-04", "みどりの日"),
            ("05-05", "こどもの日"),
            ("05-06", "振替休日"),
            ("07-20", "海の日"),
            ("08-11", "山の日"),
            ("09-21", "敬老の日"),
            ("09-22", "国民の休日"),
            ("09-23", "秋分の日"),
            ("10-12", "スポーツの日"),
            ("11-03", "文化の日"),
            ("11-23", "勤労感謝の日"),
        ],
    );
}

#[test]
fn holidays_are_those_the_cabinet_office_published_for_2027() {
    check_holidays(
        2027,
        &[
            ("01-01", "元日"),
            ("01-11", "成人の日"),
            ("02-11", "建国記念の日"),
            ("02-23", "天皇誕生日"),
            ("03-21", "春分の日"),
            ("03-22", "振替休日"),
            ("04-29", "昭和の日"),
            ("05-03", "憲法記念日"),
            ("05-04", "みどりの日"),
            ("05-05", "こどもの日"),
            ("07-19", "海の日"),
            ("08-11", "山の日"),
            ("09-20", "敬老の日"),
            ("09-23", "秋分の日"),
            ("10-11", "スポーツの日"),
            ("11-03", "文化の日"),
            ("11-23", "勤労感謝の日"),
        ],
    );
}

#[test]
fn holidays_of_later_years_follow_the_law() {
    for (day, expected) in [
        // Equinoxes.
        ("2028-03-20", "春分の日"),
        ("2028-09-22", "秋分の日"),
        ("2029-03-20", "春分の日"),
        ("2029-09-23", "秋分の日"),
        ("2030-03-20", "春分の日"),
        ("2030-09-23", "秋分の日"),
        ("2031-03-21", "春分の日"),
        ("2032-03-20", "春分の日"),
        ("2035-03-21", "春分の日"),
        ("2035-09-23", "秋分の日"),
        ("2092-03-19", "春分の日"),
        // A Sunday, and the Monday after it.
        ("2029-02-11", "建国記念の日"),
        ("2029-02-12", "振替休日"),
        ("2029-04-30", "振替休日"),
        ("2029-09-24", "振替休日"),
        ("2030-02-24", ""),
        ("2030-05-06", "振替休日"),
        ("2030-08-12", "振替休日"),
        ("2030-11-04", "振替休日"),
        ("2031-02-24", "振替休日"),
        ("2031-11-24", "振替休日"),
        // 3 or 4 May on a Sunday: the substitute waits until the row of holidays is over.
        ("2031-05-06", "振替休日"),
        ("2032-05-06", ""),
        // Sandwiched, or nearly.
        ("2032-09-20", "敬老の日"),
        ("2032-09-21", "国民の休日"),
        ("2032-09-22", "秋分の日"),
        ("2028-09-21", ""),
        ("2028-09-19", ""),
        // Before the law's present form, and after the equinox formula.
        ("2021-01-01", ""),
        ("2100-01-01", ""),
    ] {
        assert_eq!(
            holiday(date(day)).map_or("", |holiday| holiday.name_ja),
            expected,
            "{day}"
        );
    }
}

#[test]
fn holidays_have_english_names() {
    for (day, expected) in [
        ("2026-11-23", "Labor Thanksgiving Day"),
        ("2026-05-06", "Substitute Holiday"),
        ("2026-09-22", "Citizens' Holiday"),
    ] {
        assert_eq!(holiday(date(day)).unwrap().name_en, expected, "{day}");
    }
}

/// March and September of the leap year and of the three years after it, as the sun's course is computed. In between, the equinox moves a
/// quarter of a day a year and back.
#[test]
fn equinoxes_agree_with_the_computed_ones() {
    let spring = [
        (2022..=2023, [20, 20, 21, 21]),
        (2024..=2055, [20, 20, 20, 21]),
        (2056..=2091, [20; 4]),
        (2092..=2099, [19, 20, 20, 20]),
    ];
    let autumn = [
        (2022..=2043, [22, 23, 23, 23]),
        (2044..=2075, [22, 22, 23, 23]),
        (2076..=2099, [22, 22, 22, 23]),
    ];
    let mut years = Vec::new();
    for (month, name, periods) in [(3, "春分の日", &spring[..]), (9, "秋分の日", &autumn[..])]
    {
        for (period, days) in periods {
            for year in period.clone() {
                let expected = days[usize::try_from(year % 4).unwrap()];
                let on = NaiveDate::from_ymd_opt(year, month, expected).unwrap();
                assert_eq!(holiday(on).unwrap().name_ja, name, "{on}");
                years.push(year);
            }
        }
    }
    assert_eq!(
        years,
        holidays::YEARS.chain(holidays::YEARS).collect::<Vec<_>>()
    );
}
