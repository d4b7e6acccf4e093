//! Reservations made anywhere, usable at the door within seconds (R6).

use super::Shared;
use super::auth::Caller;
use super::once::{once, read_json};
use super::problem::Problem;
use crate::store::collections::read_document;
use crate::store::members::member;
use crate::store::no_shows::penalty_until;
use crate::store::places::without_seat;
use crate::store::programme::programme;
use crate::store::{Writing, reservations};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{NaiveDate, TimeDelta};
use domain::calendar::Calendar;
use domain::ids::{MemberId, ProgrammeId, ReservationId};
use domain::reference::{
    Audience, Category, DateTime, MemberState, Programme, Purpose, Reservation,
};
use domain::settings::Settings;
use link::collections::CollectionName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new reservation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReservation {
    /// Who comes.
    member_no: MemberId,
    /// From when. A programme has its own times: leave it out, or name its day.
    #[serde(default)]
    starts: Option<DateTime>,
    /// Until when; of no account for a programme.
    #[serde(default)]
    ends: Option<DateTime>,
    /// What for; a seat if absent.
    #[serde(default)]
    purpose: Option<Purpose>,
}

/// A reservation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReservationView {
    /// Its id.
    id: ReservationId,
    /// What people type at the door, nine digits.
    number: String,
    /// Who comes.
    member_no: MemberId,
    /// From when.
    starts: DateTime,
    /// Until when.
    ends: DateTime,
    /// What for.
    purpose: Purpose,
    /// Whether it was cancelled.
    cancelled: bool,
}

impl From<Reservation> for ReservationView {
    fn from(one: Reservation) -> Self {
        let Reservation {
            id,
            number,
            member,
            starts,
            ends,
            purpose,
            cancelled,
            ..
        } = one;
        Self {
            id,
            number: number.to_string(),
            member_no: member,
            starts,
            ends,
            purpose,
            cancelled,
        }
    }
}

/// Makes a reservation. A seat is promised only where the doors' plan has one; a programme's times are the programme's own.
#[utoipa::path(post, path = "/v1/reservations", tag = "office", request_body = NewReservation,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeats get the first answer")),
    responses((status = 201, body = ReservationView), (status = 409, body = Problem, description = "No seat that suits is left then"),
        (status = 422, body = Problem)), security(("token" = [])))]
pub(super) async fn reserve(
    State(shared): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let new: NewReservation = read_json(&body)?;
    tracing::info!(who = caller.who, "makes a reservation");
    once(
        &shared,
        &headers,
        "POST /v1/reservations".to_owned(),
        &body,
        move |writing| {
            Ok((
                StatusCode::CREATED,
                ReservationView::from(make(writing, new)?),
            ))
        },
    )
    .await
}

/// Cancels a reservation. Cancelling twice changes nothing.
#[utoipa::path(delete, path = "/v1/reservations/{id}", tag = "office", params(("id" = String, Path)),
    responses((status = 200, body = ReservationView), (status = 404, body = Problem)), security(("token" = [])))]
pub(super) async fn cancel(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = ReservationId::from(id);
    tracing::info!(who = caller.who, "cancels a reservation");
    once(
        &shared,
        &headers,
        format!("DELETE /v1/reservations/{id}"),
        &[],
        move |writing| {
            let cancelled = writing.cancel_reservation(&id)?;
            let cancelled = cancelled.ok_or_else(|| {
                Problem::not_found(
                    "No reservation has this id; it is the id that POST /v1/reservations gave.",
                )
            })?;
            Ok((StatusCode::OK, ReservationView::from(cancelled)))
        },
    )
    .await
}

fn refused(detail: &str) -> Problem {
    Problem::refused("cannot-reserve", "This cannot be reserved", detail)
}

fn make(writing: &mut Writing<'_>, new: NewReservation) -> Result<Reservation, Problem> {
    let category = category_of(writing, &new.member_no)?;
    let purpose = new.purpose.unwrap_or(Purpose::Seat {
        needs: Default::default(),
    });
    let (starts, ends) = match &purpose {
        // The doors open by the programme, so nobody's reservation may say otherwise.
        Purpose::Programme { programme, standby } => {
            let sitting = place_in(writing, programme, category, *standby)?;
            check_day(&sitting, new.starts)?;
            (sitting.starts, sitting.ends)
        }
        Purpose::Seat { .. } | Purpose::Consultation => times(writing, new.starts, new.ends)?,
    };
    if ends <= writing.now() {
        return Err(refused("This time is past; choose a later one."));
    }
    if !reservations::overlapping(&writing.tx, &new.member_no, starts, ends)?.is_empty() {
        return Err(refused(
            "This member has a reservation at that time already; cancel it or choose another time.",
        ));
    }
    check_no_shows(writing, &new.member_no, starts)?;
    let number = writing.free_reservation_number()?;
    let wanted = Reservation {
        id: ReservationId::from(number.to_string()),
        number,
        member: new.member_no,
        starts,
        ends,
        purpose,
        cancelled: false,
        // Settled on saving; whoever comes last gives way to all others.
        since: u64::MAX,
    };
    check_seats(writing, &wanted)?;
    Ok(writing.save_reservation(&wanted)?)
}

/// The day in Japan.
fn day_of(time: DateTime) -> NaiveDate {
    time.with_timezone(&crate::clock::japan()).date_naive()
}

/// Whoever did not come again and again may reserve for today only.
fn check_no_shows(
    writing: &Writing<'_>,
    member: &MemberId,
    starts: DateTime,
) -> Result<(), Problem> {
    if day_of(starts) <= day_of(writing.now()) {
        return Ok(());
    }
    let settings: Settings = read_document(&writing.tx, CollectionName::Settings)?;
    let penalty = &settings.no_show_penalty;
    let Some(until) = penalty_until(&writing.tx, member, penalty, writing.now())? else {
        return Ok(());
    };
    let detail = format!(
        "After {} missed reservations this member can reserve in advance again from {}. Until then: come without a reservation, or reserve for the \
         same day. A reservation missed for a good reason is pardoned at the staff page.",
        penalty.count,
        day_of(until),
    );
    Err(Problem::refused(
        "missed-reservations",
        "Reservations in advance are suspended",
        detail,
    ))
}

fn category_of(writing: &Writing<'_>, id: &MemberId) -> Result<Category, Problem> {
    let holder = member(&writing.tx, id)?
        .ok_or_else(|| refused("No member has this number; register the member first."))?;
    match holder.member.state {
        MemberState::Suspended | MemberState::Revoked => Err(refused(
            "This membership is not in force; speak to the staff.",
        )),
        MemberState::Active | MemberState::Unverified => Ok(holder.member.category),
    }
}

fn times(
    writing: &Writing<'_>,
    starts: Option<DateTime>,
    ends: Option<DateTime>,
) -> Result<(DateTime, DateTime), Problem> {
    let (Some(starts), Some(ends)) = (starts, ends) else {
        return Err(refused(
            "Say from when until when: starts and ends, with the offset +09:00.",
        ));
    };
    let japan = crate::clock::japan();
    let (starts, ends) = (starts.with_timezone(&japan), ends.with_timezone(&japan));
    if ends <= starts
        || ends - starts > TimeDelta::hours(24)
        || starts.date_naive() != ends.date_naive()
    {
        return Err(refused("It must end after it starts, on the same day."));
    }
    check_hours(writing, starts, ends)?;
    Ok((starts, ends))
}

/// Whoever names another day means another programme.
fn check_day(sitting: &Programme, starts: Option<DateTime>) -> Result<(), Problem> {
    if starts.is_none_or(|starts| day_of(starts) == day_of(sitting.starts)) {
        return Ok(());
    }
    let date = day_of(sitting.starts);
    Err(refused(&format!(
        "This programme is on {date}; leave starts and ends out, or choose another."
    )))
}

fn check_seats(writing: &Writing<'_>, wanted: &Reservation) -> Result<(), Problem> {
    let without = without_seat(&writing.tx, writing.now(), std::slice::from_ref(wanted))?;
    if without.is_empty() {
        return Ok(());
    }
    let detail = "Every seat that suits is reserved or taken by a programme then; choose another time, a shorter one, or ask for less of the seat.";
    Err(Problem::new(
        StatusCode::CONFLICT,
        "no-seat",
        "No seat is left then",
        detail,
    ))
}

fn place_in(
    writing: &Writing<'_>,
    id: &ProgrammeId,
    category: Category,
    standby: bool,
) -> Result<Programme, Problem> {
    let sitting = programme(&writing.tx, id)?.filter(|one| !one.cancelled);
    let sitting = sitting.ok_or_else(|| {
        refused("There is no such programme, or it was called off; choose another.")
    })?;
    let fits = match sitting.audience {
        Audience::Anyone => true,
        Audience::Business => category == Category::Business,
        Audience::JobSeeker => category == Category::JobSeeker,
    };
    if !fits {
        return Err(refused(
            "This programme is for another category of members; choose another.",
        ));
    }
    if sitting.places_left == Some(0) && !standby {
        return Err(refused(
            "Every place is taken; choose another date, or the standby list: \"standby\": true.",
        ));
    }
    Ok(sitting)
}

fn check_hours(writing: &Writing<'_>, starts: DateTime, ends: DateTime) -> Result<(), Problem> {
    let calendar: Calendar = read_document(&writing.tx, CollectionName::Calendar)?;
    let day = calendar.day(starts.date_naive());
    if day
        .hours
        .iter()
        .any(|hours| hours.open <= starts.time() && ends.time() <= hours.close)
    {
        return Ok(());
    }
    let hours: Vec<String> = day
        .hours
        .iter()
        .map(|hours| {
            format!(
                "{}–{}",
                domain::hhmm::format(&hours.open),
                domain::hhmm::format(&hours.close)
            )
        })
        .collect();
    let detail = if hours.is_empty() {
        format!("The centre is closed on {}; choose another day.", day.date)
    } else {
        format!(
            "On {} the centre is open {}; choose a time within.",
            day.date,
            hours.join(" and ")
        )
    };
    Err(Problem::refused(
        "closed",
        "The centre is closed then",
        detail,
    ))
}
