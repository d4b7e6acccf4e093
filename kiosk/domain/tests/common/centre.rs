use super::at;
use domain::Reference;
use domain::calendar::{Closure, ClosureKind, ClosureTime};
use domain::code::{Pass, PassText, ReservationNumber};
use domain::floor::{Features, Rect, Seat, Zone};
use domain::reference::{
    Audience, Category, IssuedPass, Member, MemberState, Notice, Programme, ProgrammeKind, Purpose,
    Reservation,
};
use domain::settings::Settings;
use domain::staff::{PinHash, Role, StaffMember};
use domain::text::Text;

/// What the office has told the kiosk: 20 seats A1–D5 with PCs in zone `pc`, and E1–E8 in zone `cowork`.
#[derive(Clone)]
pub struct Centre {
    pub reference: Reference,
    /// The version in which the next reservations become known.
    pub version: u64,
}

/// The pass of a member.
pub fn pass(member: &str) -> PassText {
    let mut bits = [0; 16];
    bits.iter_mut()
        .zip(member.bytes())
        .for_each(|(bit, byte)| *bit = byte);
    Pass::from_bits(bits)
}

/// The number of a reservation called `r<serial>`.
pub fn number(reservation: &str) -> ReservationNumber {
    ReservationNumber::from_serial(
        reservation
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .unwrap(),
    )
}

impl Centre {
    pub fn new() -> Self {
        let mut reference = Reference::default();
        let floor = &mut reference.floor;
        (floor.width, floor.height) = (1000, 1000);
        let zone = |id: &str| Zone {
            id: id.into(),
            name: Text::ja(id),
        };
        floor.zones = vec![zone("pc"), zone("cowork")];
        for (row, letter) in ('A'..='D').enumerate() {
            for column in 0..5 {
                let offers = Features {
                    pc: true,
                    power: true,
                    ..Features::default()
                };
                floor.seats.push(seat(
                    &format!("{letter}{}", column + 1),
                    "pc",
                    row,
                    column,
                    offers,
                ));
            }
        }
        for column in 0..8 {
            let offers = Features {
                pc: false,
                power: matches!(column, 0..4 | 6 | 7),
                step_free: matches!(column, 5 | 6),
                floor_space: column == 6,
                calls: column == 7,
            };
            floor.seats.push(seat(
                &format!("E{}", column + 1),
                "cowork",
                5,
                column,
                offers,
            ));
        }
        assert_eq!(floor.check(), Ok(()));
        Self {
            reference,
            version: 1,
        }
    }

    /// The same centre with only these seats.
    pub fn only(mut self, seats: &[&str]) -> Self {
        self.reference
            .floor
            .seats
            .retain(|seat| seats.contains(&seat.id.as_str()));
        self
    }

    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.reference.settings);
        self
    }

    pub fn member(self, id: &str) -> Self {
        self.member_who(id, |_| {})
    }

    pub fn members(self, ids: &[&str]) -> Self {
        ids.iter().fold(self, |centre, id| centre.member(id))
    }

    pub fn member_who(mut self, id: &str, is: impl FnOnce(&mut Member)) -> Self {
        let mut member = Member {
            id: id.into(),
            category: Category::Business,
            company: None,
            state: MemberState::Active,
            valid_until: "2027-03-31".parse().unwrap(),
            needs: Features::default(),
        };
        is(&mut member);
        let digest = pass(id).digest();
        self.reference.passes.insert(
            digest,
            IssuedPass {
                digest,
                member: id.into(),
                revoked: false,
            },
        );
        self.reference.members.insert(id.into(), member);
        self
    }

    pub fn member_needing(self, id: &str, needs: impl FnOnce(&mut Features)) -> Self {
        self.member_who(id, |member| needs(&mut member.needs))
    }

    /// A seat reserved from and until a time as [`at`] reads it.
    pub fn seat(self, id: &str, member: &str, from: &str, to: &str) -> Self {
        self.reserve(
            id,
            member,
            from,
            to,
            Purpose::Seat {
                needs: Features::default(),
            },
        )
    }

    pub fn seat_with_pc(self, id: &str, member: &str, from: &str, to: &str) -> Self {
        self.reserve(
            id,
            member,
            from,
            to,
            Purpose::Seat {
                needs: Features {
                    pc: true,
                    ..Features::default()
                },
            },
        )
    }

    pub fn place_in(self, id: &str, member: &str, programme: &str) -> Self {
        self.place(id, member, programme, false)
    }

    /// A place on a programme's standby list.
    pub fn standby_for(self, id: &str, member: &str, programme: &str) -> Self {
        self.place(id, member, programme, true)
    }

    fn place(self, id: &str, member: &str, programme: &str, standby: bool) -> Self {
        let found = &self.reference.programmes[&programme.into()];
        let (from, to) = (
            found.starts.format("%Y-%m-%d %H:%M").to_string(),
            found.ends.format("%Y-%m-%d %H:%M").to_string(),
        );
        self.reserve(
            id,
            member,
            &from,
            &to,
            Purpose::Programme {
                programme: programme.into(),
                standby,
            },
        )
    }

    /// Changes what is known of a programme.
    pub fn programme_is(mut self, id: &str, change: impl FnOnce(&mut Programme)) -> Self {
        change(self.reference.programmes.get_mut(&id.into()).unwrap());
        self
    }

    pub fn reserve(
        mut self,
        id: &str,
        member: &str,
        from: &str,
        to: &str,
        purpose: Purpose,
    ) -> Self {
        let reservation = Reservation {
            id: id.into(),
            number: number(id),
            member: member.into(),
            starts: at(from),
            ends: at(to),
            purpose,
            cancelled: false,
            since: self.version,
        };
        let mut all: Vec<_> = self.reference.reservations().cloned().collect();
        all.push(reservation);
        self.reference.set_reservations(all);
        self
    }

    /// What comes now becomes known later than what came before.
    pub fn later(mut self) -> Self {
        self.version += 1;
        self
    }

    pub fn cancel(mut self, id: &str) -> Self {
        let all: Vec<_> = self
            .reference
            .reservations()
            .cloned()
            .map(|one| Reservation {
                cancelled: one.cancelled || one.id == id.into(),
                ..one
            })
            .collect();
        self.reference.set_reservations(all);
        self
    }

    /// A programme in zone `pc`.
    pub fn programme(mut self, id: &str, from: &str, to: &str) -> Self {
        let programme = Programme {
            id: id.into(),
            title: Text::ja(id),
            kind: ProgrammeKind::Seminar,
            starts: at(from),
            ends: at(to),
            zone: Some("pc".into()),
            audience: Audience::Anyone,
            capacity: 20,
            places_left: None,
            set_up_min: None,
            clearing_min: None,
            pcs: 0,
            cancelled: false,
        };
        self.reference.programmes.insert(id.into(), programme);
        self
    }

    /// Somebody of the staff, by the id they sign in as.
    pub fn staff(mut self, id: &str, role: Role) -> Self {
        let member = StaffMember {
            id: id.into(),
            user: id.to_owned(),
            pin: PinHash::from(String::new()),
            badge: None,
            role,
            active: true,
        };
        self.reference.staff.insert(id.into(), member);
        self
    }

    /// A notice that lies ready.
    pub fn prepared(mut self, id: &str) -> Self {
        self.reference.notices.push(Notice {
            id: id.into(),
            text: Text::ja(id),
            from: None,
            to: None,
            prepared: true,
        });
        self
    }

    pub fn closed(mut self, from: &str, to: &str, text: &str) -> Self {
        let (from, to) = (at(from).naive_local(), at(to).naive_local());
        let when = ClosureTime::Part {
            date: from.date(),
            from: Some(from.time()),
            to: Some(to.time()),
        };
        self.reference.calendar.closures.push(Closure {
            kind: ClosureKind::Centre,
            when,
            text: Text::ja(text),
        });
        self
    }

    pub fn closed_all_day(mut self, text: &str) -> Self {
        let date = at("00:00").date_naive();
        let when = ClosureTime::Days {
            from: date,
            to: date,
        };
        self.reference.calendar.closures.push(Closure {
            kind: ClosureKind::Building,
            when,
            text: Text::ja(text),
        });
        self
    }
}

fn seat(id: &str, zone: &str, row: usize, column: usize, offers: Features) -> Seat {
    let (x, y) = (
        u32::try_from(column * 60).unwrap(),
        u32::try_from(row * 60).unwrap(),
    );
    Seat {
        id: id.into(),
        zone: zone.into(),
        place: Rect { x, y, w: 50, h: 50 },
        offers,
    }
}
