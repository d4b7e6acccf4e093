//! Why it is closed, in the words of the notice at the door.

use super::ClosedReason;
use crate::text::Text;

impl ClosedReason {
    /// The reason in a few words, for where the office gave none of its own.
    pub fn text(&self) -> Text {
        match self {
            Self::WeeklyClosed => Text::both("休業日", "Closed today"),
            Self::Holiday { name_ja, name_en } => Text::both(
                format!("祝日（{name_ja}）のため休業"),
                format!("Closed: {name_en}"),
            ),
            Self::YearEnd => Text::both("年末年始休業", "Closed over the New Year"),
            Self::Building => Text::both("施設の都合により休業", "Closed: building works"),
            Self::Centre => Text::both("センターの都合により休業", "Closed today"),
            Self::Weather => Text::both("荒天のため休業", "Closed because of the weather"),
            Self::OutOfService => Text::both("開設期間外", "Outside the period of service"),
        }
    }
}
