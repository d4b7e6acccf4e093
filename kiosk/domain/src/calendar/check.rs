//! What makes a calendar impossible, said so that the office can mend it.

use super::{Calendar, ClosureTime, Hours};
use crate::hhmm;
use chrono::{NaiveDate, NaiveTime, TimeDelta};

/// A part of the calendar that cannot be meant. `at` names the place in the collection, such as `closures[2]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Closing is not later than opening.
    #[error(
        "{at}: {} to {} is no stretch of time; write the earlier time first",
        hhmm::format(from),
        hhmm::format(to)
    )]
    TimesReversed {
        /// Where.
        at: String,
        /// The time written first.
        from: NaiveTime,
        /// The time written second.
        to: NaiveTime,
    },
    /// The last day is earlier than the first.
    #[error("{at}: {from} to {to} has no day in it; write the earlier date first")]
    DatesReversed {
        /// Where.
        at: String,
        /// The date written first.
        from: NaiveDate,
        /// The date written second.
        to: NaiveDate,
    },
    /// Two special openings share time.
    #[error("{at}: overlaps {other} on {date}; join the two or move one of them")]
    Overlap {
        /// Where.
        at: String,
        /// The earlier entry.
        other: String,
        /// On which day.
        date: NaiveDate,
    },
    /// A special opening can never be open.
    #[error(
        "{at}: {date} is outside the service; move it between service_from and service_to, or change these"
    )]
    OutsideService {
        /// Where.
        at: String,
        /// On which day.
        date: NaiveDate,
    },
    /// Preparation would begin on the day before.
    #[error(
        "preparation_minutes: {minutes} minutes before {at} opens is the day before; write at most {most}"
    )]
    PreparationTooLong {
        /// The hours with the earliest opening.
        at: String,
        /// As written.
        minutes: u16,
        /// The longest possible.
        most: i64,
    },
    /// A closure that does not say why.
    #[error("{at}: the text is empty; say in Japanese why the centre is closed")]
    TextMissing {
        /// Where.
        at: String,
    },
    /// No weekday is open and no day has hours of its own.
    #[error(
        "weekly: every day is closed and there are no special_openings; write the opening hours"
    )]
    NeverOpen,
}

impl Calendar {
    /// Whether the calendar can be meant as it stands; everything that cannot, in the order of the fields.
    pub fn check(&self) -> Result<(), Vec<CalendarError>> {
        let mut errors = Vec::new();
        self.check_hours(&mut errors);
        if let (Some(from), Some(to)) = (self.service_from, self.service_to) {
            errors.extend(dates("service_from, service_to", from, to));
        }
        self.check_closures(&mut errors);
        self.check_special_openings(&mut errors);
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn check_hours(&self, errors: &mut Vec<CalendarError>) {
        let weekly = self
            .weekly
            .named()
            .map(|(name, hours)| hours.map(|hours| (format!("weekly.{name}"), hours)));
        let special = self.special_openings.iter().enumerate();
        let special = special.map(|(i, opening)| (format!("special_openings[{i}]"), opening.hours));
        let all: Vec<(String, Hours)> = weekly.into_iter().flatten().chain(special).collect();
        errors.extend(
            all.iter()
                .filter_map(|(at, hours)| times(at, hours.open, hours.close)),
        );
        let Some((at, earliest)) = all.iter().min_by_key(|(_, hours)| hours.open) else {
            errors.push(CalendarError::NeverOpen);
            return;
        };
        let before = earliest.open - NaiveTime::MIN;
        if TimeDelta::minutes(self.preparation_minutes.into()) > before {
            let (minutes, most) = (self.preparation_minutes, before.num_minutes());
            errors.push(CalendarError::PreparationTooLong {
                at: at.clone(),
                minutes,
                most,
            });
        }
    }

    fn check_closures(&self, errors: &mut Vec<CalendarError>) {
        for (i, closure) in self.closures.iter().enumerate() {
            let at = format!("closures[{i}]");
            match closure.when {
                ClosureTime::Days { from, to } => errors.extend(dates(&at, from, to)),
                ClosureTime::Part {
                    from: Some(from),
                    to: Some(to),
                    ..
                } => errors.extend(times(&at, from, to)),
                ClosureTime::Part { .. } => {}
            }
            if closure.text.ja.trim().is_empty() {
                errors.push(CalendarError::TextMissing { at });
            }
        }
    }

    fn check_special_openings(&self, errors: &mut Vec<CalendarError>) {
        for (i, opening) in self.special_openings.iter().enumerate() {
            let (at, date) = (format!("special_openings[{i}]"), opening.date);
            if self.is_out_of_service(date) {
                errors.push(CalendarError::OutsideService {
                    at: at.clone(),
                    date,
                });
            }
            let earlier = self.special_openings.iter().take(i);
            let shared = earlier
                .enumerate()
                .find(|(_, other)| other.date == date && other.hours.overlaps(&opening.hours));
            if let Some((j, _)) = shared {
                errors.push(CalendarError::Overlap {
                    at,
                    other: format!("special_openings[{j}]"),
                    date,
                });
            }
        }
    }
}

fn times(at: &str, from: NaiveTime, to: NaiveTime) -> Option<CalendarError> {
    (to <= from).then(|| CalendarError::TimesReversed {
        at: at.to_owned(),
        from,
        to,
    })
}

fn dates(at: &str, from: NaiveDate, to: NaiveDate) -> Option<CalendarError> {
    (to < from).then(|| CalendarError::DatesReversed {
        at: at.to_owned(),
        from,
        to,
    })
}
