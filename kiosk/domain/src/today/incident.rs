//! The emergency that is open, as the day knows it.

use super::Today;
use crate::closure::TemporaryClosure;
use crate::event::Event;
use crate::incident::{Incident, IncidentClosed, IncidentOpened, PersonTicked};
use std::collections::BTreeSet;

impl Today {
    /// The emergency for which nobody is let in now.
    pub fn shut_by(&self) -> Option<&Incident> {
        self.incident
            .as_ref()
            .filter(|incident| incident.what.shuts_door())
    }

    pub(super) fn fold_incident(&mut self, event: &Event) {
        match event {
            Event::IncidentOpened(opened) => self.open_incident(opened),
            Event::IncidentClosed(closed) => self.close_incident(closed),
            Event::PersonTicked(PersonTicked { person, ticked, .. }) => {
                let Some(incident) = &mut self.incident else {
                    return;
                };
                if *ticked {
                    incident.ticked.insert(person.clone());
                } else {
                    incident.ticked.remove(person);
                }
            }
            _ => {}
        }
    }

    fn open_incident(&mut self, opened: &IncidentOpened) {
        self.incident = Some(Incident {
            id: opened.incident.clone(),
            what: opened.what,
            drill: opened.drill,
            opened_at: opened.opened_at,
            by: opened.by.clone(),
            people: opened.people.clone(),
            ticked: BTreeSet::new(),
        });
    }

    /// Nobody could come while it lasted, as while staff close the doors.
    fn close_incident(&mut self, closed: &IncidentClosed) {
        self.incident = None;
        if closed.what.shuts_door() {
            self.staff.closures.push(TemporaryClosure {
                from: closed.opened_at,
                until: closed.closed_at,
            });
        }
    }
}
