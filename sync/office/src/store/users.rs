//! People who sign in at the office, and calls that were answered before.

use super::columns::moment;
use super::{StoreError, Writing};
use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, params};

/// How long an answer is kept for repeats of its call.
const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(24);

/// The answer to a call with an Idempotency-Key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Digest of what was asked: a key may not be used for two different calls.
    pub request: String,
    /// HTTP status.
    pub status: u16,
    /// JSON text.
    pub body: String,
}

impl Writing<'_> {
    /// Adds a user, or gives one a new password (as [`crate::secret::hash_password`] made it).
    ///
    /// # Errors
    /// The database fails.
    pub fn save_user(&mut self, name: &str, password_hash: &str) -> Result<(), StoreError> {
        self.tx.execute(
            "INSERT INTO office_user (name, password, created_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET password = excluded.password",
            params![name, password_hash, moment(self.now())],
        )?;
        Ok(())
    }

    /// What this key was answered with in the last 24 hours.
    ///
    /// # Errors
    /// The database fails.
    pub fn answered(&self, key: &str) -> Result<Option<Answered>, StoreError> {
        self.tx.execute(
            "DELETE FROM answered WHERE answered_at < ?1",
            [moment(self.now() - ANSWERS_KEPT)],
        )?;
        let mut statement = self
            .tx
            .prepare_cached("SELECT request, status, body FROM answered WHERE key = ?1")?;
        let row = statement.query_row([key], |row| {
            Ok(Answered {
                request: row.get(0)?,
                status: row.get(1)?,
                body: row.get(2)?,
            })
        });
        Ok(row.optional()?)
    }

    /// Keeps an answer for repeats, in the transaction of what it reports.
    ///
    /// # Errors
    /// The database fails.
    pub fn keep_answer(&self, key: &str, answer: &Answered) -> Result<(), StoreError> {
        let Answered {
            request,
            status,
            body,
        } = answer;
        self.tx.execute(
            "INSERT INTO answered (key, request, status, body, answered_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![key, request, status, body, moment(self.now())],
        )?;
        Ok(())
    }
}

/// The password hash of a user.
///
/// # Errors
/// The database fails.
pub fn password_hash(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT password FROM office_user WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}
