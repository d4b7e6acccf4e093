//! Who did not come again and again reserves nothing in advance for a while (rules section 12). Seats for people without a reservation stay
//! open to everybody (R14), so nobody is turned away at the door for it.

use super::StoreError;
use super::columns::{moment, read_moment};
use chrono::{Days, TimeDelta};
use domain::ids::MemberId;
use domain::reference::DateTime;
use domain::settings::NoShowPenalty;
use rusqlite::{Connection, params};

/// Until when a member can reserve nothing in advance; none for everybody else. Pardoned and inferred no-shows do not count, and those
/// of a rehearsal neither.
///
/// # Errors
/// The database fails.
pub fn penalty_until(
    connection: &Connection,
    member: &MemberId,
    penalty: &NoShowPenalty,
    now: DateTime,
) -> Result<Option<DateTime>, StoreError> {
    let Some(others) = penalty.count.checked_sub(1) else {
        return Ok(None);
    };
    let lasts = Days::new(penalty.days.into());
    let within = TimeDelta::days(penalty.within_days.into());
    let since = now - within - TimeDelta::days(penalty.days.into());
    let missed = no_shows(connection, member, since)?;
    let last = missed.iter().skip(others as usize);
    let ends = missed.iter().zip(last);
    let ends = ends.filter(|(first, last)| **last - **first <= within);
    Ok(ends
        .filter_map(|(_, last)| last.checked_add_days(lasts))
        .filter(|until| *until > now)
        .max())
}

fn no_shows(
    connection: &Connection,
    member: &MemberId,
    since: DateTime,
) -> Result<Vec<DateTime>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT no_show_at FROM reservation JOIN reservation_news USING (reservation)
         WHERE member = ?1 AND rehearsal = 0 AND no_show_at >= ?2 AND no_show_inferred = 0 ORDER BY no_show_at",
    )?;
    let rows = statement.query_map(params![member.as_str(), moment(since)], |row| {
        row.get::<_, String>(0)
    })?;
    rows.map(|at| read_moment(&at?)).collect()
}
