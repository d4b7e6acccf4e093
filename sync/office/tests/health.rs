//! What the office says of itself is true, and one fault does not stop it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{TestOffice, json_of, store};
use office::store::StoreError;
use reqwest::StatusCode;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn health_and_metrics_tell_how_it_is() {
    let office = TestOffice::start().await;
    let healthy = common::wait_for("the broker", async || {
        let answer: Value = office
            .http
            .get(office.url("/healthz"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        (answer["status"] == "ok").then_some(())
    });
    healthy.await;
    let text = office
        .http
        .get(office.url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(text.contains("genkan_office_broker_connected 1"), "{text}");
}

#[test]
fn work_that_breaks_off_takes_back_its_change_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let broken = store.write_blocking(|writing| {
        writing.save_user("half", "done")?;
        if writing.now().timestamp() > 0 {
            panic!("as a fault in a program would");
        }
        Ok::<_, StoreError>(())
    });
    assert!(matches!(broken, Err(StoreError::BrokenOff)));
    store
        .write_blocking(|writing| writing.save_user("whole", "done"))
        .unwrap();
    let known = |name: &'static str| {
        let read = move |connection: &_| office::store::users::password_hash(connection, name);
        store.read_blocking(read).unwrap()
    };
    assert_eq!(
        (known("half"), known("whole")),
        (None, Some("done".to_owned()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_cannot_write_says_so() {
    let office = TestOffice::start().await;
    let health = async || json_of(office.http.get(office.url("/healthz"))).await;
    let database = common::database(&office.data_dir());
    database
        .execute_batch(
            "CREATE TRIGGER full_disk BEFORE INSERT ON last_trial BEGIN SELECT RAISE(ABORT, 'no space'); END;",
        )
        .unwrap();
    let (status, answer) = health().await;
    assert_eq!(
        (status, &answer["status"]),
        (StatusCode::SERVICE_UNAVAILABLE, &Value::from("failed"))
    );
    assert!(
        answer["reasons"][0]
            .as_str()
            .unwrap()
            .contains("nothing can be written")
    );
    database.execute_batch("DROP TRIGGER full_disk;").unwrap();
    assert_eq!(health().await.0, StatusCode::OK);
}
