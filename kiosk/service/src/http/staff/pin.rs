//! Comparing PINs, which takes tens of milliseconds on purpose and so never happens on the desk's thread.

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use domain::staff::PinHash;

/// The hash of a PIN that nobody has: compared where there is no such person, so that the answer takes as long.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z2Vua2FuLW5vYm9keS0x$7pQ6nZ1mC0vQv3jJ3o0m0i1b8u9pQmYh0m2o4x6z8Y0";

/// Whether `pin` is the one that was hashed; with no hash it is nobody's.
pub(super) async fn is_right(hash: Option<PinHash>, pin: String) -> bool {
    let check = tokio::task::spawn_blocking(move || {
        let text = hash.as_ref().map_or(NOBODYS, PinHash::as_str);
        let is_same = PasswordHash::new(text).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(pin.as_bytes(), &hash)
                .is_ok()
        });
        is_same && hash.is_some()
    });
    check.await.unwrap_or(false)
}
