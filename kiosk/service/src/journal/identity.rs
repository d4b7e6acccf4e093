//! Whose journal it is, and whether what it tells really happened.

use std::fmt;

use domain::ids::KioskId;
use rusqlite::Connection;

use super::JournalError;
use super::files::Files;
use super::schema::damage;

/// Whether a journal tells of real visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Real visitors.
    Normal,
    /// People trying things; never reaches a report (design section 4).
    Rehearsal {
        /// How far the rehearsal's clock is ahead of the wall clock, in milliseconds.
        offset_ms: i64,
    },
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Rehearsal { .. } => "rehearsal",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a journal is created for and never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The kiosk.
    pub kiosk: KioskId,
    /// Its mode.
    pub mode: Mode,
}

impl Identity {
    pub(super) fn store(&self, connection: &Connection) -> rusqlite::Result<()> {
        let offset_ms = match self.mode {
            Mode::Normal => 0,
            Mode::Rehearsal { offset_ms } => offset_ms,
        };
        let row = (self.kiosk.as_str(), self.mode.name(), offset_ms);
        connection.execute(
            "INSERT INTO identity (id, kiosk, mode, offset_ms) VALUES (1, ?1, ?2, ?3)",
            row,
        )?;
        Ok(())
    }

    /// Compares with what is stored and gives the stored mode, whose clock goes on.
    pub(super) fn check(
        &self,
        connection: &Connection,
        files: &Files,
    ) -> Result<Mode, JournalError> {
        let Files { dir, database, .. } = files;
        let sql = "SELECT kiosk, mode, offset_ms FROM identity WHERE id = 1";
        let (kiosk, mode, offset_ms): (String, String, i64) = connection
            .query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(|error| damage(database, error))?;
        let stored = if mode == Mode::Normal.name() {
            Mode::Normal
        } else {
            Mode::Rehearsal { offset_ms }
        };
        if kiosk != self.kiosk.as_str() {
            return Err(JournalError::OtherKiosk {
                dir: dir.clone(),
                stored: kiosk.into(),
                asked: self.kiosk.clone(),
            });
        }
        if stored.name() != self.mode.name() {
            return Err(JournalError::OtherMode {
                dir: dir.clone(),
                stored,
                asked: self.mode,
            });
        }
        Ok(stored)
    }
}
