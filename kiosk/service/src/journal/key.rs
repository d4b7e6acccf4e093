//! The journal's key: half on the device, half on the card, so that neither alone opens anything.
//!
//! It is raw: 256 bits that SQLCipher uses as they are, for no passphrase is stretched and opening costs nothing. The same
//! derivation gives the 16 bytes that the file begins with. SQLCipher would draw those at random; derived, they tell a wrong key from a damaged page.

use std::fmt::{self, Write};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::JournalError;
use super::files::{self, Files, file_error};
use super::lock::DirectoryLock;
use crate::private_file::{create_directory, create_durably};

const INFO: &[u8] = b"genkan journal v1";
const PART: usize = 32;
const RAW: usize = 32;
const FILE_SALT: usize = 16;

/// The key of one device's journal on one card. Wiped when the last copy goes; never shown.
#[derive(Clone)]
pub struct DeviceKey(Arc<Zeroizing<[u8; RAW + FILE_SALT]>>);

impl DeviceKey {
    /// Derives the key from the device's secret (OTP, TPM or file) and the card's salt.
    pub fn derive(secret: &[u8; 32], salt: &[u8; 32]) -> Self {
        let mut bytes = Zeroizing::new([0; RAW + FILE_SALT]);
        let derived = Hkdf::<Sha256>::new(Some(salt), secret).expand(INFO, bytes.as_mut_slice());
        debug_assert!(derived.is_ok(), "48 bytes are well within what HKDF gives");
        Self(Arc::new(bytes))
    }

    /// Reads the two 32-byte key files, creating what is missing as long as `dir` holds no journal yet.
    ///
    /// New files have mode 0600 and survive a power cut before anything depends on them.
    ///
    /// # Errors
    ///
    /// [`JournalError::KeyMissing`] when a file is missing beside an existing journal, [`JournalError::KeyMalformed`] when one has
    /// another length, [`JournalError::InUse`] when another process holds `dir` while one is to be created.
    pub fn load_or_create(secret: &Path, salt: &Path, dir: &Path) -> Result<Self, JournalError> {
        if !(files::exists(secret)? && files::exists(salt)?) {
            create_missing(&[secret, salt], dir)?;
        }
        Ok(Self::derive(&*read(secret)?, &*read(salt)?))
    }

    /// The statement that unlocks a connection.
    pub(super) fn pragma(&self) -> Zeroizing<String> {
        // Room for all of it, so that no copy is left behind by growing.
        let mut sql = Zeroizing::new(String::with_capacity(2 * self.0.len() + 32));
        sql.push_str("PRAGMA key = \"x'");
        for byte in self.0.iter() {
            // Writing to a string does not fail.
            let _ = write!(sql, "{byte:02x}");
        }
        sql.push_str("'\"");
        sql
    }

    /// What every file written with this key begins with.
    pub(super) fn file_salt(&self) -> &[u8] {
        self.0.get(RAW..).unwrap_or_default()
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(hidden)")
    }
}

fn create_missing(paths: &[&Path], dir: &Path) -> Result<(), JournalError> {
    let journal = Files::of(dir);
    create_directory(dir)?;
    // Two starts at once must not each make a key.
    let _lock = DirectoryLock::take(&journal)?;
    let in_use = journal.trace()?.is_some();
    for path in paths {
        if files::exists(path)? {
            continue;
        }
        if in_use {
            return Err(JournalError::KeyMissing {
                path: path.to_path_buf(),
                dir: dir.to_owned(),
            });
        }
        if let Some(parent) = path.parent() {
            create_directory(parent)?;
        }
        let mut bytes = Zeroizing::new([0; PART]);
        getrandom::fill(bytes.as_mut_slice()).map_err(JournalError::Randomness)?;
        create_durably(path, bytes.as_slice())?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Zeroizing<[u8; PART]>, JournalError> {
    let mut bytes = Zeroizing::new([0; PART]);
    let mut file = File::open(path).map_err(file_error("read", path))?;
    let length = file.metadata().map_err(file_error("read", path))?.len();
    let malformed = || JournalError::KeyMalformed {
        path: path.to_owned(),
        length: usize::try_from(length).unwrap_or(usize::MAX),
    };
    if length != PART as u64 {
        return Err(malformed());
    }
    match file.read_exact(bytes.as_mut_slice()) {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(malformed()),
        Err(error) => Err(file_error("read", path)(error)),
    }
}
