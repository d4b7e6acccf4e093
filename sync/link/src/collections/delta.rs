//! What changed since a version, so that one new reservation does not send them all.

use super::{Body, CollectionError, CollectionName, Document, unreadable, write};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What turns one version of a collection into a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    /// The version it gives.
    pub version: u64,
    /// The version it starts from.
    pub since: u64,
    /// New and changed entries.
    pub changed: Body,
    /// Keys of entries that are gone: member numbers, reservation ids, or digests of passes as hexadecimal digits.
    pub removed: Vec<String>,
}

/// The document: `{"name", "version", "since", "changed", "removed"}`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeltaDocument<C> {
    name: CollectionName,
    version: u64,
    since: u64,
    changed: C,
    removed: Vec<String>,
}

impl Delta {
    /// The document to send.
    ///
    /// # Errors
    /// A collection that is only given as a whole.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CollectionError> {
        match &self.changed {
            Body::Members(changed) => self.write(changed),
            Body::Passes(changed) => self.write(changed),
            Body::Reservations(changed) => self.write(changed),
            other => Err(CollectionError::NoDelta(other.name())),
        }
    }

    fn write<C: Serialize>(&self, changed: C) -> Result<Vec<u8>, CollectionError> {
        let (name, version, since) = (self.changed.name(), self.version, self.since);
        let removed = self.removed.clone();
        serde_json::to_vec(&DeltaDocument {
            name,
            version,
            since,
            changed,
            removed,
        })
        .map_err(unreadable(name))
    }
}

/// The one field of an entry that orders it.
#[derive(Deserialize)]
struct Keyed {
    #[serde(alias = "digest")]
    id: String,
}

fn key(name: CollectionName, entry: &RawValue) -> Result<String, CollectionError> {
    // A pass has a digest in the place of an id, and no entry has both.
    serde_json::from_str::<Keyed>(entry.get())
        .map(|keyed| keyed.id)
        .map_err(unreadable(name))
}

/// The full document after a delta: what the office has under the delta's version, byte for byte. Compare its SHA-256 with the manifest's before
/// using it.
///
/// # Errors
/// Documents that cannot be read, of another collection, or that do not follow one another.
pub fn apply_delta(
    name: CollectionName,
    full: &[u8],
    delta: &[u8],
) -> Result<Vec<u8>, CollectionError> {
    if !name.has_delta() {
        return Err(CollectionError::NoDelta(name));
    }
    let full: Document<Vec<Box<RawValue>>> =
        serde_json::from_slice(full).map_err(unreadable(name))?;
    let delta: DeltaDocument<Vec<Box<RawValue>>> =
        serde_json::from_slice(delta).map_err(unreadable(name))?;
    if let Some(found) = [full.name, delta.name]
        .into_iter()
        .find(|found| *found != name)
    {
        return Err(CollectionError::OtherName { name, found });
    }
    if delta.since != full.version {
        return Err(CollectionError::OtherVersion {
            name,
            since: delta.since,
            have: full.version,
        });
    }
    let mut entries = BTreeMap::new();
    for entry in full.body {
        entries.insert(key(name, &entry)?, entry);
    }
    for gone in &delta.removed {
        entries.remove(gone);
    }
    for entry in delta.changed {
        entries.insert(key(name, &entry)?, entry);
    }
    write(
        name,
        delta.version,
        &entries.into_values().collect::<Vec<_>>(),
    )
}
