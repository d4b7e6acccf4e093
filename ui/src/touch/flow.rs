//! What the touch screen shows and asks the service for: a pure state machine.
//!
//! In go verdicts, touches, the passing of time and the state of the connection; out come a [`Presentation`] and the requests to
//! send. It knows no window, no clock and no network, so it is tested as a table. Two rules run through it: the next scan pre-empts
//! whatever is shown, and an answer to a question nobody is asking any more is dropped.

mod choosing;
mod people;
mod staff;

use super::language::Language;
use super::number_entry::NumberEntry;
use super::screen::{Purpose, Screen, Stay};
use super::staff::{StaffPart, StaffReply, StaffRequest};
use super::tap::Tap;
use super::timing::Timing;
use api::Verdict;
use api::emergency::EmergencyView;
use api::screen::{Centre, FloorView, StaffCallReason, StreamItem};
use chrono::TimeDelta;
use domain::event::GuestPurpose;
use domain::ids::{GuestId, OfferId, TicketId, VisitId};
use domain::reference::DateTime;
use domain::verdict::Full;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// An item of the service's stream.
    Stream(Box<StreamItem>),
    /// What became of a request.
    Answer {
        /// The request's ticket.
        ticket: u64,
        /// The verdict; none when the call failed.
        verdict: Option<Box<Verdict>>,
    },
    /// What became of what staff asked for.
    Staff {
        /// The request's ticket.
        ticket: u64,
        /// The answer; none when the call failed.
        reply: Option<StaffReply>,
    },
    /// The service is away.
    Lost,
    /// A touch.
    Tap(Tap),
    /// Time has passed.
    Tick,
}

/// Something to ask the service for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// A typed reservation number.
    Number(String),
    /// A choice of an offer.
    Choose(OfferId, usize),
    /// Hold the offer again from now.
    Hold(OfferId),
    /// Nobody wants the offer any more.
    Release(OfferId),
    /// Take a number.
    Join(TicketId),
    /// Wait no longer.
    GiveUp(TicketId),
    /// End the visit.
    Leave(VisitId),
    /// Make the stay longer.
    Extend(VisitId),
    /// Other seats to choose from.
    OtherSeats(VisitId),
    /// Go out for a while.
    StepOut(VisitId),
    /// Borrow a PC.
    Borrow(VisitId),
    /// So many came along.
    Accompany(VisitId, u32),
    /// A guest comes.
    ReceiveGuest(GuestPurpose),
    /// A guest leaves.
    GuestLeaves(GuestId),
    /// Call staff.
    CallStaff(StaffCallReason),
    /// Something for staff at this screen.
    Staff(StaffRequest),
    /// Sign staff out.
    SignOut,
}

/// A request with the ticket its answer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Names the request.
    pub ticket: u64,
    /// The request.
    pub request: Request,
}

/// Everything the window needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Presentation {
    /// The screen.
    pub screen: Screen,
    /// The language it speaks.
    pub language: Language,
    /// The time left on this screen, if it ends by itself.
    pub time_left: Option<TimeLeft>,
    /// Whether what is about the visitor may still be seen.
    pub details: bool,
    /// The service's time, running on between its messages; none before the first.
    pub now: Option<DateTime>,
    /// The centre; none before the first snapshot.
    pub centre: Option<Arc<Centre>>,
    /// The floor; none before the first snapshot.
    pub floor: Option<Arc<FloorView>>,
}

/// The time left on a screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeLeft {
    /// Whole seconds, rounded up.
    pub seconds: u64,
    /// Of the whole time, 1 to 0.
    pub share: f32,
}

#[derive(Debug)]
struct Pending {
    ticket: u64,
    request: Request,
    asked_at: Duration,
}

/// The state of the touch screen. Every time given to it is counted from one fixed moment, such as the program's start.
#[derive(Debug)]
pub struct Flow {
    timing: Timing,
    first_language: Language,
    language: Language,
    screen: Screen,
    connected: bool,
    ends_at: Option<Duration>,
    length: Duration,
    touched_at: Duration,
    details: bool,
    pending: Option<Pending>,
    last_ticket: u64,
    centre: Option<(Arc<Centre>, Duration)>,
    floor: Option<Arc<FloorView>>,
}

impl Flow {
    /// Before anything was heard of the service. Every visitor is first addressed in `first_language`.
    pub fn new(timing: Timing, first_language: Language) -> Self {
        Self {
            timing,
            first_language,
            language: first_language,
            screen: Screen::ServiceLost,
            connected: false,
            ends_at: None,
            length: timing.choice,
            touched_at: Duration::ZERO,
            details: true,
            pending: None,
            last_ticket: 0,
            centre: None,
            floor: None,
        }
    }

    /// Takes in what happened and returns what to ask the service for.
    pub fn handle(&mut self, input: Input, now: Duration) -> Vec<Asked> {
        match input {
            Input::Stream(item) => self.stream_item(*item, now),
            Input::Answer { ticket, verdict } => {
                self.answer(ticket, verdict.map(|verdict| *verdict), now);
                Vec::new()
            }
            Input::Staff { ticket, reply } => {
                self.staff_reply(ticket, reply, now);
                Vec::new()
            }
            Input::Lost => self.lost(now),
            Input::Tap(tap) => self.tap(tap, now),
            Input::Tick => self.tick(now),
        }
    }

    /// What to show.
    pub fn presentation(&self, now: Duration) -> Presentation {
        let time_left = self.ends_at.map(|ends_at| {
            let left = ends_at.saturating_sub(now);
            let seconds = u64::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
            TimeLeft {
                seconds,
                share: (seconds as f32 / self.length.as_secs_f32()).clamp(0.0, 1.0),
            }
        });
        let centre_now = self.centre.as_ref().map(|(centre, heard_at)| {
            let since = TimeDelta::from_std(now.saturating_sub(*heard_at)).unwrap_or_default();
            centre.now + since
        });
        Presentation {
            screen: self.screen.clone(),
            language: self.language,
            time_left,
            details: self.details,
            now: centre_now,
            centre: self.centre.as_ref().map(|(centre, _)| Arc::clone(centre)),
            floor: self.floor.clone(),
        }
    }

    /// Whether an answer is on its way.
    pub fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    fn stream_item(&mut self, item: StreamItem, now: Duration) -> Vec<Asked> {
        match item {
            StreamItem::Snapshot { centre, floor } => {
                self.centre = Some((Arc::new(centre), now));
                self.floor = Some(Arc::new(floor));
                self.connected = true;
                self.follow_door(now);
            }
            StreamItem::Centre(centre) => {
                self.centre = Some((Arc::new(centre), now));
                self.follow_door(now);
            }
            StreamItem::Floor(floor) => self.floor = Some(Arc::new(floor)),
            StreamItem::Verdict { verdict } => return self.scanned(verdict, now),
        }
        Vec::new()
    }

    /// Where a code would get no answer nobody is asked for one, and where it would again, the screen is back by itself.
    fn follow_door(&mut self, now: Duration) {
        let beginning = self.beginning();
        if matches!(beginning, Screen::Emergency { .. }) {
            return self.show_emergency(beginning, now);
        }
        let is_wrong = match self.screen {
            Screen::Attract
            | Screen::CannotRecord
            | Screen::ServiceLost
            | Screen::Emergency { .. } => self.screen != beginning,
            Screen::HoldPass(_) | Screen::Number(_) => beginning != Screen::Attract,
            _ => false,
        };
        if is_wrong && self.pending.is_none() {
            self.return_to_beginning(now);
        }
    }

    /// Whoever stands here reads that and nothing else, and is asked for nothing more.
    fn show_emergency(&mut self, emergency: Screen, now: Duration) {
        self.pending = None;
        if self.screen != emergency {
            self.language = self.first_language;
            self.show(emergency, now);
        }
    }

    /// The screen that waits for somebody, or says why it cannot.
    fn beginning(&self) -> Screen {
        let emergency = self
            .centre
            .as_ref()
            .and_then(|(centre, _)| centre.emergency);
        if let Some(EmergencyView { what, drill, .. }) = emergency {
            return Screen::Emergency { what, drill };
        }
        match &self.centre {
            Some((centre, _)) if self.connected && centre.writable => Screen::Attract,
            Some(_) if self.connected => Screen::CannotRecord,
            _ => Screen::ServiceLost,
        }
    }

    /// A scan pre-empts whatever is shown. An offer it replaces has been ended by the service in the same step.
    fn scanned(&mut self, verdict: Verdict, now: Duration) -> Vec<Asked> {
        self.pending = None;
        let signs_out = self.signs_out();
        if self.screen.concludes()
            && !matches!(
                self.screen,
                Screen::Offer(_)
                    | Screen::Early(_)
                    | Screen::NoPlace(_)
                    | Screen::Inside { .. }
                    | Screen::Waiting { .. }
            )
        {
            self.language = self.first_language;
        }
        self.show(self.screen.after(verdict), now);
        signs_out.into_iter().collect()
    }

    fn answer(&mut self, ticket: u64, verdict: Option<Verdict>, now: Duration) {
        let Some(pending) = self.pending.take_if(|pending| pending.ticket == ticket) else {
            return;
        };
        match (pending.request, verdict, &mut self.screen) {
            (
                Request::Number(_),
                Some(Verdict::NotRecognised(_) | Verdict::Unreadable(_)),
                Screen::Number(entry),
            ) => {
                entry.not_found();
                self.restart_time(now);
            }
            // The same screen for longer: what was hidden meanwhile stays hidden.
            (Request::Hold(_), Some(Verdict::Offer(held)), screen) if screen.is_held() => {
                screen.hold(held);
                self.restart_time(now);
            }
            (_, Some(verdict), screen) => {
                let next = screen.after(verdict);
                self.show(next, now);
            }
            // Nobody was told who asks. A person can find out.
            (Request::Number(_) | Request::CallStaff(_) | Request::ReceiveGuest(_), None, _) => {
                self.show(Screen::Desk, now)
            }
            // Asked twice and not answered: it may have been done.
            (_, None, _) => self.show(Screen::Unconfirmed, now),
        }
    }

    fn lost(&mut self, now: Duration) -> Vec<Asked> {
        self.connected = false;
        // What is being asked is repeated on a line of its own, and its answer alone says what became of the touch. In an emergency the last
        // that was heard stands.
        let is_emergency = matches!(self.screen, Screen::Emergency { .. });
        if self.pending.is_none() && self.screen.stay() != Stay::Answer && !is_emergency {
            self.show(Screen::ServiceLost, now);
        }
        Vec::new()
    }

    fn tick(&mut self, now: Duration) -> Vec<Asked> {
        if now >= self.touched_at + self.timing.personal {
            self.details = false;
        }
        if matches!(self.screen, Screen::Attract | Screen::CannotRecord)
            && now >= self.touched_at + self.timing.choice
        {
            self.language = self.first_language;
        }
        let unanswered = self
            .pending
            .as_ref()
            .filter(|pending| now >= pending.asked_at + self.timing.request);
        match unanswered.map(|pending| (pending.ticket, &pending.request)) {
            Some((ticket, Request::Staff(_))) => self.staff_reply(ticket, None, now),
            Some((ticket, _)) => self.answer(ticket, None, now),
            None => {}
        }
        match self.ends_at {
            Some(ends_at) if now >= ends_at && self.pending.is_none() => self.leave_screen(now),
            _ => Vec::new(),
        }
    }

    fn tap(&mut self, tap: Tap, now: Duration) -> Vec<Asked> {
        if matches!(self.screen, Screen::Emergency { .. }) {
            return Vec::new();
        }
        self.touched_at = now;
        // While an answer is on its way, only what does not depend on it may be pressed.
        if self.pending.is_some() && !matches!(tap, Tap::MoreTime | Tap::Speak(_)) {
            return Vec::new();
        }
        match (tap, &mut self.screen) {
            (Tap::Speak(language), _) => {
                self.language = language;
                Vec::new()
            }
            (Tap::Back, Screen::Staff(staff)) if staff.part == StaffPart::Menu => {
                self.leave_screen(now)
            }
            (Tap::CallStaff, Screen::Staff(_)) => {
                let signs_out = self.signs_out();
                let mut asked = self.call_staff(StaffCallReason::Visitor, now);
                asked.extend(signs_out);
                asked
            }
            (tap, Screen::Staff(_)) => self.tap_staff(&tap, now),
            (tap @ (Tap::Digit(_) | Tap::Delete), Screen::Pin(_)) => self.tap_pin(&tap, now),
            (Tap::CallStaff, _) => self.call_staff(StaffCallReason::Visitor, now),
            (Tap::Guest(purpose), _) => self.receive_guest(purpose, now),
            (Tap::TakeGuestBack, _) => self.take_guest_back(now),
            (Tap::Back, Screen::Inside { confirming, .. } | Screen::Waiting { confirming, .. })
                if *confirming =>
            {
                *confirming = false;
                self.restart_time(now);
                Vec::new()
            }
            (Tap::Back, _) => self.leave_screen(now),
            (Tap::MoreTime, _) => self.more_time(now),
            (Tap::WalkIn, _) => self.go(Screen::HoldPass(Purpose::WalkIn), now),
            (Tap::LeaveOrExtend, _) => self.go(Screen::HoldPass(Purpose::LeaveOrExtend), now),
            (Tap::EnterNumber, _) => self.go(Screen::Number(NumberEntry::default()), now),
            (Tap::FirstVisit, _) => self.go(Screen::FirstVisit, now),
            (tap @ (Tap::MoreCompanions | Tap::FewerCompanions), _) => {
                self.count_companions(&tap, now)
            }
            (tap, Screen::Number(_)) => self.tap_number(&tap, now),
            (tap, Screen::Inside { .. }) => self.tap_inside(&tap, now),
            (tap, Screen::Waiting { .. }) => self.tap_waiting(&tap, now),
            (Tap::Join, Screen::Full(Full { ticket, .. })) => match ticket.clone() {
                Some(ticket) => self.ask(Request::Join(ticket), now),
                None => Vec::new(),
            },
            (tap @ (Tap::Borrow | Tap::ChangeSeat), _) => self.tap_lending(&tap, now),
            (Tap::Choose(index), _) => self.choose(index, now),
            _ => Vec::new(),
        }
    }

    fn call_staff(&mut self, reason: StaffCallReason, now: Duration) -> Vec<Asked> {
        if self.connected {
            return self.ask(Request::CallStaff(reason), now);
        }
        // Nothing can be called with. The desk is where help is.
        self.show(Screen::Desk, now);
        Vec::new()
    }

    fn more_time(&mut self, now: Duration) -> Vec<Asked> {
        match self.screen_offer() {
            Some(offer) if self.pending.is_none() => self.ask(Request::Hold(offer), now),
            _ => {
                self.restart_time(now);
                Vec::new()
            }
        }
    }

    fn go(&mut self, screen: Screen, now: Duration) -> Vec<Asked> {
        self.show(screen, now);
        Vec::new()
    }

    /// Back to the beginning, by hand or because the time is over. What was offered is given free.
    fn leave_screen(&mut self, now: Duration) -> Vec<Asked> {
        let offer = self.screen_offer();
        let signs_out = self.signs_out();
        self.return_to_beginning(now);
        // Nobody waits for this answer, so it is not pending.
        let released = offer.map(|offer| self.ticketed(Request::Release(offer)));
        released.into_iter().chain(signs_out).collect()
    }

    fn return_to_beginning(&mut self, now: Duration) {
        if self.screen.concludes() || self.ends_at.is_some_and(|ends_at| now >= ends_at) {
            self.language = self.first_language;
        }
        self.pending = None;
        self.show(self.beginning(), now);
    }

    fn show(&mut self, screen: Screen, now: Duration) {
        self.screen = screen;
        self.touched_at = now;
        self.details = true;
        self.restart_time(now);
    }

    fn restart_time(&mut self, now: Duration) {
        let length = match self.screen.stay() {
            Stay::Open => None,
            Stay::Answer => Some(self.timing.answer),
            Stay::Choice => Some(self.timing.choice),
            Stay::Held(seconds) | Stay::Session(seconds) => {
                Some(Duration::from_secs(u64::from(seconds.max(1))))
            }
        };
        self.length = length.unwrap_or(self.timing.choice);
        self.ends_at = length.map(|length| now + length);
    }

    fn screen_offer(&self) -> Option<OfferId> {
        match &self.screen {
            Screen::Offer(offered) => Some(offered.offer.clone()),
            Screen::Early(early) => early.bridge.as_ref().map(|bridge| bridge.offer.clone()),
            Screen::NoPlace(none) => none.seat.as_ref().map(|seat| seat.offer.clone()),
            _ => None,
        }
    }

    fn ask(&mut self, request: Request, now: Duration) -> Vec<Asked> {
        let asked = self.ticketed(request);
        self.pending = Some(Pending {
            ticket: asked.ticket,
            request: asked.request.clone(),
            asked_at: now,
        });
        vec![asked]
    }

    fn ticketed(&mut self, request: Request) -> Asked {
        self.last_ticket += 1;
        Asked {
            ticket: self.last_ticket,
            request,
        }
    }
}
