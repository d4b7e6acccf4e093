//! Who of the staff is on duty at reception, and when they are too few (R4, rules section 6).

use crate::ids::StaffId;
use crate::reference::{DateTime, JST, Reference};
use crate::staff::{Role, StaffMember};
use crate::today::Today;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A receptionist or lead said whether they are on duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DutySet {
    /// Who.
    pub staff: StaffId,
    /// Whether they are on duty from now on.
    pub on: bool,
}

/// In opening hours fewer are on duty than there must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceptionShort {
    /// Since when.
    pub since: DateTime,
    /// How many are on duty.
    pub present: u32,
}

fn may_be_on_duty(staff: &StaffMember) -> bool {
    staff.active && matches!(staff.role, Role::Receptionist | Role::Lead)
}

/// Whoever has said that they are on duty and works here still.
pub fn on_duty<'a>(
    reference: &'a Reference,
    today: &'a Today,
) -> impl Iterator<Item = &'a StaffMember> {
    let said = today.staff.on_duty.iter();
    let known = said.filter_map(|id| reference.staff.get(id));
    known.filter(|staff| may_be_on_duty(staff))
}

/// How many must be on duty; none where the office names fewer who could be.
pub fn needed(reference: &Reference) -> u32 {
    let must_be = reference.settings.receptionists_min;
    let could_be = count(reference.staff.values().filter(|one| may_be_on_duty(one)));
    if could_be < must_be { 0 } else { must_be }
}

/// How many are on duty.
pub(crate) fn present(reference: &Reference, today: &Today) -> u32 {
    count(on_duty(reference, today))
}

/// When the centre opens with too few on duty. Later it is told with the change itself.
pub(crate) fn opens_short(reference: &Reference, today: &Today) -> Option<DateTime> {
    let is_short = present(reference, today) < needed(reference);
    let date = today
        .date
        .filter(|_| is_short && today.staff.short_since.is_none())?;
    let hours = reference.calendar.day(date).hours;
    let opens = hours
        .iter()
        .filter_map(|hours| date.and_time(hours.open).and_local_timezone(JST).single());
    let is_new = |at: &DateTime| today.staff.duty_set_at.is_none_or(|set| set < *at);
    opens.filter(is_new).min()
}

fn count<'a>(staff: impl Iterator<Item = &'a StaffMember>) -> u32 {
    u32::try_from(staff.count()).unwrap_or(u32::MAX)
}
