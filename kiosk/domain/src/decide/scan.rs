//! A scan, in the order of rules section 2: the first point that applies answers.

use super::{Case, Decision};
use crate::calendar::Phase;
use crate::closure::{next_opening, phase};
use crate::code::Code;
use crate::event::{CallReason, Event, OfferEnd, Refusal};
use crate::ids::{OfferId, StationId};
use crate::reference::{JST, Member, MemberState, Purpose, Reservation};
use crate::staff::{StaffAnswer, StaffRemedy};
use crate::text::Text;
use crate::today::{Offer, Visit};
use crate::verdict::{Closed, ClosedBecause, Expired, Note, Refused, Remedy, Verdict};

/// A recognised member at a station.
pub(super) struct Visitor<'a> {
    pub(super) member: &'a Member,
    pub(super) station: &'a StationId,
    /// Whether they typed their reservation's number.
    pub(super) typed: bool,
    pub(super) note: Option<Note>,
    pub(super) courtesy: bool,
    /// Offers that this scan brings to an end: they hold nothing any more.
    pub(super) ended: Vec<OfferId>,
}

impl<'a> Case<'a> {
    pub(super) fn scan(self, station: &'a StationId, code: &Code, typed: bool) -> Decision {
        let settings = &self.reference.settings;
        if let Some(verdict) =
            self.today
                .repeated_answer(station, code, self.context.uptime_ms, settings)
        {
            return Decision::answer(Vec::new(), verdict.clone());
        }
        if let Some(mut returned) = self.label(station, code) {
            let ended = self.superseded(station, None);
            returned.events.extend(ends(ended));
            return returned;
        }
        let member = self.identify(code, typed);
        let ended = self.superseded(station, member.as_ref().ok().copied());
        let mut decision = match member {
            _ if self.is_badge_of_staff(code) => {
                let remedy = StaffRemedy::EnterPin;
                let verdict = Verdict::Staff(StaffAnswer::AskPin { remedy });
                Decision::answer(Vec::new(), verdict)
            }
            _ if typed && self.is_typing_locked(station) => {
                let verdict = Verdict::TooManyErrors(Refused {
                    remedy: Remedy::SeeStaff,
                });
                self.refuse(station, Refusal::TooManyErrors, typed, None, verdict)
            }
            Ok(member) => self.greet(station, typed, member, &ended),
            Err(reason) if typed => self.mistyped(station, reason),
            Err(Refusal::Unreadable) => {
                let verdict = Verdict::Unreadable(Refused {
                    remedy: Remedy::HoldAgain,
                });
                self.refuse(station, Refusal::Unreadable, typed, None, verdict)
            }
            Err(reason) => self.not_recognised(station, reason, None),
        };
        decision.events.extend(ends(ended));
        decision
    }

    fn is_badge_of_staff(self, code: &Code) -> bool {
        let Code::Badge(digest) = code else {
            return false;
        };
        let mut staff = self.reference.staff.values();
        staff.any(|one| one.active && one.badge == Some(*digest))
    }

    pub(super) fn identify(self, code: &Code, typed: bool) -> Result<&'a Member, Refusal> {
        match code {
            Code::Pass(digest) => match self.reference.passes.get(digest) {
                Some(pass) if pass.revoked => Err(Refusal::PassRevoked),
                Some(pass) => self
                    .reference
                    .members
                    .get(&pass.member)
                    .ok_or(Refusal::Unknown),
                None => Err(Refusal::Unknown),
            },
            Code::Reservation(number) => {
                let found = self.reference.numbered(number);
                // A number can be guessed: the fewer are good for anything, the better.
                let counts = |one: &&Reservation| !typed || !self.is_spent(one);
                let reservation = found.filter(counts).ok_or(Refusal::Unknown)?;
                self.reference
                    .members
                    .get(&reservation.member)
                    .ok_or(Refusal::Unknown)
            }
            Code::Unreadable => Err(Refusal::Unreadable),
            Code::Badge(_) | Code::Equipment(_) | Code::Claim(_) | Code::Unknown(_) => {
                Err(Refusal::Unknown)
            }
        }
    }

    fn is_spent(self, reservation: &Reservation) -> bool {
        let ends = reservation.ends.with_timezone(&JST).date_naive();
        let is_past = self.context.trusted && ends < self.context.now.date_naive();
        reservation.cancelled || is_past
    }

    fn greet(
        self,
        station: &'a StationId,
        typed: bool,
        member: &'a Member,
        ended: &[OfferId],
    ) -> Decision {
        match member.state {
            MemberState::Suspended => {
                return self.not_recognised(station, Refusal::Suspended, Some(member));
            }
            MemberState::Revoked => {
                return self.not_recognised(station, Refusal::MemberRevoked, Some(member));
            }
            MemberState::Active | MemberState::Unverified => {}
        }
        match self.today.visit_of(&member.id) {
            Some(visit) => {
                let visitor = self.visitor(station, typed, member, ended);
                self.again(&visitor, visit)
            }
            None => self.receive(&self.visitor(station, typed, member, ended)),
        }
    }

    /// A member who may come in, with what is to be settled besides.
    pub(super) fn visitor<'v>(
        self,
        station: &'v StationId,
        typed: bool,
        member: &'v Member,
        ended: &[OfferId],
    ) -> Visitor<'v> {
        let has_expired =
            self.context.trusted && member.valid_until < self.context.now.date_naive();
        let note = match member.state {
            _ if has_expired => Some(Note::Renew),
            MemberState::Unverified => Some(Note::ShowProof),
            _ => None,
        };
        Visitor {
            member,
            station,
            typed,
            note,
            courtesy: has_expired,
            ended: ended.to_vec(),
        }
    }

    /// Somebody who is inside: on to the programme whose doors have opened, back from a while outside, or the menu.
    fn again(self, visitor: &Visitor, visit: &Visit) -> Decision {
        if let Some(mut moved) = self.move_on(visitor, visit) {
            moved.events.splice(0..0, self.came_back(visit));
            return moved;
        }
        match self.came_back(visit) {
            Some(back) => self.welcome_back(visit, back),
            None => Decision::answer(
                Vec::new(),
                self.menu(visit, &self.situation(&visitor.ended)),
            ),
        }
    }

    /// Somebody who is not inside.
    pub(super) fn receive(self, visitor: &Visitor) -> Decision {
        let Visitor {
            member, station, ..
        } = *visitor;
        if visitor.courtesy && self.today.courtesies.contains(&member.id) {
            let verdict = Verdict::Expired(Expired {
                valid_until: member.valid_until,
                remedy: Remedy::Renew,
            });
            return self.refuse(station, Refusal::Expired, false, Some(member), verdict);
        }
        let appointments = self.appointments(&member.id, None);
        match self.open_for(&appointments) {
            Err(closed) => {
                let closed = Verdict::Closed(self.for_one_who_waited(member, closed));
                self.refuse(station, Refusal::Closed, false, Some(member), closed)
            }
            Ok(first) => match (self.today.queue.ticket_of(&member.id), first) {
                (Some(ticket), _) => self.greet_waiting(visitor, ticket, first),
                (None, Some(reservation)) => self.keep_appointment(visitor, reservation),
                (None, None) => self.walk_in(visitor, None),
            },
        }
    }

    /// Whoever waited in vain learns by the next scan that the queue has ended.
    pub(super) fn for_one_who_waited(self, member: &Member, closed: Closed) -> Closed {
        let waited = self.today.queue.turned_away.contains(&member.id);
        match closed.reason {
            ClosedBecause::Ended | ClosedBecause::Break if waited => Closed {
                reason: ClosedBecause::QueueEnded,
                ..closed
            },
            _ => closed,
        }
    }

    /// Whether the doors are open to this person now, and which of their appointments comes first; else why not (rules section 2,
    /// point 4). Time nobody vouches for refuses nobody.
    fn open_for(self, appointments: &[&'a Reservation]) -> Result<Option<&'a Reservation>, Closed> {
        let first = appointments.first().copied();
        let now = self.context.now;
        if !self.context.trusted && self.today.closure_at(now).is_none() {
            return Ok(first);
        }
        let phase = phase(self.reference, self.today, now);
        if let Phase::Open { .. } = phase {
            return Ok(first);
        }
        if let Phase::Evening { programmes, .. } = &phase {
            let is_on = |one: &&&Reservation| matches!(&one.purpose, Purpose::Programme { programme, .. } if programmes.contains(programme));
            if let Some(invited) = appointments.iter().find(is_on) {
                return Ok(Some(invited));
            }
        }
        Err(self.closed_because(self.why_closed(phase)))
    }

    /// Why somebody is not let in now who is nobody's guest in the evening.
    pub(super) fn why_closed(self, phase: Phase) -> ClosedBecause {
        match phase {
            Phase::Evening { .. } => ClosedBecause::ProgrammeOnly,
            Phase::Before { .. } | Phase::Preparation { .. } => ClosedBecause::NotYetOpen,
            Phase::Break { .. } => ClosedBecause::Break,
            Phase::Closed {
                reason: Some(reason),
            } => ClosedBecause::ClosedToday {
                text: self.closed_text(&reason),
            },
            Phase::Closed { reason: None } | Phase::Open { .. } => ClosedBecause::Ended,
        }
    }

    pub(super) fn closed_because(self, reason: ClosedBecause) -> Closed {
        Closed {
            reason,
            next_opening: next_opening(self.reference, self.today, self.context.now),
            remedy: Remedy::ComeBack,
        }
    }

    fn closed_text(self, reason: &crate::calendar::ClosedReason) -> Text {
        let day = self.reference.calendar.day(self.context.now.date_naive());
        day.text.unwrap_or_else(|| reason.text())
    }

    fn is_typing_locked(self, station: &StationId) -> bool {
        let settings = &self.reference.settings;
        let lock_ms = u64::from(settings.typed_lock_min) * 60_000;
        self.today.mistyped.get(station).is_some_and(|tries| {
            tries.count >= settings.typed_errors
                && self.context.uptime_ms.saturating_sub(tries.last_ms) < lock_ms
        })
    }

    fn mistyped(self, station: &StationId, reason: Refusal) -> Decision {
        let reason = if reason == Refusal::Unreadable {
            Refusal::MistypedNumber
        } else {
            reason
        };
        let before = self
            .today
            .mistyped
            .get(station)
            .map_or(0, |tries| tries.count);
        let limit = self.reference.settings.typed_errors;
        // After the lock each further error closes typing again at once.
        if before + 1 < limit {
            let verdict = Verdict::NotRecognised(Refused {
                remedy: Remedy::CheckNumber,
            });
            return self.refuse(station, reason, true, None, verdict);
        }
        let verdict = Verdict::TooManyErrors(Refused {
            remedy: Remedy::SeeStaff,
        });
        let mut decision = self.refuse(station, reason, true, None, verdict);
        decision.events.push(Event::StaffCalled {
            station: station.clone(),
            reason: CallReason::TypedErrors,
        });
        decision
    }

    /// One neutral screen for unknown, suspended and revoked; the reason goes to staff only.
    fn not_recognised(
        self,
        station: &StationId,
        reason: Refusal,
        member: Option<&Member>,
    ) -> Decision {
        let verdict = Verdict::NotRecognised(Refused {
            remedy: Remedy::SeeStaff,
        });
        let mut decision = self.refuse(station, reason, false, member, verdict);
        let before = self
            .today
            .unknown_codes
            .get(station)
            .copied()
            .unwrap_or_default();
        if reason == Refusal::Unknown && before + 1 == self.reference.settings.unknown_codes {
            decision.events.push(Event::StaffCalled {
                station: station.clone(),
                reason: CallReason::UnknownCodes,
            });
        }
        decision
    }

    pub(super) fn refuse(
        self,
        station: &StationId,
        reason: Refusal,
        typed: bool,
        member: Option<&Member>,
        verdict: Verdict,
    ) -> Decision {
        let member = member.map(|member| member.id.clone());
        Decision::answer(
            vec![Event::ScanRefused {
                station: station.clone(),
                reason,
                typed,
                member,
                ticket: None,
            }],
            verdict,
        )
    }

    /// Offers that a new scan ends: those on this station's screen, and those made to the same member elsewhere.
    pub(super) fn superseded(self, station: &StationId, member: Option<&Member>) -> Vec<OfferId> {
        let ends = |offer: &Offer| {
            &offer.station == station || member.is_some_and(|member| offer.member == member.id)
        };
        self.today
            .offers
            .iter()
            .filter(|(_, offer)| ends(offer))
            .map(|(id, _)| id.clone())
            .collect()
    }
}

/// That these offers ended, because something else took their place.
pub(super) fn ends(superseded: Vec<OfferId>) -> impl Iterator<Item = Event> {
    superseded.into_iter().map(|offer| Event::OfferEnded {
        offer,
        reason: OfferEnd::Superseded,
    })
}
