//! What the staff page shows. No names: who needs one asks the office.

use super::{Scene, advice, desk, emergency, floor, lending, phase, today_hours};
use api::staff::{FoundMember, FoundReservation, LapsedView, PreparedNotice, StaffView, StayView};
use domain::code::ReservationNumber;
use domain::event::Activity;
use domain::ids::MemberId;
use domain::reference::{Purpose, Reservation};
use domain::text::Text;
use domain::today::Visit;
use domain::verdict::AppointmentKind;

/// The staff page's picture of the moment.
pub fn staff(scene: Scene) -> StaffView {
    let (state, now) = (scene.state, scene.now);
    let closure = state.today.closure_at(now);
    StaffView {
        version: crate::VERSION.to_owned(),
        centre: state.reference.settings.centre_name.clone(),
        now,
        rehearsal: scene.rehearsal,
        writable: state.writable,
        today: today_hours(scene),
        phase: phase(scene),
        closed_until: closure.map(|closure| closure.until),
        floor: floor(scene, None),
        inside: inside(scene),
        calls: state.today.staff.calls.clone(),
        lapsed: lapsed(scene),
        notices: notices(scene),
        queue: desk::queue(scene),
        guests: desk::guests(scene),
        programmes: desk::programmes(scene),
        advice: advice(scene),
        awaiting: desk::awaiting(scene),
        reception: desk::reception(scene),
        emergency: emergency::for_staff(scene),
        equipment: lending::equipment(scene),
        charging: lending::charging(scene),
    }
}

pub(super) fn inside(scene: Scene) -> Vec<StayView> {
    let mut visits: Vec<&Visit> = scene.state.today.inside().collect();
    visits.sort_by_key(|visit| (!visit.overdue, visit.until, &visit.id));
    let view = |visit: &Visit| StayView {
        visit: visit.id.clone(),
        member: visit.member.clone(),
        activity: visit.activity.clone(),
        title: title(scene, &visit.activity),
        seat: visit.seat.as_ref().map(|place| place.seat.clone()),
        started_at: visit.started_at,
        until: visit.until,
        overdue: visit.overdue,
    };
    visits.into_iter().map(view).collect()
}

fn title(scene: Scene, activity: &Activity) -> Option<Text> {
    let Activity::Programme { programme } = activity else {
        return None;
    };
    let programme = scene.state.reference.programmes.get(programme)?;
    Some(programme.title.clone())
}

fn lapsed(scene: Scene) -> Vec<LapsedView> {
    let reference = &scene.state.reference;
    let no_shows = scene.state.today.no_shows.iter();
    let reservations = no_shows.filter_map(|id| reference.reservation(id));
    let mut lapsed: Vec<_> = reservations
        .filter(|one| !one.cancelled && scene.now < one.ends)
        .map(|one| LapsedView {
            reservation: one.id.clone(),
            member: one.member.clone(),
            starts: one.starts,
            ends: one.ends,
        })
        .collect();
    lapsed.sort_by_key(|one| (one.starts, one.reservation.clone()));
    lapsed
}

fn notices(scene: Scene) -> Vec<PreparedNotice> {
    let today = scene.now.date_naive();
    let prepared = scene.state.reference.notices.iter();
    prepared
        .filter(|notice| notice.prepared && notice.is_shown(today))
        .map(|notice| PreparedNotice {
            id: notice.id.clone(),
            text: notice.text.clone(),
            up: scene.state.today.staff.notices.contains(&notice.id),
        })
        .collect()
}

/// Somebody by a membership number, its digits alone, or a reservation's number.
pub fn found(scene: Scene, number: &str) -> Option<FoundMember> {
    let reference = &scene.state.reference;
    let reserved = ReservationNumber::parse(number)
        .ok()
        .and_then(|number| reference.numbered(&number))
        .map(|reservation| reservation.member.clone());
    let typed = MemberId::from(number.trim().to_uppercase());
    let as_typed = || reference.members.get(&typed).map(|one| one.id.clone());
    let id = reserved
        .or_else(as_typed)
        .or_else(|| by_digits(scene, number.trim()))?;
    let member = reference.members.get(&id)?;
    let mut reservations: Vec<_> = reference
        .reservations_on(scene.now.date_naive())
        .filter(|one| one.member == id && !one.cancelled && scene.now < one.ends)
        .filter(|one| !scene.state.today.is_used(&one.id))
        .filter_map(|one| found_reservation(scene, one))
        .collect();
    reservations.sort_by_key(|one| one.starts);
    Some(FoundMember {
        state: member.state,
        inside: scene.state.today.visit_of(&id).is_some(),
        member: id,
        reservations,
    })
}

/// The one member whose number has these digits, whatever letters and zeros stand before them.
fn by_digits(scene: Scene, digits: &str) -> Option<MemberId> {
    let bare = |text: &str| -> String {
        let text = text.trim_start_matches(|one: char| one.is_ascii_alphabetic());
        text.trim_start_matches('0').to_owned()
    };
    let wanted = bare(digits);
    let is_number = !wanted.is_empty() && digits.bytes().all(|one| one.is_ascii_digit());
    let members = scene.state.reference.members.keys();
    let mut found = members.filter(|id| is_number && bare(id.as_str()) == wanted);
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}

fn found_reservation(scene: Scene, one: &Reservation) -> Option<FoundReservation> {
    let what = match &one.purpose {
        Purpose::Seat { .. } => AppointmentKind::Seat,
        Purpose::Consultation => AppointmentKind::Consultation,
        Purpose::Programme { programme, .. } => AppointmentKind::Programme {
            title: scene
                .state
                .reference
                .programmes
                .get(programme)?
                .title
                .clone(),
        },
    };
    Some(FoundReservation {
        reservation: one.id.clone(),
        starts: one.starts,
        ends: one.ends,
        what,
        lapsed: scene.state.today.no_shows.contains(&one.id),
    })
}
