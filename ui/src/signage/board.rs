//! What stands on the display at a moment: the last view of the service, carried on by the time since. Pure.
//!
//! The service says which scenes take turns; here is only looked up whose turn it is.

use api::screen::Phase;
use api::signage::Signage;
use chrono::{TimeDelta, Timelike};
use domain::display::{SceneKind, Turn};
use domain::hhmm;
use domain::reference::DateTime;
use std::time::Duration;

/// Nothing heard for this long: the display says how old its content is. The service sends something each minute.
const STALE: Duration = Duration::from_secs(75);

/// How long one page of a list, or one notice, stands, in seconds.
const PAGE_SECONDS: u32 = 12;

/// What is around the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Open.
    Day,
    /// Open for one programme's people.
    Evening,
    /// It opens again today.
    Early,
    /// Closed until another day.
    Closed,
    /// An emergency: nothing else is shown.
    Emergency,
}

/// What stands in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// The programme that has the room.
    InRoom,
    /// A scene of the play list, and how often this kind had a turn before.
    Turn(SceneKind, u32),
}

/// The display at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<'a> {
    /// The service's last view.
    pub view: &'a Signage,
    /// The service's time.
    pub now: DateTime,
    /// What is around the scene.
    pub layout: Layout,
    /// The scene.
    pub scene: Scene,
    /// Minutes until closing, once it is announced; else 0.
    pub closing_left: u32,
    /// When the service was last heard, if that is a while ago.
    pub stale_since: Option<DateTime>,
}

impl Shown<'_> {
    /// Which of `pages` stands, where they turn over by themselves.
    pub fn page(&self, pages: usize) -> usize {
        let turn = self.now.time().num_seconds_from_midnight() / PAGE_SECONDS;
        (turn as usize).checked_rem(pages).unwrap_or(0)
    }

    /// Which of `pages` stands, where each turn of the scene shows the next.
    pub fn page_of_turn(&self, pages: usize) -> usize {
        match self.scene {
            Scene::Turn(_, round) => (round as usize).checked_rem(pages).unwrap_or(0),
            Scene::InRoom => 0,
        }
    }
}

/// The last view, and when it came. Times count from the program's start.
#[derive(Debug, Default)]
pub struct Board {
    last: Option<(Signage, Duration)>,
    heard: u64,
}

impl Board {
    /// Takes a view of the service.
    pub fn take(&mut self, view: Signage, at: Duration) {
        self.last = Some((view, at));
        self.heard += 1;
    }

    /// How many views have been taken.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// What stands at a moment; nothing before the first view.
    pub fn shown(&self, at: Duration) -> Option<Shown<'_>> {
        let (view, heard_at) = self.last.as_ref()?;
        let since = at.saturating_sub(*heard_at);
        let now = view.now + TimeDelta::from_std(since).unwrap_or_default();
        let layout = layout(view, now);
        Some(Shown {
            view,
            now,
            layout,
            scene: scene(view, now, layout),
            closing_left: closing_left(view, now),
            stale_since: (since > STALE).then_some(view.now),
        })
    }
}

fn layout(view: &Signage, now: DateTime) -> Layout {
    if view.emergency.is_some() {
        return Layout::Emergency;
    }
    let opens = view.today.open.as_deref();
    let opens_later = opens
        .and_then(|opens| hhmm::parse(opens).ok())
        .is_some_and(|opens| now.time() < opens);
    match view.phase {
        Phase::Open => Layout::Day,
        Phase::Evening => Layout::Evening,
        Phase::Break => Layout::Early,
        Phase::Before | Phase::Preparation if opens.is_some() => Layout::Early,
        Phase::Closed if opens_later => Layout::Early,
        Phase::Before | Phase::Preparation | Phase::Closed => Layout::Closed,
    }
}

fn scene(view: &Signage, now: DateTime, layout: Layout) -> Scene {
    if matches!(layout, Layout::Early | Layout::Closed | Layout::Emergency) {
        return Scene::Turn(SceneKind::Day, 0);
    }
    if view.in_room.is_some() {
        return Scene::InRoom;
    }
    let passed = now.timestamp() - view.now.timestamp();
    let passed = u64::try_from(passed).unwrap_or(0);
    turn(&view.turns, passed).map_or(Scene::Turn(SceneKind::Day, 0), |turn| {
        Scene::Turn(turn.scene, turn.round)
    })
}

/// Whose turn it is, so many seconds after the list was made.
fn turn(turns: &[Turn], passed: u64) -> Option<&Turn> {
    let whole: u64 = turns.iter().map(|turn| u64::from(turn.seconds)).sum();
    let mut within = passed.checked_rem(whole)?;
    turns.iter().find(|turn| {
        let seconds = u64::from(turn.seconds);
        let is_here = within < seconds;
        within = within.saturating_sub(seconds);
        is_here
    })
}

/// Counted here, so that it stays true without the service.
fn closing_left(view: &Signage, now: DateTime) -> u32 {
    let minute = |time: chrono::NaiveTime| time.num_seconds_from_midnight() / 60;
    let closing = view.closing.as_ref();
    closing
        .and_then(|closing| hhmm::parse(&closing.at).ok())
        .map_or(0, |at| minute(at).saturating_sub(minute(now.time())))
}
