//! A guest: somebody who is no member.

use crate::event::GuestPurpose;
use crate::ids::{GuestId, StationId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody inside who is no member 見学・お届け等: in the head-count, outside every figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    /// Its id.
    pub id: GuestId,
    /// Where they came in.
    pub station: StationId,
    /// What for.
    pub purpose: GuestPurpose,
    /// When they came.
    pub arrived_at: DateTime,
    /// Whether that was vouched for; if not, they are here now and no more is known.
    pub dated: bool,
}
