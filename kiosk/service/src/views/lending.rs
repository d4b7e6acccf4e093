//! What staff see of the equipment.

use super::Scene;
use api::staff::{EquipmentView, LoanView};
use domain::equipment::{Equipment, EquipmentState};
use domain::ids::EquipmentId;
use domain::lending::{charge_now, charging_plan, is_free};
use domain::today::Loan;

/// All equipment, PCs first, and whatever is out that the office has taken off its list.
pub(super) fn equipment(scene: Scene) -> Vec<EquipmentView> {
    let known = &scene.state.reference.equipment;
    let unlisted = scene.state.today.lending.loans.values();
    let unlisted = unlisted.filter(|loan| !known.contains_key(&loan.equipment));
    let listed = known.values().map(|one| view(scene, one));
    let mut all: Vec<_> = listed
        .chain(unlisted.map(|loan| unlisted_view(scene, loan)))
        .collect();
    all.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    all
}

/// What to plug in next.
pub(super) fn charging(scene: Scene) -> Vec<EquipmentId> {
    let state = scene.state;
    let plan = charging_plan(&state.reference, &state.today, scene.now);
    plan.into_iter().cloned().collect()
}

fn view(scene: Scene, one: &Equipment) -> EquipmentView {
    let today = &scene.state.today;
    let rests = today.lending.resting.get(&one.id).copied();
    EquipmentView {
        id: one.id.clone(),
        kind: one.kind,
        name: one.name.clone(),
        software: one.software.clone(),
        state: one.state,
        aside: today.lending.aside.get(&one.id).copied(),
        free: is_free(today, one, scene.now),
        rests_until: rests.filter(|until| scene.now < *until),
        charge: charge_now(today, one, scene.now),
        loan: today
            .lending
            .loans
            .get(&one.id)
            .map(|loan| loan_view(scene, loan)),
    }
}

fn unlisted_view(scene: Scene, loan: &Loan) -> EquipmentView {
    EquipmentView {
        id: loan.equipment.clone(),
        kind: loan.kind,
        name: loan.equipment.to_string(),
        software: Vec::new(),
        state: EquipmentState::OutOfOrder,
        aside: None,
        free: false,
        rests_until: None,
        charge: None,
        loan: Some(loan_view(scene, loan)),
    }
}

fn loan_view(scene: Scene, loan: &Loan) -> LoanView {
    let visit = scene.state.today.visits.get(&loan.visit);
    LoanView {
        visit: loan.visit.clone(),
        member: loan.member.clone(),
        started_at: loan.started_at,
        back_by: loan.back_by,
        visit_is_over: visit.is_none_or(|visit| !visit.is_open()),
    }
}
