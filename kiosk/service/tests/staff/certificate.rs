//! The certificate of the staff page.

use super::door::{Browser, Door};
use kiosk::certificate::OwnCa;
use reqwest::StatusCode;
use std::os::unix::fs::PermissionsExt;

#[tokio::test(flavor = "multi_thread")]
async fn the_kiosks_own_ca_is_kept_private_and_stays_the_same() {
    let mut door = Door::open().await;
    let file = door.data().join("staff-ca.pem");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let ca = OwnCa::load_or_create(&door.config).unwrap();
    assert_eq!(ca.fingerprint.len(), 32 * 3 - 1);
    assert!(!ca.certificate.contains("PRIVATE"), "what tablets get");
    door.stop().await;
    door.start().await;
    let again = OwnCa::load_or_create(&door.config).unwrap();
    assert_eq!(again.fingerprint, ca.fingerprint);
    let browser = Browser::trusting(&ca.certificate, door.running().staff.port());
    assert_eq!(browser.get("/staff").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_ca_is_named_and_left_as_it_is() {
    let mut door = Door::open().await;
    door.stop().await;
    let file = door.data().join("staff-ca.pem");
    std::fs::write(&file, "nothing").unwrap();
    let said = kiosk::service::start(door.config.clone())
        .await
        .unwrap_err()
        .to_string();
    assert!(said.contains("staff-ca.pem"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sites_own_certificate_is_used_where_there_is_one() {
    let mut door = Door::open().await;
    door.stop().await;
    let theirs = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(door.file("site.pem"), theirs.cert.pem()).unwrap();
    std::fs::write(door.file("site.key"), theirs.signing_key.serialize_pem()).unwrap();
    door.config.staff.certificate_file = Some(door.file("site.pem"));
    door.config.staff.key_file = Some(door.file("site.key"));
    door.start().await;
    let browser = Browser::trusting(&theirs.cert.pem(), door.running().staff.port());
    assert_eq!(browser.get("/staff").await.status(), StatusCode::OK);
}
