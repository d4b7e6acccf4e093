//! A desk with one room of seats and forty members, at noon.

use chrono::{DateTime, FixedOffset};
use domain::code::{self, Code, Pass};
use domain::floor::{Features, Floor, Rect, Seat, Zone};
use domain::ids::{KioskId, SeatId, StationId};
use domain::record::Chained;
use domain::reference::{Category, IssuedPass, Member, MemberState};
use domain::text::Text;
use domain::verdict::Offered;
use domain::{Command, Reference, Verdict};
use kiosk::clock::Clock;
use kiosk::desk::{Desk, DeskConfig, DeskError, RunningDesk};
use kiosk::journal::{DeviceKey, Identity, Mode};
use std::path::Path;

pub const MEMBERS: u8 = 40;

pub fn noon() -> DateTime<FixedOffset> {
    "2026-11-24T12:00:00+09:00".parse().unwrap()
}

pub fn pass(member: u8) -> Code {
    code::parse(Pass::from_bits([member; 16]).as_str().as_bytes())
}

/// One room of `seats` seats and forty members.
pub fn reference(seats: u32) -> Reference {
    let mut reference = Reference::default();
    reference.floor = Floor {
        width: 60 * seats,
        height: 60,
        zones: vec![Zone {
            id: "room".into(),
            name: Text::ja("部屋"),
        }],
        seats: (0..seats)
            .map(|index| Seat {
                id: SeatId::from(format!("S{index}")),
                zone: "room".into(),
                place: Rect {
                    x: 60 * index,
                    y: 0,
                    w: 50,
                    h: 50,
                },
                offers: Features::default(),
            })
            .collect(),
        ..Floor::default()
    };
    for number in 0..MEMBERS {
        let member = Member {
            id: format!("M{number}").into(),
            category: Category::Business,
            company: None,
            state: MemberState::Active,
            valid_until: "2027-03-31".parse().unwrap(),
            needs: Features::default(),
        };
        let digest = Pass::from_bits([number; 16]).digest();
        let pass = IssuedPass {
            digest,
            member: member.id.clone(),
            revoked: false,
        };
        reference.passes.insert(digest, pass);
        reference.members.insert(member.id.clone(), member);
    }
    reference
}

pub fn identity() -> Identity {
    Identity {
        kiosk: KioskId::from("koto-test"),
        mode: Mode::Rehearsal {
            offset_ms: Clock::offset_to(noon()),
        },
    }
}

pub fn key(dir: &Path) -> DeviceKey {
    DeviceKey::load_or_create(&dir.join("secret"), &dir.join("salt"), dir).unwrap()
}

pub fn open(dir: &Path, seats: u32) -> RunningDesk {
    open_with(dir, seats, Vec::new())
}

pub fn open_with(dir: &Path, seats: u32, inherited: Vec<Chained>) -> RunningDesk {
    let config = DeskConfig {
        dir: dir.to_owned(),
        key: key(dir),
        identity: identity(),
    };
    let clock = |mode| match mode {
        Mode::Rehearsal { offset_ms } => Clock::rehearsal(offset_ms),
        Mode::Normal => unreachable!("these are rehearsals"),
    };
    Desk::start(config, clock, inherited, |_| reference(seats)).unwrap()
}

pub async fn close(desk: RunningDesk) {
    tokio::task::spawn_blocking(|| desk.stop()).await.unwrap();
}

pub fn station(number: u8) -> StationId {
    StationId::from(format!("station-{number}"))
}

pub async fn scan(desk: &Desk, member: u8, cause: Option<&str>) -> Verdict {
    try_scan(desk, member, cause).await.unwrap()
}

pub async fn try_scan(desk: &Desk, member: u8, cause: Option<&str>) -> Result<Verdict, DeskError> {
    let command = Command::Scan {
        station: station(member),
        code: pass(member),
        typed: false,
    };
    let answer = desk.decide(command, cause.map(str::to_owned)).await?;
    Ok(answer.verdict.unwrap())
}

pub async fn choose(desk: &Desk, member: u8, offered: &Offered, cause: Option<&str>) -> Verdict {
    let command = Command::Choose {
        station: station(member),
        offer: offered.offer.clone(),
        choice: 0,
    };
    desk.decide(command, cause.map(str::to_owned))
        .await
        .unwrap()
        .verdict
        .unwrap()
}
