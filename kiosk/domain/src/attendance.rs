//! Attendance 出席 at a programme 催し: from coming in to leaving, within a visit (rules section 7, R21).

use crate::ids::{ProgrammeId, ReservationId, StationId, VisitId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody takes part in a programme from now on. It is their use within the visit; a seat they had before is free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttendanceStarted {
    /// The visit.
    pub visit: VisitId,
    /// Which programme.
    pub programme: ProgrammeId,
    /// The reservation it fulfils.
    pub reservation: ReservationId,
    /// When the programme begins, as it stood then.
    pub starts: DateTime,
    /// When it ends, as it stood then: until then the visitor may stay, whatever becomes of the programme.
    pub ends: DateTime,
    /// When they came in for it.
    pub started_at: DateTime,
    /// Whether that was after its start.
    pub late: bool,
    /// Whether they had stood on the standby list.
    pub standby: bool,
    /// Not scanned but concluded: they were inside already when it was time.
    pub inferred: bool,
}

/// Somebody takes part no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttendanceEnded {
    /// The visit.
    pub visit: VisitId,
    /// Which programme.
    pub programme: ProgrammeId,
    /// When.
    pub ended_at: DateTime,
    /// Whether that was before its end.
    pub early: bool,
    /// Not scanned but concluded: the programme was over.
    pub inferred: bool,
}

/// Somebody on a standby list has come and waits for a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StandbyCame {
    /// Their reservation.
    pub reservation: ReservationId,
    /// The programme.
    pub programme: ProgrammeId,
    /// Where.
    pub station: StationId,
}

/// Part in a programme, as the day knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    /// Which programme.
    pub programme: ProgrammeId,
    /// When it begins, as it stood when they came in.
    pub starts: DateTime,
    /// When it ends, likewise.
    pub ends: DateTime,
    /// Whether it is over for them.
    pub is_over: bool,
}
