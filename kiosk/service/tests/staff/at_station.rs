//! Staff at the door's own screen: badge, PIN, what they do there, and how it ends.

use super::WRONG;
use super::door::{Door, PIN, badge};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SESSION: &str = "/v1/staff/at-station/session";

/// The screen at the door.
struct Screen {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Screen {
    fn of(door: &Door) -> Self {
        Self {
            http: reqwest::Client::new(),
            base: format!("http://{}", door.running().local),
            token: std::fs::read_to_string(door.file("token")).unwrap(),
        }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.bearer_auth(self.token.trim());
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    async fn scan(&self, code: &str) -> Value {
        let body = json!({ "code": code });
        self.call(Method::POST, "/v1/scans", Some(body)).await.1
    }

    async fn pin(&self, pin: &str) -> (StatusCode, Value) {
        self.call(Method::POST, SESSION, Some(json!({ "pin": pin })))
            .await
    }

    async fn look(&self) -> (StatusCode, Value) {
        self.call(Method::GET, "/v1/staff/at-station", None).await
    }

    async fn act(&self, action: Value) -> (StatusCode, Value) {
        let body = json!({ "action": action, "why": "helped" });
        self.call(Method::POST, "/v1/staff/at-station/actions", Some(body))
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn badge_and_pin_open_the_stations_menu_and_the_next_scan_ends_it() {
    let door = Door::open().await;
    let screen = Screen::of(&door);
    assert_eq!(screen.pin(PIN).await.0, StatusCode::CONFLICT, "no badge");
    let asked = screen.scan(badge("S001").as_str()).await;
    assert_eq!(
        (&asked["answer"], &asked["remedy"]),
        (&json!("ask_pin"), &json!("enter_pin"))
    );
    assert_eq!(screen.look().await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(screen.pin(WRONG).await.1["remedy"], "try_again");
    assert_eq!(screen.pin(PIN).await.1["answer"], "signed_in");
    assert_eq!(screen.pin(PIN).await.0, StatusCode::CONFLICT, "used up");

    let call = json!({ "reason": "visitor" });
    screen
        .call(Method::POST, "/v1/staff-calls", Some(call))
        .await;
    let (status, view) = screen.look().await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&view["user"], &view["idle_s"]),
        (&json!("uketsuke1"), &json!(300))
    );
    let id = view["calls"][0]["id"].clone();
    let (_, answered) = screen.act(json!({"kind": "answer_call", "call": id})).await;
    assert_eq!(answered["answer"], "done");
    let (_, found) = screen
        .call(Method::GET, "/v1/staff/at-station/members/1", None)
        .await;
    assert_eq!(found["member"], "M1", "by its digits alone");
    let (_, done) = screen
        .act(json!({"kind": "check_in", "member": "M1"}))
        .await;
    assert_eq!(done["answer"], "done", "{done}");
    assert_eq!(screen.look().await.1["seats"][0]["member"], "M1");

    // Whoever comes next finds no menu.
    screen.scan("123").await;
    assert_eq!(screen.look().await.0, StatusCode::UNAUTHORIZED);
    let (status, _) = screen.act(json!({"kind": "reopen"})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        screen.pin(PIN).await.0,
        StatusCode::CONFLICT,
        "another code since"
    );
    let ended = door.records("staff.signed_out").await;
    assert_eq!(
        (&ended[0]["reason"], &ended[0]["station"]),
        (&json!("next_scan"), &json!("door"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_of_somebody_who_left_is_an_unknown_code_and_signing_out_is_recorded() {
    let door = Door::open().await;
    let screen = Screen::of(&door);
    let unknown = screen.scan(badge("S009").as_str()).await;
    assert_eq!(unknown["verdict"], "not_recognised");
    let left = screen.scan(badge("S002").as_str()).await;
    assert_eq!(left["verdict"], "not_recognised");
    assert_eq!(screen.pin(PIN).await.0, StatusCode::CONFLICT);
    screen.scan(badge("S001").as_str()).await;
    screen.pin(PIN).await;
    let (status, _) = screen.call(Method::DELETE, SESSION, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = screen.call(Method::DELETE, SESSION, None).await;
    assert_eq!(
        status,
        StatusCode::NO_CONTENT,
        "again, and nothing is recorded"
    );
    assert_eq!(screen.look().await.0, StatusCode::UNAUTHORIZED);
    let ended = door.records("staff.signed_out").await;
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["reason"], "own");
}
