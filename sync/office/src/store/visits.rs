//! What the records mean: visits and the fate of reservations, derived from records alone.
//!
//! Applying the records in order of arrival always gives the same rows, so they can be dropped and built again. What became of times that
//! nobody vouched for stands in [`super::times`].

use super::columns::{json, moment, read_json, word};
use super::staffing::Missing;
use super::{StoreError, Writing};
use domain::event::{Activity, Entry, Event};
use domain::ids::{KioskId, ReservationId};
use domain::reference::DateTime;
use domain::today::{Carried, Visit};
use rusqlite::{OptionalExtension, named_params, params};

/// Whose records are applied, and whether they are a rehearsal's.
pub(super) struct Source<'a> {
    pub kiosk: &'a KioskId,
    pub rehearsal: bool,
}

impl Writing<'_> {
    /// Applies one newly stored record.
    pub(super) fn derive(&self, source: &Source<'_>, entry: &Entry) -> Result<(), StoreError> {
        if entry.stamp.trusted {
            self.correct_times(source, entry)?;
        }
        match &entry.event {
            Event::DayOpened { carried, .. } => self.derive_carried(source, carried),
            Event::VisitStarted { .. } => self.derive_started(source, entry),
            Event::SeatAssigned { .. } | Event::SeatChanged { .. } => self.derive_seat(source, &entry.event),
            Event::VisitExtended { visit, until, .. } => self.set(
                "UPDATE visit SET until = :value, overdue_since = NULL WHERE kiosk = :kiosk AND rehearsal = :rehearsal AND visit = :id",
                source,
                visit.as_str(),
                &moment(*until),
            ),
            Event::VisitOverdue { visit, since } => self.set(
                "UPDATE visit SET overdue_since = :value WHERE kiosk = :kiosk AND rehearsal = :rehearsal AND visit = :id",
                source,
                visit.as_str(),
                &moment(*since),
            ),
            Event::VisitSteppedOut { visit, since, .. } => self.set(
                "UPDATE visit SET out_since = :value WHERE kiosk = :kiosk AND rehearsal = :rehearsal AND visit = :id",
                source,
                visit.as_str(),
                &moment(*since),
            ),
            Event::VisitNotBack { visit, since } => self.set(
                "UPDATE visit SET not_back_since = :value WHERE kiosk = :kiosk AND rehearsal = :rehearsal AND visit = :id",
                source,
                visit.as_str(),
                &moment(*since),
            ),
            Event::VisitCameBack { visit, .. } => {
                let sql = "UPDATE visit SET out_since = NULL, not_back_since = NULL WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3";
                self.tx
                    .prepare_cached(sql)?
                    .execute(params![source.kiosk.as_str(), source.rehearsal, visit.as_str()])?;
                Ok(())
            }
            Event::VisitEnded { visit, ended_by, ended_at, inferred } => {
                let sql = "UPDATE visit SET ended_at = ?4, ended_by = ?5, inferred = ?6 WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3";
                let by = word(ended_by)?;
                let row = params![source.kiosk.as_str(), source.rehearsal, visit.as_str(), moment(*ended_at), by, inferred];
                self.tx.prepare_cached(sql)?.execute(row)?;
                self.derive_consultation_end(source, visit, *ended_at, true)
            }
            Event::LoanStarted(started) => self.derive_loan(source, started),
            Event::LoanExtended(longer) => self.derive_longer_loan(source, longer),
            Event::LoanEnded(ended) => self.derive_loan_end(source, ended),
            Event::ConsultationStarted(started) => self.derive_consultation(source, started),
            Event::ConsultationEnded(ended) => self.derive_consultation_end(source, &ended.visit, ended.ended_at, false),
            Event::StaffingAlarm { since } => self.derive_alarm(source, Missing::Adviser, *since),
            Event::StaffingRestored {} => self.derive_alarm_end(source, Missing::Adviser, entry.stamp.at),
            Event::ReceptionShort(short) => self.derive_alarm(source, Missing::Receptionist, short.since),
            Event::ReceptionRestored {} => self.derive_alarm_end(source, Missing::Receptionist, entry.stamp.at),
            Event::AttendanceStarted(started) => {
                self.derive_attendance(source, started)?;
                self.has_come(source, Some(&started.reservation))
            }
            Event::AttendanceEnded(ended) => self.derive_attendance_end(source, ended),
            Event::ReservationNoShow { reservation, lapsed_at, inferred } => {
                self.derive_news(source, reservation, false)?;
                self.derive_no_show(source, reservation, *lapsed_at, *inferred)
            }
            Event::ReservationUnplaced { reservation } => self.derive_news(source, reservation, true),
            Event::ReservationPlaced { reservation } => self.derive_news(source, reservation, false),
            Event::CentreClosed { .. } | Event::CentreReopened { .. } => self.derive_door_closure(source, &entry.event),
            Event::ReservationPardoned { reservation } => self.derive_pardon(source, reservation),
            Event::IncidentOpened(opened) => self.derive_emergency(source, opened),
            Event::IncidentClosed(closed) => self.derive_emergency_end(source, closed),
            _ => Ok(()),
        }
    }

    fn derive_pardon(
        &self,
        source: &Source<'_>,
        reservation: &ReservationId,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE reservation_news SET no_show_at = NULL WHERE kiosk = ?1 AND rehearsal = ?2 AND reservation = ?3";
        let row = params![
            source.kiosk.as_str(),
            source.rehearsal,
            reservation.as_str()
        ];
        self.tx.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    fn set(&self, sql: &str, source: &Source<'_>, id: &str, value: &str) -> Result<(), StoreError> {
        let row = named_params! {":kiosk": source.kiosk.as_str(), ":rehearsal": source.rehearsal, ":id": id, ":value": value};
        self.tx.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    fn derive_started(&self, source: &Source<'_>, entry: &Entry) -> Result<(), StoreError> {
        let Event::VisitStarted {
            visit,
            member,
            category,
            company,
            station,
            activity,
            reservation,
            courtesy,
            started_at,
            until,
            ..
        } = &entry.event
        else {
            return Ok(());
        };
        let (activity, programme) = activity_columns(activity);
        self.tx
            .prepare_cached(
                "INSERT INTO visit (kiosk, visit, rehearsal, date, member, category, company, station, activity, programme, reservation, courtesy, started_at, until, undated)
                 VALUES (:kiosk, :visit, :rehearsal, :date, :member, :category, :company, :station, :activity, :programme, :reservation, :courtesy, :started_at, :until, :undated)
                 ON CONFLICT (kiosk, rehearsal, visit) DO UPDATE SET station = excluded.station, courtesy = excluded.courtesy",
            )?
            .execute(named_params! {
                ":kiosk": source.kiosk.as_str(),
                ":visit": visit.as_str(),
                ":rehearsal": source.rehearsal,
                ":date": started_at.date_naive().to_string(),
                ":member": member.as_str(),
                ":category": word(category)?,
                ":company": company.as_ref().map(|company| company.as_str()),
                ":station": station.as_str(),
                ":activity": activity,
                ":programme": programme,
                ":reservation": reservation.as_ref().map(|reservation| reservation.as_str()),
                ":courtesy": courtesy,
                ":started_at": moment(*started_at),
                ":until": moment(*until),
                ":undated": !entry.stamp.trusted,
            })?;
        self.has_come(source, reservation.as_ref())
    }

    fn derive_seat(&self, source: &Source<'_>, event: &Event) -> Result<(), StoreError> {
        let (visit, seat, zone, until, reservation) = match event {
            Event::SeatAssigned {
                visit,
                seat,
                zone,
                until,
                reservation,
                ..
            } => (visit, seat, zone, until, reservation.as_ref()),
            Event::SeatChanged {
                visit,
                seat,
                zone,
                until,
                ..
            } => (visit, seat, zone, until, None),
            _ => return Ok(()),
        };
        let (kiosk, id) = (source.kiosk.as_str(), visit.as_str());
        let seats: Option<String> = self
            .tx
            .prepare_cached(
                "SELECT seats FROM visit WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3",
            )?
            .query_row(params![kiosk, source.rehearsal, id], |row| row.get(0))
            .optional()?;
        let Some(seats) = seats else { return Ok(()) };
        let mut seats: Vec<String> = read_json("seats of a visit", &seats)?;
        if seats.last().map(String::as_str) != Some(seat.as_str()) {
            seats.push(seat.to_string());
        }
        self.tx
            .prepare_cached(
                "UPDATE visit SET seats = ?4, zone = ?5, until = ?6, reservation = coalesce(?7, reservation), overdue_since = NULL
                 WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3",
            )?
            .execute(params![
                kiosk,
                source.rehearsal,
                id,
                json("seats of a visit", &seats)?,
                zone.as_str(),
                moment(*until),
                reservation.map(|reservation| reservation.as_str())
            ])?;
        self.has_come(source, reservation)
    }

    /// A visit that is carried but unknown here was in a lost tail: what is still true of it is kept. So is an end that is unknown here.
    fn derive_carried(&self, source: &Source<'_>, carried: &Carried) -> Result<(), StoreError> {
        for visit in &carried.visits {
            let Visit {
                id,
                member,
                category,
                company,
                activity,
                reservation,
                started_at,
                until,
                seat,
                ended,
                ..
            } = visit;
            let (activity, programme) = activity_columns(activity);
            let seats: Vec<&str> = seat.iter().map(|place| place.seat.as_str()).collect();
            self.tx
                .prepare_cached(
                    "INSERT INTO visit (kiosk, visit, rehearsal, date, member, category, company, station, activity, programme, reservation, courtesy, seats, zone, started_at, until,
                         ended_at, ended_by)
                     VALUES (:kiosk, :visit, :rehearsal, :date, :member, :category, :company, '', :activity, :programme, :reservation, :courtesy, :seats, :zone, :started_at, :until,
                         :ended_at, :ended_by)
                     ON CONFLICT (kiosk, rehearsal, visit) DO UPDATE SET ended_at = excluded.ended_at, ended_by = excluded.ended_by
                         WHERE ended_at IS NULL AND excluded.ended_at IS NOT NULL",
                )?
                .execute(named_params! {
                    ":kiosk": source.kiosk.as_str(),
                    ":visit": id.as_str(),
                    ":rehearsal": source.rehearsal,
                    ":date": started_at.date_naive().to_string(),
                    ":member": member.as_str(),
                    ":category": word(category)?,
                    ":company": company.as_ref().map(|company| company.as_str()),
                    ":activity": activity,
                    ":programme": programme,
                    ":reservation": reservation.as_ref().map(|reservation| reservation.as_str()),
                    ":courtesy": carried.courtesies.contains(member),
                    ":seats": json("seats of a visit", &seats)?,
                    ":zone": seat.as_ref().map(|place| place.zone.as_str()),
                    ":started_at": moment(*started_at),
                    ":until": moment(*until),
                    ":ended_at": ended.map(|ended| moment(ended.at)),
                    ":ended_by": ended.map(|ended| word(&ended.by)).transpose()?,
                })?;
        }
        Ok(())
    }

    /// Whoever has come is placed, though no `reservation.placed` says so.
    fn has_come(
        &self,
        source: &Source<'_>,
        reservation: Option<&ReservationId>,
    ) -> Result<(), StoreError> {
        let Some(reservation) = reservation else {
            return Ok(());
        };
        self.tx
            .prepare_cached("UPDATE reservation_news SET unplaced = 0 WHERE kiosk = ?1 AND rehearsal = ?2 AND reservation = ?3")?
            .execute(params![source.kiosk.as_str(), source.rehearsal, reservation.as_str()])?;
        Ok(())
    }

    fn derive_news(
        &self,
        source: &Source<'_>,
        reservation: &ReservationId,
        unplaced: bool,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO reservation_news (kiosk, reservation, rehearsal, unplaced) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (kiosk, rehearsal, reservation) DO UPDATE SET unplaced = excluded.unplaced",
            )?
            .execute(params![source.kiosk.as_str(), reservation.as_str(), source.rehearsal, unplaced])?;
        Ok(())
    }

    fn derive_no_show(
        &self,
        source: &Source<'_>,
        reservation: &ReservationId,
        lapsed_at: DateTime,
        inferred: bool,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE reservation_news SET no_show_at = ?4, no_show_inferred = ?5 WHERE kiosk = ?1 AND rehearsal = ?2 AND reservation = ?3",
            )?
            .execute(params![source.kiosk.as_str(), source.rehearsal, reservation.as_str(), moment(lapsed_at), inferred])?;
        Ok(())
    }
}

fn activity_columns(activity: &Activity) -> (&'static str, Option<&str>) {
    match activity {
        Activity::Coworking => ("coworking", None),
        Activity::Programme { programme } => ("programme", Some(programme.as_str())),
        Activity::Consultation => ("consultation", None),
    }
}
