//! Guests: people who are no members, received by staff (rules section 2).

use super::{Case, Decision};
use crate::calendar::Phase;
use crate::closure::phase;
use crate::event::{CallReason, EndedBy, Event, GuestPurpose};
use crate::ids::{GuestId, StationId};
use crate::today::Guest;
use crate::verdict::{Closed, GuestReceived, Remedy, Verdict};
use chrono::TimeDelta;

impl<'a> Case<'a> {
    /// Lets a guest in and calls staff. The same wish at the same station within seconds is one guest.
    pub(super) fn receive_guest(self, station: &StationId, purpose: GuestPurpose) -> Decision {
        if let Err(closed) = self.open_for_guests() {
            return Decision::answer(Vec::new(), Verdict::Closed(closed));
        }
        if let Some(guest) = self.just_received(station, purpose) {
            return Decision::answer(Vec::new(), received(guest.id.clone(), purpose));
        }
        let guest = self.context.guest_id();
        let arrived = Event::GuestArrived {
            guest: guest.clone(),
            station: station.clone(),
            purpose,
            arrived_at: self.context.now,
        };
        let called = Event::StaffCalled {
            station: station.clone(),
            reason: CallReason::Guest,
        };
        Decision::answer(vec![arrived, called], received(guest, purpose))
    }

    /// Staff receive guests from the preparation on, unless they have closed for a while. Time nobody vouches for refuses nobody.
    fn open_for_guests(self) -> Result<(), Closed> {
        let now = self.context.now;
        if !self.context.trusted && self.today.closure_at(now).is_none() {
            return Ok(());
        }
        match phase(self.reference, self.today, now) {
            Phase::Preparation { .. } | Phase::Open { .. } | Phase::Evening { .. } => Ok(()),
            phase => Err(self.closed_because(self.why_closed(phase))),
        }
    }

    fn just_received(self, station: &StationId, purpose: GuestPurpose) -> Option<&'a Guest> {
        let window = TimeDelta::seconds(i64::from(self.reference.settings.repeat_scan_s));
        let ago = |guest: &Guest| self.context.now - guest.arrived_at;
        self.today.guests.values().find(|guest| {
            &guest.station == station
                && guest.purpose == purpose
                && (TimeDelta::zero()..window).contains(&ago(guest))
        })
    }

    /// A guest leaves, or pressed by mistake.
    pub(super) fn guest_leaves(self, id: &GuestId) -> Decision {
        let left = self.today.guests.get(id).map(|guest| Event::GuestLeft {
            guest: id.clone(),
            ended_by: EndedBy::Visitor,
            left_at: self.context.now.max(guest.arrived_at),
        });
        Decision::silent(left.into_iter().collect())
    }
}

fn received(guest: GuestId, purpose: GuestPurpose) -> Verdict {
    Verdict::GuestReceived(GuestReceived {
        guest,
        purpose,
        remedy: Remedy::SeeStaff,
    })
}
