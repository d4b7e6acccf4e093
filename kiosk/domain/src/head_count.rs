//! Who is inside, for an emergency: numbers and nothing personal (rules sections 2 and 10).

use crate::event::GuestPurpose;
use crate::ids::{GuestId, MemberId, SeatId, VisitId};
use crate::reference::DateTime;
use crate::today::{Guest, Today, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The people inside. A companion counts as inside though the visitor has stepped out: better one looked for in vain than one nobody
/// looks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeadCount {
    /// Members on a visit who have not stepped out.
    pub visitors: usize,
    /// Who came along with any of them.
    pub companions: usize,
    /// People who are no members.
    pub guests: usize,
    /// Members on a visit who are outside for a while, and in none of the numbers above.
    pub stepped_out: usize,
}

impl HeadCount {
    /// Counts.
    pub fn of(today: &Today) -> Self {
        let mut count = Self {
            guests: today.guests.len(),
            ..Self::default()
        };
        for visit in today.inside() {
            count.companions += usize::try_from(visit.companions).unwrap_or_default();
            match visit.outing {
                None => count.visitors += 1,
                Some(_) => count.stepped_out += 1,
            }
        }
        count
    }

    /// How many people are inside.
    pub fn inside(self) -> usize {
        self.visitors + self.companions + self.guests
    }
}

/// Somebody on a head-count list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Person {
    /// A member on a visit.
    Visitor {
        /// The visit.
        visit: VisitId,
    },
    /// Who came along with one 同伴者.
    Companion {
        /// The member's visit.
        visit: VisitId,
        /// Which of them, from 1.
        number: u32,
    },
    /// Somebody who is no member 見学・お届け等.
    Guest {
        /// The guest.
        guest: GuestId,
    },
}

/// A line of the list, by which staff find the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// The membership number, of a companion the visitor's.
    pub member: Option<MemberId>,
    /// What a guest came for.
    pub purpose: Option<GuestPurpose>,
    /// The seat, of a companion the visitor's.
    pub seat: Option<SeatId>,
    /// Since when they are here.
    pub since: DateTime,
    /// Whether they had stepped out for a while: nobody looks for them inside.
    pub stepped_out: bool,
}

impl Listed {
    /// Whether they are looked for inside.
    pub fn is_inside(&self) -> bool {
        !self.stepped_out
    }

    /// Everybody here now: by seat, then those without one, then guests.
    pub(crate) fn all(today: &Today) -> Vec<Self> {
        let mut visits: Vec<&Visit> = today.inside().collect();
        let seat = |visit: &&Visit| visit.seat.as_ref().map(|place| place.seat.clone());
        visits.sort_by_key(|visit| (visit.seat.is_none(), seat(visit), visit.started_at));
        let visitors = visits.into_iter().flat_map(Self::with_companions);
        visitors
            .chain(today.guests.values().map(Self::guest))
            .collect()
    }

    fn with_companions(visit: &Visit) -> impl Iterator<Item = Self> {
        let line = |person, stepped_out| Self {
            person,
            member: Some(visit.member.clone()),
            purpose: None,
            seat: visit.seat.as_ref().map(|place| place.seat.clone()),
            since: visit.started_at,
            stepped_out,
        };
        let id = &visit.id;
        let visitor = line(
            Person::Visitor { visit: id.clone() },
            visit.outing.is_some(),
        );
        let companion = move |number| {
            let visit = id.clone();
            line(Person::Companion { visit, number }, false)
        };
        [visitor]
            .into_iter()
            .chain((1..=visit.companions).map(companion))
    }

    fn guest(guest: &Guest) -> Self {
        Self {
            person: Person::Guest {
                guest: guest.id.clone(),
            },
            member: None,
            purpose: Some(guest.purpose),
            seat: None,
            since: guest.arrived_at,
            stepped_out: false,
        }
    }
}
