//! What ends a stay.

use crate::Limit;
use crate::touch::flow::Presentation;
use domain::event::LimitedBy;

impl From<LimitedBy> for Limit {
    fn from(limit: LimitedBy) -> Self {
        match limit {
            LimitedBy::Grant => Self::Grant,
            LimitedBy::Reservation => Self::Reservation,
            LimitedBy::Programme => Self::Programme,
            LimitedBy::Closing => Self::Closing,
            LimitedBy::DayTotal => Self::DayTotal,
            LimitedBy::OwnReservation => Self::OwnReservation,
            LimitedBy::Queue => Self::Queue,
        }
    }
}

/// Whether it tells something of the visitor; what other people and the house need anybody may know.
pub fn is_personal(limit: LimitedBy) -> bool {
    matches!(limit, LimitedBy::DayTotal | LimitedBy::OwnReservation)
}

/// What is said to stand in the way: a personal reason only while it may be seen.
pub fn shown(limit: LimitedBy, presentation: &Presentation) -> Limit {
    if is_personal(limit) && !presentation.details {
        Limit::Grant
    } else {
        limit.into()
    }
}
