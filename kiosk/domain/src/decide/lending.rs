//! Lending PCs and batteries, and taking them back (rules section 8).

use super::offer::lapsed;
use super::{Case, Decision};
use crate::code::Code;
use crate::equipment::{
    Charge, ChargeReported, ChargeSource, Condition, Equipment, EquipmentKind, LoanEnded,
    LoanExtended, LoanStarted,
};
use crate::event::{Activity, CallReason, EndedBy, Event, Refusal};
use crate::ids::{EquipmentId, SeatId, StationId, VisitId};
use crate::lending::{
    REPORT_EVERY, REPORT_STEP, Terms, charge_now, expected, is_in_service, pick, suffice_together,
    terms,
};
use crate::reference::DateTime;
use crate::settings::minutes;
use crate::today::{Loan, Today, Visit};
use crate::verdict::{Lent, LentItem, NoLoan, NoLoanBecause, NotLent, Remedy, Returned, Verdict};
use std::collections::BTreeSet;

impl<'a> Case<'a> {
    /// Lends a PC to somebody inside. Whoever has one already is told again which.
    pub(super) fn borrow(self, station: &StationId, id: &VisitId) -> Decision {
        let visit = self.open_visit(id).filter(|visit| visit.outing.is_none());
        let Some(visit) = visit.filter(|visit| self.may_have_one(visit)) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let (now, has_power) = (self.context.now, self.has_power(visit));
        if self.has_pc(id) {
            return Decision::answer(Vec::new(), self.lent(id, false));
        }
        let picked = self.terms(visit.until).and_then(|terms| {
            let picked = pick(self.reference, self.today, now, terms, has_power)?;
            Ok((terms, picked))
        });
        let (terms, picked) = match picked {
            Ok(picked) => picked,
            Err(because) => return self.no_loan(visit, because),
        };
        let battery = picked.battery.into_iter();
        let lent = [picked.pc].into_iter().chain(battery);
        let lent = lent.map(|one| self.lending(station, visit, one, terms.back_by));
        let events: Vec<_> = lent.collect();
        let after = self.context.after_all(self.today, &events);
        let case = Case {
            today: &after,
            ..self
        };
        let known = charge_now(self.today, picked.pc, now).map(|charge| charge.percent);
        let alone = picked.pc.minutes_at(known.unwrap_or_default()) >= terms.charge_min;
        let plug_in = picked.battery.is_none() && !alone;
        Decision::answer(events, case.lent(id, plug_in))
    }

    pub(super) fn terms(self, until: DateTime) -> Result<Terms, NoLoanBecause> {
        let clock = (self.context.now, self.context.trusted);
        terms(self.reference, self.today, clock, until)
    }

    pub(super) fn lending(
        self,
        station: &StationId,
        visit: &Visit,
        equipment: &Equipment,
        back_by: DateTime,
    ) -> Event {
        Event::LoanStarted(LoanStarted {
            equipment: equipment.id.clone(),
            equipment_kind: equipment.kind,
            visit: visit.id.clone(),
            member: visit.member.clone(),
            station: station.clone(),
            started_at: self.context.now,
            back_by,
        })
    }

    fn lent(self, visit: &VisitId, plug_in: bool) -> Verdict {
        Verdict::Lent(Lent {
            visit: visit.clone(),
            items: self.lent_items(visit),
            plug_in,
        })
    }

    /// Nothing to lend: where a seat with power would do and can be had, that is what to ask for.
    fn no_loan(self, visit: &Visit, because: NoLoanBecause) -> Decision {
        let is_out = because == NoLoanBecause::NoneFree;
        let expected = expected(self.reference, self.today, self.context.now);
        let expected = expected.filter(|at| is_out && *at < visit.until);
        let remedy = match because {
            NoLoanBecause::LowCharge if self.is_power_to_be_had(visit) => Remedy::TakePoweredSeat,
            NoLoanBecause::NoneFree if expected.is_some() => Remedy::ComeBack,
            _ => Remedy::SeeStaff,
        };
        let verdict = Verdict::NoLoan(NoLoan {
            visit: visit.id.clone(),
            because,
            expected,
            remedy,
        });
        Decision::answer(Vec::new(), verdict)
    }

    /// Whether asking for another seat would show one with power.
    fn is_power_to_be_had(self, visit: &Visit) -> bool {
        let member = self.reference.members.get(&visit.member);
        let Some(member) = member.filter(|_| self.may_change_seat(visit)) else {
            return false;
        };
        let (situation, _) = self.behind_queue(&member.id, &[]);
        let choices = self.seats_beside(situation, member.needs, visit);
        choices.iter().any(|choice| self.is_powered(&choice.seat))
    }

    fn is_powered(self, seat: &SeatId) -> bool {
        let seat = self.reference.floor.seat(seat);
        seat.is_some_and(|seat| seat.offers.power)
    }

    pub(super) fn has_power(self, visit: &Visit) -> bool {
        let place = visit.seat.as_ref();
        place.is_some_and(|place| self.is_powered(&place.seat))
    }

    pub(super) fn has_pc(self, visit: &VisitId) -> bool {
        let mut pcs = self.today.lending.pcs();
        pcs.any(|loan| &loan.visit == visit)
    }

    /// Whether this visit is one for which a PC is lent: a programme brings its own, and so does a seat with a PC.
    fn may_have_one(self, visit: &Visit) -> bool {
        let seat = visit.seat.as_ref();
        visit.activity == Activity::Coworking
            && seat.is_some_and(|place| self.is_without_pc(&place.seat))
    }

    fn is_without_pc(self, seat: &SeatId) -> bool {
        let seat = self.reference.floor.seat(seat);
        seat.is_none_or(|seat| !seat.offers.pc)
    }

    /// Whether a PC can be asked for: there are some, and the visitor has none.
    pub(super) fn may_borrow(self, visit: &Visit) -> bool {
        let seat = visit.seat.as_ref().filter(|_| self.may_have_one(visit));
        let asks = seat.is_some_and(|place| self.may_borrow_at(&place.seat, visit.until));
        asks && !self.has_pc(&visit.id)
    }

    pub(super) fn may_borrow_at(self, seat: &SeatId, until: DateTime) -> bool {
        let mut all = self.reference.equipment.values();
        let is_lent =
            |one: &Equipment| one.kind == EquipmentKind::Pc && is_in_service(self.today, one);
        self.is_without_pc(seat)
            && all.any(is_lent)
            && self.terms(until) != Err(NoLoanBecause::TooLate)
    }

    /// What a visitor has out, as the screens show it.
    pub(super) fn lent_items(self, visit: &VisitId) -> Vec<LentItem> {
        let item = |loan: &Loan| {
            let known = self.reference.equipment.get(&loan.equipment);
            let charge = known.and_then(|one| charge_now(self.today, one, self.context.now));
            LentItem {
                equipment: loan.equipment.clone(),
                kind: loan.kind,
                name: self.name_of(&loan.equipment),
                percent: charge.map(|charge| charge.percent),
                back_by: loan.back_by,
            }
        };
        self.today.lending.of(visit).into_iter().map(item).collect()
    }

    pub(super) fn still_out(self, visit: &VisitId) -> Vec<String> {
        let out = self.today.lending.of(visit).into_iter();
        out.map(|loan| self.name_of(&loan.equipment)).collect()
    }

    /// What stands on it; the id of what the office has since taken off the list.
    fn name_of(self, id: &EquipmentId) -> String {
        let known = self.reference.equipment.get(id);
        known.map_or_else(|| id.to_string(), |one| one.name.clone())
    }

    /// With a longer stay, what is out may stay out as long, where charge and programmes allow it. Else it is to be back as was told.
    pub(super) fn longer_loans(self, visit: &Visit, until: DateTime) -> Vec<Event> {
        let loans = self.today.lending.of(&visit.id);
        let mut others = self.today.clone();
        others
            .lending
            .loans
            .retain(|_, loan| loan.visit != visit.id);
        let case = Case {
            today: &others,
            ..self
        };
        let Ok(terms) = case.terms(until) else {
            return Vec::new();
        };
        let now = self.context.now;
        let lasts = self.has_power(visit)
            || suffice_together(self.reference, self.today, now, &loans, terms);
        let later = loans
            .into_iter()
            .filter(|loan| lasts && loan.back_by < terms.back_by);
        let longer = later.map(|loan| {
            Event::LoanExtended(LoanExtended {
                equipment: loan.equipment.clone(),
                visit: visit.id.clone(),
                back_by: terms.back_by,
            })
        });
        longer.collect()
    }

    /// The label of a piece of equipment: it comes back, or was not out. Any other code, and a label nobody knows, is not answered here.
    pub(super) fn label(self, station: &StationId, code: &Code) -> Option<Decision> {
        let Code::Equipment(label) = code else {
            return None;
        };
        let equipment = self.reference.labelled(label)?;
        let Some(loan) = self.today.lending.loans.get(&equipment.id) else {
            return Some(self.not_lent(station, equipment));
        };
        let events = self.ended(loan, EndedBy::Visitor, Condition::Unseen);
        let after = self.context.after_all(self.today, &events);
        let case = Case {
            today: &after,
            ..self
        };
        let returned = Verdict::Returned(Returned {
            equipment: equipment.id.clone(),
            kind: equipment.kind,
            name: equipment.name.clone(),
            still_out: case.still_out(&loan.visit),
            remedy: Remedy::PutBack,
        });
        Some(Decision::answer(events, returned))
    }

    fn not_lent(self, station: &StationId, equipment: &Equipment) -> Decision {
        let rests = self.today.lending.resting.get(&equipment.id);
        let is_back = rests.is_some_and(|until| self.context.now < *until);
        let remedy = if is_back {
            Remedy::PutBack
        } else {
            Remedy::StartAgain
        };
        let verdict = Verdict::NotLent(NotLent {
            name: equipment.name.clone(),
            is_back,
            remedy,
        });
        self.refuse(station, Refusal::NotLent, false, None, verdict)
    }

    /// The end of a loan, and what is reckoned to be left of the charge.
    pub(super) fn ended(self, loan: &Loan, ended_by: EndedBy, condition: Condition) -> Vec<Event> {
        let ended_at = self.context.now.max(loan.started_at);
        let turn_round = minutes(self.reference.settings.lending.turn_round_min);
        let rests_until = (loan.kind == EquipmentKind::Pc).then(|| ended_at + turn_round);
        let known = self.reference.equipment.get(&loan.equipment);
        let charge = known.and_then(|one| charge_now(self.today, one, ended_at));
        let reckoned = charge.filter(|charge| charge.by == ChargeSource::Reckoned);
        let reckoned = reckoned.map(|charge| {
            Event::ChargeReported(ChargeReported {
                equipment: loan.equipment.clone(),
                charge,
            })
        });
        let ended = Event::LoanEnded(LoanEnded {
            equipment: loan.equipment.clone(),
            visit: loan.visit.clone(),
            ended_by,
            ended_at,
            condition,
            rests_until,
        });
        reckoned.into_iter().chain([ended]).collect()
    }

    /// A PC says how full it is. What says nothing new is not recorded, nor what nobody lends.
    pub(super) fn charge_told(self, id: &EquipmentId, percent: u8) -> Decision {
        let now = self.context.now;
        let is_news = |before: &Charge| {
            let step = before.percent.abs_diff(percent);
            before.by != ChargeSource::Agent
                || step >= REPORT_STEP
                || now - before.at >= REPORT_EVERY
        };
        let before = self.today.lending.charges.get(id);
        let is_known = self.reference.equipment.contains_key(id) && percent <= 100;
        let reports = is_known && before.is_none_or(is_news);
        let reported = reports.then(|| charged(id, percent, now, ChargeSource::Agent));
        Decision::silent(reported.into_iter().collect())
    }
}

pub(super) fn charged(
    equipment: &EquipmentId,
    percent: u8,
    at: DateTime,
    by: ChargeSource,
) -> Event {
    Event::ChargeReported(ChargeReported {
        equipment: equipment.clone(),
        charge: Charge { percent, at, by },
    })
}

/// Whose visit has ended with something of ours still out: staff are told, once for each station where it was lent.
pub(super) fn not_returned(events: &[Event], today: &Today) -> Vec<Event> {
    let came_back = |equipment: &EquipmentId| {
        let mut ended = events.iter();
        ended.any(|event| matches!(event, Event::LoanEnded(back) if &back.equipment == equipment))
    };
    let visits = events.iter().filter_map(|event| match event {
        Event::VisitEnded { visit, .. } => Some(visit),
        _ => None,
    });
    let out = visits.flat_map(|visit| today.lending.of(visit));
    let stations: BTreeSet<_> = out
        .filter(|loan| !came_back(&loan.equipment))
        .map(|loan| &loan.station)
        .collect();
    let called = stations.into_iter().map(|station| Event::StaffCalled {
        station: station.clone(),
        reason: CallReason::NotReturned,
    });
    called.collect()
}
