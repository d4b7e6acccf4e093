//! The sample's staff: two receptionists and an adviser, with PINs and badges that are the same every time.

use super::SampleError;
use crate::secret::hash_password;
use crate::store::Writing;
use crate::store::staff::staff_named;
use domain::code::{Badge, PassText};
use domain::staff::{Role, StaffMember};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::Path;

/// What somebody of the sample's staff signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleStaff {
    /// User name.
    pub user: String,
    /// What they may do.
    pub role: Role,
    /// Six digits.
    pub pin: String,
    /// The text of the badge.
    pub badge: String,
}

/// All of them.
pub fn staff() -> Vec<SampleStaff> {
    let one = |user: &str, role, pin: &str| SampleStaff {
        user: user.to_owned(),
        role,
        pin: pin.to_owned(),
        badge: badge(user).as_str().to_owned(),
    };
    vec![
        one("uketsuke1", Role::Receptionist, "407185"),
        one("uketsuke2", Role::Receptionist, "926340"),
        one("soudan1", Role::Adviser, "581729"),
    ]
}

/// Writes `staff.csv`, with the heading `user,role,pin,badge`.
///
/// # Errors
/// The file cannot be written.
pub fn write_staff_csv(path: &Path) -> Result<(), SampleError> {
    let mut writer = csv::Writer::from_path(path)?;
    staff().iter().try_for_each(|one| writer.serialize(one))?;
    writer.flush().map_err(csv::Error::from)?;
    Ok(())
}

pub(super) fn put_in(writing: &mut Writing<'_>) -> Result<(), SampleError> {
    for one in staff() {
        // A hash is another one each time, so whoever is there already stays as they are.
        if staff_named(&writing.tx, &one.user)?.is_some() {
            continue;
        }
        let added = writing.add_staff(&one.user, one.role, hash_password(&one.pin)?)?;
        writing.save_staff(&StaffMember {
            badge: Some(badge(&one.user).digest()),
            ..added
        })?;
    }
    Ok(())
}

fn badge(user: &str) -> PassText {
    let digest: [u8; 32] = Sha256::digest(format!("genkan sample badge {user}")).into();
    let mut bits = [0; 16];
    bits.iter_mut()
        .zip(digest)
        .for_each(|(bit, byte)| *bit = byte);
    Badge::from_bits(bits)
}
