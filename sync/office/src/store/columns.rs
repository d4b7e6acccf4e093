//! How values stand in columns.

use super::StoreError;
use domain::reference::DateTime;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A moment as it is stored: RFC 3339 in Japan's time, so that text sorts as time does.
pub(super) fn moment(moment: DateTime) -> String {
    moment
        .with_timezone(&crate::clock::japan())
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}

/// The one word an enumeration has in JSON.
pub(super) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::unreadable("word")(
            format!("{other} is not one").into(),
        )),
        Err(error) => Err(StoreError::unreadable("word")(error.into())),
    }
}

/// The value that [`word`] wrote.
pub(super) fn from_word<T: DeserializeOwned>(
    what: &'static str,
    word: String,
) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|error| StoreError::unreadable(what)(error.into()))
}

pub(super) fn json(what: &'static str, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::unreadable(what)(error.into()))
}

pub(super) fn read_json<T: DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::unreadable(what)(error.into()))
}

pub(super) fn read_moment(text: &str) -> Result<DateTime, StoreError> {
    DateTime::parse_from_rfc3339(text).map_err(|error| StoreError::unreadable("time")(error.into()))
}
