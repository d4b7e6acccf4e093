//! Collections: what the doors may see, item by item, with versions (design section 7).
//!
//! Every item is written here when its row at the office changes, with the door's fields and no others. A version is made by each
//! change that alters an item and never repeats or goes back. A removed item leaves an empty row, so that "since version n" can
//! always be answered.

use super::columns::{json, read_json};
use super::{StoreError, Writing, count, integer};
use link::collections::{Body, Collection, CollectionError, CollectionName, Delta};
use link::message::{Manifest, ManifestEntry};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The key of the one item of a collection that is a single document.
const DOCUMENT: &str = "";

/// An item as the doors see it; its body is JSON text, none once removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its key within the collection.
    pub key: String,
    /// JSON text.
    pub body: Option<String>,
}

impl Writing<'_> {
    /// The version that this change makes of a collection.
    ///
    /// # Errors
    /// The database fails.
    pub fn next_version(&mut self, collection: CollectionName) -> Result<u64, StoreError> {
        if let Some(version) = self.versions.get(&collection) {
            return Ok(*version);
        }
        let version = version(&self.tx, collection)? + 1;
        self.versions.insert(collection, version);
        Ok(version)
    }

    /// Puts an item; an unchanged one makes no version.
    ///
    /// # Errors
    /// The database fails.
    pub fn put_item(
        &mut self,
        collection: CollectionName,
        key: &str,
        item: &impl Serialize,
    ) -> Result<(), StoreError> {
        let body = json("item", item)?;
        self.store_item(collection, key, Some(body))
    }

    /// Removes an item.
    ///
    /// # Errors
    /// The database fails.
    pub fn remove_item(&mut self, collection: CollectionName, key: &str) -> Result<(), StoreError> {
        self.store_item(collection, key, None)
    }

    fn store_item(
        &mut self,
        collection: CollectionName,
        key: &str,
        body: Option<String>,
    ) -> Result<(), StoreError> {
        let stored: Option<Option<String>> = self
            .tx
            .prepare_cached("SELECT body FROM collection_item WHERE name = ?1 AND key = ?2")?
            .query_row([collection.as_str(), key], |row| row.get(0))
            .optional()?;
        if stored
            .as_ref()
            .map_or(body.is_none(), |stored| *stored == body)
        {
            return Ok(());
        }
        let version = integer(self.next_version(collection)?);
        self.tx
            .prepare_cached(
                "INSERT INTO collection (name, version) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET version = excluded.version",
            )?
            .execute(params![collection.as_str(), version])?;
        self.tx
            .prepare_cached(
                "INSERT INTO collection_item (name, key, version, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name, key) DO UPDATE SET version = excluded.version, body = excluded.body",
            )?
            .execute(params![collection.as_str(), key, version, body])?;
        Ok(())
    }

    /// Sets a collection that is one document: calendar, floor, settings, signage, notices, advisers or equipment.
    ///
    /// # Errors
    /// A document that cannot be meant, or one of the collections that are kept item by item.
    pub fn set_document(&mut self, document: &Body) -> Result<(), StoreError> {
        check(document)?;
        match document {
            Body::Calendar(calendar) => self.put_item(document.name(), DOCUMENT, calendar),
            Body::Floor(floor) => self.put_item(document.name(), DOCUMENT, floor),
            Body::Settings(settings) => self.put_item(document.name(), DOCUMENT, settings),
            Body::Signage(display) => self.put_item(document.name(), DOCUMENT, display),
            Body::Notices(notices) => self.put_item(document.name(), DOCUMENT, notices),
            Body::Advisers(advice) => self.put_item(document.name(), DOCUMENT, advice),
            Body::Equipment(equipment) => self.put_item(document.name(), DOCUMENT, equipment),
            Body::Members(_)
            | Body::Passes(_)
            | Body::Reservations(_)
            | Body::Programme(_)
            | Body::Staff(_) => Err(StoreError::NotADocument(document.name())),
        }
    }
}

/// Whether the doors would take this content.
pub(super) fn check(body: &Body) -> Result<(), CollectionError> {
    // Any version will do: what it says is checked when it is published.
    Collection {
        version: u64::MAX,
        body: body.clone(),
    }
    .to_bytes()
    .map(|_| ())
}

/// The version of a collection; 0 before anything was put.
///
/// # Errors
/// The database fails.
pub fn version(connection: &Connection, collection: CollectionName) -> Result<u64, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT version FROM collection WHERE name = ?1")?;
    let version: Option<i64> = statement
        .query_row([collection.as_str()], |row| row.get(0))
        .optional()?;
    Ok(version.map_or(0, count))
}

/// Items changed after version `since`, removed ones too, by key; with `since` 0 all that are there.
///
/// # Errors
/// The database fails.
pub fn items_since(
    connection: &Connection,
    collection: CollectionName,
    since: u64,
) -> Result<Vec<Item>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, body FROM collection_item WHERE name = ?1 AND version > ?2 AND (body IS NOT NULL OR ?2 > 0) ORDER BY key",
    )?;
    let rows = statement.query_map(params![collection.as_str(), integer(since)], |row| {
        Ok(Item {
            key: row.get(0)?,
            body: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everything in a collection of items.
///
/// # Errors
/// The database fails, or an item cannot be understood.
pub fn read_items<T: DeserializeOwned>(
    connection: &Connection,
    collection: CollectionName,
) -> Result<Vec<T>, StoreError> {
    items_since(connection, collection, 0)?
        .iter()
        .filter_map(|item| item.body.as_deref())
        .map(|body| read_json("item", body))
        .collect()
}

/// A document, as last set; the shipped default before.
///
/// # Errors
/// The database fails, or the document cannot be understood.
pub fn read_document<T: DeserializeOwned + Default>(
    connection: &Connection,
    collection: CollectionName,
) -> Result<T, StoreError> {
    Ok(read_items(connection, collection)?
        .into_iter()
        .next()
        .unwrap_or_default())
}

/// A collection as its canonical bytes, and what the manifest says of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Version, size, SHA-256.
    pub entry: ManifestEntry,
    /// The document.
    pub bytes: Arc<[u8]>,
}

/// Makes a collection's document; `None` while nothing was ever put into it.
///
/// # Errors
/// The database fails, or the content cannot be understood.
pub fn publish(
    connection: &Connection,
    collection: CollectionName,
) -> Result<Option<Published>, StoreError> {
    let version = version(connection, collection)?;
    if version == 0 {
        return Ok(None);
    }
    let bytes = match collection {
        CollectionName::Members | CollectionName::Passes | CollectionName::Reservations => {
            joined(connection, collection, version)?
        }
        CollectionName::Calendar => document(connection, collection, version, Body::Calendar)?,
        CollectionName::Floor => document(connection, collection, version, Body::Floor)?,
        CollectionName::Settings => document(connection, collection, version, Body::Settings)?,
        CollectionName::Signage => document(connection, collection, version, Body::Signage)?,
        CollectionName::Notices => document(connection, collection, version, Body::Notices)?,
        CollectionName::Advisers => document(connection, collection, version, Body::Advisers)?,
        CollectionName::Equipment => document(connection, collection, version, Body::Equipment)?,
        CollectionName::Programme => whole(
            version,
            Body::Programme(read_items(connection, collection)?),
        )?,
        CollectionName::Staff => whole(version, Body::Staff(read_items(connection, collection)?))?,
    };
    Ok(Some(Published {
        entry: ManifestEntry::of(version, &bytes),
        bytes: bytes.into(),
    }))
}

fn document<T: DeserializeOwned + Default>(
    connection: &Connection,
    collection: CollectionName,
    version: u64,
    body: fn(T) -> Body,
) -> Result<Vec<u8>, StoreError> {
    whole(version, body(read_document(connection, collection)?))
}

fn whole(version: u64, body: Body) -> Result<Vec<u8>, StoreError> {
    Ok(Collection { version, body }.to_bytes()?)
}

/// The same bytes as [`Collection::to_bytes`] gives, without reading 50,000 members for each new one: items are stored in their
/// canonical form and SQLite orders them as Rust does.
fn joined(
    connection: &Connection,
    collection: CollectionName,
    version: u64,
) -> Result<Vec<u8>, StoreError> {
    let mut bytes =
        format!("{{\"name\":\"{collection}\",\"version\":{version},\"body\":[").into_bytes();
    let mut statement = connection.prepare_cached(
        "SELECT body FROM collection_item WHERE name = ?1 AND body IS NOT NULL ORDER BY key",
    )?;
    let mut rows = statement.query([collection.as_str()])?;
    let mut is_first = true;
    while let Some(row) = rows.next()? {
        if !std::mem::take(&mut is_first) {
            bytes.push(b',');
        }
        let body = row
            .get_ref(0)?
            .as_bytes()
            .map_err(|error| StoreError::unreadable("item")(error.into()))?;
        bytes.extend_from_slice(body);
    }
    bytes.extend_from_slice(b"]}");
    Ok(bytes)
}

/// What changed in a collection since a version, as a document; `None` where only the whole will do.
///
/// # Errors
/// The database fails, or an item cannot be understood.
pub fn delta(
    connection: &Connection,
    collection: CollectionName,
    since: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let version = version(connection, collection)?;
    if since == 0 || since > version || !collection.has_delta() {
        return Ok(None);
    }
    let items = items_since(connection, collection, since)?;
    let (present, gone): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item.body.is_some());
    let removed = gone.into_iter().map(|item| item.key).collect();
    let bodies: Vec<String> = present.into_iter().filter_map(|item| item.body).collect();
    let changed = match collection {
        CollectionName::Members => Body::Members(parsed(&bodies)?),
        CollectionName::Passes => Body::Passes(parsed(&bodies)?),
        _ => Body::Reservations(parsed(&bodies)?),
    };
    Ok(Some(
        Delta {
            version,
            since,
            changed,
            removed,
        }
        .to_bytes()?,
    ))
}

fn parsed<T: DeserializeOwned>(bodies: &[String]) -> Result<Vec<T>, StoreError> {
    bodies.iter().map(|body| read_json("item", body)).collect()
}

/// Every collection as published, each made once for its version.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<BTreeMap<CollectionName, Published>>>);

impl Shelf {
    /// The collection as it is now; `None` while nothing was ever put into it.
    ///
    /// # Errors
    /// As [`publish`].
    pub fn get(
        &self,
        connection: &Connection,
        collection: CollectionName,
    ) -> Result<Option<Published>, StoreError> {
        let current = version(connection, collection)?;
        let shelf = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = shelf()
            .get(&collection)
            .filter(|ready| ready.entry.version == current)
        {
            return Ok(Some(ready.clone()));
        }
        let made = publish(connection, collection)?;
        if let Some(made) = &made {
            shelf().insert(collection, made.clone());
        }
        Ok(made)
    }

    /// What there is, for the kiosks.
    ///
    /// # Errors
    /// As [`publish`].
    pub fn manifest(&self, connection: &Connection) -> Result<Manifest, StoreError> {
        let mut manifest = Manifest::default();
        for collection in CollectionName::ALL {
            if let Some(published) = self.get(connection, collection)? {
                manifest
                    .collections
                    .insert(collection.to_string(), published.entry);
            }
        }
        Ok(manifest)
    }
}
