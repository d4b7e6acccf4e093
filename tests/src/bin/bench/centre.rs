//! Two offices: the sample centre, and the same after ten years.

use super::ground::Ground;
use super::history;
use anyhow::Context;
use chrono::{NaiveDate, TimeDelta};
use domain::Reference;
use domain::code::{Code, Pass, PassText, ReservationNumber, parse};
use domain::floor::Features;
use domain::ids::{KioskId, MemberId};
use domain::reference::{Category, DateTime, JST, Member, MemberState, Purpose, Reservation};
use kiosk::journal::StoredCollection;
use link::collections::{CollectionName, adopt};
use office::clock::Clock;
use office::config::{Broker, Kiosk};
use office::secret::Token;
use office::store::collections::publish;
use office::store::members::MemberRecord;
use office::store::{Store, StoreError, Writing};
use office::{Office, OfficeConfig, RunningOffice};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// What the clocks read at the start: a Tuesday, before noon.
pub(super) const CLOCK: &str = "2026-11-24T11:42:00+09:00";
/// The kiosk that is measured.
pub(super) const KIOSK: &str = "koto-1";
/// Its token for the office, and the office's own: of no worth to anybody.
pub(super) const KIOSK_TOKEN: &str = "bench-kiosk-token";
pub(super) const OFFICE_TOKEN: &str = "bench-office-token";

const MEMBERS: u32 = 50_000;
const FEW_MEMBERS: u32 = 300;
const RESERVATIONS: u32 = 5_000;
/// Every tenth member has a reservation; the others come without one.
const RESERVED_EVERY: u32 = MEMBERS / RESERVATIONS;
/// Members and reservations in one transaction.
const CHUNK: u32 = 5_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// The sample centre and 300 members more.
    Small,
    /// The same with 50,000 members, 5,000 reservations from today on, ten years of visits.
    Large,
}

/// An office's data on disk, and what it tells the door.
pub(super) struct Centre {
    pub(super) size: Size,
    pub(super) collections: Vec<StoredCollection>,
    pub(super) reference: Arc<Reference>,
    data: PathBuf,
    visits: u32,
}

impl Size {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }

    fn members(self) -> u32 {
        match self {
            Self::Small => FEW_MEMBERS,
            Self::Large => MEMBERS,
        }
    }
}

/// When the centre's clocks start.
pub(super) fn start() -> anyhow::Result<DateTime> {
    CLOCK.parse().context("CLOCK is no time")
}

/// Makes up an office. Members, passes, reservations and visits go in by the calls of its store that its own imports and its intake use.
pub(super) async fn make(ground: &Ground, size: Size) -> anyhow::Result<Centre> {
    let data = ground.folder(&format!("office-{}", size.name()))?;
    spawn_blocking(move || {
        let date = start()?.date_naive();
        let store = Store::open(&data, Clock::starting_at(start()?))?;
        office::sample::load(&store, date)?;
        put_members(&store, size.members())?;
        let visits = match size {
            Size::Small => 0,
            Size::Large => {
                put_reservations(&store, date)?;
                history::put_visits(
                    &store,
                    &KioskId::from(KIOSK),
                    |nth| member_id(nth * 7 % MEMBERS),
                    date,
                )?
            }
        };
        let (collections, reference) = collections(&store)?;
        Ok(Centre {
            size,
            collections,
            reference: Arc::new(reference),
            data,
            visits,
        })
    })
    .await?
}

fn put_members(store: &Store, count: u32) -> anyhow::Result<()> {
    for first in (0..count).step_by(CHUNK as usize) {
        store.write_blocking(move |writing| {
            (first..count.min(first + CHUNK)).try_for_each(|number| put_member(writing, number))
        })?;
    }
    Ok(())
}

fn put_member(writing: &mut Writing<'_>, number: u32) -> Result<(), StoreError> {
    let id = member_id(number);
    let member = Member {
        id: id.clone(),
        category: if number.is_multiple_of(3) {
            Category::JobSeeker
        } else {
            Category::Business
        },
        company: None,
        state: MemberState::Active,
        valid_until: NaiveDate::from_ymd_opt(2027, 3, 31).unwrap_or_default(),
        needs: Features::default(),
    };
    writing.save_member(&MemberRecord {
        member,
        name: None,
        kana: None,
    })?;
    writing.issue_this_pass(&id, &pass(number))
}

/// As many a day as fit beside the programmes: four rounds on 21 of 28 seats, five where a programme takes the PC seats.
fn put_reservations(store: &Store, date: NaiveDate) -> anyhow::Result<()> {
    let (_, reference) = collections(store)?;
    let slots = date
        .iter_days()
        .filter(|day| reference.calendar.day(*day).is_open())
        .flat_map(|day| {
            let taken: Vec<_> = reference
                .programmes_on(day)
                .into_iter()
                .filter(|one| one.zone.is_some())
                .map(|one| one.takes_zone(&reference.settings))
                .collect();
            let rounds = (0..4).filter_map(move |round| {
                let starts = day
                    .and_hms_opt(10, 15, 0)?
                    .and_local_timezone(JST)
                    .single()?
                    + TimeDelta::minutes(round * 115);
                let ends = starts + TimeDelta::minutes(105);
                let is_beside = taken.iter().any(|(from, to)| starts < *to && *from < ends);
                Some(std::iter::repeat_n(
                    (starts, ends),
                    if is_beside { 5 } else { 21 },
                ))
            });
            rounds.flatten().collect::<Vec<_>>()
        });
    let wanted: Vec<Reservation> = slots
        .zip(0..RESERVATIONS)
        .map(|((starts, ends), nth)| reservation(nth, starts, ends))
        .collect();
    Ok(store.write_blocking(move |writing| {
        wanted
            .iter()
            .try_for_each(|one| writing.save_reservation(one).map(drop))
    })?)
}

fn reservation(nth: u32, starts: DateTime, ends: DateTime) -> Reservation {
    let number = ReservationNumber::from_serial(500_000 + nth);
    let member = member_id(nth * RESERVED_EVERY);
    Reservation {
        id: number.to_string().into(),
        number,
        member,
        starts,
        ends,
        purpose: Purpose::Seat {
            needs: Features::default(),
        },
        cancelled: false,
        since: 0,
    }
}

/// What the door would fetch, and what it makes of it.
fn collections(store: &Store) -> anyhow::Result<(Vec<StoredCollection>, Reference)> {
    let mut reference = Reference::default();
    let mut stored = Vec::new();
    for name in CollectionName::ALL {
        let published = store.read_blocking(|connection| publish(connection, name))?;
        let Some(published) = published else { continue };
        let version = adopt(&mut reference, name, &published.bytes)?;
        let (sha256, body) = (published.entry.sha256.clone(), published.bytes.to_vec());
        stored.push(StoredCollection {
            name: name.to_string(),
            version,
            sha256,
            etag: None,
            body,
        });
    }
    Ok((stored, reference))
}

fn member_id(number: u32) -> MemberId {
    // Not M…: those numbers are the office's to give.
    MemberId::from(format!("B{number:05}"))
}

fn pass(number: u32) -> PassText {
    let mut bits = [0xB5; 16];
    bits.iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(bit, byte)| *bit = byte);
    Pass::from_bits(bits)
}

impl Centre {
    pub(super) fn describe(&self) -> String {
        let Reference { members, .. } = &*self.reference;
        let reservations = self.reference.reservations().count();
        format!(
            "          the large one: {} members, {reservations} reservations, {} visits in ten years",
            members.len(),
            self.visits
        )
    }

    /// Passes of members without a reservation, all different until everybody has come.
    pub(super) fn passes(&self) -> impl Iterator<Item = PassText> + use<> {
        let count = self.size.members();
        // A stride, so that neighbours in time are none in memory.
        let numbers = (0..u64::from(count))
            .cycle()
            .map(move |nth| (nth * 7919 % u64::from(count)) as u32);
        numbers
            .filter(|number| !number.is_multiple_of(RESERVED_EVERY))
            .map(pass)
    }

    /// Opens this office for business, with its broker in itself.
    pub(super) async fn open(&self) -> anyhow::Result<RunningOffice> {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let token = |text: &str| Token::new(text).context("a token that is none");
        let config = OfficeConfig {
            listen: any_port,
            data_dir: self.data.clone(),
            token: token(OFFICE_TOKEN)?,
            clock: Clock::starting_at(start()?),
            broker: Broker::Embedded { listen: any_port },
            kiosks: vec![Kiosk {
                id: KIOSK.into(),
                token: token(KIOSK_TOKEN)?,
                rehearsal: true,
            }],
        };
        Ok(Office::start(config).await?)
    }
}

/// A pass as the scanner reads it.
pub(super) fn code(pass: &PassText) -> Code {
    parse(pass.as_str().as_bytes())
}
