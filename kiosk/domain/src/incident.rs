//! Emergencies 緊急 (rules section 10, R24): their kinds, and one that is open.

use crate::head_count::{Listed, Person};
use crate::ids::{IncidentId, StaffId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What kind of emergency.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// 火災.
    Fire,
    /// 地震.
    Earthquake,
    /// 水害.
    Flood,
    /// 不審者.
    Intruder,
    /// 急病.
    Medical,
    /// 停電.
    PowerCut,
}

impl IncidentKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Fire,
        Self::Earthquake,
        Self::Flood,
        Self::Intruder,
        Self::Medical,
        Self::PowerCut,
    ];

    /// Whether nobody is let in, every display says so, and everybody inside is counted. For somebody taken ill and for a power cut the
    /// door works on, and the displays ask for consideration.
    pub fn shuts_door(self) -> bool {
        !matches!(self, Self::Medical | Self::PowerCut)
    }

    /// Whether the displays show the way out. Otherwise people stay where they are, and an arrow would send them off.
    pub fn leads_out(self) -> bool {
        self == Self::Fire
    }
}

/// Where the way out lies, seen from somebody who reads a display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// 左.
    Left,
    /// 右.
    Right,
    /// 直進.
    Ahead,
}

/// An emergency that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// What kind.
    pub what: IncidentKind,
    /// Whether it is only practised 訓練.
    pub drill: bool,
    /// Since when.
    pub opened_at: DateTime,
    /// Who opened it.
    pub by: StaffId,
    /// The head-count list: who was inside when it was opened. It stays as it is until the emergency is closed, whatever becomes of visits
    /// meanwhile.
    pub people: Vec<Listed>,
    /// Who of them has been ticked off.
    pub ticked: BTreeSet<Person>,
}

impl Incident {
    /// How many people are to be ticked off.
    pub fn inside(&self) -> usize {
        self.people.iter().filter(|one| one.is_inside()).count()
    }

    /// How many nobody has ticked off yet.
    pub fn missing(&self) -> usize {
        self.inside().saturating_sub(self.ticked.len())
    }
}

/// An emergency began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentOpened {
    /// The emergency.
    pub incident: IncidentId,
    /// What kind.
    pub what: IncidentKind,
    /// Whether it is only practised.
    pub drill: bool,
    /// Who opened it.
    pub by: StaffId,
    /// When.
    pub opened_at: DateTime,
    /// The head-count list; empty where the door works on.
    pub people: Vec<Listed>,
}

/// An emergency is over, or another one took its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IncidentClosed {
    /// The emergency.
    pub incident: IncidentId,
    /// What kind.
    pub what: IncidentKind,
    /// Who closed it.
    pub by: StaffId,
    /// Since when it was open.
    pub opened_at: DateTime,
    /// When it was closed.
    pub closed_at: DateTime,
    /// Whether everybody has left, and all visits ended with it.
    pub everybody_left: bool,
    /// How many people were on the list.
    pub inside: u32,
    /// How many of them had been ticked off.
    pub ticked: u32,
}

/// Somebody on the list was ticked off, or is looked for again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonTicked {
    /// The emergency.
    pub incident: IncidentId,
    /// Who.
    pub person: Person,
    /// Whether they have been found; else they are looked for again.
    pub ticked: bool,
}
