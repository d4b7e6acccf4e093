//! Emergencies: staff open and close them and tick people off; meanwhile the door lets nobody in (rules section 10).

use super::staff::Outcome;
use super::{Case, Command, Decision};
use crate::event::{EndedBy, Event, QueueEnd, Refusal};
use crate::head_count::{Listed, Person};
use crate::ids::StaffId;
use crate::incident::{Incident, IncidentClosed, IncidentKind, IncidentOpened, PersonTicked};
use crate::staff::Obstacle;
use crate::today::Visit;
use crate::verdict::{Emergency, Remedy, Verdict};

impl Case<'_> {
    /// The answer to whatever a visitor asks while an emergency keeps the door shut; none where there is none, and to everything else.
    pub(super) fn in_emergency(self, command: &Command) -> Option<Decision> {
        let incident = self.today.shut_by()?;
        let verdict = Verdict::Emergency(Emergency {
            what: incident.what,
            drill: incident.drill,
            remedy: Remedy::FollowStaff,
        });
        match command {
            Command::Scan {
                station,
                code,
                typed,
            } => {
                let member = self.identify(code, *typed).ok();
                Some(self.refuse(station, Refusal::Emergency, *typed, member, verdict))
            }
            Command::Choose { .. }
            | Command::Hold { .. }
            | Command::Join { .. }
            | Command::Leave { .. }
            | Command::Extend { .. }
            | Command::OtherSeats { .. }
            | Command::StepOut { .. }
            | Command::Accompany { .. }
            | Command::ReceiveGuest { .. } => Some(Decision::answer(Vec::new(), verdict)),
            _ => None,
        }
    }

    /// Opens one. A worse one takes the place of one that is open, never a drill or a smaller one that of a real one.
    pub(super) fn open_incident(
        self,
        by: &StaffId,
        what: IncidentKind,
        drill: bool,
    ) -> Result<Outcome, Obstacle> {
        let before = self.today.incident.as_ref();
        if let Some(open) = before {
            if (open.what, open.drill) == (what, drill) {
                return Err(Obstacle::Over);
            }
            let is_smaller = open.what.shuts_door() && !what.shuts_door();
            if !open.drill && (drill || is_smaller) {
                return Err(Obstacle::Emergency);
            }
        }
        let closed = before.map(|open| self.closed(open, by, false));
        let opened = Event::IncidentOpened(IncidentOpened {
            incident: self.context.incident_id(),
            what,
            drill,
            by: by.clone(),
            opened_at: self.context.now,
            people: self.people_in(what, before),
        });
        let events = closed
            .into_iter()
            .chain([opened])
            .chain(self.calls_rest(what));
        Ok(Outcome::of(events.collect()))
    }

    /// Who is to be looked for: everybody inside, and whoever was looked for before.
    fn people_in(self, what: IncidentKind, before: Option<&Incident>) -> Vec<Listed> {
        if !what.shuts_door() {
            return Vec::new();
        }
        let mut people = Listed::all(self.today);
        let earlier = before.map(|open| open.people.clone()).unwrap_or_default();
        for one in earlier {
            if !people.iter().any(|listed| listed.person == one.person) {
                people.push(one);
            }
        }
        people
    }

    /// Nobody comes to a seat now: whoever is called waits again, where they were, and is called when it is over.
    fn calls_rest(self, what: IncidentKind) -> impl Iterator<Item = Event> {
        let called = self.today.queue.called().filter(move |_| what.shuts_door());
        called.map(|(ticket, _)| Event::QueueLapsed {
            ticket: ticket.id.clone(),
            excused: true,
        })
    }

    fn closed(self, open: &Incident, by: &StaffId, everybody_left: bool) -> Event {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Event::IncidentClosed(IncidentClosed {
            incident: open.id.clone(),
            what: open.what,
            by: by.clone(),
            opened_at: open.opened_at,
            closed_at: self.context.now.max(open.opened_at),
            everybody_left,
            inside: number(open.inside()),
            ticked: number(open.ticked.len()),
        })
    }

    /// Closes it. Where everybody has left all visits end with it; otherwise, and after a drill always, they go on as they were.
    pub(super) fn close_incident(
        self,
        by: &StaffId,
        everybody_left: bool,
    ) -> Result<Outcome, Obstacle> {
        let open = self.today.incident.as_ref().ok_or(Obstacle::Over)?;
        if open.drill && everybody_left {
            return Err(Obstacle::Drill);
        }
        let left = everybody_left.then(|| self.everybody_left());
        let closed = self.closed(open, by, everybody_left);
        Ok(Outcome::of(
            left.into_iter().flatten().chain([closed]).collect(),
        ))
    }

    /// The ends of all stays: concluded, not measured.
    fn everybody_left(self) -> Vec<Event> {
        let visits = self.today.inside().flat_map(|visit| self.left(visit));
        let guests = self.today.guests.values().map(|guest| Event::GuestLeft {
            guest: guest.id.clone(),
            ended_by: EndedBy::Emergency,
            left_at: self.context.now.max(guest.arrived_at),
        });
        let tickets = self.today.queue.tickets.iter();
        let tickets = tickets.map(|ticket| Event::QueueLeft {
            ticket: ticket.id.clone(),
            reason: QueueEnd::Emergency,
        });
        visits.chain(guests).chain(tickets).collect()
    }

    fn left(self, visit: &Visit) -> impl Iterator<Item = Event> {
        let ended_at = self.context.now.max(visit.started_at);
        let ended = Event::VisitEnded {
            visit: visit.id.clone(),
            ended_by: EndedBy::Emergency,
            ended_at,
            inferred: true,
        };
        self.leaves_programme(visit, ended_at)
            .into_iter()
            .chain([ended])
    }

    /// Ticks somebody off, or back.
    pub(super) fn tick(self, person: &Person, ticked: bool) -> Result<Outcome, Obstacle> {
        let open = self.today.incident.as_ref().ok_or(Obstacle::Over)?;
        let mut people = open.people.iter().filter(|one| one.is_inside());
        let is_listed = people.any(|one| one.person == *person);
        if !is_listed || open.ticked.contains(person) == ticked {
            return Err(Obstacle::Over);
        }
        Ok(Outcome::of(vec![Event::PersonTicked(PersonTicked {
            incident: open.id.clone(),
            person: person.clone(),
            ticked,
        })]))
    }
}
