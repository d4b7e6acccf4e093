//! Names of things. Each kind has its own type, so that a seat can never stand where a zone belongs.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

ids! {
    /// One kiosk service: the owner of a centre's seats (`koto-1`).
    KioskId;
    /// A place with screens and scanners of its own (`door`, `desk`).
    StationId;
    /// A member, by the membership number the office gave; never a name.
    MemberId;
    /// A company: several members may belong to it (R3).
    CompanyId;
    /// A reservation at the office.
    ReservationId;
    /// A part of the floor (`room`).
    ZoneId;
    /// A seat as its sign reads (`C3`).
    SeatId;
    /// A programme 催し: seminar, hands-on, training, one session of a course.
    ProgrammeId;
    /// One person's visit on one day.
    VisitId;
    /// One guest's stay: somebody who is no member.
    GuestId;
    /// What the kiosk has put before a visitor to choose from.
    OfferId;
    /// A ticket 番号: a place in the queue.
    TicketId;
    /// One run of a kiosk service, from start to stop: 16 lower-case hexadecimal digits of randomness.
    RunId;
    /// An adviser 相談員 or management consultant 経営相談員; never a name.
    AdviserId;
    /// A piece of equipment 備品 that is lent.
    EquipmentId;
    /// A notice お知らせ.
    NoticeId;
    /// A member of staff, by the id the office gave; never a name.
    StaffId;
    /// An emergency: the run and the number of its record.
    IncidentId;
    /// A call for staff: the run and the number of its record.
    CallId;
}
