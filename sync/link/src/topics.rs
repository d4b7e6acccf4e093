//! Where messages go: the one place that spells a topic.
//!
//! ```
//! use link::topics::{Channel, Topic};
//!
//! let up: Topic = "genkan/v1/koto-1/up".parse()?;
//! assert_eq!(up.kiosk().map(|(kiosk, channel)| (kiosk.as_str(), channel)), Some(("koto-1", Channel::Up)));
//! assert_eq!(up, Topic::of(&"koto-1".into(), Channel::Up)?);
//! assert_eq!(Topic::OFFICE_STATE.to_string(), "genkan/v1/office/state");
//!
//! assert!("genkan/v1/koto-1/up/more".parse::<Topic>().is_err());
//! assert!("genkan/v2/koto-1/up".parse::<Topic>().is_err());
//! assert!(Topic::of(&"Koto 1".into(), Channel::Up).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use domain::ids::KioskId;
use std::fmt;
use std::str::FromStr;

const ROOT: &str = "genkan/v1";
const OFFICE: &str = "office";
const KIOSK_ID_LENGTH: usize = 32;

/// What is said on a kiosk's topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The kiosk's batches of records ([`Batch`](crate::message::Batch)), for the office.
    Up,
    /// How far the office holds them durably ([`Ack`](crate::message::Ack)), for the kiosk.
    Ack,
    /// Which collections there are ([`Manifest`](crate::message::Manifest)), retained, for the kiosk.
    Manifest,
    /// How full the battery of a lent PC is ([`ChargeReport`](crate::message::ChargeReport)), from the program on it to the kiosk.
    Charge,
    /// Whether the kiosk is connected ([`KioskState`](crate::message::KioskState)), retained and its will.
    State,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Up,
        Self::Ack,
        Self::Manifest,
        Self::Charge,
        Self::State,
    ];

    /// The last part of the topic.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Ack => "ack",
            Self::Manifest => "manifest",
            Self::Charge => "charge",
            Self::State => "state",
        }
    }

    /// Whether the broker keeps the last message for those who come later.
    pub fn is_retained(self) -> bool {
        matches!(self, Self::Manifest | Self::State)
    }
}

/// A topic of Genkan's (design section 7).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(Option<(KioskId, Channel)>);

impl Topic {
    /// Whether the office is connected ([`OfficeState`](crate::message::OfficeState)), retained and its will.
    pub const OFFICE_STATE: Self = Self(None);

    /// A kiosk's topic.
    ///
    /// # Errors
    /// An id that [`check_kiosk_id`] does not accept.
    pub fn of(kiosk: &KioskId, channel: Channel) -> Result<Self, NotAKioskId> {
        check_kiosk_id(kiosk)?;
        Ok(Self(Some((kiosk.clone(), channel))))
    }

    /// The kiosk and what is said; `None` for [`Self::OFFICE_STATE`].
    pub fn kiosk(&self) -> Option<(&KioskId, Channel)> {
        self.0.as_ref().map(|(kiosk, channel)| (kiosk, *channel))
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some((kiosk, channel)) => write!(f, "{ROOT}/{kiosk}/{}", channel.as_str()),
            None => write!(f, "{ROOT}/{OFFICE}/state"),
        }
    }
}

impl FromStr for Topic {
    type Err = NotATopic;

    fn from_str(text: &str) -> Result<Self, NotATopic> {
        let rest = text
            .strip_prefix(ROOT)
            .and_then(|rest| rest.strip_prefix('/'));
        let (who, what) = rest
            .and_then(|rest| rest.split_once('/'))
            .ok_or(NotATopic)?;
        if who == OFFICE {
            return if what == "state" {
                Ok(Self::OFFICE_STATE)
            } else {
                Err(NotATopic)
            };
        }
        let channel = Channel::ALL
            .into_iter()
            .find(|channel| channel.as_str() == what);
        Self::of(&who.into(), channel.ok_or(NotATopic)?).map_err(|_| NotATopic)
    }
}

/// What a client listens to. No two of one client may overlap: brokers deliver such messages twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// One topic.
    One(Topic),
    /// This channel of every kiosk. That of [`Channel::State`] includes [`Topic::OFFICE_STATE`].
    EveryKiosk(Channel),
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(topic) => topic.fmt(f),
            Self::EveryKiosk(channel) => write!(f, "{ROOT}/+/{}", channel.as_str()),
        }
    }
}

/// Whether an id can name a kiosk in topics, paths and certificates: 1 to 32 of `a`–`z`, `0`–`9` and `-`, and not `office`.
///
/// # Errors
/// The id and what would be accepted.
pub fn check_kiosk_id(kiosk: &KioskId) -> Result<(), NotAKioskId> {
    let id = kiosk.as_str();
    let fits = (1..=KIOSK_ID_LENGTH).contains(&id.len()) && id != OFFICE;
    let spelled = id
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if fits && spelled {
        Ok(())
    } else {
        Err(NotAKioskId(id.chars().take(64).collect()))
    }
}

/// An id that cannot name a kiosk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot name a kiosk; use 1 to 32 of a-z, 0-9 and -, such as koto-1, but not \"office\""
)]
pub struct NotAKioskId(String);

/// A topic that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not a topic of Genkan's; they read genkan/v1/KIOSK/up, …/ack, …/manifest, …/charge, …/state or genkan/v1/office/state"
)]
pub struct NotATopic;
