//! What the staff page shows besides the floor: who waits, guests, today's programmes, who is on duty.

use super::staff::inside;
use super::{Scene, phase};
use api::screen::Phase;
use api::staff::{
    AwaitingView, ExpectedView, GuestView, ProgrammeView, ReceptionView, StationStaffView,
    TicketView,
};
use domain::consultation;
use domain::ids::StationId;
use domain::programme::{self, Expected};
use domain::reception;
use domain::reference::{DateTime, Programme};
use domain::staff::StaffMember;
use std::time::Duration;

/// What staff see at a station's own screen.
pub fn staff_at(
    scene: Scene,
    station: &StationId,
    staff: &StaffMember,
    idle: Duration,
) -> StationStaffView {
    let calls = scene.state.today.staff.calls.iter();
    let mut seats = inside(scene);
    seats.retain(|stay| stay.seat.is_some());
    seats.sort_by_key(|stay| (!stay.overdue, stay.seat.clone()));
    StationStaffView {
        user: staff.user.clone(),
        idle_s: u32::try_from(idle.as_secs()).unwrap_or(u32::MAX),
        calls: calls
            .filter(|call| call.station == *station)
            .cloned()
            .collect(),
        seats,
        next: queue(scene).into_iter().find(|one| one.seat.is_none()),
    }
}

pub(super) fn queue(scene: Scene) -> Vec<TicketView> {
    let tickets = scene.state.today.queue.tickets.iter();
    let view = tickets.map(|ticket| TicketView {
        ticket: ticket.id.clone(),
        number: ticket.number,
        member: ticket.member.clone(),
        since: ticket.joined_at,
        seat: ticket.call.as_ref().map(|call| call.choice.seat.clone()),
    });
    view.collect()
}

pub(super) fn guests(scene: Scene) -> Vec<GuestView> {
    let mut guests: Vec<_> = scene
        .state
        .today
        .guests
        .values()
        .map(|guest| GuestView {
            guest: guest.id.clone(),
            purpose: guest.purpose,
            since: guest.arrived_at,
        })
        .collect();
    guests.sort_by(|one, other| (one.since, &one.guest).cmp(&(other.since, &other.guest)));
    guests
}

pub(super) fn programmes(scene: Scene) -> Vec<ProgrammeView> {
    let reference = &scene.state.reference;
    let today = reference.programmes_on(scene.now.date_naive());
    let is_on = |one: &&Programme| scene.now < one.ends && one.zone.is_some();
    let view = |one: &Programme| ProgrammeView {
        programme: one.id.clone(),
        title: one.title.clone(),
        starts: one.starts,
        ends: one.ends,
        capacity: one.capacity,
        here: u32::try_from(scene.state.today.attending(&one.id).count()).unwrap_or(u32::MAX),
        expected: expected(scene, one),
    };
    today.into_iter().filter(is_on).map(view).collect()
}

fn expected(scene: Scene, programme: &Programme) -> Vec<ExpectedView> {
    let today = &scene.state.today;
    let view = |one: Expected| ExpectedView {
        member: one.reservation.member.clone(),
        standby: one.standby,
        is_here: one.has_come || today.visit_of(&one.reservation.member).is_some(),
    };
    let expected = programme::expected(&scene.state.reference, today, programme);
    expected.into_iter().map(view).collect()
}

pub(super) fn awaiting(scene: Scene) -> Vec<AwaitingView> {
    let all = consultation::awaiting(&scene.state.reference, &scene.state.today);
    let view = all.into_iter().map(|(visit, reserved)| AwaitingView {
        visit: visit.id.clone(),
        member: visit.member.clone(),
        seat: visit.seat.as_ref().map(|place| place.seat.clone()),
        reserved: reserved.map(|one| one.starts),
    });
    view.collect()
}

pub(super) fn reception(scene: Scene) -> ReceptionView {
    let (reference, today) = (&scene.state.reference, &scene.state.today);
    let on_duty = reception::on_duty(reference, today);
    ReceptionView {
        on_duty: on_duty.map(|staff| staff.id.clone()).collect(),
        needed: reception::needed(reference),
        short_since: short_since(scene),
    }
}

/// Since when too few have been on duty at reception, while the centre is open (R4).
pub fn short_since(scene: Scene) -> Option<DateTime> {
    let since = scene.state.today.staff.short_since?;
    (phase(scene) == Phase::Open).then_some(since)
}
