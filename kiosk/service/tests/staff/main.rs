//! The staff listener over real TLS: signing in, lock-outs, sessions, and what staff do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod at_station;
mod certificate;
mod door;
mod emergency;

use door::{Browser, Door, PIN, badge};
use futures_util::StreamExt;
use kiosk::http::staff::{COOKIE, StaffSessions};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const WRONG: &str = "111222";

#[tokio::test(flavor = "multi_thread")]
async fn user_name_or_badge_and_the_pin_sign_in() {
    let door = Door::open().await;
    let mut browser = door.browser();
    for (body, answer, remedy) in [
        (
            json!({"user": "uketsuke1", "pin": WRONG}),
            "not_signed_in",
            "try_again",
        ),
        (
            json!({"user": "nobody", "pin": PIN}),
            "not_signed_in",
            "try_again",
        ),
        (
            json!({"user": "yameta", "pin": PIN}),
            "not_signed_in",
            "try_again",
        ),
        (
            json!({"badge": badge("S001").as_str(), "pin": WRONG}),
            "not_signed_in",
            "try_again",
        ),
        (
            json!({"badge": "K2", "pin": PIN}),
            "not_signed_in",
            "try_again",
        ),
    ] {
        let (said, cookie) = browser.sign_in(body.clone()).await;
        assert_eq!(said["answer"], answer, "{body}");
        assert_eq!(said["remedy"], remedy, "{body}");
        assert_eq!(cookie, None, "{body}");
    }
    for body in [
        json!({"user": " Uketsuke1 ", "pin": PIN}),
        json!({"badge": badge("S001").as_str(), "pin": PIN}),
    ] {
        let (said, cookie) = browser.sign_in(body).await;
        assert_eq!(said["answer"], "signed_in");
        let cookie = cookie.unwrap();
        for part in [
            "__Host-genkan_staff=",
            "; Path=/",
            "; Secure",
            "; HttpOnly",
            "; SameSite=Strict",
        ] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        let me: Value = browser.get("/v1/staff/session").await.json().await.unwrap();
        assert_eq!(
            me,
            json!({"staff": "S001", "user": "uketsuke1", "role": "receptionist", "idle_s": 300})
        );
    }
    let signed_in = door.records("staff.signed_in").await;
    let by_badge: Vec<_> = signed_in.iter().map(|record| &record["badge"]).collect();
    assert_eq!(by_badge, [false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_out_survives_a_restart() {
    let mut door = Door::open().await;
    let mut browser = door.browser();
    let wrong = json!({"user": "uketsuke1", "pin": WRONG});
    for tried in 1..=5 {
        let (said, _) = browser.sign_in(wrong.clone()).await;
        let remedy = if tried < 5 { "try_again" } else { "wait" };
        assert_eq!(said["remedy"], remedy, "the {tried}. time");
    }
    let right = json!({"user": "uketsuke1", "pin": PIN});
    let (said, cookie) = browser.sign_in(right.clone()).await;
    assert_eq!((said["remedy"].as_str(), cookie), (Some("wait"), None));

    door.stop().await;
    door.start().await;
    let (said, cookie) = door.browser().sign_in(right).await;
    assert_eq!((said["remedy"].as_str(), cookie), (Some("wait"), None));
    assert_eq!(door.records("staff.sign_in_refused").await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tries_at_once_are_no_more_than_five() {
    let door = Door::open().await;
    let tries = (0..12).map(|_| {
        let mut browser = door.browser();
        async move {
            let (said, _) = browser
                .sign_in(json!({"user": "uketsuke1", "pin": WRONG}))
                .await;
            said["remedy"].as_str().unwrap().to_owned()
        }
    });
    let said = futures_util::future::join_all(tries).await;
    let looked_at = said.iter().filter(|remedy| *remedy == "try_again").count();
    assert_eq!(looked_at, 4, "{said:?}");
    assert_eq!(door.records("staff.sign_in_refused").await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_page_in_a_signed_in_browser_may_act() {
    let door = Door::open().await;
    let signed_in = door.browser().signed_in().await;
    let foreign = Browser {
        own_script: false,
        ..signed_in.clone()
    };
    let stranger = door.browser();
    let body = json!({"action": {"kind": "reopen"}, "why": "centre"});
    let sign_in = json!({"user": "uketsuke1", "pin": PIN});
    for (browser, method, path, body, status) in [
        (
            &stranger,
            Method::POST,
            "/v1/staff/actions",
            Some(&body),
            401,
        ),
        (&stranger, Method::GET, "/v1/staff/stream", None, 401),
        (&stranger, Method::GET, "/v1/staff/members/M1", None, 401),
        (&stranger, Method::GET, "/v1/staff/session", None, 401),
        (
            &foreign,
            Method::POST,
            "/v1/staff/actions",
            Some(&body),
            403,
        ),
        (&foreign, Method::DELETE, "/v1/staff/session", None, 403),
        (
            &foreign,
            Method::POST,
            "/v1/staff/session",
            Some(&sign_in),
            403,
        ),
        (&signed_in, Method::GET, "/v1/staff/members/M9", None, 404),
        (&signed_in, Method::POST, "/v1/scans", Some(&body), 404),
    ] {
        let answer = browser.send(method.clone(), path, body.cloned()).await;
        assert_eq!(answer.status(), status, "{method} {path}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    let page = stranger.get("/staff").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
    assert!(!page.headers().contains_key("strict-transport-security"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_its_stream() {
    let door = Door::open().await;
    let browser = door.browser().signed_in().await;
    let mut stream = browser.get("/v1/staff/stream").await.bytes_stream();
    let first = stream.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&first).starts_with("event: staff"));
    let out = browser
        .send(Method::DELETE, "/v1/staff/session", None)
        .await;
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    let ends = async { while let Some(Ok(_)) = stream.next().await {} };
    tokio::time::timeout(Duration::from_secs(20), ends)
        .await
        .expect("the stream ends");
    let again = browser.get("/v1/staff/session").await;
    assert_eq!(again.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        door.records("staff.signed_out").await[0]["reason"],
        json!("own")
    );
}

#[test]
fn a_session_ends_after_five_minutes_without_a_touch() {
    let sessions = StaffSessions::default();
    let idle = Duration::from_secs(300);
    let token = sessions.open("S001".into(), 0).unwrap();
    assert_eq!(token.len(), 64);
    assert!(sessions.holder(&token, 299_999, idle).is_some());
    assert!(sessions.touch(&token, 200_000, idle).is_some());
    assert!(sessions.holder(&token, 499_999, idle).is_some(), "touched");
    assert!(sessions.holder(&token, 500_000, idle).is_none());
    assert!(sessions.touch(&token, 500_000, idle).is_none(), "too late");
    assert!(sessions.end_idle(499_999, idle, idle).is_empty());
    assert_eq!(
        sessions.end_idle(500_000, idle, idle),
        [("S001".into(), None)]
    );
    assert_eq!(sessions.end_idle(900_000, idle, idle), [], "once");
    assert!(COOKIE.starts_with("__Host-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_do_is_done_recorded_and_shown() {
    let door = Door::open().await;
    let browser = door.browser().signed_in().await;
    let found: Value = browser
        .get("/v1/staff/members/m1")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        found,
        json!({"member": "M1", "state": "active", "inside": false, "reservations": []})
    );
    let done = browser
        .act(json!({"kind": "check_in", "member": "M1"}))
        .await;
    assert_eq!(done["answer"], "done", "{done}");
    let seat = done["place"]["seat"].as_str().unwrap().to_owned();

    let view = view(&browser).await;
    let stay = &view["inside"][0];
    assert_eq!(
        (stay["member"].as_str(), stay["seat"].as_str()),
        (Some("M1"), Some(&*seat))
    );
    let visit = stay["visit"].as_str().unwrap();
    let other = if seat == "E1" { "E2" } else { "E1" };
    for (action, answer) in [
        (
            json!({"kind": "move", "visit": visit, "seat": other}),
            "done",
        ),
        (
            json!({"kind": "extend", "visit": visit, "minutes": 30}),
            "done",
        ),
        (json!({"kind": "free_seat", "visit": visit}), "not_done"),
        (
            json!({"kind": "put_up_notice", "notice": "printer"}),
            "done",
        ),
        (json!({"kind": "close", "until": "15:30"}), "done"),
        (json!({"kind": "check_in", "member": "M2"}), "not_done"),
        (json!({"kind": "check_out", "visit": visit}), "done"),
    ] {
        assert_eq!(
            browser.act(action.clone()).await["answer"],
            answer,
            "{action}"
        );
    }
    let signage = reqwest::get(format!("http://{}/v1/signage", door.running().signage))
        .await
        .unwrap();
    let signage: Value = signage.json().await.unwrap();
    assert_eq!(signage["phase"], "break", "told on screens");
    assert_eq!(signage["next_opening"]["time"], "15:30");
    let notices: Vec<_> = signage["notices"].as_array().unwrap().iter().collect();
    assert_eq!(notices.len(), 2, "the prepared one is up");

    let acted = door.records("staff.acted").await;
    let kinds: Vec<_> = acted
        .iter()
        .map(|record| record["action"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "check_in",
            "move",
            "extend",
            "put_up_notice",
            "close",
            "check_out"
        ]
    );
    assert!(
        acted
            .iter()
            .all(|record| record["by"] == "S001" && record["why"] == "asked")
    );
}

/// The first picture of the moment.
async fn view(browser: &Browser) -> Value {
    let mut stream = browser.get("/v1/staff/stream").await.bytes_stream();
    let mut text = String::new();
    while !text.contains("\n\n") {
        text += &String::from_utf8_lossy(&stream.next().await.unwrap().unwrap());
    }
    let data = text.lines().find_map(|line| line.strip_prefix("data: "));
    serde_json::from_str(data.unwrap()).unwrap()
}
