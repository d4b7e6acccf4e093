//! Tokens, keys and passwords: made, read, compared, never shown.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use subtle::ConstantTimeEq;

/// The shortest token that is accepted, in characters.
pub const SHORTEST_TOKEN: usize = 16;

/// A bearer token. Neither shown nor serialised.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes a token as it is written in its file; blanks around it do not count. `None` if it is shorter than [`SHORTEST_TOKEN`] or
    /// holds characters that cannot stand in a header.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// A new token of 256 random bits.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        random_hex::<32>().map(Self)
    }

    /// Whether `offered` is this token, in a time that does not depend on where they differ.
    pub fn is(&self, offered: &str) -> bool {
        let (own, other) = (
            Sha256::digest(self.0.as_bytes()),
            Sha256::digest(offered.as_bytes()),
        );
        own.as_slice().ct_eq(other.as_slice()).into()
    }

    /// The token, to write it into a file or a header.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// `N` random bytes as lower-case hexadecimal digits.
///
/// # Errors
/// The system has no randomness to give.
pub fn random_hex<const N: usize>() -> Result<String, getrandom::Error> {
    random_bytes::<N>().map(hex::encode)
}

/// `N` random bytes.
///
/// # Errors
/// The system has no randomness to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// How many digits a PIN has.
const PIN_DIGITS: usize = 6;

/// A PIN that is not a weak one.
///
/// # Errors
/// The system has no randomness to give.
pub fn random_pin() -> Result<String, getrandom::Error> {
    loop {
        // A million goes into 2^64 so often that the rest does not count.
        let number = u64::from_be_bytes(random_bytes::<8>()?) % 1_000_000;
        let pin = format!("{number:06}");
        if !is_weak_pin(&pin) {
            return Ok(pin);
        }
    }
}

/// Whether a PIN is not six digits, or one that everybody tries first: all the same, or in a row.
pub fn is_weak_pin(pin: &str) -> bool {
    let is_number = pin.len() == PIN_DIGITS && pin.bytes().all(|byte| byte.is_ascii_digit());
    let pairs = pin.bytes().zip(pin.bytes().skip(1));
    let mut steps = pairs.map(|(one, next)| i16::from(next) - i16::from(one));
    let first = steps.next();
    let is_row = matches!(first, Some(-1..=1)) && steps.all(|step| Some(step) == first);
    !is_number || is_row
}

/// Writes a file that only its owner can read, and never over an existing one.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Hashes a password with Argon2id (R26, annex 4: ID and password).
///
/// # Errors
/// The password is too long, or there is no randomness.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default()
        .hash_password(password.as_bytes())?
        .to_string())
}

/// Whether `password` is the one that was hashed. Takes tens of milliseconds on purpose.
pub fn is_password(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}
