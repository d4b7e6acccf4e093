//! What a scan is (rules section 2, steps 1 and 2; design section 8).
//!
//! Every code a visitor, a member of staff or a piece of equipment can show becomes one [`Code`]. The
//! text of a secret never leaves this module: what is kept, compared and sent on is its [`PassDigest`].
//! Nothing here fails: what cannot be read is [`Code::Unreadable`], what nobody issued is [`Code::Unknown`].

use std::fmt;
use std::str::FromStr;

use crate::record::lower_hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// The longest text, in characters after normalisation, that is still taken for a code (rules section 2, step 1).
pub const MAX_TEXT_LENGTH: usize = 160;

const PASS_PREFIX: &str = "K1";
const BADGE_PREFIX: &str = "K2";
const EQUIPMENT_PREFIX: &str = "K3";
const CLAIM_PREFIX: &str = "K4";
const RESERVATION_PREFIX: &str = "R";

/// 26 characters of 5 bits hold 128 bits; the two bits over stand at the front and are zero.
const SECRET_LENGTH: usize = 26;
const EQUIPMENT_MAX_LENGTH: usize = 12;
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What was shown to a scanner or typed in its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Code {
    /// A member's pass (`K1` and 26 characters). It is also the member's ticket.
    Pass(PassDigest),
    /// A staff badge (`K2` and 26 characters).
    Badge(PassDigest),
    /// An equipment label (`K3` and 1 to 12 letters or digits): the part after `K3`, in upper case.
    Equipment(String),
    /// The claim somebody got when registering on the web (`K4` and 26 characters).
    Claim(PassDigest),
    /// Nine digits with the right check digit, with or without a leading `R`.
    Reservation(ReservationNumber),
    /// Readable, but nothing of ours. The digest recognises the same code when it is shown again.
    Unknown(PassDigest),
    /// Empty, longer than [`MAX_TEXT_LENGTH`], or not printable ASCII.
    Unreadable,
}

/// Says what the bytes of one scan are.
///
/// AIM symbology identifiers (`]Q1`) and ECI designators (`\000026`) at the front, control characters, line ends and
/// surrounding blanks are dropped. Lower case counts as upper case; in passes, badges and claims `I` and
/// `L` count as `1` and `O` as `0`, as Crockford's Base32 has it.
pub fn parse(raw: &[u8]) -> Code {
    match normalise(raw) {
        Some(text) => classify(&text),
        None => Code::Unreadable,
    }
}

fn normalise(raw: &[u8]) -> Option<String> {
    let visible = raw
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_control())
        .collect();
    let text = String::from_utf8(visible)
        .ok()
        .filter(|text| text.is_ascii())?;
    let text = without_designators(text.trim());
    if text.is_empty() || text.len() > MAX_TEXT_LENGTH {
        return None;
    }
    Some(text.to_ascii_uppercase())
}

/// A scanner may send an AIM identifier, ECI designators, or one after the other.
fn without_designators(text: &str) -> &str {
    let mut rest = text;
    while let Some(shorter) = without_aim(rest).or_else(|| without_eci(rest)) {
        rest = shorter.trim_start();
    }
    rest
}

/// `]`, a letter for the symbology, a letter or digit for its variant.
fn without_aim(text: &str) -> Option<&str> {
    let mut characters = text.strip_prefix(']')?.chars();
    characters.next().filter(char::is_ascii_alphabetic)?;
    characters.next().filter(char::is_ascii_alphanumeric)?;
    Some(characters.as_str())
}

/// `\` and six digits.
fn without_eci(text: &str) -> Option<&str> {
    let (digits, rest) = text.strip_prefix('\\')?.split_at_checked(6)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(rest)
}

fn classify(text: &str) -> Code {
    let secret = |prefix| secret_digest(text, prefix);
    if let Some(digest) = secret(PASS_PREFIX) {
        Code::Pass(digest)
    } else if let Some(digest) = secret(BADGE_PREFIX) {
        Code::Badge(digest)
    } else if let Some(digest) = secret(CLAIM_PREFIX) {
        Code::Claim(digest)
    } else if let Some(label) = equipment_label(text) {
        Code::Equipment(label)
    } else if let Some(number) = reservation(text) {
        Code::Reservation(number)
    } else {
        Code::Unknown(PassDigest::of(text))
    }
}

fn secret_digest(text: &str, prefix: &str) -> Option<PassDigest> {
    let secret = text
        .strip_prefix(prefix)
        .filter(|rest| rest.len() == SECRET_LENGTH)?;
    let canonical: String = secret
        .chars()
        .map(canonical_crockford)
        .collect::<Option<_>>()?;
    Some(PassDigest::of(&format!("{prefix}{canonical}")))
}

fn canonical_crockford(character: char) -> Option<char> {
    let canonical = match character {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    CROCKFORD
        .iter()
        .any(|known| char::from(*known) == canonical)
        .then_some(canonical)
}

fn equipment_label(text: &str) -> Option<String> {
    let label = text.strip_prefix(EQUIPMENT_PREFIX)?;
    let fits = (1..=EQUIPMENT_MAX_LENGTH).contains(&label.len());
    (fits && label.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| label.to_owned())
}

fn reservation(text: &str) -> Option<ReservationNumber> {
    let digits = text.strip_prefix(RESERVATION_PREFIX).unwrap_or(text);
    ReservationNumber::parse(digits).ok()
}

/// The SHA-256 of a code's normalised text: what the system stores and compares in place of the secret.
///
/// Written as 64 lower-case hexadecimal digits. Its `Debug` form shows the first eight only, and there is
/// no `Display`, so that a whole digest reaches a log only on purpose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
pub struct PassDigest([u8; 32]);

impl PassDigest {
    fn of(normalised: &str) -> Self {
        Self(Sha256::digest(normalised.as_bytes()).into())
    }

    /// Takes the 32 bytes of a digest as they are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest as 64 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Debug for PassDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth, ..] = self.0;
        write!(
            f,
            "PassDigest({}…)",
            hex::encode([first, second, third, fourth])
        )
    }
}

impl From<PassDigest> for String {
    fn from(digest: PassDigest) -> Self {
        digest.to_hex()
    }
}

impl TryFrom<String> for PassDigest {
    type Error = PassDigestError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for PassDigest {
    type Err = PassDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        lower_hex(text).map(Self).ok_or(PassDigestError)
    }
}

/// A text that is not a [`PassDigest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pass digest is 64 lower-case hexadecimal digits: send the SHA-256 of the pass, never the pass"
)]
pub struct PassDigestError;

/// A member's pass, to be printed or sent by the office.
#[derive(Debug, Clone, Copy)]
pub struct Pass;

impl Pass {
    /// The text of the pass that holds these 128 bits. They must be random: whoever guesses them comes in.
    pub fn from_bits(bits: [u8; 16]) -> PassText {
        PassText::new(PASS_PREFIX, bits)
    }
}

/// A badge of a member of staff, to be printed by the office.
#[derive(Debug, Clone, Copy)]
pub struct Badge;

impl Badge {
    /// The text of the badge that holds these 128 bits, which must be random.
    pub fn from_bits(bits: [u8; 16]) -> PassText {
        PassText::new(BADGE_PREFIX, bits)
    }
}

/// The claim that the registration on the web hands out.
#[derive(Debug, Clone, Copy)]
pub struct Claim;

impl Claim {
    /// The text of the claim that holds these 128 bits, which must be random.
    pub fn from_bits(bits: [u8; 16]) -> PassText {
        PassText::new(CLAIM_PREFIX, bits)
    }
}

/// The secret text of a pass, badge or claim: 28 characters fit for an alphanumeric QR code.
///
/// The same bits always give the same text. It can be neither serialised nor displayed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct PassText(String);

impl PassText {
    fn new(prefix: &str, bits: [u8; 16]) -> Self {
        let value = u128::from_be_bytes(bits);
        let characters = (0..SECRET_LENGTH).rev().map(|position| {
            let index = usize::try_from((value >> (5 * position)) & 31).unwrap_or_default();
            CROCKFORD.get(index).copied().map_or('0', char::from)
        });
        Self(prefix.chars().chain(characters).collect())
    }

    /// The text to print or encode. Neither log nor store it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored in place of the text; the same digest that [`parse`] finds when it is scanned.
    pub fn digest(&self) -> PassDigest {
        PassDigest::of(&self.0)
    }
}

impl fmt::Debug for PassText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassText(…)")
    }
}

/// The number people type when they have no QR code with them: eight digits and a check digit.
///
/// The check digit is Damm's: one wrong digit or two neighbours exchanged never give another valid number.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[0-9]{9}$", example = "000000013")]
pub struct ReservationNumber(u32);

impl ReservationNumber {
    /// How many digits a number has, its check digit included.
    pub const LENGTH: usize = 9;

    /// The number for a serial from 0 to 99,999,999; of a larger serial the last eight digits count.
    pub fn from_serial(serial: u32) -> Self {
        let serial = serial % 100_000_000;
        let check = damm(format!("{serial:08}").bytes());
        Self(serial * 10 + u32::from(check))
    }

    /// Reads a number as people write it, with or without blanks and hyphens.
    pub fn parse(text: &str) -> Result<Self, ReservationNumberError> {
        let digits: String = text
            .chars()
            .filter(|character| !matches!(character, ' ' | '-'))
            .collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ReservationNumberError::Character);
        }
        if digits.len() != Self::LENGTH {
            return Err(ReservationNumberError::Length {
                found: digits.len(),
            });
        }
        if damm(digits.bytes()) != 0 {
            return Err(ReservationNumberError::CheckDigit);
        }
        digits
            .parse()
            .map(Self)
            .map_err(|_| ReservationNumberError::Character)
    }

    /// The number in groups of three, as it is shown to people: `123 456 789`.
    pub fn grouped(&self) -> String {
        let number = self.0;
        format!(
            "{:03} {:03} {:03}",
            number / 1_000_000,
            number / 1_000 % 1_000,
            number % 1_000
        )
    }
}

/// Damm's quasigroup of order 10. The check digit is the value of what stands before it; a whole number's value is 0.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// Takes ASCII digits; anything else leaves the value as it is.
fn damm(digits: impl Iterator<Item = u8>) -> u8 {
    digits.fold(0, |interim, digit| {
        let column = usize::from(digit.wrapping_sub(b'0'));
        DAMM.get(usize::from(interim))
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(interim)
    })
}

impl fmt::Display for ReservationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

impl From<ReservationNumber> for String {
    fn from(number: ReservationNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for ReservationNumber {
    type Error = ReservationNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl FromStr for ReservationNumber {
    type Err = ReservationNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Why a text is not a reservation number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReservationNumberError {
    /// Something other than digits, blanks and hyphens.
    #[error("a reservation number is made of digits: enter the 9 digits of the confirmation")]
    Character,
    /// Too few or too many digits.
    #[error(
        "a reservation number has 9 digits, this one has {found}: compare it with the confirmation"
    )]
    Length {
        /// How many digits there were.
        found: usize,
    },
    /// The digits contradict each other: at least one was mistyped.
    #[error(
        "a digit of the reservation number is wrong: compare it with the confirmation and enter it again"
    )]
    CheckDigit,
}
