//! Loans, derived from records alone (R8, R13).

use super::columns::{from_word, moment, read_moment, word};
use super::visits::Source;
use super::{StoreError, Writing};
use chrono::NaiveDate;
use domain::equipment::{Condition, EquipmentKind, LoanEnded, LoanExtended, LoanStarted};
use domain::event::EndedBy;
use domain::ids::{EquipmentId, KioskId, MemberId, VisitId};
use domain::reference::{DateTime, JST};
use rusqlite::{Connection, Params, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A loan, as its kiosk reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoanView {
    /// What.
    pub equipment: EquipmentId,
    /// What kind of thing.
    pub kind: EquipmentKind,
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether it was rehearsed.
    pub rehearsal: bool,
    /// The visit it was lent to.
    pub visit: VisitId,
    /// To whom.
    pub member_no: MemberId,
    /// When.
    pub started_at: DateTime,
    /// Until when it is to be back.
    pub back_by: DateTime,
    /// When it came back; none while it is out.
    pub ended_at: Option<DateTime>,
    /// Who brought it back.
    pub ended_by: Option<EndedBy>,
    /// In which condition.
    pub condition: Option<Condition>,
}

impl Writing<'_> {
    pub(super) fn derive_loan(
        &self,
        source: &Source<'_>,
        started: &LoanStarted,
    ) -> Result<(), StoreError> {
        let date = started.started_at.with_timezone(&JST).date_naive();
        self.tx
            .prepare_cached(
                "INSERT OR IGNORE INTO loan (kiosk, rehearsal, equipment, kind, visit, member, date, started_at, back_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                started.equipment.as_str(),
                word(&started.equipment_kind)?,
                started.visit.as_str(),
                started.member.as_str(),
                date.to_string(),
                moment(started.started_at),
                moment(started.back_by)
            ])?;
        Ok(())
    }

    pub(super) fn derive_longer_loan(
        &self,
        source: &Source<'_>,
        longer: &LoanExtended,
    ) -> Result<(), StoreError> {
        let (kiosk, equipment) = (source.kiosk.as_str(), longer.equipment.as_str());
        let row = params![kiosk, source.rehearsal, equipment, moment(longer.back_by)];
        let sql = "UPDATE loan SET back_by = ?4 WHERE kiosk = ?1 AND rehearsal = ?2 AND equipment = ?3 AND ended_at IS NULL";
        self.tx.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    pub(super) fn derive_loan_end(
        &self,
        source: &Source<'_>,
        ended: &LoanEnded,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE loan SET ended_at = max(started_at, ?4), ended_by = ?5, condition = ?6
                 WHERE kiosk = ?1 AND rehearsal = ?2 AND equipment = ?3 AND ended_at IS NULL",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                ended.equipment.as_str(),
                moment(ended.ended_at),
                word(&ended.ended_by)?,
                word(&ended.condition)?
            ])?;
        Ok(())
    }
}

const COLUMNS: &str = "equipment, kind, kiosk, rehearsal, visit, member, started_at, back_by, ended_at, ended_by, condition";

/// Loans begun on a date, real and rehearsed, by their start.
///
/// # Errors
/// The database fails.
pub fn loans_on(connection: &Connection, date: NaiveDate) -> Result<Vec<LoanView>, StoreError> {
    let which = "date = ?1 ORDER BY started_at, kiosk, equipment";
    select(connection, which, [date.to_string()])
}

/// What is out, whenever it was lent, the longest first.
///
/// # Errors
/// The database fails.
pub fn loans_out(connection: &Connection, rehearsal: bool) -> Result<Vec<LoanView>, StoreError> {
    let which = "ended_at IS NULL AND rehearsal = ?1 ORDER BY started_at, kiosk, equipment";
    select(connection, which, [rehearsal])
}

fn select(
    connection: &Connection,
    which: &str,
    values: impl Params,
) -> Result<Vec<LoanView>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM loan WHERE {which}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(view(row)?);
    }
    Ok(found)
}

fn view(row: &Row<'_>) -> Result<LoanView, StoreError> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let whole = |index: usize| row.get::<_, String>(index);
    Ok(LoanView {
        equipment: whole(0)?.into(),
        kind: from_word("kind of equipment", whole(1)?)?,
        kiosk: whole(2)?.into(),
        rehearsal: row.get(3)?,
        visit: whole(4)?.into(),
        member_no: whole(5)?.into(),
        started_at: read_moment(&whole(6)?)?,
        back_by: read_moment(&whole(7)?)?,
        ended_at: text(8)?.as_deref().map(read_moment).transpose()?,
        ended_by: text(9)?
            .map(|word| from_word("end of a loan", word))
            .transpose()?,
        condition: text(10)?
            .map(|word| from_word("condition", word))
            .transpose()?,
    })
}
