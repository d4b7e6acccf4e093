//! Folding events into the day.

use super::{Carried, Ended, Guest, Invited, Mistyped, Offer, Outing, SeatPlace, Today, Visit};
use crate::event::{Entry, Event, LimitedBy, Refusal, Stamp};
use crate::ids::{StationId, VisitId};
use chrono::{NaiveDate, TimeDelta};

/// Folds one event into the day. Reads the event and its stamp and nothing else, so that replay ends where the day was.
pub fn apply(today: &mut Today, entry: &Entry) {
    let Entry { stamp, event } = entry;
    if stamp.trusted {
        today.latest_trusted = today.latest_trusted.max(Some(stamp.at));
    }
    if matches!(event, Event::RunStarted { .. }) {
        today.begin_run();
    }
    if stamp.trusted && !today.undated.is_empty() {
        today.date_visits(stamp);
    }
    if stamp.trusted {
        today.date_guests(stamp);
    }
    match event {
        Event::RunStarted { .. } | Event::ClockTrusted {} => {}
        Event::DayOpened { date, carried } => today.open_day(*date, carried),
        Event::CollectionAdopted { name, version, .. } => {
            today.adopted.insert(name.clone(), *version);
        }
        Event::VisitStarted { .. }
        | Event::SeatAssigned { .. }
        | Event::SeatChanged { .. }
        | Event::VisitExtended { .. }
        | Event::VisitOverdue { .. }
        | Event::VisitEnded { .. } => today.fold_visit(stamp, event),
        Event::VisitAccompanied { .. }
        | Event::VisitSteppedOut { .. }
        | Event::VisitCameBack { .. }
        | Event::VisitNotBack { .. } => today.fold_whereabouts(event),
        Event::GuestArrived { .. } | Event::GuestLeft { .. } => today.fold_guest(stamp, event),
        Event::AttendanceStarted(_) | Event::AttendanceEnded(_) | Event::StandbyCame(_) => {
            today.fold_attendance(event);
        }
        Event::OfferMade { .. } | Event::OfferHeld { .. } | Event::OfferEnded { .. } => {
            today.fold_offer(event);
        }
        Event::AdviserStateSet { .. }
        | Event::ConsultationAwaited { .. }
        | Event::ConsultationStarted(_)
        | Event::ConsultationEnded(_)
        | Event::StaffingAlarm { .. }
        | Event::StaffingRestored {} => today.fold_rooms(event),
        Event::LoanStarted(_)
        | Event::LoanExtended(_)
        | Event::LoanEnded(_)
        | Event::ChargeReported(_)
        | Event::EquipmentSetAside { .. }
        | Event::EquipmentReturned { .. } => today.fold_lending(event),
        Event::ReservationNoShow { .. }
        | Event::ReservationUnplaced { .. }
        | Event::ReservationPlaced { .. }
        | Event::ReservationPardoned { .. } => today.fold_reservation(event),
        Event::QueueJoined { .. }
        | Event::QueueCalled { .. }
        | Event::QueueCalledAgain { .. }
        | Event::QueueLapsed { .. }
        | Event::QueueResumed { .. }
        | Event::QueueLeft { .. } => today.fold_queue(stamp, event),
        Event::ScanRefused {
            station,
            reason,
            typed,
            member,
            ticket,
        } => {
            today.refuse(station, *reason, *typed, stamp.uptime_ms);
            let invited = ticket.clone().zip(member.clone());
            let invited = invited.map(|(ticket, member)| Invited { ticket, member });
            today.queue.invite(station, invited);
        }
        Event::StaffCalled { .. }
        | Event::StaffCallAnswered { .. }
        | Event::StaffDutySet(_)
        | Event::ReceptionShort(_)
        | Event::ReceptionRestored {}
        | Event::StaffSignedIn { .. }
        | Event::StaffSignedOut { .. }
        | Event::StaffSignInRefused { .. }
        | Event::StaffActed { .. }
        | Event::NoticePutUp { .. }
        | Event::NoticeTakenDown { .. }
        | Event::CentreClosed { .. }
        | Event::CentreReopened { .. } => today.staff.fold(stamp, event),
        Event::IncidentOpened(_) | Event::IncidentClosed(_) | Event::PersonTicked(_) => {
            today.fold_incident(event);
        }
    }
}

impl Today {
    fn fold_visit(&mut self, stamp: &Stamp, event: &Event) {
        match event {
            Event::VisitStarted {
                visit,
                station,
                typed,
                ..
            } => {
                self.recognise(station, *typed);
                self.start_visit(event);
                if !stamp.trusted {
                    self.undated.insert(visit.clone(), Some(stamp.uptime_ms));
                }
            }
            Event::SeatAssigned {
                visit,
                seat,
                zone,
                until,
                limited_by,
                counts_from,
                reservation,
                pauses,
            } => {
                if let Some(reservation) = reservation {
                    self.unplaced.remove(reservation);
                }
                self.change(visit, |visit| {
                    visit.seat = Some(SeatPlace {
                        seat: seat.clone(),
                        zone: zone.clone(),
                    });
                    visit.until = *until;
                    visit.limited_by = *limited_by;
                    visit.counts_from = *counts_from;
                    visit.overdue = false;
                    visit.reservation = reservation.clone();
                    visit.pauses = pauses.clone();
                });
            }
            Event::SeatChanged {
                visit,
                seat,
                zone,
                until,
                limited_by,
                pauses,
                ..
            } => self.change(visit, |visit| {
                visit.seat = Some(SeatPlace {
                    seat: seat.clone(),
                    zone: zone.clone(),
                });
                visit.until = *until;
                visit.limited_by = *limited_by;
                visit.pauses = pauses.clone();
            }),
            Event::VisitExtended {
                visit,
                until,
                limited_by,
                pauses,
            } => self.change(visit, |visit| {
                visit.until = *until;
                visit.limited_by = *limited_by;
                visit.pauses = pauses.clone();
                visit.overdue = false;
            }),
            Event::VisitOverdue { visit, .. } => self.change(visit, |visit| visit.overdue = true),
            Event::VisitEnded {
                visit,
                ended_by,
                ended_at,
                ..
            } => {
                self.end_consultation(visit);
                self.change(visit, |visit| {
                    visit.ended = Some(Ended {
                        at: *ended_at,
                        by: *ended_by,
                    })
                });
            }
            _ => {}
        }
    }

    fn fold_whereabouts(&mut self, event: &Event) {
        match event {
            Event::VisitAccompanied { visit, companions } => {
                self.change(visit, |visit| visit.companions = *companions);
            }
            Event::VisitSteppedOut {
                visit,
                since,
                back_by,
            } => self.change(visit, |visit| {
                visit.outing = Some(Outing {
                    since: *since,
                    back_by: *back_by,
                    overdue: false,
                });
            }),
            Event::VisitCameBack { visit, .. } => self.change(visit, |visit| visit.outing = None),
            Event::VisitNotBack { visit, .. } => self.change(visit, |visit| {
                if let Some(outing) = &mut visit.outing {
                    outing.overdue = true;
                }
            }),
            _ => {}
        }
    }

    fn fold_guest(&mut self, stamp: &Stamp, event: &Event) {
        match event {
            Event::GuestArrived {
                guest,
                station,
                purpose,
                arrived_at,
            } => {
                let arrived = Guest {
                    id: guest.clone(),
                    station: station.clone(),
                    purpose: *purpose,
                    arrived_at: *arrived_at,
                    dated: stamp.trusted,
                };
                self.guests.insert(guest.clone(), arrived);
            }
            Event::GuestLeft { guest, .. } => drop(self.guests.remove(guest)),
            _ => {}
        }
    }

    fn fold_offer(&mut self, event: &Event) {
        match event {
            Event::OfferMade {
                offer,
                member,
                station,
                typed,
                bridge_to,
                reservation,
                changes,
                choices,
                consultation,
                held_until_ms,
            } => {
                self.recognise(station, *typed);
                let made = Offer {
                    member: member.clone(),
                    station: station.clone(),
                    bridge_to: bridge_to.clone(),
                    reservation: reservation.clone(),
                    changes: changes.clone(),
                    choices: choices.clone(),
                    consultation: *consultation,
                    held_until_ms: *held_until_ms,
                };
                self.offers.insert(offer.clone(), made);
            }
            Event::OfferHeld {
                offer,
                held_until_ms,
            } => {
                if let Some(offer) = self.offers.get_mut(offer) {
                    offer.held_until_ms = *held_until_ms;
                }
            }
            Event::OfferEnded { offer, .. } => {
                self.offers.remove(offer);
            }
            _ => {}
        }
    }

    fn fold_reservation(&mut self, event: &Event) {
        match event {
            Event::ReservationNoShow { reservation, .. } => {
                self.no_shows.insert(reservation.clone());
                self.unplaced.remove(reservation);
            }
            Event::ReservationUnplaced { reservation } => {
                self.unplaced.insert(reservation.clone());
            }
            Event::ReservationPlaced { reservation } => {
                self.unplaced.remove(reservation);
            }
            Event::ReservationPardoned { reservation } => {
                self.no_shows.remove(reservation);
                self.staff.pardoned.insert(reservation.clone());
            }
            _ => {}
        }
    }

    fn start_visit(&mut self, event: &Event) {
        let Event::VisitStarted {
            visit,
            member,
            category,
            company,
            activity,
            reservation,
            bridge_to,
            courtesy,
            started_at,
            until,
            ..
        } = event
        else {
            return;
        };
        if *courtesy {
            self.courtesies.insert(member.clone());
        }
        let started = Visit {
            id: visit.clone(),
            member: member.clone(),
            category: *category,
            company: company.clone(),
            activity: activity.clone(),
            reservation: reservation.clone(),
            bridge_to: bridge_to.clone(),
            started_at: *started_at,
            until: *until,
            limited_by: LimitedBy::OwnReservation,
            counts_from: *started_at,
            pauses: Vec::new(),
            seat: None,
            overdue: false,
            outing: None,
            companions: 0,
            ended: None,
            attendance: None,
            earlier: Vec::new(),
        };
        self.visits.insert(visit.clone(), started);
    }

    fn open_day(&mut self, date: NaiveDate, carried: &Carried) {
        *self = Self {
            date: Some(date),
            visits: carried
                .visits
                .iter()
                .map(|visit| (visit.id.clone(), visit.clone()))
                .collect(),
            courtesies: carried.courtesies.clone(),
            adopted: carried.adopted.clone(),
            no_shows: carried.no_shows.clone(),
            staff: carried.staff.clone(),
            queue: carried.queue.clone(),
            guests: carried
                .guests
                .iter()
                .map(|guest| (guest.id.clone(), guest.clone()))
                .collect(),
            standby: carried.standby.clone(),
            rooms: (*carried.rooms).clone(),
            incident: carried.incident.as_deref().cloned(),
            lending: (*carried.lending).clone(),
            answers: std::mem::take(&mut self.answers),
            latest_trusted: self.latest_trusted,
            undated: std::mem::take(&mut self.undated),
            ..Self::default()
        };
    }

    fn refuse(&mut self, station: &StationId, reason: Refusal, typed: bool, uptime_ms: u64) {
        if typed && matches!(reason, Refusal::MistypedNumber | Refusal::Unknown) {
            let tries = self.mistyped.entry(station.clone()).or_insert(Mistyped {
                count: 0,
                last_ms: 0,
            });
            *tries = Mistyped {
                count: tries.count + 1,
                last_ms: uptime_ms,
            };
        } else if reason == Refusal::Unknown {
            *self.unknown_codes.entry(station.clone()).or_default() += 1;
        }
    }

    /// Uptime begins again: offers end, and what was measured in it is no longer known.
    fn begin_run(&mut self) {
        self.offers.clear();
        self.queue.begin_run();
        self.answers.clear();
        self.mistyped
            .values_mut()
            .for_each(|tries| tries.last_ms = 0);
        self.staff = self.staff.in_another_run();
        self.undated
            .values_mut()
            .for_each(|uptime_ms| *uptime_ms = None);
    }

    /// A scan says nothing of numbers: whoever tries them out cannot begin anew by holding up a pass.
    fn recognise(&mut self, station: &StationId, typed: bool) {
        self.queue.invite(station, None);
        if typed {
            self.mistyped.remove(station);
        } else {
            self.unknown_codes.remove(station);
        }
    }

    /// Dates visits that began at an unknown time, by how long ago that was; of an earlier run's, only that they are here now.
    fn date_visits(&mut self, stamp: &Stamp) {
        for (id, uptime_ms) in std::mem::take(&mut self.undated) {
            let Some(visit) = self.visits.get_mut(&id).filter(|visit| visit.is_open()) else {
                continue;
            };
            let ago = uptime_ms.map_or(0, |uptime_ms| stamp.uptime_ms.saturating_sub(uptime_ms));
            let started =
                stamp.at - TimeDelta::milliseconds(i64::try_from(ago).unwrap_or(i64::MAX / 2));
            let shift = started - visit.started_at;
            // A length was promised, or a time of day that the office had set.
            if matches!(visit.limited_by, LimitedBy::Grant | LimitedBy::DayTotal)
                || visit.until < started
            {
                visit.until += shift;
            }
            if visit.counts_from == visit.started_at {
                visit.counts_from = started;
            }
            if let Some(outing) = &mut visit.outing {
                (outing.since, outing.back_by) = (outing.since + shift, outing.back_by + shift);
            }
            visit.started_at = started;
        }
    }

    /// Of guests who came at an unknown time only this is known: they are here now.
    fn date_guests(&mut self, stamp: &Stamp) {
        for guest in self.guests.values_mut().filter(|guest| !guest.dated) {
            (guest.arrived_at, guest.dated) = (stamp.at, true);
        }
    }

    pub(super) fn change(&mut self, visit: &VisitId, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.visits.get_mut(visit) {
            change(visit);
        }
    }
}
