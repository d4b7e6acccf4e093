//! Signing in, and the live page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Journal, KIOSK, TestOffice, event, json_of, started, with_sample};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, RETRY_AFTER, SET_COOKIE};
use serde_json::{Value, json};

async fn sign_in(office: &TestOffice, password: &str) -> reqwest::Response {
    let form = format!("user=office&password={}", password.replace(' ', "+"));
    let request = office
        .http
        .post(office.url("/sign-in"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form);
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_see_the_page_live_and_sign_out() {
    let office = TestOffice::start().await;
    office.add_user("office", "correct horse battery").await;
    let page = office
        .http
        .get(office.url("/"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("パスワード"));
    let entered = sign_in(&office, "correct horse battery").await;
    assert_eq!(
        (
            entered.status().as_u16(),
            entered.headers()[LOCATION].to_str().unwrap()
        ),
        (303, "/")
    );
    let cookie = entered.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let with_cookie = |path: &str| office.http.get(office.url(path)).header(COOKIE, &cookie);
    let page = with_cookie("/").send().await.unwrap();
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    assert!(page.text().await.unwrap().contains("ただいまご利用中"));
    let mut live = with_cookie("/live").send().await.unwrap();
    let first = String::from_utf8(live.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(
        first.starts_with("event: snapshot") && first.contains("\"date\":\"2026-11-24\""),
        "{first}"
    );
    // A signed-in browser changes nothing unless our own script asks.
    let import = |name: &'static str| {
        let post = office
            .http
            .post(office.url("/v1/imports/members"))
            .header(COOKIE, &cookie)
            .body("会員番号,区分\nK1,企業\n");
        post.header(name, "1")
    };
    assert_eq!(
        import("x-other").send().await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        import("x-genkan").send().await.unwrap().status(),
        StatusCode::OK
    );
    let forged = office
        .http
        .post(office.url("/sign-out"))
        .header(COOKIE, &cookie)
        .header("origin", "https://elsewhere.example");
    forged.send().await.unwrap();
    assert_eq!(
        with_cookie("/v1/kiosks").send().await.unwrap().status(),
        200
    );
    office
        .http
        .post(office.url("/sign-out"))
        .header(COOKIE, &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(
        with_cookie("/v1/kiosks").send().await.unwrap().status(),
        401
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_is_slow() {
    let office = TestOffice::start().await;
    office.add_user("office", "correct horse battery").await;
    for _ in 0..5 {
        assert_eq!(
            sign_in(&office, "wrong").await.status(),
            StatusCode::UNAUTHORIZED
        );
    }
    let paused = sign_in(&office, "correct horse battery").await;
    assert_eq!(paused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(paused.headers().contains_key(RETRY_AFTER));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_many_at_once_gains_nothing() {
    let office = TestOffice::start().await;
    office.add_user("office", "correct horse battery").await;
    let tries = (0..24).map(|_| sign_in(&office, "wrong"));
    let answers = futures_util::future::join_all(tries).await;
    let checked = answers
        .iter()
        .filter(|answer| answer.status() == StatusCode::UNAUTHORIZED);
    // Five are allowed; one more may be under way when the fifth fails.
    assert!(checked.count() <= 6);
}

/// The page's first picture.
async fn picture(office: &TestOffice) -> Value {
    office.add_user("office", "correct horse battery").await;
    let entered = sign_in(office, "correct horse battery").await;
    let cookie = entered.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    let live = office.http.get(office.url("/live"));
    let mut live = live.header(COOKIE, cookie.split(';').next().unwrap());
    live = live.timeout(std::time::Duration::from_secs(10));
    let mut live = live.send().await.unwrap();
    let mut text = String::new();
    while !text.ends_with("\n\n") {
        text += std::str::from_utf8(&live.chunk().await.unwrap().unwrap()).unwrap();
    }
    let data = text.lines().find_map(|line| line.strip_prefix("data: "));
    serde_json::from_str(data.unwrap_or_else(|| panic!("no picture: {text}"))).unwrap()
}

async fn take(office: &TestOffice, batch: link::message::Batch) {
    office
        .store()
        .write(move |writing| writing.take_in(&batch))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_members_who_come_are_looked_up() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let mut journal = Journal::new(KIOSK, "a1");
    let events = vec![
        journal.start_run("a1"),
        journal.write(started("v1", "M00001", "2026-11-24T09:40:00+09:00")),
    ];
    take(&office, journal.batch(events)).await;
    // What is wrong with somebody who is not here does not touch the page.
    common::database(&office.data_dir())
        .execute("UPDATE member SET needs = '?' WHERE member = 'M00030'", [])
        .unwrap();
    let picture = picture(&office).await;
    assert_eq!(picture["visits"][0]["member_no"], "M00001");
    assert!(picture["visits"][0]["name"].is_string(), "{picture}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_for_staff_are_shown_for_ten_minutes() {
    let office = TestOffice::start().await;
    let call = |station: &str| {
        event(json!({"kind": "staff.called", "station": station, "reason": "visitor"}))
    };
    let mut journal = Journal::new(KIOSK, "a1");
    let at = |text: &str| common::time(&format!("2026-11-24T{text}:00"));
    let events = vec![
        journal.start_run("a1"),
        journal.write_at(at("11:20"), 1_000, true, call("gate")),
        journal.write_at(at("11:35"), 2_000, true, call("door")),
        journal.write_at(at("11:38"), 3_000, true, call("door")),
        // A kiosk that does not know the time: it calls now.
        journal.write_at(at("03:00"), 4_000, false, call("desk")),
    ];
    take(&office, journal.batch(events)).await;
    let picture = picture(&office).await;
    let calls: Vec<_> = picture["calls"].as_array().unwrap().iter().collect();
    let shown = |index: usize, key: &str| calls[index][key].as_str().unwrap();
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert_eq!((shown(0, "station"), shown(0, "kiosk")), ("desk", KIOSK));
    assert_eq!((shown(1, "station"), shown(1, "since")), ("door", "11:38"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_at_is_put_away_and_raises_no_alarm() {
    let office = TestOffice::start().await;
    let mut journal = Journal::new(KIOSK, "a1");
    let first = vec![journal.start_run("a1")];
    take(&office, journal.batch(first)).await;
    let mut other = Journal::new(KIOSK, "b1");
    let second = vec![other.start_run("b1")];
    take(&office, other.batch(second)).await;
    office
        .store()
        .write(|writing| writing.quarantine_message(&KIOSK.into(), false, "not_a_message", b"?"))
        .await
        .unwrap();
    let metrics = async || {
        let answer = office.get("/metrics").send().await.unwrap();
        answer.text().await.unwrap()
    };
    let before = metrics().await;
    assert!(
        before.contains("office_incidents{place=\"real\"} 1"),
        "{before}"
    );
    let seen = picture(&office).await;
    assert_eq!(seen["waiting"].as_array().unwrap().len(), 2);
    assert_eq!(seen["waiting"][1]["what"], "new_journal");
    for one in seen["waiting"].as_array().unwrap() {
        let (list, id) = (one["list"].as_str().unwrap(), &one["id"]);
        let path = format!("/v1/waiting/{list}/{id}/put-away");
        for _ in 0..2 {
            let answer = office.post(&path, json!({})).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        }
        let nobody = office.http.post(office.url(&path)).send().await.unwrap();
        assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    }
    let after = metrics().await;
    assert!(
        after.contains("office_incidents{place=\"real\"} 0"),
        "{after}"
    );
    assert!(
        after.contains("office_quarantine{place=\"real\"} 0"),
        "{after}"
    );
    let (_, kept) = json_of(office.get("/v1/quarantine")).await;
    assert_eq!(kept["incidents"][0]["put_away_by"], "token");
    assert!(
        kept["quarantine"][0]["put_away_at"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-24T11:4")
    );
    let (status, _) = json_of(office.post("/v1/waiting/incidents/99/put-away", json!({}))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
