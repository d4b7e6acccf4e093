//! What displays and the staff page are told of an emergency (R24). No names: people are numbers and seats.

use domain::head_count::Listed;
use domain::ids::IncidentId;
use domain::incident::{Exit, IncidentKind};
use domain::reference::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An emergency that every display shows instead of all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmergencyView {
    /// What kind.
    pub what: IncidentKind,
    /// Whether it is only practised 訓練: the display says so.
    pub drill: bool,
    /// Where the way out lies from this display, where people are led out and the office has said it.
    pub exit: Option<Exit>,
}

/// An emergency as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentView {
    /// Its id.
    pub incident: IncidentId,
    /// What kind.
    pub what: IncidentKind,
    /// Whether it is only practised.
    pub drill: bool,
    /// Since when.
    pub opened_at: DateTime,
    /// Whether nobody is let in, and there is a list.
    pub shuts_door: bool,
    /// How many people are to be ticked off.
    pub inside: u32,
    /// How many nobody has ticked off yet.
    pub missing: u32,
    /// The head-count list.
    pub people: Vec<ListedView>,
}

/// A line of the head-count list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedView {
    /// Who.
    pub listed: Listed,
    /// Whether they have been ticked off.
    pub ticked: bool,
}
