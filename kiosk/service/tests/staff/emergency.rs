//! An emergency from the staff page: opened, counted, closed, with a restart between, and with no network but this one.

use super::door::Door;
use super::view;
use serde_json::{Value, json};

async fn of(door: &Door, path: &str) -> String {
    let running = door.running();
    let is_shown = path.starts_with("/v1/signage");
    let address = if is_shown {
        running.signage
    } else {
        running.local
    };
    let answer = reqwest::get(format!("http://{address}{path}")).await;
    answer.unwrap().text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_is_opened_counted_and_closed_at_the_staff_page() {
    let mut door = Door::open().await;
    let browser = door.browser().signed_in().await;
    for member in ["M1", "M2"] {
        let check_in = json!({"kind": "check_in", "member": member});
        assert_eq!(browser.act(check_in).await["answer"], "done");
    }
    let open = json!({"kind": "open_incident", "what": "fire", "drill": false});
    assert_eq!(browser.act(open).await["answer"], "done");

    let list = view(&browser).await["emergency"].clone();
    assert_eq!(list["what"], "fire");
    assert_eq!((&list["inside"], &list["missing"]), (&json!(2), &json!(2)));
    let signage: Value = serde_json::from_str(&of(&door, "/v1/signage").await).unwrap();
    let shown = json!({"what": "fire", "drill": false, "exit": null});
    assert_eq!(signage["emergency"], shown);

    let first = list["people"][0]["listed"].clone();
    assert_eq!(first["member"], "M1");
    let tick = json!({"kind": "tick_person", "person": first["person"], "ticked": true});
    assert_eq!(browser.act(tick.clone()).await["answer"], "done");

    door.stop().await;
    door.start().await;
    let browser = door.browser().signed_in().await;
    let me: Value = browser.get("/v1/staff/session").await.json().await.unwrap();
    assert!(
        me["idle_s"].as_u64().unwrap() > 86_400,
        "nobody is signed out meanwhile"
    );
    let list = view(&browser).await["emergency"].clone();
    assert_eq!((&list["inside"], &list["missing"]), (&json!(2), &json!(1)));
    assert_eq!(list["people"][0]["ticked"], true);
    assert_eq!(browser.act(tick).await["because"]["kind"], "over");
    let health = of(&door, "/healthz").await;
    assert!(health.contains("an emergency (fire) is open"), "{health}");
    let metrics = of(&door, "/metrics").await;
    let gauge = "genkan_emergency{kind=\"fire\",drill=\"no\"} 1";
    assert!(metrics.contains(gauge), "{metrics}");

    let close = json!({"kind": "close_incident", "everybody_left": true});
    assert_eq!(browser.act(close).await["answer"], "done");
    let after = view(&browser).await;
    assert_eq!(after["emergency"], Value::Null);
    assert_eq!(after["inside"], json!([]));
    let closed = door.records("incident.closed").await;
    let counted = (&closed[0]["inside"], &closed[0]["ticked"]);
    assert_eq!(counted, (&json!(2), &json!(1)));
}
