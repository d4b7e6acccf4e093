//! The screens, each with what it is about.

use super::number_entry::NumberEntry;
use super::staff::{PinEntry, StaffPart, StaffScreen};
use domain::ids::VisitId;
use domain::incident::IncidentKind;
use domain::staff::StaffAnswer;
use domain::verdict::{
    Accompanied, Admitted, Closed, Companions, Expired, Extended, Full, GuestReceived, Inside,
    Left, Lent, NoLoan, NoPlace, NotExtended, NotLent, Offered, Returned, Standby, SteppedOut,
    TooEarly, Verdict, Waiting,
};

/// What somebody is asked to hold their pass for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 予約なしで利用する.
    WalkIn,
    /// 利用終了・延長.
    LeaveOrExtend,
}

/// One screen with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Waiting for someone.
    Attract,
    /// Hold your pass.
    HoldPass(Purpose),
    /// はじめての方.
    FirstVisit,
    /// A reservation number is being typed.
    Number(NumberEntry),
    /// Checked in.
    Admitted(Admitted),
    /// The visitor's menu, or its question whether to leave.
    Inside {
        /// What the menu offers.
        menu: Inside,
        /// 利用を終えますか.
        confirming: bool,
    },
    /// What is possible now, to choose from.
    Offer(Offered),
    /// The reservation is later; perhaps a seat until then.
    Early(TooEarly),
    /// On a programme's standby list: when to ask again.
    Standby(Standby),
    /// No place in the programme; perhaps a seat instead.
    NoPlace(NoPlace),
    /// Every suitable seat is taken.
    Full(Full),
    /// A number was taken.
    Joined(Waiting),
    /// The visitor waits already, or is asked whether to give that up.
    Waiting {
        /// The place in the queue.
        place: Waiting,
        /// 順番待ちをやめますか.
        confirming: bool,
    },
    /// No longer waiting.
    GivenUp,
    /// Not open for this person now.
    Closed(Closed),
    /// The membership ran out.
    Expired(Expired),
    /// One neutral screen for all who are not admitted.
    NotRecognised,
    /// How to hold the code better.
    Unreadable,
    /// Too many wrong numbers.
    TooManyErrors,
    /// The offer is no longer held.
    Lapsed,
    /// Thank you.
    Left(Left),
    /// The new end.
    Extended(Extended),
    /// Why not.
    NotExtended(NotExtended),
    /// The other seat.
    SeatChanged(Admitted),
    /// No seat but the one they have.
    NoOtherSeat,
    /// Until when to be back.
    SteppedOut(SteppedOut),
    /// Back from outside.
    WelcomeBack(Admitted),
    /// Which PC to take.
    Lent(Lent),
    /// Why no PC can be lent.
    NoLoan(NoLoan),
    /// Thanks for what came back.
    Returned(Returned),
    /// Something that is not out.
    NotLent(NotLent),
    /// Where a guest goes.
    Guest(GuestReceived),
    /// Staff are on their way here.
    StaffComing,
    /// A badge was read, and its PIN is being typed.
    Pin(PinEntry),
    /// What staff see who have signed in here.
    Staff(StaffScreen),
    /// Please come to the reception desk.
    Desk,
    /// Nobody knows whether the touch was taken; the pass shows it.
    Unconfirmed,
    /// The door can record nothing now, so it answers nobody.
    CannotRecord,
    /// The service does not answer.
    ServiceLost,
    /// An emergency keeps the door shut.
    Emergency {
        /// What kind.
        what: IncidentKind,
        /// Whether it is only practised.
        drill: bool,
    },
}

/// How long a screen stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// Until something happens.
    Open,
    /// As an answer.
    Answer,
    /// As a choice.
    Choice,
    /// As long as the service holds what is offered, in seconds.
    Held(u32),
    /// As long as staff stay signed in without a touch, in seconds.
    Session(u32),
}

impl Screen {
    /// How long the screen stays.
    pub fn stay(&self) -> Stay {
        match self {
            Self::Attract | Self::CannotRecord | Self::ServiceLost | Self::Emergency { .. } => {
                Stay::Open
            }
            Self::Staff(staff) => Stay::Session(staff.view.idle_s),
            Self::HoldPass(_)
            | Self::FirstVisit
            | Self::Number(_)
            | Self::Pin(_)
            | Self::Inside { .. }
            | Self::Waiting { .. }
            | Self::Full(Full {
                ticket: Some(_), ..
            }) => Stay::Choice,
            Self::Offer(offered) => Stay::Held(offered.held_s),
            Self::Early(TooEarly {
                bridge: Some(bridge),
                ..
            })
            | Self::NoPlace(NoPlace {
                seat: Some(bridge), ..
            }) => Stay::Held(bridge.held_s),
            _ => Stay::Answer,
        }
    }

    /// Whether the service holds something for whoever stands here.
    pub fn is_held(&self) -> bool {
        matches!(self.stay(), Stay::Held(_))
    }

    /// What it shows is held anew. A seat instead of something stays just that.
    pub fn hold(&mut self, held: Offered) {
        match self {
            Self::Offer(offered) => *offered = held,
            Self::Early(TooEarly {
                bridge: Some(bridge),
                ..
            })
            | Self::NoPlace(NoPlace {
                seat: Some(bridge), ..
            }) => bridge.held_s = held.held_s,
            _ => {}
        }
    }

    /// The screen's name, for files and messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Attract => "attract",
            Self::HoldPass(Purpose::WalkIn) => "hold-pass-walk-in",
            Self::HoldPass(Purpose::LeaveOrExtend) => "hold-pass-leave",
            Self::FirstVisit => "first-visit",
            Self::Number(_) => "number",
            Self::Admitted(_) => "admitted",
            Self::Inside {
                confirming: false, ..
            } => "inside",
            Self::Inside {
                confirming: true, ..
            } => "inside-confirm",
            Self::Offer(_) => "offer",
            Self::Early(_) => "early",
            Self::Standby(_) => "standby",
            Self::NoPlace(_) => "no-place",
            Self::Full(_) => "full",
            Self::Joined(_) => "joined",
            Self::Waiting {
                confirming: false, ..
            } => "waiting",
            Self::Waiting {
                confirming: true, ..
            } => "waiting-confirm",
            Self::GivenUp => "given-up",
            Self::Closed(_) => "closed",
            Self::Expired(_) => "expired",
            Self::NotRecognised => "not-recognised",
            Self::Unreadable => "unreadable",
            Self::TooManyErrors => "too-many-errors",
            Self::Lapsed => "lapsed",
            Self::Left(_) => "left",
            Self::Extended(_) => "extended",
            Self::NotExtended(_) => "not-extended",
            Self::SeatChanged(_) => "seat-changed",
            Self::NoOtherSeat => "no-other-seat",
            Self::SteppedOut(_) => "stepped-out",
            Self::WelcomeBack(_) => "welcome-back",
            Self::Lent(_) => "lent",
            Self::NoLoan(_) => "no-loan",
            Self::Returned(_) => "returned",
            Self::NotLent(_) => "not-lent",
            Self::Guest(_) => "guest",
            Self::StaffComing => "staff-coming",
            Self::Pin(_) => "pin",
            Self::Staff(staff) => match staff.part {
                StaffPart::Menu => "staff",
                StaffPart::Free => "staff-free",
                StaffPart::CheckOut => "staff-check-out",
                StaffPart::Confirm(_) => "staff-confirm",
                StaffPart::Number(_) => "staff-number",
                StaffPart::Found(_) => "staff-found",
            },
            Self::Desk => "desk",
            Self::Unconfirmed => "unconfirmed",
            Self::CannotRecord => "cannot-record",
            Self::ServiceLost => "service-lost",
            Self::Emergency { .. } => "emergency",
        }
    }

    /// Whether a visitor's business ends here: who comes next is somebody else.
    pub fn concludes(&self) -> bool {
        !matches!(
            self,
            Self::Attract
                | Self::HoldPass(_)
                | Self::FirstVisit
                | Self::Number(_)
                | Self::Unreadable
                | Self::Lapsed
                | Self::Unconfirmed
                | Self::CannotRecord
                | Self::ServiceLost
        )
    }
}

impl Screen {
    /// Whose companions are counted here, and how many there are.
    pub fn companions(&self) -> Option<(&VisitId, Companions)> {
        match self {
            Self::Admitted(admitted) => Some((&admitted.visit, admitted.companions)),
            Self::Inside {
                menu,
                confirming: false,
            } => Some((&menu.visit, menu.companions)),
            _ => None,
        }
    }

    /// The same screen with the number of companions that is recorded.
    fn accompanied(&self, told: &Accompanied) -> Self {
        let mut screen = self.clone();
        match &mut screen {
            Self::Admitted(admitted) => admitted.companions = told.companions,
            Self::Inside { menu, .. } => menu.companions = told.companions,
            _ => {}
        }
        screen
    }

    /// The screen that a verdict leads to from this one.
    pub fn after(&self, verdict: Verdict) -> Self {
        match verdict {
            Verdict::Admitted(admitted) => Self::Admitted(admitted),
            Verdict::Inside(menu) => Self::Inside {
                menu,
                confirming: false,
            },
            Verdict::Offer(offered) => Self::Offer(offered),
            Verdict::TooEarly(early) => Self::Early(early),
            Verdict::Standby(standby) => Self::Standby(standby),
            Verdict::NoPlace(none) => Self::NoPlace(none),
            Verdict::Full(full) => Self::Full(full),
            Verdict::Joined(place) => Self::Joined(place),
            Verdict::Waiting(place) => Self::Waiting {
                place,
                confirming: false,
            },
            Verdict::GivenUp(_) => Self::GivenUp,
            Verdict::Closed(closed) => Self::Closed(closed),
            Verdict::Expired(expired) => Self::Expired(expired),
            Verdict::NotRecognised(_) => Self::NotRecognised,
            Verdict::Unreadable(_) => Self::Unreadable,
            Verdict::TooManyErrors(_) => Self::TooManyErrors,
            Verdict::Left(left) => Self::Left(left),
            Verdict::Extended(extended) => Self::Extended(extended),
            Verdict::NotExtended(refused) => Self::NotExtended(refused),
            Verdict::SeatChanged(moved) => Self::SeatChanged(moved),
            Verdict::NoOtherSeat(_) => Self::NoOtherSeat,
            Verdict::SteppedOut(out) => Self::SteppedOut(out),
            Verdict::WelcomeBack(back) => Self::WelcomeBack(back),
            Verdict::Accompanied(told) => self.accompanied(&told),
            Verdict::GuestReceived(received) => Self::Guest(received),
            Verdict::Lent(lent) => Self::Lent(lent),
            Verdict::NoLoan(none) => Self::NoLoan(none),
            Verdict::Returned(returned) => Self::Returned(returned),
            Verdict::NotLent(not) => Self::NotLent(not),
            Verdict::Lapsed(_) => Self::Lapsed,
            Verdict::StaffCalled(_) => Self::StaffComing,
            Verdict::Staff(StaffAnswer::AskPin { .. }) => Self::Pin(PinEntry::default()),
            Verdict::Emergency(is) => Self::Emergency {
                what: is.what,
                drill: is.drill,
            },
            // Said on the staff page, and to no visitor.
            Verdict::Staff(_) => Self::Attract,
        }
    }
}
