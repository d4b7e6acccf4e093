//! How long somebody waits for a seat: at the latest by what is promised, at the soonest by how long people really stayed today
//! (rules section 5).

use crate::board::{Board, Busy, Want};
use crate::decide::Context;
use crate::event::EndedBy;
use crate::floor::Features;
use crate::plan::{Situation, held_until};
use crate::reference::{DateTime, Reference};
use crate::settings::minutes;
use crate::stay::{closing, moment};
use crate::today::{Today, Visit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Fewer measured stays than these say nothing.
const MEASURED: usize = 3;

/// Estimates are given in steps of so many minutes: nobody can tell more exactly.
const STEP_MIN: i64 = 5;

/// How long somebody is expected to wait, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// At the soonest, as stays were measured today.
    pub from_min: u32,
    /// At the latest, as ends are promised.
    pub to_min: u32,
}

impl Wait {
    /// From now until a moment between these two.
    pub(crate) fn between(now: DateTime, soonest: DateTime, latest: DateTime) -> Self {
        let seconds = |at: DateTime| (at - now).num_seconds().max(1);
        let step = STEP_MIN * 60;
        let to = (seconds(latest) + step - 1) / step;
        let from = (seconds(soonest) / step).min(to - 1);
        let minutes = |steps: i64| u32::try_from(steps * STEP_MIN).unwrap_or(u32::MAX);
        Self {
            from_min: minutes(from),
            to_min: minutes(to),
        }
    }
}

/// Looks for the moment at which somebody's turn comes.
pub(crate) struct Turn {
    now: DateTime,
    /// The latest moment at which a stay may begin; none while the time is not vouched for.
    last: Option<i64>,
    /// The shortest stay and the usual one, in seconds.
    shortest: i64,
    usual: i64,
}

impl Turn {
    pub(crate) fn new(reference: &Reference, context: &Context) -> Self {
        let settings = &reference.settings;
        let before = minutes(settings.minimum_stay_min.max(settings.last_walk_in_min));
        let closes = closing(reference, context.now, context.trusted);
        Self {
            now: context.now,
            last: closes.map(|closes| (closes.at - before).timestamp()),
            shortest: minutes(settings.minimum_stay_min).num_seconds(),
            usual: minutes(settings.coworking.grant_min).num_seconds(),
        }
    }

    /// When a seat is expected for somebody with these needs once everybody in `ahead` has had their turn; none when not today any more.
    pub(crate) fn after(
        &self,
        situation: &Situation,
        ahead: &[Features],
        needs: Features,
    ) -> Option<DateTime> {
        let wants = situation.commitments();
        let mut board = situation.board.clone();
        for needs in ahead {
            // Whoever waits in vain takes nothing from those behind.
            if let Some((at, seat)) = self.soonest(&board, &wants, *needs) {
                board = self.seated(&board, &wants, seat, at);
            }
        }
        let (at, _) = self.soonest(&board, &wants, needs)?;
        Some(moment(at, self.now))
    }

    /// The first promised end after which a seat is free long enough, and that seat.
    fn soonest(&self, board: &Board, wants: &[Want], needs: Features) -> Option<(i64, usize)> {
        let planned = wants.iter().map(|want| want.to + board.gap());
        let mut ends: Vec<i64> = board.ends().chain(planned).collect();
        // Nobody knows when those leave who are over time.
        let unknown = held_until(self.now, self.now).timestamp() + board.gap();
        ends.retain(|end| *end > unknown && self.last.is_none_or(|last| *end <= last));
        ends.sort_unstable();
        ends.dedup();
        ends.into_iter().find_map(|at| {
            let to = at + self.shortest;
            let mut free = board.free(needs, at, to);
            let fits = |seat: &usize| board.with(*seat, Busy::person(at, to)).holds(wants);
            free.find(fits).map(|seat| (at, seat))
        })
    }

    /// The board with somebody on a seat from then on, for the usual stay if that can be.
    fn seated<'a>(&self, board: &Board<'a>, wants: &[Want], seat: usize, at: i64) -> Board<'a> {
        let stay = |length: i64| board.with(seat, Busy::person(at, at + length));
        let is_free = board
            .free(Features::default(), at, at + self.usual)
            .any(|free| free == seat);
        Some(stay(self.usual))
            .filter(|longer| is_free && longer.holds(wants))
            .unwrap_or_else(|| stay(self.shortest))
    }
}

/// The day as it goes when everybody inside leaves like the quickest quarter of those who stayed as long before. Only ends that were
/// measured count.
pub(crate) fn as_measured(today: &Today, now: DateTime) -> Today {
    let mut shares: Vec<i64> = today.visits.values().filter_map(measured).collect();
    shares.sort_unstable();
    let mut measured = today.clone();
    let seated = measured.visits.values_mut();
    for visit in seated.filter(|visit| visit.is_open() && visit.seat.is_some()) {
        let gone = share(visit, now).unwrap_or_default();
        let longer = shares.get(shares.partition_point(|share| *share <= gone)..);
        let longer = longer.filter(|longer| longer.len() >= MEASURED);
        if let Some(share) = longer.and_then(|longer| longer.get(longer.len() / 4)) {
            let leaves = visit.started_at + (visit.until - visit.started_at) * scale(*share) / 1000;
            visit.until = visit.until.min(leaves);
        }
    }
    measured
}

/// How much of what was promised a stay has lasted, in thousandths, where its end was measured.
fn measured(visit: &Visit) -> Option<i64> {
    let ended = visit
        .ended
        .filter(|ended| ended.by == EndedBy::Visitor && visit.seat.is_some())?;
    share(visit, ended.at)
}

fn share(visit: &Visit, at: DateTime) -> Option<i64> {
    let promised = (visit.until - visit.started_at).num_seconds();
    let lasted = (at - visit.started_at).num_seconds();
    (lasted * 1000)
        .checked_div(promised)
        .map(|share| share.clamp(0, 1000))
}

/// Thousandths as a factor of a span.
fn scale(share: i64) -> i32 {
    i32::try_from(share).unwrap_or(1000)
}
