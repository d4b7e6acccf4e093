//! Values as people and services in Japan write them.

use crate::clock::japan;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use domain::reference::{Audience, Category, DateTime, MemberState, ProgrammeKind};

/// Full-width letters, digits and signs become the plain ones; blanks at both ends go.
pub fn plain(text: &str) -> String {
    let folded: String = text
        .chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            other => other,
        })
        .collect();
    folded.trim().to_owned()
}

/// `2026/11/24`, `2026-11-24`, `2026.11.24`, `20261124`, `2026年11月24日`, `令和8年11月24日`, `R8.11.24`; a weekday in brackets is skipped.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    let written = plain(text);
    let without_weekday = written.split('(').next().unwrap_or_default().trim();
    let fault = || {
        format!(
            "「{written}」は日付として読めません。2026/11/24 または 令和8年11月24日 のように書いてください"
        )
    };
    let impossible = || format!("「{written}」という日付はありません。暦を確かめてください");
    let (era, rest) = split_era(without_weekday);
    let rest = rest.replace("元年", "1年");
    if era.is_none() && rest.len() == 8 && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::parse_from_str(&rest, "%Y%m%d").map_err(|_| impossible());
    }
    let parts: Vec<&str> = rest
        .split(['/', '-', '.', '年', '月', '日'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let &[year, month, day] = parts.as_slice() else {
        return Err(fault());
    };
    let number = |part: &str| part.parse::<u32>().map_err(|_| fault());
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let year = match era {
        // No era has a hundredth year yet, nor a year 0.
        Some(first) if (1..100).contains(&year) => first + year - 1,
        Some(_) => return Err(impossible()),
        None if (2000..=2199).contains(&year) => year,
        None => {
            return Err(format!(
                "「{written}」の年が正しくありません。西暦4桁または令和で書いてください"
            ));
        }
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).map_err(|_| fault())?, month, day)
        .ok_or_else(impossible)
}

/// The first year of the era a date begins with, and the rest.
fn split_era(text: &str) -> (Option<u32>, &str) {
    const ERAS: [(&str, u32); 4] = [("令和", 2019), ("R", 2019), ("r", 2019), ("平成", 1989)];
    ERAS.iter()
        .find_map(|(name, first)| {
            text.strip_prefix(name)
                .map(|rest| (Some(*first), rest.trim_start()))
        })
        .unwrap_or((None, text))
}

/// `9:30`, `09:30`, `09:30:00`, `9時30分`, `9時`, `午後1時30分`.
pub fn time(text: &str) -> Result<NaiveTime, String> {
    let written = plain(text);
    let fault = || {
        format!("「{written}」は時刻として読めません。9:30 または 9時30分 のように書いてください")
    };
    let (later, rest) = match (written.strip_prefix("午後"), written.strip_prefix("午前")) {
        (Some(rest), _) => (12, rest),
        (None, Some(rest)) => (0, rest),
        (None, None) => (0, written.as_str()),
    };
    let rest = rest.replace("時半", "時30分");
    let parts: Vec<&str> = rest
        .split([':', '時', '分', '秒'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let number = |part: &&str| part.parse::<u32>().map_err(|_| fault());
    let numbers = parts.iter().map(number).collect::<Result<Vec<_>, _>>()?;
    let has_minutes = rest.contains([':', '時']);
    let (hour, minute) = match numbers.as_slice() {
        [hour, minute] | [hour, minute, 0] => (*hour, *minute),
        [hour] if has_minutes => (*hour, 0),
        _ => return Err(fault()),
    };
    NaiveTime::from_hms_opt(hour + if hour < 12 { later } else { 0 }, minute, 0).ok_or_else(|| {
        format!("「{written}」という時刻はありません。0:00 から 23:59 で書いてください")
    })
}

/// Date and time in one, with a blank, `T` or 日 between.
pub fn date_time(text: &str) -> Result<DateTime, String> {
    let written = plain(text);
    let fault =
        || format!("「{written}」は日時として読めません。2026/11/24 9:30 のように書いてください");
    let split = written.split_once('T').or_else(|| written.rsplit_once(' '));
    let after_day = || {
        written
            .find('日')
            .map(|at| written.split_at(at + '日'.len_utf8()))
    };
    let (day, clock) = split
        .or_else(after_day)
        .filter(|(_, clock)| !clock.is_empty())
        .ok_or_else(fault)?;
    // RFC 3339 exports may carry Japan's offset.
    let clock = clock.trim_end_matches("+09:00");
    at(date(day)?, time(clock)?)
}

/// A date and a time in Japan.
pub fn at(date: NaiveDate, time: NaiveTime) -> Result<DateTime, String> {
    let local: NaiveDateTime = date.and_time(time);
    local
        .and_local_timezone(japan())
        .single()
        .ok_or_else(|| "この日時は読めません".to_owned())
}

/// 区分 (R3).
pub fn category(text: &str) -> Result<Category, String> {
    match plain(text).as_str() {
        "企業" | "事業者" | "中小企業" | "法人" | "business" => Ok(Category::Business),
        "就職希望者" | "求職者" | "区民" | "個人" | "job_seeker" => {
            Ok(Category::JobSeeker)
        }
        "区事業" | "区事業利用者" | "経営相談" | "創業" | "ward_service" => {
            Ok(Category::WardService)
        }
        other => Err(format!(
            "区分「{other}」は使えません。企業・就職希望者・区事業 のいずれかにしてください"
        )),
    }
}

/// 状態 of a member; an empty one is in order.
pub fn member_state(text: &str) -> Result<MemberState, String> {
    match plain(text).as_str() {
        "" | "有効" | "本会員" | "確認済" | "確認済み" | "active" => {
            Ok(MemberState::Active)
        }
        "未確認" | "仮登録" | "仮会員" | "unverified" => Ok(MemberState::Unverified),
        "停止" | "利用停止" | "休止" | "suspended" => Ok(MemberState::Suspended),
        "退会" | "取消" | "抹消" | "revoked" => Ok(MemberState::Revoked),
        other => Err(format!(
            "会員状態「{other}」は使えません。有効・未確認・停止・退会 のいずれかにしてください"
        )),
    }
}

/// Whether 状態 says that a reservation or programme is called off.
pub fn cancelled(text: &str) -> Result<bool, String> {
    match plain(text).as_str() {
        "" | "確定" | "予約済" | "予約済み" | "受付" | "受付済" | "有効" | "開催" | "募集中"
        | "満席" | "受付終了" => Ok(false),
        _ if is_standby(text) => Ok(false),
        "キャンセル" | "取消" | "取り消し" | "取消済" | "中止" | "無効" => {
            Ok(true)
        }
        other => Err(format!(
            "状態「{other}」は使えません。確定・キャンセル待ち・キャンセル(中止) のいずれかにしてください"
        )),
    }
}

/// Whether a 状態 is a place on the standby list.
pub fn is_standby(text: &str) -> bool {
    matches!(plain(text).as_str(), "キャンセル待ち" | "補欠" | "待機")
}

/// 対象.
pub fn audience(text: &str) -> Result<Audience, String> {
    match plain(text).as_str() {
        "企業" | "事業者" | "中小企業" | "区内企業" | "business" => {
            Ok(Audience::Business)
        }
        "就職希望者" | "求職者" | "job_seeker" => Ok(Audience::JobSeeker),
        "" | "どなたでも" | "会員" | "全員" | "全会員" | "anyone" => {
            Ok(Audience::Anyone)
        }
        other => Err(format!(
            "対象「{other}」は使えません。企業・就職希望者・どなたでも のいずれかにしてください"
        )),
    }
}

/// 種別 of a programme.
pub fn programme_kind(text: &str) -> Result<ProgrammeKind, String> {
    match plain(text).as_str() {
        "セミナー" | "デジタルセミナー" | "seminar" => Ok(ProgrammeKind::Seminar),
        "体験会" | "デジタル体験会" | "hands_on" => Ok(ProgrammeKind::HandsOn),
        "研修" | "研修会" | "デジタル研修会" | "training" => {
            Ok(ProgrammeKind::Training)
        }
        "講座" | "連続講座" | "資格講座" | "資格取得講座" | "course" => {
            Ok(ProgrammeKind::Course)
        }
        other => Err(format!(
            "種別「{other}」は使えません。セミナー・体験会・研修会・講座 のいずれかにしてください"
        )),
    }
}
