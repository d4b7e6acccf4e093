//! Words for people in the languages the office gave them in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in Japanese, and in English where somebody wrote one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Japanese, always present.
    pub ja: String,
    /// English, if there is a translation.
    #[serde(default)]
    pub en: Option<String>,
}

impl Text {
    /// A text known in Japanese only.
    pub fn ja(text: impl Into<String>) -> Self {
        Self {
            ja: text.into(),
            en: None,
        }
    }

    /// A text in both languages.
    pub fn both(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ja: ja.into(),
            en: Some(en.into()),
        }
    }

    /// The text in `language` (`en`), else in Japanese.
    pub fn in_language(&self, language: &str) -> &str {
        match (language, &self.en) {
            ("en", Some(text)) => text,
            _ => &self.ja,
        }
    }
}
