//! Consultations and staffing, derived from records alone (R17, R19).

use super::columns::{from_word, json, moment, read_json, read_moment, word};
use super::visits::Source;
use super::{StoreError, Writing};
use chrono::NaiveDate;
use domain::adviser::{ConsultationStarted, SlotPurpose};
use domain::ids::{AdviserId, KioskId, MemberId, ReservationId, VisitId};
use domain::reference::DateTime;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A consultation, as its kiosk reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsultationView {
    /// The visit it belongs to.
    pub visit: VisitId,
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether it was rehearsed: then it counts in no figure.
    pub rehearsal: bool,
    /// With whom.
    pub member_no: MemberId,
    /// By whom.
    pub advisers: Vec<AdviserId>,
    /// The reservation it fulfilled.
    pub reservation: Option<ReservationId>,
    /// What the slot was for; software practice counts as 体験会 (R18).
    pub purpose: Option<SlotPurpose>,
    /// When it began.
    pub started_at: DateTime,
    /// When it ended; none while it goes on.
    pub ended_at: Option<DateTime>,
    /// Whether nobody ended it: it ended with the visit.
    pub inferred: bool,
}

impl Writing<'_> {
    pub(super) fn derive_consultation(
        &self,
        source: &Source<'_>,
        started: &ConsultationStarted,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO consultation (kiosk, rehearsal, visit, advisers, reservation, purpose, started_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                started.visit.as_str(),
                json("advisers", &started.advisers)?,
                started.reservation.as_ref().map(|reservation| reservation.as_str()),
                started.purpose.map(|purpose| word(&purpose)).transpose()?,
                moment(started.started_at)
            ])?;
        Ok(())
    }

    /// Ends the consultation that goes on within a visit, if one does.
    pub(super) fn derive_consultation_end(
        &self,
        source: &Source<'_>,
        visit: &VisitId,
        ended_at: DateTime,
        inferred: bool,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE consultation SET ended_at = max(started_at, ?4), inferred = ?5
                 WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3 AND ended_at IS NULL",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                visit.as_str(),
                moment(ended_at),
                inferred
            ])?;
        Ok(())
    }
}

/// Consultations of a date, real and rehearsed, by their start.
///
/// # Errors
/// The database fails.
pub fn consultations_on(
    connection: &Connection,
    date: NaiveDate,
) -> Result<Vec<ConsultationView>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT visit, kiosk, rehearsal, member, advisers, consultation.reservation, purpose, consultation.started_at, consultation.ended_at,
             consultation.inferred
         FROM consultation JOIN visit USING (kiosk, rehearsal, visit) WHERE visit.date = ?1 ORDER BY consultation.started_at, kiosk, visit",
    )?;
    let mut rows = statement.query([date.to_string()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(view(row)?);
    }
    Ok(found)
}

fn view(row: &Row<'_>) -> Result<ConsultationView, StoreError> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let whole = |index: usize| row.get::<_, String>(index);
    Ok(ConsultationView {
        visit: whole(0)?.into(),
        kiosk: whole(1)?.into(),
        rehearsal: row.get(2)?,
        member_no: whole(3)?.into(),
        advisers: read_json("advisers", &whole(4)?)?,
        reservation: text(5)?.map(ReservationId::from),
        purpose: text(6)?
            .map(|word| from_word("purpose of a slot", word))
            .transpose()?,
        started_at: read_moment(&whole(7)?)?,
        ended_at: text(8)?.as_deref().map(read_moment).transpose()?,
        inferred: row.get(9)?,
    })
}
