//! Whether a seat is one that may be promised to this person.

use super::{Broken, Inside};
use domain::floor::Features;
use domain::ids::{ReservationId, SeatId, VisitId};
use domain::reference::{DateTime, JST, Purpose, Reference};

/// The seat stands on the floor and offers what this person asked for; at the end of a bridge, what the reservation asked for.
pub(super) fn suits(
    visit: &VisitId,
    was: &Inside,
    seat: &SeatId,
    reference: &Reference,
    reservation: Option<&ReservationId>,
) -> Result<(), Broken> {
    let wrong = |why| {
        Err(Broken::WrongSeat {
            visit: visit.clone(),
            seat: seat.clone(),
            why,
        })
    };
    let Some(found) = reference.floor.seat(seat) else {
        return wrong("is not on the floor");
    };
    let always = reference
        .members
        .get(&was.member)
        .map(|member| member.needs)
        .unwrap_or_default();
    if !found.offers.serves(always) {
        return wrong("this member cannot use");
    }
    // Whoever was told that no such seat is left has agreed to another by choosing it: only the bridge's end promises the reserved kind.
    let reserved = reservation
        .filter(|_| was.seat.is_some())
        .and_then(|id| reference.reservation(id));
    let needs = reserved.map_or(Features::default(), |one| match one.purpose {
        Purpose::Seat { needs } => needs,
        _ => Features::default(),
    });
    if found.offers.serves(needs) {
        Ok(())
    } else {
        wrong("is not what was reserved")
    }
}

/// No stay is promised into the time a programme has the zone.
pub(super) fn not_in_programme(
    reference: &Reference,
    visit: &VisitId,
    seat: &SeatId,
    (from, to): (DateTime, DateTime),
) -> Result<(), Broken> {
    let zone = reference.floor.seat(seat).map(|seat| &seat.zone);
    let programmes = reference.programmes_on(from.with_timezone(&JST).date_naive());
    let is_in = programmes.iter().any(|one| {
        let (begins, ends) = one.takes_zone(&reference.settings);
        zone.is_some() && one.zone.as_ref() == zone && from < ends && begins < to
    });
    if is_in {
        return Err(Broken::WrongSeat {
            visit: visit.clone(),
            seat: seat.clone(),
            why: "a programme has then",
        });
    }
    Ok(())
}
