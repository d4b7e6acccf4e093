//! A made-up centre to try Genkan with: people, companies and codes are invented, and the codes are the same every time.
//!
//! For rehearsals and tests only: whoever has this program knows the passes.

mod equipment;
mod floor;
mod people;
mod shelf;
mod staff;
mod week;

pub use staff::{SampleStaff, staff, write_staff_csv};

use crate::store::members::MemberRecord;
use crate::store::reservations::reservation;
use crate::store::{Store, StoreError, Writing};
use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use domain::adviser::Advice;
use domain::calendar::Calendar;
use domain::code::{Pass, PassText, ReservationNumber};
use domain::ids::MemberId;
use domain::reference::{Category, DateTime, Member, Notice, Reservation};
use domain::settings::{Settings, Wifi};
use domain::text::Text;
use link::collections::Body;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Why the sample was not put in.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// Somebody else's data is there.
    #[error("the database holds other members already; sample data goes into a new data_dir only")]
    NotEmpty,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// `codes.csv` or `staff.csv` cannot be written.
    #[error("cannot write the codes; check the folder given with --out")]
    Codes(#[from] csv::Error),
    /// A PIN cannot be hashed.
    #[error("the system has no randomness to give")]
    Hash(#[from] argon2::password_hash::Error),
}

/// A pass to play a visitor with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleCode {
    /// Membership number.
    pub member_no: String,
    /// Category, as in JSON.
    pub category: Category,
    /// The text of the pass.
    pub code: String,
    /// The member's next reservation on the sample's days, empty without one.
    pub reservation: String,
}

/// All passes of the sample, by membership number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleCodes(pub Vec<SampleCode>);

impl SampleCodes {
    /// Writes `codes.csv`, with the heading `member_no,category,code,reservation`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_csv(&self, path: &Path) -> Result<(), SampleError> {
        let mut writer = csv::Writer::from_path(path)?;
        self.0.iter().try_for_each(|code| writer.serialize(code))?;
        writer.flush().map_err(csv::Error::from)?;
        Ok(())
    }
}

/// Puts the sample centre into the database: the floor, the members, the week from `date` on, reservations for that day and the next open
/// one. Doing it again for the same date changes nothing.
///
/// # Errors
/// The database holds other members, or fails.
pub fn load(store: &Store, date: NaiveDate) -> Result<SampleCodes, SampleError> {
    store.write_blocking(move |writing| put_in(writing, date))
}

fn put_in(writing: &mut Writing<'_>, date: NaiveDate) -> Result<SampleCodes, SampleError> {
    let others: bool = writing
        .tx
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM member) AND NOT EXISTS (SELECT 1 FROM pass WHERE digest = ?1)",
            [pass(1).digest().to_hex()],
            |row| row.get(0),
        )
        .map_err(StoreError::from)?;
    if others {
        return Err(SampleError::NotEmpty);
    }
    let calendar = Calendar::default();
    for document in [
        Body::Calendar(calendar.clone()),
        Body::Floor(floor::floor()),
        Body::Settings(settings()),
        Body::Signage(shelf::display()),
        Body::Notices(notices()),
    ] {
        writing.set_document(&document)?;
    }
    staff::put_in(writing)?;
    // Whoever tries it says who advises: without anybody there would be an alarm from the first minute on.
    writing.set_document(&Body::Advisers(Advice::default()))?;
    writing.set_document(&Body::Equipment(equipment::equipment()))?;
    let people = people::people(date);
    for (index, person) in people.iter().enumerate() {
        put_person(writing, index + 1, person)?;
    }
    for programme in week::programmes(&calendar, date) {
        writing.save_programme(&programme)?;
    }
    let mut numbers = BTreeMap::new();
    for (index, wanted) in week::reservations(&calendar, date).into_iter().enumerate() {
        let saved = put_reservation(writing, date, index, wanted)?;
        numbers
            .entry(saved.member.clone())
            .or_insert_with(|| saved.number.to_string());
    }
    let code = |(index, person): (usize, &people::Person)| {
        let member = member_number(index + 1);
        SampleCode {
            member_no: member.to_string(),
            category: person.category,
            code: pass(index + 1).as_str().to_owned(),
            reservation: numbers.get(&member).cloned().unwrap_or_default(),
        }
    };
    Ok(SampleCodes(people.iter().enumerate().map(code).collect()))
}

fn put_person(
    writing: &mut Writing<'_>,
    number: usize,
    person: &people::Person,
) -> Result<(), StoreError> {
    let company = person
        .company
        .map(|name| writing.company_named(name))
        .transpose()?;
    let people::Person {
        category,
        state,
        valid_until,
        needs,
        ..
    } = *person;
    let member = Member {
        id: member_number(number),
        category,
        company,
        state,
        valid_until,
        needs,
    };
    writing.save_member(&MemberRecord {
        member,
        name: Some(person.name.to_owned()),
        kana: Some(person.kana.to_owned()),
    })?;
    writing.issue_this_pass(&member_number(number), &pass(number))
}

fn put_reservation(
    writing: &mut Writing<'_>,
    date: NaiveDate,
    index: usize,
    wanted: week::Wanted,
) -> Result<Reservation, StoreError> {
    // The day is part of the serial, so that each sample day has reservations of its own.
    let days = u32::try_from(date.num_days_from_ce()).unwrap_or_default() % 10_000;
    let number = ReservationNumber::from_serial(
        24_000_000 + days * 1_000 + u32::try_from(index).unwrap_or_default() * 7,
    );
    let id = number.to_string().into();
    if let Some(known) = reservation(&writing.tx, &id)? {
        return Ok(known);
    }
    let week::Wanted {
        member,
        starts,
        ends,
        purpose,
    } = wanted;
    let member = member_number(member);
    writing.save_reservation(&Reservation {
        id,
        number,
        member,
        starts,
        ends,
        purpose,
        cancelled: false,
        since: 0,
    })
}

fn member_number(number: usize) -> MemberId {
    MemberId::from(format!("M{number:05}"))
}

fn pass(number: usize) -> PassText {
    let digest: [u8; 32] = Sha256::digest(format!("genkan sample pass {number}")).into();
    let mut bits = [0; 16];
    bits.iter_mut()
        .zip(digest)
        .for_each(|(bit, byte)| *bit = byte);
    Pass::from_bits(bits)
}

fn settings() -> Settings {
    Settings {
        wifi: Some(Wifi {
            ssid: "KotoDX-Guest".to_owned(),
            password: Some("kameido-fuji-2026".to_owned()),
        }),
        registration_url: Some("https://dx-center.example.jp/register".to_owned()),
        reservation_url: Some("https://dx-center.example.jp/reserve".to_owned()),
        ..Settings::default()
    }
}

fn notices() -> Vec<Notice> {
    let notice = |id: &str, ja: &str, en: &str| Notice {
        id: id.into(),
        text: Text::both(ja, en),
        from: None,
        to: None,
        prepared: false,
    };
    let prepared = |id: &str, ja: &str, en: &str| Notice {
        prepared: true,
        ..notice(id, ja, en)
    };
    vec![
        notice(
            "books",
            "DX関連の本を20冊ご用意しています。お席でご覧ください。",
            "Twenty books on going digital are on the shelf. Please read them at your seat.",
        ),
        notice(
            "jobs",
            "お仕事探しのご相談は、同じ階の就職支援コーナーへどうぞ。",
            "For help with finding work, visit the job-support corner on this floor.",
        ),
        notice(
            "year-end",
            "12月29日から1月3日まではお休みをいただきます。",
            "Closed from 29 December to 3 January.",
        ),
        prepared(
            "printer",
            "プリンターは調整中です。ご不便をおかけします。",
            "The printer is out of order. We are sorry for the inconvenience.",
        ),
        prepared(
            "wifi-down",
            "Wi-Fiがつながりにくくなっています。復旧までお待ちください。",
            "The Wi-Fi is unstable at the moment. We are working on it.",
        ),
        prepared(
            "trains",
            "電車の遅れで到着が遅い方も、ご予約をご利用いただけます。受付へお声がけください。",
            "Delayed by your train? Your reservation is still good. Please ask at reception.",
        ),
    ]
}

/// A moment of a day in Japan.
fn at(date: NaiveDate, hour: u32, minute: u32) -> DateTime {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    date.and_time(time)
        .and_local_timezone(crate::clock::japan())
        .single()
        .unwrap_or_default()
}

/// The first open day after `date`.
fn next_open_day(calendar: &Calendar, date: NaiveDate) -> NaiveDate {
    let later = date
        .iter_days()
        .skip(1)
        .take(60)
        .find(|day| calendar.day(*day).is_open());
    later.unwrap_or_else(|| date + Days::new(1))
}
