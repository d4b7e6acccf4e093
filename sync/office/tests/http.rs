//! The calls, as programs, kiosks and browsers make them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{TestOffice, time};
use domain::code::{Code, parse};
use domain::reference::{IssuedPass, Member};
use link::collections::{Body, Collection, CollectionName, apply_delta, sha256_hex};
use office::sample;
use reqwest::StatusCode;
use reqwest::header::{
    CONTENT_TYPE, COOKIE, ETAG, IF_NONE_MATCH, LOCATION, RETRY_AFTER, SET_COOKIE,
};
use rstest::rstest;
use serde_json::{Value, json};

async fn json_of(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

fn with_sample(office: &TestOffice) {
    sample::load(office.store(), time("2026-11-24T00:00:00").date_naive()).unwrap();
}

async fn fetch(office: &TestOffice, path: &str) -> (String, Vec<u8>) {
    let answer = office.as_kiosk(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    (
        answer.headers()[ETAG].to_str().unwrap().to_owned(),
        answer.bytes().await.unwrap().to_vec(),
    )
}

fn passes(bytes: &[u8]) -> Vec<IssuedPass> {
    match Collection::from_bytes(CollectionName::Passes, bytes)
        .unwrap()
        .body
    {
        Body::Passes(passes) => passes,
        _ => panic!("not passes"),
    }
}

fn members(bytes: &[u8]) -> Vec<Member> {
    match Collection::from_bytes(CollectionName::Members, bytes)
        .unwrap()
        .body
    {
        Body::Members(members) => members,
        _ => panic!("not members"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_member_stands_in_the_doors_collections_without_a_name() {
    let office = TestOffice::start().await;
    let new = json!({"category": "business", "company": "深川商店", "name": "佐久間 真理子", "needs": {"power": true}});
    let (status, issued) = json_of(office.post("/v1/members", new)).await;
    assert_eq!(status, 201);
    assert_eq!(issued["member_no"], "M00001");
    assert_eq!(issued["valid_until"], "2027-03-31");
    let Code::Pass(digest) = parse(issued["code"].as_str().unwrap().as_bytes()) else {
        panic!("not a pass")
    };
    let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/passes").await;
    assert!(
        passes(&bytes)
            .iter()
            .any(|pass| pass.digest == digest && !pass.revoked)
    );
    let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/members").await;
    assert_eq!(
        members(&bytes)[0].company.as_ref().unwrap().as_str(),
        "C0001"
    );
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("佐久間") && !text.contains("深川"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_pass_revokes_the_old_one() {
    let office = TestOffice::start().await;
    let (_, first) = json_of(office.post("/v1/members", json!({"category": "job_seeker"}))).await;
    let (status, second) = json_of(office.post("/v1/members/M00001/pass", json!({}))).await;
    assert_eq!(status, 201);
    assert_ne!(first["code"], second["code"]);
    let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/passes").await;
    let mut states: Vec<bool> = passes(&bytes).iter().map(|pass| pass.revoked).collect();
    states.sort_unstable();
    assert_eq!(states, [false, true]);
    let (status, problem) = json_of(office.post("/v1/members/M99999/pass", json!({}))).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (StatusCode::NOT_FOUND, "/problems/not-found")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_call_is_done_once() {
    let office = TestOffice::start().await;
    let register = |body: Value| {
        office
            .post("/v1/members", body)
            .header("Idempotency-Key", "form-17")
    };
    let (_, first) = json_of(register(json!({"category": "business"}))).await;
    let (status, again) = json_of(register(json!({"category": "business"}))).await;
    assert_eq!((status, again), (StatusCode::CREATED, first));
    let (status, problem) = json_of(register(json!({"category": "job_seeker"}))).await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (StatusCode::UNPROCESSABLE_ENTITY, "/problems/key-reused")
    );
    let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/members").await;
    assert_eq!(members(&bytes).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn collections_come_whole_or_as_changes_and_the_bytes_agree() {
    let office = TestOffice::start().await;
    with_sample(&office);
    for name in CollectionName::ALL {
        let (etag, bytes) = fetch(&office, &format!("/v1/kiosks/koto-1/collections/{name}")).await;
        let collection = Collection::from_bytes(name, &bytes).unwrap();
        assert_eq!(collection.to_bytes().unwrap(), bytes, "{name} is canonical");
        assert_eq!(
            etag,
            format!("\"{}-{}\"", collection.version, &sha256_hex(&bytes)[..16])
        );
        let path = format!("/v1/kiosks/koto-1/collections/{name}");
        let known = office
            .as_kiosk(&path)
            .header(IF_NONE_MATCH, &etag)
            .send()
            .await
            .unwrap();
        assert_eq!(
            (known.status(), known.bytes().await.unwrap().len()),
            (StatusCode::NOT_MODIFIED, 0)
        );
    }
    let path = "/v1/kiosks/koto-1/collections/reservations";
    let (_, before) = fetch(&office, path).await;
    let since = Collection::from_bytes(CollectionName::Reservations, &before)
        .unwrap()
        .version;
    let new = json!({"member_no": "M00030", "starts": "2026-11-25T10:00:00+09:00", "ends": "2026-11-25T11:00:00+09:00"});
    let (status, made) = json_of(office.post("/v1/reservations", new)).await;
    assert_eq!(status, 201, "{made}");
    let cancel = format!("/v1/reservations/{}", made["id"].as_str().unwrap());
    let (_, delta) = fetch(&office, &format!("{path}?since={since}")).await;
    assert!(delta.len() < before.len() / 4);
    let (_, after) = fetch(&office, path).await;
    assert_eq!(
        apply_delta(CollectionName::Reservations, &before, &delta).unwrap(),
        after
    );
    let cancelled = office
        .http
        .delete(office.url(&cancel))
        .bearer_auth(common::TOKEN);
    let (status, view) = json_of(cancelled).await;
    assert_eq!(
        (status, view["cancelled"].as_bool()),
        (StatusCode::OK, Some(true))
    );
    // A version of the future, as after a restored backup, gets the whole.
    let (_, whole) = fetch(&office, &format!("{path}?since=999999")).await;
    assert_eq!(whole, fetch(&office, path).await.1);
}

#[rstest]
#[case::unknown_member(json!({"member_no": "M99999", "starts": "2026-11-25T10:00:00+09:00", "ends": "2026-11-25T11:00:00+09:00"}), "register")]
#[case::suspended(json!({"member_no": "M00041", "starts": "2026-11-25T10:00:00+09:00", "ends": "2026-11-25T11:00:00+09:00"}), "not in force")]
#[case::backwards(json!({"member_no": "M00030", "starts": "2026-11-25T11:00:00+09:00", "ends": "2026-11-25T10:00:00+09:00"}), "after it starts")]
#[case::past(json!({"member_no": "M00030", "starts": "2026-11-24T10:00:00+09:00", "ends": "2026-11-24T11:00:00+09:00"}), "past")]
#[case::closed_day(json!({"member_no": "M00030", "starts": "2026-11-29T10:00:00+09:00", "ends": "2026-11-29T11:00:00+09:00"}), "closed on 2026-11-29")]
#[case::after_hours(json!({"member_no": "M00030", "starts": "2026-11-25T17:30:00+09:00", "ends": "2026-11-25T18:30:00+09:00"}), "09:30–18:00")]
#[case::other_audience(json!({"member_no": "M00030", "purpose": {"kind": "programme", "programme": "P261124-5"}}), "another category")]
#[case::no_programme(json!({"member_no": "M00030", "purpose": {"kind": "programme", "programme": "nothing"}}), "no such programme")]
#[case::twice(json!({"member_no": "M00001", "starts": "2026-11-24T12:00:00+09:00", "ends": "2026-11-24T13:00:00+09:00"}), "already")]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reserved_is_refused_with_its_remedy(
    #[case] new: Value,
    #[case] says: &str,
) {
    let office = TestOffice::start().await;
    with_sample(&office);
    let (status, problem) = json_of(office.post("/v1/reservations", new)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        problem["detail"].as_str().unwrap().contains(says),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_a_programme_is_counted() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let left = async || {
        let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/programme").await;
        let Body::Programme(all) = Collection::from_bytes(CollectionName::Programme, &bytes)
            .unwrap()
            .body
        else {
            panic!()
        };
        all.iter()
            .find(|one| one.id.as_str() == "P261124-4")
            .unwrap()
            .places_left
    };
    assert_eq!(left().await, Some(18));
    let new =
        json!({"member_no": "M00030", "purpose": {"kind": "programme", "programme": "P261124-4"}});
    assert_eq!(json_of(office.post("/v1/reservations", new)).await.0, 201);
    assert_eq!(left().await, Some(17));
}

#[rstest]
#[case::no_token("GET", "/v1/visits", None, 401)]
#[case::wrong_token("GET", "/v1/visits", Some("wrong-token-of-some-length"), 401)]
#[case::kiosk_token_at_the_office("GET", "/v1/visits", Some(common::KIOSK_TOKEN), 401)]
#[case::office_token_at_the_kiosk("GET", "/v1/kiosks/koto-1/today", Some(common::TOKEN), 401)]
#[case::unknown_kiosk("GET", "/v1/kiosks/koto-9/today", Some(common::KIOSK_TOKEN), 401)]
#[case::unknown_collection(
    "GET",
    "/v1/kiosks/koto-1/collections/secrets",
    Some(common::KIOSK_TOKEN),
    404
)]
#[case::empty_collection(
    "GET",
    "/v1/kiosks/koto-1/collections/floor",
    Some(common::KIOSK_TOKEN),
    404
)]
#[case::bad_date("GET", "/v1/visits?date=tomorrow", Some(common::TOKEN), 400)]
#[case::malformed("POST", "/v1/members", Some(common::TOKEN), 400)]
#[case::nowhere("GET", "/v1/nothing", Some(common::TOKEN), 404)]
#[case::wrong_method("DELETE", "/v1/members", Some(common::TOKEN), 405)]
#[case::no_session("GET", "/live", None, 401)]
#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_problems(
    #[case] method: &str,
    #[case] path: &str,
    #[case] token: Option<&str>,
    #[case] status: u16,
) {
    let office = TestOffice::start().await;
    let mut request = office
        .http
        .request(method.parse().unwrap(), office.url(path))
        .body("{\"category\": \"robot\"");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    let problem: Value = answer.json().await.unwrap();
    assert!(
        problem["type"].as_str().unwrap().starts_with("/problems/"),
        "{problem}"
    );
    assert_eq!(problem["status"], status);
    assert!(problem["detail"].as_str().unwrap().len() > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_refused() {
    let office = TestOffice::start().await;
    let answer = office
        .post(
            "/v1/members",
            json!({"category": "business", "name": "x".repeat(2_000_000)}),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    let (status, problem) = json_of(office.post(
        "/v1/members",
        json!({"category": "business", "name": "x".repeat(300)}),
    ))
    .await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (StatusCode::UNPROCESSABLE_ENTITY, "/problems/too-long")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_meant_changes_nothing() {
    let office = TestOffice::start().await;
    with_sample(&office);
    let put = |name: &str, body: &Value| {
        office
            .http
            .put(office.url(&format!("/v1/collections/{name}")))
            .bearer_auth(common::TOKEN)
            .json(body)
    };
    let (_, bytes) = fetch(&office, "/v1/kiosks/koto-1/collections/floor").await;
    let mut floor: Value = serde_json::from_slice::<Value>(&bytes).unwrap()["body"].clone();
    let same = json_of(put("floor", &floor)).await;
    assert_eq!(same.1["version"], 1, "unchanged content makes no version");
    floor["seats"][1]["place"] = floor["seats"][0]["place"].clone();
    let (status, problem) = json_of(put("floor", &floor)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("A1 and A2 overlap"),
        "{problem}"
    );
    assert_eq!(
        fetch(&office, "/v1/kiosks/koto-1/collections/floor")
            .await
            .1,
        bytes
    );
    let (status, _) = json_of(put("settings", &json!({"no_such_setting": 1}))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, set) = json_of(put("settings", &json!({"gap_min": 10}))).await;
    assert_eq!((status, set["version"].as_u64()), (StatusCode::OK, Some(2)));
    let (status, _) = json_of(put("members", &json!([]))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_in_over_http_too() {
    let office = TestOffice::start().await;
    let send = |query: &str, file: &'static str| {
        office
            .http
            .post(office.url(&format!("/v1/imports/members{query}")))
            .bearer_auth(common::TOKEN)
            .body(file)
    };
    let (status, report) = json_of(send("?dry_run=true", "会員番号,区分\nK1,企業\n")).await;
    assert_eq!(
        (
            status,
            report["added"].as_u64(),
            report["applied"].as_bool()
        ),
        (StatusCode::OK, Some(1), Some(false))
    );
    let (status, report) = json_of(send("", "会員番号,区分\nK1,企業\nK2,忍者\n")).await;
    assert_eq!(
        (status, report["faults"][0]["line"].as_u64()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some(3))
    );
    let (status, report) = json_of(send("?complete=true", "会員番号,区分\nK1,企業\n")).await;
    assert_eq!(
        (status, report["applied"].as_bool()),
        (StatusCode::OK, Some(true))
    );
}

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
fn the_description_is_as_kept_in_the_books() {
    let described = serde_json::to_string_pretty(&office::openapi()).unwrap() + "\n";
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi-office.json");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &described).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == described,
        "docs/openapi-office.json is out of date; run: UPDATE_DOCS=1 cargo test -p office --test http"
    );
}
