//! What staff have brought about today, and who of them may not sign in yet.

use super::Today;
use crate::closure::TemporaryClosure;
use crate::event::{Event, Stamp};
use crate::ids::{CallId, NoticeId, ReservationId, StaffId};
use crate::reception::{DutySet, ReceptionShort};
use crate::reference::DateTime;
use crate::settings::Settings;
use crate::staff::StaffCall;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What staff have brought about, or have yet to see to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StaffDay {
    /// Failures to sign in, until the right PIN is given.
    pub sign_in_errors: Vec<SignInErrors>,
    /// Calls that nobody has answered yet, oldest first; one for each station and reason.
    pub calls: Vec<StaffCall>,
    /// Reservations made usable again after nobody had come.
    pub pardoned: BTreeSet<ReservationId>,
    /// Closures, those that are over too: nobody could come for what began within one.
    pub closures: Vec<TemporaryClosure>,
    /// Prepared notices that are up.
    pub notices: BTreeSet<NoticeId>,
    /// Who has said that they are on duty at reception.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub on_duty: BTreeSet<StaffId>,
    /// When somebody last said so, or the contrary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty_set_at: Option<DateTime>,
    /// Since when too few have been on duty, as last told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_since: Option<DateTime>,
}

/// Failures of one person to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInErrors {
    /// Whose; none for user names and badges that nobody has.
    pub staff: Option<StaffId>,
    /// How many in a row.
    pub count: u32,
    /// The run's uptime at the last, in milliseconds; 0 if that was in an earlier run, so that the lock begins anew with this one.
    pub last_ms: u64,
}

impl StaffDay {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the next day has to know.
    pub(super) fn carried(&self) -> Self {
        Self {
            sign_in_errors: self.sign_in_errors.clone(),
            ..Self::default()
        }
    }

    /// The same where uptime has begun anew.
    pub(super) fn in_another_run(&self) -> Self {
        let mut again = self.clone();
        again
            .sign_in_errors
            .iter_mut()
            .for_each(|errors| errors.last_ms = 0);
        again
    }

    pub(super) fn fold(&mut self, stamp: &Stamp, event: &Event) {
        match event {
            Event::StaffCalled { station, reason } => self.call(StaffCall {
                id: CallId::from(format!("{}-{}", stamp.run, stamp.seq)),
                station: station.clone(),
                reason: *reason,
                since: stamp.at,
            }),
            Event::StaffCallAnswered { call } => self.calls.retain(|one| one.id != *call),
            Event::StaffSignedIn { staff, .. } => {
                let is_other = |errors: &SignInErrors| errors.staff.as_ref() != Some(staff);
                self.sign_in_errors.retain(is_other);
            }
            Event::StaffSignInRefused { staff, .. } => self.refuse(staff.as_ref(), stamp.uptime_ms),
            Event::StaffDutySet(DutySet { staff, on }) => {
                self.duty_set_at = Some(stamp.at);
                if *on {
                    self.on_duty.insert(staff.clone());
                } else {
                    self.on_duty.remove(staff);
                }
            }
            Event::ReceptionShort(ReceptionShort { since, .. }) => self.short_since = Some(*since),
            Event::ReceptionRestored {} => self.short_since = None,
            Event::NoticePutUp { notice } => {
                self.notices.insert(notice.clone());
            }
            Event::NoticeTakenDown { notice } => {
                self.notices.remove(notice);
            }
            Event::CentreClosed { from, until } => {
                self.reopen(*from);
                self.closures.push(TemporaryClosure {
                    from: *from,
                    until: *until,
                });
            }
            Event::CentreReopened { at } => self.reopen(*at),
            _ => {}
        }
    }

    fn reopen(&mut self, at: DateTime) {
        let closures = self.closures.iter_mut();
        closures.for_each(|closure| closure.until = closure.until.min(at));
    }

    /// Whoever calls again is called for already.
    fn call(&mut self, call: StaffCall) {
        let is_same = |one: &StaffCall| one.station == call.station && one.reason == call.reason;
        if !self.calls.iter().any(is_same) {
            self.calls.push(call);
        }
    }

    fn refuse(&mut self, staff: Option<&StaffId>, uptime_ms: u64) {
        let known = self
            .sign_in_errors
            .iter_mut()
            .find(|errors| errors.staff.as_ref() == staff);
        match known {
            Some(errors) => (errors.count, errors.last_ms) = (errors.count + 1, uptime_ms),
            None => self.sign_in_errors.push(SignInErrors {
                staff: staff.cloned(),
                count: 1,
                last_ms: uptime_ms,
            }),
        }
    }
}

impl Today {
    /// Whether signing in is closed to somebody after too many wrong PINs (rules section 12). After the lock each further error closes it
    /// again at once.
    pub fn is_locked_out(
        &self,
        staff: Option<&StaffId>,
        uptime_ms: u64,
        settings: &Settings,
    ) -> bool {
        let lock_ms = u64::from(settings.staff_lock_min) * 60_000;
        let errors = self.staff.sign_in_errors.iter();
        errors
            .filter(|errors| errors.staff.as_ref() == staff)
            .any(|errors| {
                errors.count >= settings.staff_pin_errors
                    && uptime_ms.saturating_sub(errors.last_ms) < lock_ms
            })
    }
}
