//! Staff at this screen: the PIN as it is being typed, and what they see once they have signed in (R4).

use api::staff::{FoundMember, StationStaffView, StayView};
use domain::reference::DateTime;
use domain::staff::{Obstacle, StaffAction, StaffAnswer, StaffRemedy, Why};
use domain::verdict::Place;
use std::fmt;
use std::sync::Arc;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;
/// Digits of the longest number somebody is checked in by: a reservation's.
const NUMBER_DIGITS: usize = 9;

/// A PIN. Not shown by `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// Its digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// What is said below the PIN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PinMessage {
    /// Nothing.
    #[default]
    None,
    /// Not theirs.
    Wrong,
    /// Too many were wrong.
    Locked,
    /// The service did not answer.
    NoLine,
}

/// A PIN as it is being typed. How many digits there are is all that is shown of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PinEntry {
    pin: Pin,
    message: PinMessage,
}

impl PinEntry {
    /// How many digits there are.
    pub fn count(&self) -> usize {
        self.pin.0.len()
    }

    /// What is said below them.
    pub fn message(&self) -> PinMessage {
        self.message
    }

    /// Adds a digit, 0 to 9; gives the PIN once it is whole.
    pub fn press(&mut self, digit: u8) -> Option<Pin> {
        self.message = PinMessage::None;
        if self.count() < PIN_DIGITS && digit <= 9 {
            self.pin.0.push(char::from(b'0' + digit));
        }
        (self.count() == PIN_DIGITS).then(|| std::mem::take(&mut self.pin))
    }

    /// Takes the last digit away.
    pub fn delete(&mut self) {
        self.pin.0.pop();
    }

    /// Nobody was signed in; it begins anew.
    pub fn refused(&mut self, message: PinMessage) {
        *self = Self {
            pin: Pin::default(),
            message,
        };
    }
}

/// What staff ask the service for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffRequest {
    /// To be signed in: whose badge it was shows by the PIN.
    SignIn(Pin),
    /// What there is to see now.
    Look,
    /// Who has this number.
    Find(String),
    /// To do something, and why.
    Act(StaffAction, Why),
}

/// What the service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffReply {
    /// Signed in.
    SignedIn(Box<StationStaffView>),
    /// Not signed in, and what to do.
    NotSignedIn(StaffRemedy),
    /// What there is to see now, and what became of what was asked.
    View(Box<StationStaffView>, Option<StaffAnswer>),
    /// Who has this number.
    Found(FoundMember),
    /// Nobody has it.
    NotFound,
    /// Nobody is signed in here any more.
    SignedOut,
}

/// What became of what staff asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is done; where the visitor is now, and until when.
    Done(Option<String>, Option<DateTime>),
    /// What stands in the way.
    NotDone(Obstacle),
    /// Nobody has this number.
    NotFound,
    /// The service did not answer.
    NoLine,
}

/// A part of what staff see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaffPart {
    /// What there is to do.
    Menu,
    /// Seats over time, to be tapped free.
    Free,
    /// Seats in use, to check somebody out.
    CheckOut,
    /// Whether to check this visitor out.
    Confirm(StayView),
    /// A number is being typed.
    Number(String),
    /// Whether to check this member in.
    Found(FoundMember),
}

/// What staff see who have signed in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffScreen {
    /// What the service showed last.
    pub view: Arc<StationStaffView>,
    /// Which part of it.
    pub part: StaffPart,
    /// What became of the last thing asked for.
    pub told: Option<Told>,
}

impl StaffScreen {
    /// What there is to do.
    pub fn menu(view: StationStaffView) -> Self {
        Self {
            view: Arc::new(view),
            part: StaffPart::Menu,
            told: None,
        }
    }

    /// The seats of this part, in the order shown.
    pub fn seats(&self) -> Vec<&StayView> {
        let all = self.view.seats.iter();
        match self.part {
            StaffPart::Free => all.filter(|stay| stay.overdue).collect(),
            StaffPart::CheckOut => all.collect(),
            _ => Vec::new(),
        }
    }

    /// Turns to another part.
    pub fn turn(&mut self, part: StaffPart) {
        (self.part, self.told) = (part, None);
    }

    /// Adds a digit to the number.
    pub fn press(&mut self, digit: u8) {
        self.told = None;
        if let StaffPart::Number(digits) = &mut self.part
            && digits.len() < NUMBER_DIGITS
            && digit <= 9
        {
            digits.push(char::from(b'0' + digit));
        }
    }

    /// Takes its last digit away.
    pub fn delete(&mut self) {
        self.told = None;
        if let StaffPart::Number(digits) = &mut self.part {
            digits.pop();
        }
    }

    /// What became of something, and what there is to do next.
    pub fn hear(&mut self, view: StationStaffView, answer: Option<&StaffAnswer>) {
        self.view = Arc::new(view);
        let Some(answer) = answer else {
            return;
        };
        self.turn(StaffPart::Menu);
        self.told = match answer {
            StaffAnswer::Done { place, until } => Some(Told::Done(seat(place.as_ref()), *until)),
            StaffAnswer::NotDone { because, .. } => Some(Told::NotDone(*because)),
            _ => None,
        };
    }
}

fn seat(place: Option<&Place>) -> Option<String> {
    match place {
        Some(Place::Seat { seat, .. }) => Some(seat.to_string()),
        _ => None,
    }
}
