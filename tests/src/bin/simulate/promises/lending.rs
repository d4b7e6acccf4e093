//! What must never happen to what is lent: out twice, out while it is wiped or a programme's, or with a charge that does not last.

use super::{Broken, Promises};
use chrono::TimeDelta;
use domain::equipment::{EquipmentKind, LoanStarted};
use domain::event::{Entry, Event};
use domain::ids::{EquipmentId, VisitId};
use domain::reference::{DateTime, JST, Reference};
use std::collections::BTreeMap;

/// Loans and charges, as the journal has told.
#[derive(Clone, Debug, Default)]
pub(super) struct Lent {
    /// PCs that are out, and when each is to be back.
    pcs: BTreeMap<EquipmentId, DateTime>,
    batteries: BTreeMap<EquipmentId, DateTime>,
    ended_at: BTreeMap<EquipmentId, DateTime>,
    percent: BTreeMap<EquipmentId, u8>,
    /// A PC just lent whose charge falls short by so many minutes: a battery must come with it.
    short: Option<(VisitId, EquipmentId, i64)>,
}

impl Promises {
    pub(super) fn take_loan(&mut self, entry: &Entry, reference: &Reference) -> Result<(), Broken> {
        let short = self.lent.short.take();
        match &entry.event {
            Event::LoanStarted(started) => return self.lend(started, short, reference),
            Event::LoanExtended(longer) => {
                if let Some(back_by) = self.lent.pcs.get_mut(&longer.equipment) {
                    *back_by = longer.back_by;
                }
            }
            Event::LoanEnded(ended) => {
                self.lent.pcs.remove(&ended.equipment);
                self.lent.batteries.remove(&ended.equipment);
                self.lent
                    .ended_at
                    .insert(ended.equipment.clone(), ended.ended_at);
            }
            Event::ChargeReported(told) => {
                let equipment = told.equipment.clone();
                self.lent.percent.insert(equipment, told.charge.percent);
            }
            _ => {}
        }
        match short {
            Some((_, equipment, _)) => Err(wrong(&equipment, "does not last")),
            None => Ok(()),
        }
    }

    fn lend(
        &mut self,
        started: &LoanStarted,
        short: Option<(VisitId, EquipmentId, i64)>,
        reference: &Reference,
    ) -> Result<(), Broken> {
        let id = &started.equipment;
        let lent = &self.lent;
        if lent.pcs.contains_key(id) || lent.batteries.contains_key(id) {
            return Err(wrong(id, "is out already"));
        }
        let lasts = reference.equipment.get(id).zip(lent.percent.get(id));
        let lasts = lasts.map_or(0, |(one, percent)| one.minutes_at(*percent));
        if started.equipment_kind == EquipmentKind::Battery {
            let still_short = short.is_some_and(|(_, _, missing)| missing > lasts);
            self.lent.batteries.insert(id.clone(), started.back_by);
            return if still_short {
                Err(wrong(id, "adds too little"))
            } else {
                Ok(())
            };
        }
        self.is_ready(started, reference)?;
        self.is_spared(started, reference)?;
        let needed = started.back_by - started.started_at
            + TimeDelta::minutes(reference.settings.lending.reserve_min.into());
        let missing = needed.num_minutes() - lasts;
        let seat = self.known(&started.visit)?.seat.clone();
        let seat = seat.and_then(|seat| reference.floor.seat(&seat));
        let has_power = seat.is_some_and(|seat| seat.offers.power);
        let is_short = missing > 0 && !has_power;
        self.lent.short = is_short.then(|| (started.visit.clone(), id.clone(), missing));
        self.lent.pcs.insert(id.clone(), started.back_by);
        Ok(())
    }

    fn is_ready(&self, started: &LoanStarted, reference: &Reference) -> Result<(), Broken> {
        let rest = TimeDelta::minutes(reference.settings.lending.turn_round_min.into());
        let ended = self.lent.ended_at.get(&started.equipment);
        if ended.is_some_and(|ended| started.started_at < *ended + rest) {
            return Err(wrong(&started.equipment, "is still being wiped"));
        }
        Ok(())
    }

    /// Each programme that begins before the PC is ready again has as many as it needs.
    fn is_spared(&self, started: &LoanStarted, reference: &Reference) -> Result<(), Broken> {
        let rest = TimeDelta::minutes(reference.settings.lending.turn_round_min.into());
        let date = started.started_at.with_timezone(&JST).date_naive();
        let pcs = reference.equipment.values();
        let all = pcs.filter(|one| one.kind == EquipmentKind::Pc).count();
        for programme in reference.programmes_on(date) {
            let (from, to) = programme.takes_zone(&reference.settings);
            let meets = started.started_at < to && from < started.back_by + rest;
            if programme.pcs == 0 || !meets {
                continue;
            }
            let from = from.max(started.started_at);
            let others = self.lent.pcs.values();
            let out = others.filter(|back_by| from < **back_by + rest).count() + 1;
            if all < out + usize::try_from(programme.pcs).unwrap_or(usize::MAX) {
                return Err(wrong(&started.equipment, "is a programme's"));
            }
        }
        Ok(())
    }
}

fn wrong(equipment: &EquipmentId, why: &'static str) -> Broken {
    Broken::WrongLoan {
        equipment: equipment.clone(),
        why,
    }
}
