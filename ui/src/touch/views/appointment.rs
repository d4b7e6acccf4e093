//! The next appointment of the day.

use super::times;
use crate::touch::flow::Presentation;
use crate::{AppointmentKind, NextAppointment};
use domain::verdict;

/// The appointment as the screens say it; none when what is about the visitor may no longer be seen.
pub fn next(next: Option<&verdict::Appointment>, presentation: &Presentation) -> NextAppointment {
    let Some(next) = next.filter(|_| presentation.details) else {
        return NextAppointment::default();
    };
    let (kind, title) = match &next.what {
        verdict::AppointmentKind::Consultation => (AppointmentKind::Consultation, ""),
        verdict::AppointmentKind::Seat => (AppointmentKind::Seat, ""),
        verdict::AppointmentKind::Programme { title } => (
            AppointmentKind::Programme,
            title.in_language(presentation.language.code()),
        ),
    };
    NextAppointment {
        kind,
        time: times::clock(&next.starts).into(),
        title: title.into(),
    }
}
