//! The consultation rooms as staff see them, and in one word for the signage.

use super::{Scene, phase};
use api::advice::{AdviceView, AdviserView, ConsultationView};
use api::screen::Phase;
use api::signage::AdviceNow;
use domain::adviser::AdviserState;
use domain::consultation::walk_in;
use domain::reference::DateTime;

/// Advisers, consultations, who waits.
pub fn advice(scene: Scene) -> AdviceView {
    let (reference, rooms) = (&scene.state.reference, &scene.state.today.rooms);
    let advisers = reference.advice.advisers.iter().map(|one| AdviserView {
        id: one.id.clone(),
        role: one.role,
        state: rooms.advisers.get(&one.id).map(|now| now.state),
    });
    let running = rooms
        .consultations
        .iter()
        .map(|(visit, one)| ConsultationView {
            visit: visit.clone(),
            advisers: one.advisers.clone(),
            started_at: one.started_at,
            until: one.until,
        });
    AdviceView {
        advisers: advisers.collect(),
        running: running.collect(),
        waiting: rooms.waiting.clone(),
        unstaffed_since: unstaffed_since(scene),
    }
}

/// Since when nobody has been there to advise, while the centre is open (R17).
pub fn unstaffed_since(scene: Scene) -> Option<DateTime> {
    let since = scene.state.today.rooms.alarm_since?;
    (phase(scene) == Phase::Open).then_some(since)
}

/// What the signage says of the consultation; nothing while nobody is there to advise.
pub(super) fn advice_now(scene: Scene) -> Option<AdviceNow> {
    let (reference, today) = (&scene.state.reference, &scene.state.today);
    let advisers = today.rooms.advisers.values();
    let is_here = |state| matches!(state, AdviserState::Available | AdviserState::WithVisitor);
    if phase(scene) != Phase::Open || !advisers.map(|one| one.state).any(is_here) {
        return None;
    }
    let offer = walk_in(reference, today, scene.now);
    Some(match offer {
        Some(offer) if offer.wait.is_none() => AdviceNow::Free,
        _ => AdviceNow::Busy,
    })
}
