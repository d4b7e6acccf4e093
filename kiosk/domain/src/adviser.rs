//! デジタル相談: who advises, when, and what happens in the rooms (rules section 6, R17–R19).

use crate::event::Wait;
use crate::ids::{AdviserId, ReservationId, VisitId};
use crate::reference::DateTime;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The collection `advisers`: who there is, and the slots of every open day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Advisers and management consultants.
    pub advisers: Vec<Adviser>,
    /// Slots 相談枠, in the order of the day.
    pub slots: Vec<Slot>,
}

/// Somebody who advises, by a short id; no name reaches the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adviser {
    /// The id.
    pub id: AdviserId,
    /// As what.
    pub role: AdviserRole,
}

/// As what somebody advises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdviserRole {
    /// 相談員: one of them must be present (R17).
    Adviser,
    /// 経営相談員, who joins a consultation and never counts as the adviser who must be present.
    ManagementConsultant,
}

/// A time of the day in which people are advised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// From when.
    #[serde(with = "crate::hhmm")]
    #[schema(value_type = String, example = "10:00")]
    pub from: NaiveTime,
    /// Until when.
    #[serde(with = "crate::hhmm")]
    #[schema(value_type = String, example = "10:45")]
    pub to: NaiveTime,
    /// What it is for.
    pub purpose: SlotPurpose,
}

/// What a slot is for (R18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotPurpose {
    /// Advice.
    Advice,
    /// Software practice, which counts as 体験会.
    SoftwarePractice,
    /// Together with a management consultant.
    Joint,
}

/// What an adviser is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdviserState {
    /// Free to see somebody.
    Available,
    /// With a visitor.
    WithVisitor,
    /// Advising online.
    Online,
    /// Out, at a business.
    Out,
    /// On a break.
    Break,
    /// Not here, and can be called.
    OnCall,
}

impl AdviserState {
    /// Whether they count as the one who must be present: whoever is on a break, out or on call sees nobody.
    pub fn is_present(self) -> bool {
        matches!(self, Self::Available | Self::WithVisitor | Self::Online)
    }
}

/// A consultation began: a use within the visit. Those who advise are with the visitor from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsultationStarted {
    /// The visit.
    pub visit: VisitId,
    /// Who advises; perhaps two.
    pub advisers: BTreeSet<AdviserId>,
    /// The reservation it fulfils.
    pub reservation: Option<ReservationId>,
    /// What the slot is for, where it began in one.
    pub purpose: Option<SlotPurpose>,
    /// When it began.
    pub started_at: DateTime,
    /// Until when it is meant to last. Nobody is put out then.
    pub until: DateTime,
}

/// A consultation ended, measured. Those who advised are free again, as they are when the visit ends first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsultationEnded {
    /// The visit.
    pub visit: VisitId,
    /// When.
    pub ended_at: DateTime,
}

/// A consultation as an offer shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsultationOffer {
    /// Until when it can last.
    pub until: DateTime,
    /// The wait, where every adviser is with somebody; none when one is free.
    pub wait: Option<Wait>,
}

/// Why the advisers cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdviceError {
    /// Two of one id.
    #[error("adviser {0} is there twice; give one of them another id")]
    Twice(AdviserId),
    /// It ends before it begins.
    #[error("the slot from {0} ends before it begins; correct its times")]
    Backwards(NaiveTime),
    /// Two at the same time.
    #[error("the slots from {0} and {1} overlap; move one of them")]
    Overlap(NaiveTime, NaiveTime),
}

impl Advice {
    /// Somebody by their id.
    pub fn adviser(&self, id: &AdviserId) -> Option<&Adviser> {
        self.advisers.iter().find(|one| &one.id == id)
    }

    /// Finds everything that makes it unusable.
    ///
    /// # Errors
    /// All faults at once, each with what to mend.
    pub fn check(&self) -> Result<(), Vec<AdviceError>> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        let twice = self.advisers.iter().filter(|one| !seen.insert(&one.id));
        faults.extend(twice.map(|one| AdviceError::Twice(one.id.clone())));
        let backwards = self.slots.iter().filter(|slot| slot.to <= slot.from);
        faults.extend(backwards.map(|slot| AdviceError::Backwards(slot.from)));
        for (index, slot) in self.slots.iter().enumerate() {
            let before = self.slots.iter().take(index);
            let overlaps = before.filter(|other| other.from < slot.to && slot.from < other.to);
            faults.extend(overlaps.map(|other| AdviceError::Overlap(other.from, slot.from)));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }
}
