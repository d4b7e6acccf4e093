//! A reservation number as it is being typed.

/// Digits of a reservation number, the check digit among them (design section 8).
pub const DIGITS: usize = 9;

/// What is said below the digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Message {
    /// Nothing.
    #[default]
    None,
    /// Digits are missing.
    Incomplete,
    /// There is no reservation with this number.
    NotFound,
}

/// A reservation number as it is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberEntry {
    digits: String,
    message: Message,
}

impl NumberEntry {
    /// The digits so far.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// What is said below them.
    pub fn message(&self) -> Message {
        self.message
    }

    /// Whether all digits are there.
    pub fn is_complete(&self) -> bool {
        self.digits.len() == DIGITS
    }

    /// Adds a digit, 0 to 9. After a number that was not found a new one begins; a full number takes no more.
    pub fn press(&mut self, digit: u8) {
        if self.message == Message::NotFound {
            self.digits.clear();
        }
        self.message = Message::None;
        if !self.is_complete() && digit <= 9 {
            self.digits.push(char::from(b'0' + digit));
        }
    }

    /// Takes the last digit away.
    pub fn delete(&mut self) {
        self.message = Message::None;
        self.digits.pop();
    }

    /// The number to ask for; none, with a message, while digits are missing.
    pub fn submit(&mut self) -> Option<String> {
        if self.is_complete() {
            self.message = Message::None;
            Some(self.digits.clone())
        } else {
            self.message = Message::Incomplete;
            None
        }
    }

    /// There is no reservation with this number: it stays to be compared.
    pub fn not_found(&mut self) {
        self.message = Message::NotFound;
    }
}
