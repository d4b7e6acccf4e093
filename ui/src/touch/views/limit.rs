//! What ends a stay.

use crate::Limit;
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
        }
    }
}
