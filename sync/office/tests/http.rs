//! The calls, as programs, kiosks and browsers make them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{TestOffice, fetch, json_of, with_sample};
use domain::code::{Code, parse};
use domain::reference::{IssuedPass, Member};
use link::collections::{Body, Collection, CollectionName, apply_delta, sha256_hex};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, IF_NONE_MATCH};
use rstest::rstest;
use serde_json::{Value, json};

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
    let member = |name: String| json!({"category": "business", "name": name});
    // One byte more than 1 MiB: the office has read all of it before it refuses, so the refusal is not lost to a reset connection.
    let room = (1 << 20) + 1 - member(String::new()).to_string().len();
    let answer = office
        .post("/v1/members", member("x".repeat(room)))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    let (status, problem) = json_of(office.post("/v1/members", member("x".repeat(300)))).await;
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
