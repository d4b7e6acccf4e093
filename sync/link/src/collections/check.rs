//! What a collection must keep to beyond its form.

use super::{Body, CollectionError};
use chrono::{DateTime, FixedOffset, NaiveTime, Offset};
use domain::display::Display;
use domain::equipment::{self, Equipment};
use domain::reference::{IssuedPass, Member, Notice, Programme, Reservation};
use domain::settings::Settings;
use domain::staff::StaffMember;
use std::collections::BTreeSet;
use std::fmt;

/// Something in a collection that cannot be meant: where, and what to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entry: its kind and its number in the document from 1, or the field.
    pub at: String,
    /// What is wrong and what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            f.write_str(&self.what)
        } else {
            write!(f, "{}: {}", self.at, self.what)
        }
    }
}

/// The wall time of Japan, which every moment is written in, since days begin and end by it.
const JAPAN_SECONDS: i32 = 9 * 3600;
const LONGEST_DAY_MIN: u32 = 24 * 60;
const MOST_PLACES: u32 = 20;
/// A scene must be there long enough to be read, and must not keep the others away.
const SCENE_SECONDS: std::ops::RangeInclusive<u32> = 5..=120;
const MOST_WEIGHT: u32 = 5;
const MOST_SCENES: usize = 12;
/// The shelf holds about twenty books (R15).
const MOST_BOOKS: usize = 40;
/// So many codes stand beside Wi-Fi and registration.
const MOST_LINKS: usize = 4;
/// A longer address makes a code too fine to be read from afar.
const LONGEST_URL: usize = 150;

pub(super) fn check(body: &Body, version: u64) -> Result<(), CollectionError> {
    let mut faults = Faults(Vec::new());
    if version == 0 {
        faults.add("version", "must be at least 1");
    }
    match body {
        Body::Calendar(calendar) => faults.take(calendar.check()),
        Body::Floor(floor) => faults.take(floor.check()),
        Body::Settings(settings) => faults.settings(settings),
        Body::Members(members) => faults.members(members),
        Body::Passes(passes) => faults.passes(passes),
        Body::Reservations(reservations) => faults.reservations(reservations, version),
        Body::Programme(programmes) => faults.programmes(programmes),
        Body::Staff(staff) => faults.staff(staff),
        Body::Signage(display) => faults.display(display),
        Body::Notices(notices) => faults.notices(notices),
        Body::Advisers(advice) => faults.take(advice.check()),
        Body::Equipment(equipment) => faults.equipment(equipment),
    }
    match faults.0 {
        none if none.is_empty() => Ok(()),
        faults => Err(CollectionError::Impossible {
            name: body.name(),
            faults,
        }),
    }
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, at: impl Into<String>, what: impl Into<String>) {
        self.0.push(Fault {
            at: at.into(),
            what: what.into(),
        });
    }

    fn take<E: fmt::Display>(&mut self, result: Result<(), Vec<E>>) {
        for fault in result.err().into_iter().flatten() {
            self.add("", fault.to_string());
        }
    }

    fn unique<T: Ord>(&mut self, at: &str, what: &str, keys: impl Iterator<Item = T>) {
        let mut seen = BTreeSet::new();
        for (index, key) in keys.enumerate() {
            if !seen.insert(key) {
                self.add(
                    entry(at, index),
                    format!("the same {what} stands further up; keep one of them"),
                );
            }
        }
    }

    fn named<'a>(&mut self, at: &str, ids: impl Iterator<Item = &'a str>) {
        for (index, id) in ids.enumerate() {
            if id.trim().is_empty() {
                self.add(entry(at, index), "has no id; give it one");
            }
        }
    }

    fn span(
        &mut self,
        at: &str,
        index: usize,
        starts: DateTime<FixedOffset>,
        ends: DateTime<FixedOffset>,
    ) {
        if ends <= starts {
            self.add(entry(at, index), "ends before it starts; correct the times");
        }
        if [starts, ends]
            .iter()
            .any(|moment| moment.offset().fix().local_minus_utc() != JAPAN_SECONDS)
        {
            self.add(entry(at, index), "write times as in Japan, with +09:00");
        }
    }

    fn settings(&mut self, settings: &Settings) {
        let limits = &settings.coworking;
        let minutes = [
            ("coworking.grant_min", limits.grant_min, 1),
            ("coworking.extension_min", limits.extension_min, 1),
            ("coworking.day_min", limits.day_min, 1),
            ("minimum_stay_min", settings.minimum_stay_min, 1),
            ("last_walk_in_min", settings.last_walk_in_min, 0),
            ("early.seat_min", settings.early.seat_min, 0),
            ("early.programme_min", settings.early.programme_min, 0),
            ("early.evening_min", settings.early.evening_min, 0),
            ("no_show_seat_min", settings.no_show_seat_min, 1),
            ("step_out_min", settings.step_out_min, 1),
            ("delivery_min", settings.delivery_min, 1),
            ("gap_min", settings.gap_min, 0),
            ("set_up_min", settings.set_up_min, 0),
            ("clearing_min", settings.clearing_min, 0),
            ("call_lock_min", settings.call_lock_min, 1),
            ("lending.reserve_min", settings.lending.reserve_min, 0),
            ("lending.turn_round_min", settings.lending.turn_round_min, 0),
            (
                "lending.back_before_closing_min",
                settings.lending.back_before_closing_min,
                0,
            ),
            ("grace_min", settings.grace_min, 0),
            ("warning_min", settings.warning_min, 0),
            ("typed_lock_min", settings.typed_lock_min, 0),
            ("staff_lock_min", settings.staff_lock_min, 1),
            ("staff_idle_min", settings.staff_idle_min, 1),
        ];
        for (at, value, least) in minutes {
            if !(least..=LONGEST_DAY_MIN).contains(&value) {
                self.add(at, format!("must be {least} to {LONGEST_DAY_MIN} minutes"));
            }
        }
        if settings.lending.lowest_percent >= 100 {
            self.add("lending.lowest_percent", "must be under 100");
        }
        for (at, value) in [
            ("offer_hold_s", settings.offer_hold_s),
            ("repeat_scan_s", settings.repeat_scan_s),
        ] {
            if !(1..=3600).contains(&value) {
                self.add(at, "must be 1 to 3600 seconds");
            }
        }
        for (at, value) in [
            ("typed_errors", settings.typed_errors),
            ("unknown_codes", settings.unknown_codes),
            ("staff_pin_errors", settings.staff_pin_errors),
        ] {
            if value == 0 {
                self.add(at, "must be at least 1");
            }
        }
        if limits.grant_min < settings.minimum_stay_min {
            self.add(
                "minimum_stay_min",
                "is longer than coworking.grant_min, so no seat could ever be given",
            );
        }
        if settings.centre_name.ja.trim().is_empty() {
            self.add("centre_name.ja", "is empty; write the centre's name");
        }
    }

    fn members(&mut self, members: &[Member]) {
        self.named("member", members.iter().map(|one| one.id.as_str()));
        self.unique(
            "member",
            "membership number",
            members.iter().map(|one| &one.id),
        );
    }

    fn passes(&mut self, passes: &[IssuedPass]) {
        self.named("pass", passes.iter().map(|one| one.member.as_str()));
        self.unique("pass", "digest", passes.iter().map(|one| &one.digest));
    }

    fn reservations(&mut self, reservations: &[Reservation], version: u64) {
        self.named(
            "reservation",
            reservations.iter().map(|one| one.id.as_str()),
        );
        self.unique("reservation", "id", reservations.iter().map(|one| &one.id));
        self.unique(
            "reservation",
            "number",
            reservations.iter().map(|one| &one.number),
        );
        for (index, one) in reservations.iter().enumerate() {
            self.span("reservation", index, one.starts, one.ends);
            if one.ends - one.starts > chrono::TimeDelta::hours(24) {
                self.add(
                    entry("reservation", index),
                    "is longer than a day; correct the times",
                );
            }
            if one.since > version {
                self.add(entry("reservation", index), "appeared in a version that does not exist yet; its since must not exceed version");
            }
        }
    }

    fn programmes(&mut self, programmes: &[Programme]) {
        self.named("programme", programmes.iter().map(|one| one.id.as_str()));
        self.unique("programme", "id", programmes.iter().map(|one| &one.id));
        let latest = NaiveTime::from_hms_opt(21, 0, 0).unwrap_or_default();
        for (index, one) in programmes.iter().enumerate() {
            let at = entry("programme", index);
            self.span("programme", index, one.starts, one.ends);
            if one.starts.date_naive() != one.ends.date_naive() || one.ends.time() > latest {
                self.add(&at, "must end on the same day and not after 21:00 (R1)");
            }
            if !(1..=MOST_PLACES).contains(&one.capacity) {
                self.add(&at, format!("must have 1 to {MOST_PLACES} places"));
            }
            if one.places_left.is_some_and(|left| left > one.capacity) {
                self.add(
                    &at,
                    "has more places left than places; correct one of the two",
                );
            }
            if one.title.ja.trim().is_empty() {
                self.add(&at, "has no title; write one in Japanese");
            }
        }
    }

    fn equipment(&mut self, equipment: &[Equipment]) {
        self.named("equipment", equipment.iter().map(|one| one.id.as_str()));
        self.take(equipment::check(equipment));
    }

    fn staff(&mut self, staff: &[StaffMember]) {
        self.named("staff", staff.iter().map(|one| one.id.as_str()));
        self.unique("staff", "id", staff.iter().map(|one| &one.id));
        self.unique("staff", "user name", staff.iter().map(|one| &one.user));
        let badges = staff.iter().enumerate();
        let badges = badges.filter_map(|(index, one)| Some((index, one.badge?)));
        let mut seen = BTreeSet::new();
        for (index, badge) in badges {
            if !seen.insert(badge) {
                self.add(
                    entry("staff", index),
                    "has the badge of somebody further up; print one of them anew",
                );
            }
        }
        for (index, one) in staff.iter().enumerate() {
            if one.user.is_empty() || one.user != one.user.trim().to_lowercase() {
                self.add(
                    entry("staff", index),
                    "the user name is lower case, without blanks around it",
                );
            }
            if !one.pin.as_str().starts_with("$argon2id$") {
                self.add(
                    entry("staff", index),
                    "the PIN is not hashed with Argon2id; set it again at the office",
                );
            }
        }
    }

    fn display(&mut self, display: &Display) {
        if !(1..=MOST_SCENES).contains(&display.scenes.len()) {
            self.add(
                "scenes",
                format!(
                    "must be 1 to {MOST_SCENES}; leave the field out for the shipped play list"
                ),
            );
        }
        for (index, scene) in display.scenes.iter().enumerate() {
            let at = entry("scene", index);
            if !SCENE_SECONDS.contains(&scene.seconds) {
                self.add(&at, "must stand for 5 to 120 seconds");
            }
            if !(1..=MOST_WEIGHT).contains(&scene.weight) {
                self.add(&at, format!("must have a weight of 1 to {MOST_WEIGHT}"));
            }
            if let (Some(from), Some(to)) = (scene.from, scene.to)
                && to <= from
            {
                self.add(&at, "ends before it begins; correct the times");
            }
        }
        self.shelf(display);
    }

    fn shelf(&mut self, display: &Display) {
        for (at, count, most) in [
            ("books", display.books.len(), MOST_BOOKS),
            ("links", display.links.len(), MOST_LINKS),
        ] {
            if count > most {
                self.add(
                    at,
                    format!("are {count}, at most {most} are shown; remove some"),
                );
            }
        }
        for (index, book) in display.books.iter().enumerate() {
            if book.title.ja.trim().is_empty() {
                self.add(entry("book", index), "has no title; write one in Japanese");
            }
        }
        for (index, link) in display.links.iter().enumerate() {
            let at = entry("link", index);
            if link.name.ja.trim().is_empty() {
                self.add(&at, "has no name; write in Japanese where it leads");
            }
            if !link.url.starts_with("https://") || link.url.len() > LONGEST_URL {
                self.add(&at, format!("must be an address that begins with https:// and has at most {LONGEST_URL} characters"));
            }
        }
    }

    fn notices(&mut self, notices: &[Notice]) {
        self.named("notice", notices.iter().map(|one| one.id.as_str()));
        self.unique("notice", "id", notices.iter().map(|one| &one.id));
        for (index, one) in notices.iter().enumerate() {
            if one.text.ja.trim().is_empty() {
                self.add(
                    entry("notice", index),
                    "is empty; write it in Japanese or remove it",
                );
            }
            if let (Some(from), Some(to)) = (one.from, one.to)
                && to < from
            {
                self.add(
                    entry("notice", index),
                    "its last day is before its first; correct the dates",
                );
            }
        }
    }
}

fn entry(at: &str, index: usize) -> String {
    format!("{at} {}", index + 1)
}
