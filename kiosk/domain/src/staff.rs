//! The centre's own people: who they are to the door, what they may do there, and why they did it (R4).

use crate::adviser::AdviserState;
use crate::code::PassDigest;
use crate::equipment::AsideBecause;
use crate::event::{CallReason, LimitedBy};
use crate::head_count::Person;
use crate::hhmm;
use crate::ids::{
    AdviserId, CallId, EquipmentId, GuestId, MemberId, NoticeId, ReservationId, SeatId, StaffId,
    StationId, TicketId, VisitId,
};
use crate::incident::IncidentKind;
use crate::reference::DateTime;
use crate::verdict::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use utoipa::ToSchema;

/// Where staff act who are at no station: the staff page.
pub const STAFF_PAGE: &str = "staff";

/// The longest extension staff give at once, in minutes.
pub const LONGEST_EXTENSION_MIN: u32 = 240;

/// A member of staff as the door knows one: a name to sign in with, and no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffMember {
    /// Their id, which records name.
    pub id: StaffId,
    /// The name they sign in with; lower case.
    pub user: String,
    /// Their PIN, hashed.
    pub pin: PinHash,
    /// SHA-256 of their badge, for those who have one.
    #[serde(default)]
    pub badge: Option<PassDigest>,
    /// What they may do.
    pub role: Role,
    /// Whether they still work here.
    pub active: bool,
}

/// The Argon2id hash of a PIN, as a PHC string. Not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct PinHash(String);

impl PinHash {
    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for PinHash {
    fn from(hash: String) -> Self {
        Self(hash)
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}

/// What somebody works as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 受付.
    Receptionist,
    /// 相談員: advises, answers calls, taps abandoned seats free, and in an emergency opens it and ticks people off.
    Adviser,
    /// 責任者.
    Lead,
}

impl Role {
    /// Whether this role does such a thing.
    pub fn may(self, action: &StaffAction) -> bool {
        let is_small = matches!(
            action,
            StaffAction::AnswerCall { .. }
                | StaffAction::FreeSeat { .. }
                | StaffAction::SetAdviserState { .. }
                | StaffAction::StartConsultation { .. }
                | StaffAction::EndConsultation { .. }
                | StaffAction::OpenIncident { .. }
                | StaffAction::TickPerson { .. }
        );
        is_small || matches!(self, Self::Receptionist | Self::Lead)
    }
}

/// What staff do at the door, as they ask for it and as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffAction {
    /// Ends a visit for somebody who leaves.
    CheckOut {
        /// The visit.
        visit: VisitId,
    },
    /// Gives somebody another free seat, to the same end.
    Move {
        /// The visit.
        visit: VisitId,
        /// The other seat.
        seat: SeatId,
    },
    /// Makes a stay longer, past the visitor's own limit too, where nobody is displaced.
    Extend {
        /// The visit.
        visit: VisitId,
        /// By so many minutes, or what is left.
        minutes: u32,
    },
    /// Taps a seat free that somebody has left without a word.
    FreeSeat {
        /// The visit.
        visit: VisitId,
    },
    /// Makes a reservation usable again that nobody had come for.
    Pardon {
        /// The reservation.
        reservation: ReservationId,
    },
    /// Checks somebody in who has no pass with them: to their reservation, or the best seat there is.
    CheckIn {
        /// Who.
        member: MemberId,
    },
    /// Puts a prepared notice up for today.
    PutUpNotice {
        /// The notice.
        notice: NoticeId,
    },
    /// Takes it down again.
    TakeDownNotice {
        /// The notice.
        notice: NoticeId,
    },
    /// Lets nobody in from now until a time of today. Whoever is inside stays.
    Close {
        /// Until when.
        #[serde(with = "hhmm")]
        #[schema(value_type = String, example = "15:30")]
        until: chrono::NaiveTime,
    },
    /// Ends such a closure before its time.
    Reopen,
    /// Lends this to somebody inside.
    HandOut {
        /// The visit.
        visit: VisitId,
        /// What.
        equipment: EquipmentId,
    },
    /// Takes something back.
    TakeBack {
        /// What.
        equipment: EquipmentId,
        /// Whether it is damaged: then it is set aside.
        damaged: bool,
    },
    /// Does not lend it for the time being.
    SetAside {
        /// What.
        equipment: EquipmentId,
        /// Why.
        because: AsideBecause,
    },
    /// Lends it again.
    ReturnToService {
        /// What.
        equipment: EquipmentId,
    },
    /// Says how full it is.
    ReportCharge {
        /// What.
        equipment: EquipmentId,
        /// Per cent, at most 100.
        percent: u8,
    },
    /// Says that a call for staff has been seen to.
    AnswerCall {
        /// The call.
        call: CallId,
    },
    /// Says what an adviser does now.
    SetAdviserState {
        /// Who.
        adviser: AdviserId,
        /// What.
        state: AdviserState,
    },
    /// Begins a consultation with somebody inside.
    StartConsultation {
        /// With whom.
        visit: VisitId,
        /// By whom: one, or two where a management consultant joins.
        advisers: BTreeSet<AdviserId>,
    },
    /// Ends a consultation.
    EndConsultation {
        /// With whom.
        visit: VisitId,
    },
    /// Sees a guest out.
    SeeOut {
        /// The guest.
        guest: GuestId,
    },
    /// Calls the first of those who wait to the best seat there is, though it has not all they need: staff help them.
    CallNext {
        /// Their ticket.
        ticket: TicketId,
    },
    /// Says that whoever acts is on duty at reception from now on.
    BeginDuty,
    /// Says that they are no longer.
    EndDuty,
    /// Opens an emergency, or a drill of one.
    OpenIncident {
        /// What kind.
        what: IncidentKind,
        /// Whether it is only practised.
        drill: bool,
    },
    /// Closes it.
    CloseIncident {
        /// Whether everybody has left; all visits end by it.
        everybody_left: bool,
    },
    /// Ticks somebody on the head-count list off, or back.
    TickPerson {
        /// Who.
        person: Person,
        /// Whether they have been found.
        ticked: bool,
    },
}

/// Why staff did something: one choice, no words of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The visitor asked for it.
    Asked,
    /// The visitor was called for or needed a hand with the screen.
    Helped,
    /// Nobody was at the seat any more.
    Gone,
    /// A pass, a scanner or a screen did not work.
    Trouble,
    /// Something had been done wrong before.
    Mistake,
    /// A train or bus was late.
    Delay,
    /// For safety's sake: building, weather, a person taken ill.
    Safety,
    /// The running of the centre.
    Centre,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignOut {
    /// They signed out, or somebody signed in after them in the same browser.
    Own,
    /// Nothing was touched for too long.
    Idle,
    /// Somebody held a code to the scanner of that station.
    NextScan,
}

/// Why nobody was signed in. The screen says less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignInRefusal {
    /// No such user name or badge.
    Unknown,
    /// Somebody who does not work here any more.
    Inactive,
    /// Another PIN.
    WrongPin,
}

/// A call for staff that nobody has answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffCall {
    /// Its id.
    pub id: CallId,
    /// Where.
    pub station: StationId,
    /// Why.
    pub reason: CallReason,
    /// Since when, as far as the time was known.
    pub since: DateTime,
}

/// What is said to staff. In JSON the field `answer` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum StaffAnswer {
    /// A badge was held to a station's scanner: whose it is shows by the PIN.
    AskPin {
        /// What to do.
        remedy: StaffRemedy,
    },
    /// Signed in.
    SignedIn {
        /// Who.
        staff: StaffId,
        /// As what.
        role: Role,
    },
    /// User name, badge or PIN are not right.
    NotSignedIn {
        /// What to do.
        remedy: StaffRemedy,
    },
    /// It is done.
    Done {
        /// Where the visitor is now, where that is what was done.
        place: Option<Place>,
        /// Until when.
        until: Option<DateTime>,
    },
    /// It cannot be done.
    NotDone {
        /// What stands in the way.
        because: Obstacle,
        /// What to do.
        remedy: StaffRemedy,
    },
}

/// Why something asked by staff cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Obstacle {
    /// Not for this role.
    NotYours,
    /// It is over, done, or never was: the page was behind.
    Over,
    /// The visit has no seat of its own.
    NoSeat,
    /// Somebody has that seat, or will before the visitor leaves.
    SeatTaken,
    /// The promised end is past.
    OverTime,
    /// The promised end and the grace are not past yet.
    NotOverdue,
    /// The stay cannot be longer.
    CannotBeLonger {
        /// What stands in the way.
        limited_by: LimitedBy,
    },
    /// Nobody has such a number.
    Unknown,
    /// Suspended, or no longer a member.
    Suspended,
    /// The membership and the courtesy visit are used up.
    Expired,
    /// They are inside.
    Inside,
    /// Nobody is let in now.
    Closed,
    /// Every suitable seat is taken.
    Full,
    /// The day's total is used up.
    DayTotal,
    /// The reservation is later, and there is no seat until then.
    TooEarly,
    /// That time of today is past.
    PastTime,
    /// The visitor or somebody who advises is in a consultation.
    InConsultation,
    /// Somebody else is next.
    NotNext,
    /// A real emergency is open.
    Emergency,
    /// It is only practised.
    Drill,
    /// It is out, resting, set aside or needed by a programme.
    NotFree,
    /// Its charge is too low for that stay, or nobody has said how full it is.
    LowCharge,
    /// They have a PC already.
    HasOne,
    /// It would have to be back at once.
    TooLate,
    /// It is out.
    Out,
    /// The office says that it cannot be lent.
    OfficeSays,
}

/// What staff can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StaffRemedy {
    /// Enter the PIN.
    EnterPin,
    /// Look at the page again.
    LookAgain,
    /// Ask reception.
    AskReception,
    /// Ask the office.
    AskOffice,
    /// Choose another seat.
    ChooseAnotherSeat,
    /// Make the stay longer first.
    ExtendFirst,
    /// Check the visitor out instead.
    CheckOut,
    /// Move the visitor to another seat.
    MoveVisitor,
    /// Have the membership renewed.
    Renew,
    /// Ask the visitor to come back, or reserve.
    ComeBack,
    /// Choose a later time.
    ChooseLaterTime,
    /// End that consultation first.
    EndConsultation,
    /// Call whoever is first.
    CallFirst,
    /// Close the emergency first.
    CloseEmergency,
    /// Choose another piece of equipment.
    ChooseAnother,
    /// Take it back first.
    TakeBackFirst,
    /// Check user name and PIN, and try again.
    TryAgain,
    /// Wait until signing in is possible again, or ask the lead.
    Wait,
}

impl Obstacle {
    /// What staff can do about it.
    pub fn remedy(self) -> StaffRemedy {
        match self {
            Self::NotYours => StaffRemedy::AskReception,
            Self::Over | Self::Inside => StaffRemedy::LookAgain,
            Self::NoSeat | Self::NotOverdue | Self::Drill => StaffRemedy::CheckOut,
            Self::SeatTaken => StaffRemedy::ChooseAnotherSeat,
            Self::OverTime => StaffRemedy::ExtendFirst,
            Self::CannotBeLonger {
                limited_by: LimitedBy::Reservation | LimitedBy::Programme,
            } => StaffRemedy::MoveVisitor,
            Self::CannotBeLonger { .. }
            | Self::Closed
            | Self::Full
            | Self::DayTotal
            | Self::TooEarly => StaffRemedy::ComeBack,
            Self::Unknown | Self::Suspended | Self::OfficeSays => StaffRemedy::AskOffice,
            Self::NotFree | Self::LowCharge => StaffRemedy::ChooseAnother,
            Self::HasOne | Self::Out => StaffRemedy::TakeBackFirst,
            Self::TooLate => StaffRemedy::ExtendFirst,
            Self::Expired => StaffRemedy::Renew,
            Self::PastTime => StaffRemedy::ChooseLaterTime,
            Self::InConsultation => StaffRemedy::EndConsultation,
            Self::NotNext => StaffRemedy::CallFirst,
            Self::Emergency => StaffRemedy::CloseEmergency,
        }
    }
}
