//! What staff did at the doors, read from the records themselves (R4).

use super::StoreError;
use super::columns::read_moment;
use super::records::{read_entry, stored_record};
use super::staff::staff;
use chrono::NaiveDate;
use domain::event::Event;
use domain::ids::{KioskId, MemberId, StaffId, StationId};
use domain::reference::DateTime;
use domain::staff::Why;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Something staff did, or signing in and out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditView {
    /// When.
    pub at: DateTime,
    /// Whether that time was vouched for.
    pub trusted: bool,
    /// The kiosk.
    pub kiosk: KioskId,
    /// Whether it was rehearsed.
    pub rehearsal: bool,
    /// Where: a station, or `staff` for the staff page.
    pub station: StationId,
    /// Who; none where somebody tried to sign in whom nobody knows.
    pub staff: Option<StaffId>,
    /// The name they sign in with.
    pub user: Option<String>,
    /// What: `signed_in`, `signed_out`, `sign_in_refused`, or the kind of the action.
    pub what: String,
    /// Whom it was about.
    pub member: Option<MemberId>,
    /// The rest of it, as `name=value`.
    pub details: Vec<String>,
    /// Why.
    pub why: Option<Why>,
}

/// What staff did on a date, in the order in which it is held.
///
/// # Errors
/// The database fails.
pub fn audit_of(connection: &Connection, date: NaiveDate) -> Result<Vec<AuditView>, StoreError> {
    let users: BTreeMap<StaffId, String> = staff(connection)?
        .into_iter()
        .map(|one| (one.id, one.user))
        .collect();
    let mut statement = connection.prepare_cached(
        "SELECT run, seq, at, uptime_ms, trusted, cause, kind, body, kiosk, rehearsal FROM record
         WHERE substr(at, 1, 10) = ?1 AND kind IN ('staff.acted', 'staff.signed_in', 'staff.signed_out', 'staff.sign_in_refused')
         ORDER BY id",
    )?;
    let mut rows = statement.query([date.to_string()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(view(connection, row, &users)?);
    }
    Ok(found)
}

fn view(
    connection: &Connection,
    row: &Row<'_>,
    users: &BTreeMap<StaffId, String>,
) -> Result<Option<AuditView>, StoreError> {
    let record = stored_record(row)?;
    let entry = read_entry(&record)?;
    let Some(mut told) = told(&entry.event)? else {
        return Ok(None);
    };
    let (kiosk, rehearsal): (String, bool) = (row.get(8)?, row.get(9)?);
    let visit = told.about.remove("visit");
    let member = match (told.about.remove("member"), visit) {
        (Some(member), _) => Some(member),
        (None, Some(visit)) => member_of(connection, &kiosk, rehearsal, &visit)?,
        (None, None) => None,
    };
    let details = told
        .about
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    Ok(Some(AuditView {
        at: read_moment(&record.at)?,
        trusted: record.trusted,
        kiosk: kiosk.into(),
        rehearsal,
        station: told.station,
        user: told.staff.as_ref().and_then(|id| users.get(id)).cloned(),
        staff: told.staff,
        what: told.what,
        member: member.map(MemberId::from),
        details: details.collect(),
        why: told.why,
    }))
}

/// Who did what, with the ids it names.
struct Told {
    station: StationId,
    staff: Option<StaffId>,
    what: String,
    about: BTreeMap<String, String>,
    why: Option<Why>,
}

fn told(event: &Event) -> Result<Option<Told>, StoreError> {
    let session = |station: &StationId, staff: Option<&StaffId>, what: &str| Told {
        station: station.clone(),
        staff: staff.cloned(),
        what: what.to_owned(),
        about: BTreeMap::new(),
        why: None,
    };
    Ok(match event {
        Event::StaffSignedIn { station, staff, .. } => {
            Some(session(station, Some(staff), "signed_in"))
        }
        Event::StaffSignedOut { station, staff, .. } => {
            Some(session(station, Some(staff), "signed_out"))
        }
        Event::StaffSignInRefused { station, staff, .. } => {
            Some(session(station, staff.as_ref(), "sign_in_refused"))
        }
        Event::StaffActed {
            by,
            station,
            action,
            why,
        } => {
            let action = serde_json::to_value(action)
                .map_err(|error| StoreError::unreadable("action")(error.into()))?;
            let mut about = texts(&action);
            let what = about.remove("kind").unwrap_or_default();
            let why = Some(*why);
            Some(Told {
                about,
                why,
                ..session(station, Some(by), &what)
            })
        }
        _ => None,
    })
}

/// The members of an action, each as text.
fn texts(action: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let items = list.iter().filter_map(Value::as_str);
            items.collect::<Vec<_>>().join("+")
        }
        other => other.to_string(),
    };
    let members = action.as_object().into_iter().flatten();
    members
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

fn member_of(
    connection: &Connection,
    kiosk: &str,
    rehearsal: bool,
    visit: &str,
) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT member FROM visit WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3",
    )?;
    let found = statement.query_row(params![kiosk, rehearsal, visit], |row| row.get(0));
    Ok(found.optional()?)
}
