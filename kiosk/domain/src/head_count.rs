//! Who is inside, for an emergency: numbers and nothing personal (rules sections 2 and 10).

use crate::today::Today;

/// The people inside. A companion counts as inside though the visitor has stepped out: better one looked for in vain than one nobody
/// looks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeadCount {
    /// Members on a visit who have not stepped out.
    pub visitors: usize,
    /// Who came along with any of them.
    pub companions: usize,
    /// People who are no members.
    pub guests: usize,
    /// Members on a visit who are outside for a while, and in none of the numbers above.
    pub stepped_out: usize,
}

impl HeadCount {
    /// Counts.
    pub fn of(today: &Today) -> Self {
        let mut count = Self {
            guests: today.guests.len(),
            ..Self::default()
        };
        for visit in today.inside() {
            count.companions += usize::try_from(visit.companions).unwrap_or_default();
            match visit.outing {
                None => count.visitors += 1,
                Some(_) => count.stepped_out += 1,
            }
        }
        count
    }

    /// How many people are inside.
    pub fn inside(self) -> usize {
        self.visitors + self.companions + self.guests
    }
}
