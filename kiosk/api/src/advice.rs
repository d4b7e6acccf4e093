//! The consultation rooms: what staff and advisers see and say. Ids only, no names.

use domain::adviser::{AdviserRole, AdviserState};
use domain::ids::{AdviserId, VisitId};
use domain::reference::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// `GET /v1/consultations`, and the answer to every call that changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdviceView {
    /// Everybody who advises.
    pub advisers: Vec<AdviserView>,
    /// Consultations going on.
    pub running: Vec<ConsultationView>,
    /// Visits without a reservation that wait for an adviser, in order.
    pub waiting: Vec<VisitId>,
    /// Since when no adviser has been present in opening hours (R17); none while one is.
    pub unstaffed_since: Option<DateTime>,
}

/// Somebody who advises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdviserView {
    /// Who.
    pub id: AdviserId,
    /// As what.
    pub role: AdviserRole,
    /// What they do; none before they have said so today.
    pub state: Option<AdviserState>,
}

/// A consultation going on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsultationView {
    /// With whom.
    pub visit: VisitId,
    /// By whom.
    pub advisers: BTreeSet<AdviserId>,
    /// When it began.
    pub started_at: DateTime,
    /// Until when it is meant to last.
    pub until: DateTime,
}

/// `PUT /v1/advisers/{adviser}/state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StateRequest {
    /// What they do now.
    pub state: AdviserState,
}

/// `POST /v1/visits/{visit}/consultation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRequest {
    /// Who advises: one, or two where a management consultant joins.
    pub advisers: BTreeSet<AdviserId>,
}
