//! The languages of the screens.

use std::str::FromStr;

/// A language of the screens. Japanese is the language the screens are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 日本語.
    #[default]
    Japanese,
    /// English.
    English,
}

impl Language {
    /// All languages, in the order of the buttons.
    pub const ALL: [Self; 2] = [Self::Japanese, Self::English];

    /// As in `lang/` and in texts from the office: `ja`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
        }
    }
}

/// A language the screens do not speak.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language of the screens; give ja or en")]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == text)
            .ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}
