//! What can be lent now, and until when (rules section 8). Tightest fit first, so that the full PCs stay for those who need them, and for
//! programmes.

use crate::equipment::{Charge, ChargeSource, Equipment, EquipmentKind, EquipmentState};
use crate::ids::EquipmentId;
use crate::reference::{DateTime, JST, Programme, Reference};
use crate::settings::minutes;
use crate::stay::closing;
use crate::today::{Loan, Today};
use crate::verdict::NoLoanBecause;
use chrono::TimeDelta;

/// The time that a charge report stands before the same value is recorded anew.
pub(crate) const REPORT_EVERY: TimeDelta = TimeDelta::minutes(30);
/// A smaller change is not recorded.
pub(crate) const REPORT_STEP: u8 = 5;

/// Until when a loan from now on lasts, and how long the charge has to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) back_by: DateTime,
    pub(crate) charge_min: i64,
}

/// What is lent together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picked<'a> {
    pub(crate) pc: &'a Equipment,
    pub(crate) battery: Option<&'a Equipment>,
}

impl Reference {
    /// The equipment with this label.
    pub fn labelled(&self, label: &str) -> Option<&Equipment> {
        self.equipment.values().find(|one| one.label == label)
    }
}

/// Whether it is in order, as far as office and staff have said.
pub fn is_in_service(today: &Today, equipment: &Equipment) -> bool {
    equipment.state == EquipmentState::Available && !today.lending.aside.contains_key(&equipment.id)
}

/// Whether it is here, in order, and wiped and checked since it was last out.
pub fn is_free(today: &Today, equipment: &Equipment, now: DateTime) -> bool {
    let lending = &today.lending;
    let rests = lending.resting.get(&equipment.id);
    is_in_service(today, equipment)
        && !lending.loans.contains_key(&equipment.id)
        && rests.is_none_or(|until| *until <= now)
}

/// How full it is, less what it has used while it was out since that was said.
pub fn charge_now(today: &Today, equipment: &Equipment, now: DateTime) -> Option<Charge> {
    let charge = *today.lending.charges.get(&equipment.id)?;
    let Some(loan) = today.lending.loans.get(&equipment.id) else {
        return Some(charge);
    };
    let out_min = (now - charge.at.max(loan.started_at)).num_minutes().max(0);
    let used = out_min * 100 / i64::from(equipment.full_charge_min.max(1));
    let percent = u8::try_from((i64::from(charge.percent) - used).max(0)).unwrap_or_default();
    let is_same = percent == charge.percent;
    Some(Charge {
        percent,
        at: if is_same { charge.at } else { now },
        by: if is_same {
            charge.by
        } else {
            ChargeSource::Reckoned
        },
    })
}

/// Minutes its charge lasts; none where that is unknown or too low to be lent.
fn lasts(
    reference: &Reference,
    today: &Today,
    equipment: &Equipment,
    now: DateTime,
) -> Option<i64> {
    let charge = charge_now(today, equipment, now)?;
    let is_enough = charge.percent > reference.settings.lending.lowest_percent;
    is_enough.then(|| equipment.minutes_at(charge.percent))
}

/// The terms of a loan to somebody who stays until then: back before closing, and before a programme needs the PCs.
pub(crate) fn terms(
    reference: &Reference,
    today: &Today,
    (now, trusted): (DateTime, bool),
    until: DateTime,
) -> Result<Terms, NoLoanBecause> {
    let settings = &reference.settings;
    let closes = closing(reference, now, trusted)
        .map(|closes| closes.at - minutes(settings.lending.back_before_closing_min));
    let longest = closes.map_or(until, |closes| until.min(closes));
    if longest <= now {
        return Err(NoLoanBecause::TooLate);
    }
    let stays = |end: DateTime| if end < longest { end } else { until };
    let turn_round = minutes(settings.lending.turn_round_min);
    let mut ends: Vec<DateTime> = programmes(reference, now)
        .map(|one| one.takes_zone(settings).0 - turn_round)
        .filter(|end| *end < longest && *end - now >= minutes(settings.minimum_stay_min))
        .chain([longest])
        .collect();
    ends.sort_unstable();
    let spare = |end: &DateTime| are_spared(reference, today, now, *end + turn_round);
    let back_by = ends.into_iter().rev().find(spare);
    let back_by = back_by.ok_or(NoLoanBecause::NoneFree)?;
    let charge = stays(back_by) - now + minutes(settings.lending.reserve_min);
    Ok(Terms {
        back_by,
        charge_min: charge.num_minutes(),
    })
}

/// Programmes of the day that need PCs and are not cleared away yet.
fn programmes(reference: &Reference, now: DateTime) -> impl Iterator<Item = &Programme> {
    let date = now.with_timezone(&JST).date_naive();
    let today = reference.programmes_on(date).into_iter();
    today.filter(move |one| one.pcs > 0 && now < one.takes_zone(&reference.settings).1)
}

/// Whether every programme that begins before `ready` has its PCs, though one more is out from now until then.
fn are_spared(reference: &Reference, today: &Today, now: DateTime, ready: DateTime) -> bool {
    let settings = &reference.settings;
    let turn_round = minutes(settings.lending.turn_round_min);
    let pcs = reference.equipment.values();
    let in_service = pcs
        .filter(|one| one.kind == EquipmentKind::Pc && is_in_service(today, one))
        .count();
    let spans: Vec<_> = programmes(reference, now)
        .map(|one| (one.takes_zone(settings), one.pcs))
        .collect();
    let starts = spans.iter().map(|((from, _), _)| now.max(*from));
    let mut starts = starts.filter(|at| *at < ready);
    starts.all(|at| {
        let needed = spans
            .iter()
            .filter(|((from, to), _)| *from <= at && at < *to);
        let needed: u32 = needed.map(|(_, pcs)| pcs).sum();
        // Whoever is late with one may keep it.
        let is_out = |loan: &&Loan| loan.back_by <= now || at < loan.back_by + turn_round;
        let out = today.lending.pcs().filter(is_out).count();
        usize::try_from(needed).is_ok_and(|needed| needed + out < in_service)
    })
}

/// The PC whose charge outlasts the stay by the least; on a seat with power the fullest; else one with a battery.
pub(crate) fn pick<'a>(
    reference: &'a Reference,
    today: &Today,
    now: DateTime,
    terms: Terms,
    has_power: bool,
) -> Result<Picked<'a>, NoLoanBecause> {
    let charged = |kind: EquipmentKind| -> Vec<(i64, &'a Equipment)> {
        let all = reference.equipment.values();
        all.filter(|one| one.kind == kind && is_free(today, one, now))
            .filter_map(|one| Some((lasts(reference, today, one, now)?, one)))
            .collect()
    };
    let pcs = charged(EquipmentKind::Pc);
    let alone = |pc| Picked { pc, battery: None };
    let outlasts = pcs.iter().filter(|(min, _)| *min >= terms.charge_min);
    if let Some((_, pc)) = outlasts.min_by_key(|(min, pc)| (*min, &pc.id)) {
        return Ok(alone(pc));
    }
    let fullest = pcs.iter().max_by_key(|(min, _)| *min);
    if let Some((_, pc)) = fullest.filter(|_| has_power) {
        return Ok(alone(pc));
    }
    let batteries = charged(EquipmentKind::Battery);
    let pairs = pcs.iter().flat_map(|(min, pc)| {
        let with = batteries.iter();
        with.map(move |(more, battery)| (min + more, *pc, *battery))
    });
    let pair = pairs
        .filter(|(min, _, _)| *min >= terms.charge_min)
        .min_by_key(|(min, pc, battery)| (*min, &pc.id, &battery.id));
    match pair {
        Some((_, pc, battery)) => Ok(Picked {
            pc,
            battery: Some(battery),
        }),
        None if is_any_free(reference, today, now) => Err(NoLoanBecause::LowCharge),
        None => Err(NoLoanBecause::NoneFree),
    }
}

fn is_any_free(reference: &Reference, today: &Today, now: DateTime) -> bool {
    let mut all = reference.equipment.values();
    all.any(|one| one.kind == EquipmentKind::Pc && is_free(today, one, now))
}

/// Whether this PC may be lent on these terms: its charge outlasts the stay, or the seat has power.
pub(crate) fn suffices(
    reference: &Reference,
    today: &Today,
    now: DateTime,
    equipment: &Equipment,
    terms: Terms,
    has_power: bool,
) -> bool {
    lasts(reference, today, equipment, now).is_some_and(|min| {
        has_power || equipment.kind == EquipmentKind::Battery || min >= terms.charge_min
    })
}

/// Whether what a visitor has out lasts on these terms, together.
pub(crate) fn suffice_together(
    reference: &Reference,
    today: &Today,
    now: DateTime,
    loans: &[&Loan],
    terms: Terms,
) -> bool {
    let known = loans
        .iter()
        .filter_map(|loan| reference.equipment.get(&loan.equipment));
    let total: i64 = known
        .filter_map(|one| lasts(reference, today, one, now))
        .sum();
    total >= terms.charge_min
}

/// When a PC that is out is expected to be ready again.
pub(crate) fn expected(reference: &Reference, today: &Today, now: DateTime) -> Option<DateTime> {
    let turn_round = minutes(reference.settings.lending.turn_round_min);
    let back = today.lending.pcs().map(|loan| loan.back_by + turn_round);
    let resting = today.lending.resting.values().copied();
    back.chain(resting).filter(|at| now < *at).min()
}

/// What to plug in next, the emptiest first, since the room's power is limited (R11): what is here, in order, and would not outlast a
/// stay of the usual length.
pub fn charging_plan<'a>(
    reference: &'a Reference,
    today: &Today,
    now: DateTime,
) -> Vec<&'a EquipmentId> {
    let settings = &reference.settings;
    let usual = i64::from(settings.coworking.grant_min) + i64::from(settings.lending.reserve_min);
    let here = reference
        .equipment
        .values()
        .filter(|one| is_in_service(today, one) && !today.lending.loans.contains_key(&one.id));
    let mut low: Vec<_> = here
        .filter_map(|one| Some((charge_now(today, one, now)?.percent, one)))
        .filter(|(percent, one)| *percent < 100 && one.minutes_at(*percent) < usual)
        .map(|(percent, one)| (one.kind, percent, &one.id))
        .collect();
    low.sort_unstable();
    low.into_iter().map(|(_, _, id)| id).collect()
}
