//! Times that nobody vouched for, put right once somebody does (design section 4).
//!
//! A kiosk without network may begin its day at a wrong time. The first record with a trusted time tells by how much: its uptime and that of
//! the records before it belong to one run.

use super::columns::{moment, read_moment};
use super::records::day_before;
use super::visits::Source;
use super::{StoreError, Writing};
use chrono::TimeDelta;
use domain::event::{Entry, Event, Stamp};
use domain::ids::VisitId;
use domain::reference::DateTime;
use domain::{Today, apply};
use rusqlite::params;

/// A visit begun at a time nobody vouched for.
struct Undated {
    visit: VisitId,
    started_at: DateTime,
    until: DateTime,
    ended_at: Option<DateTime>,
}

impl Writing<'_> {
    /// Corrects the visits that wait for a trusted time; `entry` is the first record that has one. Those under way become what the kiosk
    /// itself makes of them ([`domain::apply`]); of those that ended before, as much as this run's uptime tells.
    pub(super) fn correct_times(
        &self,
        source: &Source<'_>,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let undated = self.undated(source)?;
        if undated.is_empty() {
            return Ok(());
        }
        let stamp = &entry.stamp;
        let before = day_before(&self.tx, source, stamp)?;
        let mut today = Today::default();
        before.iter().for_each(|entry| apply(&mut today, entry));
        // A run that begins forgets what uptime meant; whatever else happened, happened at the right time.
        let event = match &entry.event {
            Event::RunStarted { .. } => entry.event.clone(),
            _ => Event::ClockTrusted {},
        };
        let stamp = stamp.clone();
        apply(&mut today, &Entry { stamp, event });
        for visit in undated {
            let visit = match (visit.ended_at, today.visits.get(&visit.visit)) {
                (None, Some(known)) => Undated {
                    started_at: known.started_at,
                    until: known.until,
                    ..visit
                },
                (None, None) => visit,
                (Some(_), _) => visit.shifted(&before, &entry.stamp),
            };
            self.set_times(source, &visit)?;
        }
        Ok(())
    }

    fn undated(&self, source: &Source<'_>) -> Result<Vec<Undated>, StoreError> {
        let mut statement = self.tx.prepare_cached(
            // By itself SQLite would look through all visits of the kiosk, and this is asked with every record.
            "SELECT visit, started_at, until, ended_at FROM visit INDEXED BY visit_undated
             WHERE kiosk = ?1 AND rehearsal = ?2 AND undated = 1",
        )?;
        let mut rows = statement.query(params![source.kiosk.as_str(), source.rehearsal])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let ended_at: Option<String> = row.get(3)?;
            found.push(Undated {
                visit: row.get::<_, String>(0)?.into(),
                started_at: read_moment(&row.get::<_, String>(1)?)?,
                until: read_moment(&row.get::<_, String>(2)?)?,
                ended_at: ended_at.as_deref().map(read_moment).transpose()?,
            });
        }
        Ok(found)
    }

    fn set_times(&self, source: &Source<'_>, visit: &Undated) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE visit SET undated = 0, date = ?4, started_at = ?5, until = ?6, ended_at = ?7 WHERE kiosk = ?1 AND rehearsal = ?2 AND visit = ?3",
            )?
            .execute(params![
                source.kiosk.as_str(),
                source.rehearsal,
                visit.visit.as_str(),
                visit.started_at.with_timezone(&crate::clock::japan()).date_naive().to_string(),
                moment(visit.started_at),
                moment(visit.until),
                visit.ended_at.map(moment),
            ])?;
        Ok(())
    }
}

impl Undated {
    /// The visit with its start and end as many minutes later as the records that tell of them were written too early.
    fn shifted(self, records: &[Entry], trusted: &Stamp) -> Self {
        let (mut starts_by, mut ends_by) = (TimeDelta::zero(), TimeDelta::zero());
        for record in records {
            match &record.event {
                Event::VisitStarted { visit, .. } if visit == &self.visit => {
                    starts_by = shift(&record.stamp, trusted);
                }
                Event::VisitEnded { visit, .. } if visit == &self.visit => {
                    ends_by = shift(&record.stamp, trusted);
                }
                _ => {}
            }
        }
        Self {
            started_at: self.started_at + starts_by,
            until: self.until + starts_by,
            ended_at: self.ended_at.map(|ended_at| ended_at + ends_by),
            ..self
        }
    }
}

/// By how much a record's time was wrong; nothing where its run had another uptime.
fn shift(record: &Stamp, trusted: &Stamp) -> TimeDelta {
    if record.trusted || record.run != trusted.run {
        return TimeDelta::zero();
    }
    let ago = trusted.uptime_ms.saturating_sub(record.uptime_ms);
    let at = trusted.at - TimeDelta::milliseconds(i64::try_from(ago).unwrap_or(i64::MAX / 2));
    at - record.at
}
