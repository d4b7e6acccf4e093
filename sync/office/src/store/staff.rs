//! Staff of the centre (R4): they are kept as the doors see them, and nothing else is known of them here.

use super::collections::{check, read_items};
use super::{StoreError, Writing};
use crate::secret::random_bytes;
use domain::code::{Badge, PassText};
use domain::ids::StaffId;
use domain::staff::{PinHash, Role, StaffMember};
use link::collections::{Body, CollectionName};
use rusqlite::Connection;

/// All staff, by id; those who have left too, since records name them.
///
/// # Errors
/// The database fails.
pub fn staff(connection: &Connection) -> Result<Vec<StaffMember>, StoreError> {
    read_items(connection, CollectionName::Staff)
}

/// Somebody by the name they sign in with.
///
/// # Errors
/// The database fails.
pub fn staff_named(connection: &Connection, user: &str) -> Result<Option<StaffMember>, StoreError> {
    let found = staff(connection)?.into_iter().find(|one| one.user == user);
    Ok(found)
}

impl Writing<'_> {
    /// Adds somebody; their PIN comes hashed ([`crate::secret::hash_password`]).
    ///
    /// # Errors
    /// The user name is taken or not fit for one, or the database fails.
    pub fn add_staff(
        &mut self,
        user: &str,
        role: Role,
        pin_hash: String,
    ) -> Result<StaffMember, StoreError> {
        let number = staff(&self.tx)?.len() + 1;
        let member = StaffMember {
            id: StaffId::from(format!("S{number:03}")),
            user: user.to_owned(),
            pin: PinHash::from(pin_hash),
            badge: None,
            role,
            active: true,
        };
        self.save_staff(&member)?;
        Ok(member)
    }

    /// Adds a member of staff or replaces what is known of one.
    ///
    /// # Errors
    /// What the doors would not take, or the database fails.
    pub fn save_staff(&mut self, member: &StaffMember) -> Result<(), StoreError> {
        let mut all = staff(&self.tx)?;
        all.retain(|one| one.id != member.id);
        all.push(member.clone());
        check(&Body::Staff(all))?;
        self.put_item(CollectionName::Staff, member.id.as_str(), member)
    }

    /// Makes a badge of 128 random bits, to be printed at once: its text is not kept. The one before is worth nothing any more.
    ///
    /// # Errors
    /// The database fails, or there is no randomness.
    pub fn issue_badge(&mut self, member: &StaffMember) -> Result<PassText, StoreError> {
        let badge = Badge::from_bits(random_bytes::<16>()?);
        self.save_staff(&StaffMember {
            badge: Some(badge.digest()),
            ..member.clone()
        })?;
        Ok(badge)
    }
}
