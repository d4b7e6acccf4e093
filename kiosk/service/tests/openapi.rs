//! `docs/openapi.json` is generated; this fails when it is out of date.
#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn the_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let generated = kiosk::http::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "docs/openapi.json is out of date; write it anew with UPDATE_DOCS=1 cargo test -p kiosk --test openapi"
    );
}

#[test]
fn every_call_of_a_station_asks_for_its_token_and_of_staff_for_their_session() {
    let document = serde_json::to_value(kiosk::http::openapi()).unwrap();
    let open = ["/healthz", "/metrics", "/v1/signage", "/v1/signage/stream"];
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 10, "paths: {:?}", paths.keys());
    for (path, calls) in paths {
        for (method, call) in calls.as_object().unwrap() {
            let signs_in = path == "/v1/staff/session" && method == "post";
            let is_open = signs_in || open.contains(&path.as_str());
            let at_station = path.starts_with("/v1/staff/at-station");
            let of_page = path.starts_with("/v1/staff/") && !at_station;
            let asks_for = match (is_open, of_page) {
                (true, _) => None,
                (false, true) => Some("staff"),
                (false, false) => Some("station"),
            };
            let asked = call.get("security").map(|scheme| scheme[0].as_object());
            let asked = asked.map(|scheme| scheme.unwrap().keys().next().unwrap().as_str());
            assert_eq!(asked, asks_for, "{method} {path}");
        }
    }
}
