//! Folding attendance into the day.

use super::{PastUse, Today, Visit};
use crate::attendance::{Attendance, AttendanceEnded, AttendanceStarted};
use crate::event::{Activity, Event, LimitedBy};

impl Today {
    pub(super) fn fold_attendance(&mut self, event: &Event) {
        match event {
            Event::AttendanceStarted(started) => {
                self.standby.remove(&started.reservation);
                self.change(&started.visit, |visit| visit.attend(started));
            }
            Event::AttendanceEnded(AttendanceEnded { visit, .. }) => self.change(visit, |visit| {
                if let Some(attendance) = &mut visit.attendance {
                    attendance.is_over = true;
                }
            }),
            Event::StandbyCame(came) => {
                self.standby.insert(came.reservation.clone());
            }
            _ => {}
        }
    }
}

impl Visit {
    /// What they did until now is over, unless they came for this; the seat is free.
    fn attend(&mut self, started: &AttendanceStarted) {
        let activity = Activity::Programme {
            programme: started.programme.clone(),
        };
        if self.activity != activity {
            let counted_s = self.counted_until(started.started_at).num_seconds();
            self.earlier.push(PastUse {
                activity: std::mem::replace(&mut self.activity, activity),
                reservation: self.reservation.take(),
                counted_s,
            });
        }
        self.reservation = Some(started.reservation.clone());
        self.seat = None;
        self.until = started.ends;
        self.limited_by = LimitedBy::OwnReservation;
        self.overdue = false;
        self.pauses.clear();
        self.attendance = Some(Attendance {
            programme: started.programme.clone(),
            starts: started.starts,
            ends: started.ends,
            is_over: false,
        });
    }
}
