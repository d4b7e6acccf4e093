//! What the office tells the door: collections, each a JSON document with a version (design section 7).
//!
//! A document's bytes are canonical: entries stand in the order of their keys, fields in the order of `domain`'s types, no blanks. Both sides
//! therefore agree on its SHA-256, also where the kiosk made it from an older document and a [`Delta`].
//!
//! ```
//! use domain::calendar::Calendar;
//! use link::collections::{Body, Collection, CollectionName, adopt};
//!
//! let bytes = Collection { version: 3, body: Body::Calendar(Calendar::default()) }.to_bytes()?;
//! let mut reference = domain::Reference::default();
//! assert_eq!(adopt(&mut reference, CollectionName::Calendar, &bytes)?, 3);
//! assert!(adopt(&mut reference, CollectionName::Floor, &bytes).is_err());
//! # Ok::<(), link::collections::CollectionError>(())
//! ```

mod check;
mod delta;

pub use check::Fault;
pub use delta::{Delta, apply_delta};

use crate::message::{JsonFault, ManifestEntry};
use domain::Reference;
use domain::adviser::Advice;
use domain::calendar::Calendar;
use domain::display::Display;
use domain::equipment::Equipment;
use domain::floor::Floor;
use domain::reference::{IssuedPass, Member, Notice, Programme, Reservation};
use domain::settings::Settings;
use domain::staff::StaffMember;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// Largest collection in bytes; 50,000 members take about 8 MiB.
pub const MAX_COLLECTION: u64 = 64 * 1024 * 1024;

/// The collections this program knows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CollectionName {
    /// Opening hours, closures.
    Calendar,
    /// Zones, seats, drawing.
    Floor,
    /// Agreed numbers and words.
    Settings,
    /// Members, without names.
    Members,
    /// Digests of passes.
    Passes,
    /// Reservations.
    Reservations,
    /// Programmes.
    Programme,
    /// Staff, without names, and the hashes of their PINs.
    Staff,
    /// Play list, bookshelf and addresses of the signage.
    Signage,
    /// Notices for the signage.
    Notices,
    /// Advisers and slots of the consultation.
    Advisers,
    /// PCs and batteries that are lent.
    Equipment,
}

impl CollectionName {
    /// All of them, in the order in which a new kiosk adopts them.
    pub const ALL: [Self; 12] = [
        Self::Settings,
        Self::Calendar,
        Self::Floor,
        Self::Programme,
        Self::Members,
        Self::Passes,
        Self::Reservations,
        Self::Staff,
        Self::Signage,
        Self::Notices,
        Self::Advisers,
        Self::Equipment,
    ];

    /// The name in manifests and paths.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Floor => "floor",
            Self::Settings => "settings",
            Self::Members => "members",
            Self::Passes => "passes",
            Self::Reservations => "reservations",
            Self::Programme => "programme",
            Self::Staff => "staff",
            Self::Signage => "signage",
            Self::Notices => "notices",
            Self::Advisers => "advisers",
            Self::Equipment => "equipment",
        }
    }

    /// Whether the office also gives what has changed since a version ([`Delta`]).
    pub fn has_delta(self) -> bool {
        matches!(self, Self::Members | Self::Passes | Self::Reservations)
    }
}

impl fmt::Display for CollectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for CollectionName {
    type Err = NotACollection;

    fn from_str(text: &str) -> Result<Self, NotACollection> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text)
            .ok_or(NotACollection)
    }
}

/// A name of no collection that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no collection of this name; there are settings, calendar, floor, programme, members, passes, reservations, staff, signage, notices, advisers and equipment"
)]
pub struct NotACollection;

/// A collection's content.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// See [`CollectionName::Calendar`].
    Calendar(Calendar),
    /// See [`CollectionName::Floor`].
    Floor(Floor),
    /// See [`CollectionName::Settings`].
    Settings(Settings),
    /// See [`CollectionName::Members`]; keyed by id, in any order.
    Members(Vec<Member>),
    /// See [`CollectionName::Passes`]; keyed by digest, in any order.
    Passes(Vec<IssuedPass>),
    /// See [`CollectionName::Reservations`]; keyed by id, in any order.
    Reservations(Vec<Reservation>),
    /// See [`CollectionName::Programme`]; keyed by id, in any order.
    Programme(Vec<Programme>),
    /// See [`CollectionName::Staff`]; keyed by id, in any order.
    Staff(Vec<StaffMember>),
    /// See [`CollectionName::Signage`].
    Signage(Display),
    /// See [`CollectionName::Notices`], in the order they are shown.
    Notices(Vec<Notice>),
    /// See [`CollectionName::Advisers`].
    Advisers(Advice),
    /// See [`CollectionName::Equipment`]; keyed by id, in any order.
    Equipment(Vec<Equipment>),
}

impl Body {
    /// Which collection this is.
    pub fn name(&self) -> CollectionName {
        match self {
            Self::Calendar(_) => CollectionName::Calendar,
            Self::Floor(_) => CollectionName::Floor,
            Self::Settings(_) => CollectionName::Settings,
            Self::Members(_) => CollectionName::Members,
            Self::Passes(_) => CollectionName::Passes,
            Self::Reservations(_) => CollectionName::Reservations,
            Self::Programme(_) => CollectionName::Programme,
            Self::Staff(_) => CollectionName::Staff,
            Self::Signage(_) => CollectionName::Signage,
            Self::Notices(_) => CollectionName::Notices,
            Self::Advisers(_) => CollectionName::Advisers,
            Self::Equipment(_) => CollectionName::Equipment,
        }
    }
}

/// A collection in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// Grows with every change, from 1.
    pub version: u64,
    /// The content.
    pub body: Body,
}

/// The document: `{"name", "version", "body"}`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document<B> {
    pub name: CollectionName,
    pub version: u64,
    pub body: B,
}

impl Collection {
    /// The collection's name.
    pub fn name(&self) -> CollectionName {
        self.body.name()
    }

    /// The canonical bytes.
    ///
    /// # Errors
    /// A content that [`Self::from_bytes`] would not take, so that nothing impossible is ever published.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CollectionError> {
        check::check(&self.body, self.version)?;
        let (name, version) = (self.name(), self.version);
        match &self.body {
            Body::Calendar(body) => write(name, version, body),
            Body::Floor(body) => write(name, version, body),
            Body::Settings(body) => write(name, version, body),
            Body::Members(body) => write(name, version, &sorted(body, |one| &one.id)),
            Body::Passes(body) => write(name, version, &sorted(body, |one| &one.digest)),
            Body::Reservations(body) => write(name, version, &sorted(body, |one| &one.id)),
            Body::Programme(body) => write(name, version, &sorted(body, |one| &one.id)),
            Body::Staff(body) => write(name, version, &sorted(body, |one| &one.id)),
            Body::Signage(body) => write(name, version, body),
            Body::Notices(body) => write(name, version, body),
            Body::Advisers(body) => write(name, version, body),
            Body::Equipment(body) => write(name, version, &sorted(body, |one| &one.id)),
        }
    }

    /// Reads and checks a document.
    ///
    /// # Errors
    /// Bytes that are too many, another collection, unknown fields, or a content that cannot be meant.
    pub fn from_bytes(name: CollectionName, bytes: &[u8]) -> Result<Self, CollectionError> {
        if bytes.len() as u64 > MAX_COLLECTION {
            return Err(CollectionError::TooLarge {
                name,
                size: bytes.len() as u64,
            });
        }
        let (version, body) = match name {
            CollectionName::Calendar => read(name, bytes, Body::Calendar),
            CollectionName::Floor => read(name, bytes, Body::Floor),
            CollectionName::Settings => read(name, bytes, Body::Settings),
            CollectionName::Members => read(name, bytes, Body::Members),
            CollectionName::Passes => read(name, bytes, Body::Passes),
            CollectionName::Reservations => read(name, bytes, Body::Reservations),
            CollectionName::Programme => read(name, bytes, Body::Programme),
            CollectionName::Staff => read(name, bytes, Body::Staff),
            CollectionName::Signage => read(name, bytes, Body::Signage),
            CollectionName::Notices => read(name, bytes, Body::Notices),
            CollectionName::Advisers => read(name, bytes, Body::Advisers),
            CollectionName::Equipment => read(name, bytes, Body::Equipment),
        }?;
        check::check(&body, version)?;
        Ok(Self { version, body })
    }

    /// Puts the collection in the place of the one before. All of it or, since it was checked, nothing.
    pub fn put_into(self, reference: &mut Reference) {
        match self.body {
            Body::Calendar(body) => reference.calendar = body,
            Body::Floor(body) => reference.floor = body,
            Body::Settings(body) => reference.settings = body,
            Body::Members(body) => {
                reference.members = body.into_iter().map(|one| (one.id.clone(), one)).collect()
            }
            Body::Passes(body) => {
                reference.passes = body.into_iter().map(|one| (one.digest, one)).collect()
            }
            Body::Reservations(body) => reference.set_reservations(body),
            Body::Programme(body) => {
                reference.programmes = body.into_iter().map(|one| (one.id.clone(), one)).collect()
            }
            Body::Staff(body) => {
                reference.staff = body.into_iter().map(|one| (one.id.clone(), one)).collect()
            }
            Body::Signage(body) => reference.display = body,
            Body::Notices(body) => reference.notices = body,
            Body::Advisers(body) => reference.advice = body,
            Body::Equipment(body) => {
                reference.equipment = body.into_iter().map(|one| (one.id.clone(), one)).collect()
            }
        }
    }
}

/// Reads a document, checks it and puts it in place; gives its version.
///
/// # Errors
/// As [`Collection::from_bytes`]; the reference is as it was then.
pub fn adopt(
    reference: &mut Reference,
    name: CollectionName,
    bytes: &[u8],
) -> Result<u64, CollectionError> {
    let collection = Collection::from_bytes(name, bytes)?;
    let version = collection.version;
    collection.put_into(reference);
    Ok(version)
}

impl ManifestEntry {
    /// The entry for a collection's canonical bytes.
    pub fn of(version: u64, bytes: &[u8]) -> Self {
        Self {
            version,
            size: bytes.len() as u64,
            sha256: sha256_hex(bytes),
        }
    }

    /// The `ETag` under which the office gives it: `"VERSION-SHA"` with the first 16 digits of the SHA-256, quotes included.
    pub fn etag(&self) -> String {
        let short: String = self.sha256.chars().take(16).collect();
        format!("\"{}-{short}\"", self.version)
    }
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Why a collection cannot be used. Names the place to mend and never says what stands there.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// More than a kiosk takes.
    #[error(
        "collection {name} has {size} bytes, at most {MAX_COLLECTION} are taken; remove what is long past at the office"
    )]
    TooLarge {
        /// Which.
        name: CollectionName,
        /// Its size.
        size: u64,
    },
    /// Not of the form this program knows.
    #[error(
        "collection {name} cannot be read; if the office is newer than this program, update the kiosk"
    )]
    Unreadable {
        /// Which.
        name: CollectionName,
        /// Where.
        #[source]
        source: JsonFault,
    },
    /// Another collection than asked for.
    #[error("collection {found} came in the place of {name}; check the address of the office")]
    OtherName {
        /// Asked for.
        name: CollectionName,
        /// Found.
        found: CollectionName,
    },
    /// It cannot be meant. All faults, each with what to mend at the office.
    #[error("collection {name} cannot be used; mend at the office: {}", list(.faults))]
    Impossible {
        /// Which.
        name: CollectionName,
        /// What is wrong.
        faults: Vec<Fault>,
    },
    /// A delta for another document.
    #[error(
        "the changes to {name} are since version {since}, but version {have} is here; fetch the whole collection"
    )]
    OtherVersion {
        /// Which.
        name: CollectionName,
        /// What the delta starts from.
        since: u64,
        /// What there is.
        have: u64,
    },
    /// A delta for a collection that has none.
    #[error("collection {0} is only given as a whole")]
    NoDelta(CollectionName),
}

/// So many faults are named; the rest is counted.
const FAULTS_NAMED: usize = 5;

fn list(faults: &[Fault]) -> String {
    let named: Vec<_> = faults
        .iter()
        .take(FAULTS_NAMED)
        .map(ToString::to_string)
        .collect();
    let more = faults.len().saturating_sub(FAULTS_NAMED);
    let rest = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    named.join("; ") + &rest
}

fn sorted<T, K: Ord>(items: &[T], key: impl Fn(&T) -> &K) -> Vec<&T> {
    let mut items: Vec<_> = items.iter().collect();
    items.sort_by(|a, b| key(a).cmp(key(b)));
    items
}

pub(crate) fn write<B: Serialize + ?Sized>(
    name: CollectionName,
    version: u64,
    body: &B,
) -> Result<Vec<u8>, CollectionError> {
    serde_json::to_vec(&Document {
        name,
        version,
        body,
    })
    .map_err(unreadable(name))
}

fn read<B: DeserializeOwned>(
    name: CollectionName,
    bytes: &[u8],
    body: fn(B) -> Body,
) -> Result<(u64, Body), CollectionError> {
    let document: Document<B> = serde_json::from_slice(bytes).map_err(unreadable(name))?;
    if document.name != name {
        return Err(CollectionError::OtherName {
            name,
            found: document.name,
        });
    }
    Ok((document.version, body(document.body)))
}

pub(crate) fn unreadable(name: CollectionName) -> impl Fn(serde_json::Error) -> CollectionError {
    move |error| CollectionError::Unreadable {
        name,
        source: error.into(),
    }
}
