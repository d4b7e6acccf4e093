//! The queue of those who wait for a seat (rules section 5).

use super::Today;
use crate::event::{Choice, Event, Stamp};
use crate::floor::Features;
use crate::ids::{MemberId, StationId, TicketId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Who waits for a seat today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Tickets in the order in which they are called.
    pub tickets: Vec<Ticket>,
    /// The number given out last.
    pub last_number: u32,
    /// Members who still waited when nobody was let in any more without a reservation.
    pub turned_away: BTreeSet<MemberId>,
    /// Up to when it has been looked at what time alone gave back: a programme's zone, or the doors after a closure by staff.
    pub resumed_at: Option<DateTime>,
    /// The ticket that was put before the visitor at a station and has not been taken.
    #[serde(skip)]
    invited: BTreeMap<StationId, Invited>,
}

/// A ticket 番号: the member's own pass, and a number to be called by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// The number that is called.
    pub number: u32,
    /// Whose.
    pub member: MemberId,
    /// What the member needs of a seat.
    pub needs: Features,
    /// Since when.
    pub joined_at: DateTime,
    /// The run's uptime then, in milliseconds; none if that was in an earlier run.
    pub joined_ms: Option<u64>,
    /// Calls nobody came for.
    pub lapses: u32,
    /// The seat held for them, while they are called.
    pub call: Option<Call>,
}

/// A call under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The seat.
    pub choice: Choice,
    /// The run's uptime at which they are called once more, in milliseconds.
    pub again_at_ms: u64,
    /// Whether they have been.
    pub again: bool,
    /// The run's uptime at which it lapses, in milliseconds.
    pub held_until_ms: u64,
}

impl Call {
    /// The run's uptime at which something becomes of it, in milliseconds: it is repeated, and then it lapses.
    pub(crate) fn due_ms(&self) -> u64 {
        if self.again {
            self.held_until_ms
        } else {
            self.again_at_ms
        }
    }
}

/// How a ticket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueEnd {
    /// The visitor came in.
    CameIn,
    /// The visitor no longer wanted to wait.
    GivenUp,
    /// Called in vain for the second time.
    Lapsed,
    /// The visitor's own reservation was due.
    Reservation,
    /// Nobody without a reservation is let in any more today.
    Closed,
    /// Staff closed an emergency in which everybody had left.
    Emergency,
}

/// A visitor who may take a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invited {
    pub(crate) ticket: TicketId,
    pub(crate) member: MemberId,
}

impl Queue {
    /// Those who wait and are not called, in order.
    pub fn waiting(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().filter(|ticket| ticket.call.is_none())
    }

    /// Those who are called, with their seats.
    pub fn called(&self) -> impl Iterator<Item = (&Ticket, &Call)> {
        self.tickets
            .iter()
            .filter_map(|ticket| Some((ticket, ticket.call.as_ref()?)))
    }

    /// A member's ticket.
    pub fn ticket_of(&self, member: &MemberId) -> Option<&Ticket> {
        self.tickets.iter().find(|ticket| &ticket.member == member)
    }

    /// The ticket with this id.
    pub fn ticket(&self, id: &TicketId) -> Option<&Ticket> {
        self.tickets.iter().find(|ticket| &ticket.id == id)
    }

    /// Whether nobody has waited today.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn invited(&self, station: &StationId) -> Option<&Invited> {
        self.invited.get(station)
    }

    pub(crate) fn is_invited(&self, ticket: &TicketId) -> bool {
        self.invited.values().any(|one| &one.ticket == ticket)
    }

    pub(super) fn invite(&mut self, station: &StationId, invited: Option<Invited>) {
        match invited {
            Some(invited) => drop(self.invited.insert(station.clone(), invited)),
            None => drop(self.invited.remove(station)),
        }
    }

    /// Uptime begins again, and calls with it.
    pub(super) fn begin_run(&mut self) {
        self.invited.clear();
        for ticket in &mut self.tickets {
            (ticket.call, ticket.joined_ms) = (None, None);
        }
    }

    /// As another card takes it over.
    pub(super) fn handed_over(&self) -> Self {
        let mut queue = self.clone();
        queue.begin_run();
        queue
    }

    fn change(&mut self, id: &TicketId, change: impl FnOnce(&mut Ticket)) {
        let mut tickets = self.tickets.iter_mut();
        if let Some(ticket) = tickets.find(|ticket| &ticket.id == id) {
            change(ticket);
        }
    }

    /// One place back, behind whoever comes next.
    fn step_back(&mut self, id: &TicketId) {
        let at = self.tickets.iter().position(|ticket| &ticket.id == id);
        if let Some(at) = at.filter(|at| at + 1 < self.tickets.len()) {
            self.tickets.swap(at, at + 1);
        }
    }

    fn remove(&mut self, id: &TicketId) -> Option<Ticket> {
        let at = self.tickets.iter().position(|ticket| &ticket.id == id)?;
        Some(self.tickets.remove(at))
    }
}

impl Today {
    /// The day as if this ticket had been given up.
    pub(crate) fn without_ticket(&self, id: &TicketId) -> Self {
        let mut without = self.clone();
        without.queue.remove(id);
        without
    }

    pub(super) fn fold_queue(&mut self, stamp: &Stamp, event: &Event) {
        match event {
            Event::QueueJoined { .. } => self.join(stamp, event),
            Event::QueueCalled {
                ticket,
                choice,
                again_at_ms,
                held_until_ms,
                ..
            } => self.queue.change(ticket, |ticket| {
                ticket.call = Some(Call {
                    choice: choice.clone(),
                    again_at_ms: *again_at_ms,
                    again: false,
                    held_until_ms: *held_until_ms,
                });
            }),
            Event::QueueCalledAgain { ticket } => self.queue.change(ticket, |ticket| {
                if let Some(call) = &mut ticket.call {
                    call.again = true;
                }
            }),
            Event::QueueLapsed { ticket, excused } => {
                self.queue.change(ticket, |ticket| {
                    ticket.call = None;
                    ticket.lapses += u32::from(!excused);
                });
                if !excused {
                    self.queue.step_back(ticket);
                }
            }
            Event::QueueResumed { resumed_at } => self.queue.resumed_at = Some(*resumed_at),
            Event::QueueLeft { ticket, reason } => {
                let left = self.queue.remove(ticket);
                if let Some(left) = left.filter(|_| *reason == QueueEnd::Closed) {
                    self.queue.turned_away.insert(left.member);
                }
            }
            _ => {}
        }
    }

    fn join(&mut self, stamp: &Stamp, event: &Event) {
        let Event::QueueJoined {
            ticket,
            number,
            member,
            station,
            needs,
            ..
        } = event
        else {
            return;
        };
        self.queue.invite(station, None);
        self.queue.last_number = *number;
        self.queue.tickets.push(Ticket {
            id: ticket.clone(),
            number: *number,
            member: member.clone(),
            needs: *needs,
            joined_at: stamp.at,
            joined_ms: Some(stamp.uptime_ms),
            lapses: 0,
            call: None,
        });
    }
}
