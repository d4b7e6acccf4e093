//! Times in opening hours when too few were there, derived from records alone (R4, R17).

use super::columns::{moment, read_moment};
use super::visits::Source;
use super::{StoreError, Writing};
use chrono::NaiveDate;
use domain::ids::KioskId;
use domain::reference::DateTime;
use rusqlite::{Connection, params};

/// Who was missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No adviser was present.
    Adviser,
    /// Fewer receptionists were on duty than there must be.
    Receptionist,
}

impl Missing {
    fn table(self) -> &'static str {
        match self {
            Self::Adviser => "staffing_alarm",
            Self::Receptionist => "reception_alarm",
        }
    }
}

impl Writing<'_> {
    pub(super) fn derive_alarm(
        &self,
        source: &Source<'_>,
        missing: Missing,
        since: DateTime,
    ) -> Result<(), StoreError> {
        let (kiosk, rehearsal) = (source.kiosk.as_str(), source.rehearsal);
        let table = missing.table();
        self.tx
            .prepare_cached(&format!(
                "INSERT OR IGNORE INTO {table} (kiosk, rehearsal, since) VALUES (?1, ?2, ?3)"
            ))?
            .execute(params![kiosk, rehearsal, moment(since)])?;
        Ok(())
    }

    /// They are enough again.
    pub(super) fn derive_alarm_end(
        &self,
        source: &Source<'_>,
        missing: Missing,
        at: DateTime,
    ) -> Result<(), StoreError> {
        let (kiosk, rehearsal) = (source.kiosk.as_str(), source.rehearsal);
        let table = missing.table();
        self.tx
            .prepare_cached(&format!(
                "UPDATE {table} SET ended_at = ?3
                 WHERE kiosk = ?1 AND rehearsal = ?2 AND ended_at IS NULL AND substr(since, 1, 10) = substr(?3, 1, 10)"
            ))?
            .execute(params![kiosk, rehearsal, moment(at)])?;
        Ok(())
    }
}

/// Kiosks at which somebody is missing today, and since when.
///
/// # Errors
/// The database fails.
pub fn unstaffed(
    connection: &Connection,
    rehearsal: bool,
    missing: Missing,
    today: NaiveDate,
) -> Result<Vec<(KioskId, DateTime)>, StoreError> {
    let table = missing.table();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT kiosk, since FROM {table} WHERE rehearsal = ?1 AND ended_at IS NULL AND substr(since, 1, 10) = ?2 ORDER BY since, kiosk"
    ))?;
    let mut rows = statement.query(params![rehearsal, today.to_string()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let since = read_moment(&row.get::<_, String>(1)?)?;
        found.push((row.get::<_, String>(0)?.into(), since));
    }
    Ok(found)
}
