//! What the office has told a simulated door: made-up members on a made-up floor.

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};
use domain::calendar::Calendar;
use domain::code::{Code, Pass, ReservationNumber};
use domain::equipment::{Equipment, EquipmentKind, EquipmentState};
use domain::floor::{Features, Floor, Rect, Seat, Zone};
use domain::ids::MemberId;
use domain::reference::{
    Category, DateTime, IssuedPass, JST, Member, MemberState, Purpose, Reservation,
};
use domain::staff::{PinHash, Role, StaffMember};
use domain::text::Text;
use domain::{Reference, Today};

/// The zone that programmes take.
pub(crate) const PROGRAMME_ZONE: &str = "pc";
/// The zone that is always for coworking.
pub(crate) const OPEN_ZONE: &str = "cowork";

/// A day of which nothing is known but its date.
pub(crate) fn opened(date: NaiveDate) -> Today {
    let mut today = Today::default();
    today.date = Some(date);
    today
}

/// Minutes after midnight of a day, in Japan.
pub(crate) fn moment(date: NaiveDate, minutes: i64) -> DateTime {
    JST.from_utc_datetime(&(date.and_time(NaiveTime::MIN) - TimeDelta::hours(9)))
        + TimeDelta::minutes(minutes)
}

/// The id of the `number`th member.
pub(crate) fn member_id(number: usize) -> MemberId {
    format!("m{number:04}").into()
}

/// The code of the `number`th member's pass.
pub(crate) fn pass(number: usize) -> Code {
    Code::Pass(Pass::from_bits((number as u128 + 1).to_be_bytes()).digest())
}

/// The code of a member's pass.
pub(crate) fn pass_of(member: &MemberId) -> Code {
    let number = member.as_str().trim_start_matches('m').parse();
    pass(number.unwrap_or_default())
}

/// A member in order, without special needs.
pub(crate) fn member(number: usize) -> Member {
    Member {
        id: member_id(number),
        category: [
            Category::Business,
            Category::JobSeeker,
            Category::WardService,
        ]
        .into_iter()
        .cycle()
        .nth(number % 3)
        .unwrap_or(Category::Business),
        company: None,
        state: MemberState::Active,
        valid_until: NaiveDate::MAX,
        needs: Features::default(),
    }
}

/// Adds a member and their pass.
pub(crate) fn enrol(reference: &mut Reference, number: usize, member: Member) {
    if let Code::Pass(digest) = pass(number) {
        reference.passes.insert(
            digest,
            IssuedPass {
                digest,
                member: member.id.clone(),
                revoked: false,
            },
        );
    }
    reference.members.insert(member.id.clone(), member);
}

/// A reservation of the `member`th member; its id tells its number.
pub(crate) fn reservation(
    number: u32,
    member: usize,
    (starts, ends): (DateTime, DateTime),
    purpose: Purpose,
    since: u64,
) -> Reservation {
    Reservation {
        id: format!("r{number:07}").into(),
        number: ReservationNumber::from_serial(number),
        member: member_id(member),
        starts,
        ends,
        purpose,
        cancelled: false,
        since,
    }
}

/// A floor with two zones, row by row: zone, letter of the row, how many seats, what each offers.
pub(crate) fn floor(rows: &[(&str, char, usize, Features)]) -> Floor {
    let zone = |id: &str| Zone {
        id: id.into(),
        name: Text::ja(id),
    };
    let seats = (0_u32..)
        .zip(rows)
        .flat_map(|(row, (zone, letter, count, offers))| {
            (0_u32..).take(*count).map(move |column| Seat {
                id: format!("{letter}{}", column + 1).into(),
                zone: (*zone).into(),
                place: Rect {
                    x: column * 60,
                    y: row * 60,
                    w: 50,
                    h: 50,
                },
                offers: *offers,
            })
        });
    Floor {
        width: 4000,
        height: 4000,
        zones: vec![zone(PROGRAMME_ZONE), zone(OPEN_ZONE)],
        seats: seats.collect(),
        ..Floor::default()
    }
}

/// Seats with a PC and power.
pub(crate) const WITH_PC: Features = Features {
    pc: true,
    power: true,
    step_free: false,
    floor_space: false,
    calls: false,
};
/// Seats with power.
pub(crate) const WITH_POWER: Features = Features {
    pc: false,
    power: true,
    step_free: false,
    floor_space: false,
    calls: false,
};
/// Seats with nothing.
pub(crate) const PLAIN: Features = Features {
    pc: false,
    power: false,
    step_free: false,
    floor_space: false,
    calls: false,
};
/// Seats for a wheelchair or an assistance dog.
pub(crate) const STEP_FREE: Features = Features {
    pc: false,
    power: true,
    step_free: true,
    floor_space: true,
    calls: false,
};

/// Who taps abandoned seats free.
pub(crate) const RECEPTIONIST: &str = "S001";

fn receptionist() -> StaffMember {
    StaffMember {
        id: RECEPTIONIST.into(),
        user: "uketsuke".to_owned(),
        pin: PinHash::from(String::new()),
        badge: None,
        role: Role::Receptionist,
        active: true,
    }
}

/// Six PCs and two batteries.
fn equipment() -> impl Iterator<Item = Equipment> {
    let piece = |kind, name: String, full_charge_min| Equipment {
        id: name.to_lowercase().into(),
        kind,
        label: name.clone(),
        name,
        software: Vec::new(),
        state: EquipmentState::Available,
        full_charge_min,
    };
    let pcs = (1..=6).map(move |number| piece(EquipmentKind::Pc, format!("PC{number}"), 300));
    pcs.chain((1..=2).map(move |number| piece(EquipmentKind::Battery, format!("BT{number}"), 180)))
}

/// Members of the simulated centre.
pub(crate) const MEMBERS: usize = 300;

/// The centre of the simulated year: 20 PC seats that programmes take, 8 seats for coworking alone, the shipped settings and hours
/// without a beginning or an end of the service. Of a hundred members some are unverified, suspended, revoked, or run out in the year.
pub(crate) fn whole_centre(first: NaiveDate) -> Reference {
    let mut reference = Reference::default();
    reference.calendar = Calendar {
        service_from: None,
        service_to: None,
        ..Calendar::default()
    };
    reference.floor = floor(&[
        (PROGRAMME_ZONE, 'A', 5, WITH_PC),
        (PROGRAMME_ZONE, 'B', 5, WITH_PC),
        (PROGRAMME_ZONE, 'C', 5, WITH_PC),
        (PROGRAMME_ZONE, 'D', 5, WITH_PC),
        (OPEN_ZONE, 'E', 4, WITH_POWER),
        (OPEN_ZONE, 'F', 2, PLAIN),
        (OPEN_ZONE, 'G', 2, STEP_FREE),
    ]);
    for number in 0..MEMBERS {
        let mut one = member(number);
        match number % 100 {
            7 => one.state = MemberState::Unverified,
            17 => one.state = MemberState::Suspended,
            27 => one.state = MemberState::Revoked,
            37 => one.valid_until = first + TimeDelta::days(20 + number as i64),
            _ => {}
        }
        match number % 20 {
            3 => one.needs.power = true,
            5 => (one.needs.step_free, one.needs.floor_space) = (true, true),
            _ => {}
        }
        enrol(&mut reference, number, one);
    }
    for one in equipment() {
        reference.equipment.insert(one.id.clone(), one);
    }
    let receptionist = receptionist();
    reference
        .staff
        .insert(receptionist.id.clone(), receptionist);
    reference
}
