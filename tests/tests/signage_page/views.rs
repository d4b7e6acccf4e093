//! The view models that the tests show: an ordinary day, and what differs from it.

use serde_json::{Map, Value, json};

/// A title longer than any row.
pub const LONG_TITLE: &str = "区内中小企業のためのデジタル活用・業務改善・補助金申請までを一日で学ぶ実践講座（経営者・ご担当者向け、パソコン持込可）第12回";

/// The ordinary day of `tests/signage/views/day.json`.
pub fn day() -> Value {
    serde_json::from_str(include_str!("../../signage/views/day.json")).unwrap()
}

/// The ordinary day with the top-level fields of `changes` in place of its own.
pub fn day_with(changes: Value) -> Value {
    let mut view = day();
    let fields: Map<String, Value> = serde_json::from_value(changes).unwrap();
    for (name, value) in fields {
        assert!(view.get(&name).is_some(), "a view has no field {name}");
        view[name.as_str()] = value;
    }
    view
}

/// Every kind of view there is, by the name of its picture.
pub fn every_kind() -> Vec<(&'static str, Value)> {
    let mut kinds = vec![
        ("day", day()),
        ("rehearsal", day_with(json!({ "rehearsal": true }))),
        (
            "closing",
            day_with(
                json!({ "now": "2026-11-24T17:32:00+09:00", "closing": { "at": "18:00", "minutes": 28 } }),
            ),
        ),
        (
            "full",
            day_with(json!({ "zones": [zone("room", "コワーキング", 0)] })),
        ),
        (
            "full-waiting",
            day_with(json!({ "zones": [zone("room", "コワーキング", 0)], "waiting": 12 })),
        ),
        ("call", day_with(json!({ "calls": calls(1), "waiting": 2 }))),
        ("calls", calls_while_closing()),
        (
            "no-walk-in",
            day_with(json!({ "walk_in": false, "zones": [zone("room", "コワーキング", 0)] })),
        ),
        (
            "programme-takes-room",
            day_with(json!({ "zones": [zone("room", "コワーキング", 6), taken_zone("13:30")] })),
        ),
        ("programme-takes-part", programme_takes_part()),
        ("zones-8", day_with(json!({ "zones": zones(8) }))),
        ("cancelled", cancelled()),
        ("all-over", all_over()),
    ];
    kinds.extend(emergencies());
    kinds.extend(scenes());
    kinds.extend(closed_kinds());
    kinds.extend(extremes());
    kinds
}

/// Each emergency that takes the display, with each way out, practised or not.
fn emergencies() -> Vec<(&'static str, Value)> {
    let emergency = |what: &str, drill: bool, exit: Value| {
        day_with(json!({ "emergency": { "what": what, "drill": drill, "exit": exit } }))
    };
    let mut rehearsed = emergency("fire", true, json!("ahead"));
    rehearsed["rehearsal"] = json!(true);
    vec![
        ("emergency-fire", emergency("fire", false, json!("right"))),
        (
            "emergency-fire-drill",
            emergency("fire", true, json!("left")),
        ),
        ("emergency-rehearsed", rehearsed),
        (
            "emergency-earthquake",
            emergency("earthquake", false, json!(null)),
        ),
        ("emergency-flood", emergency("flood", false, json!(null))),
        (
            "emergency-intruder",
            emergency("intruder", false, json!(null)),
        ),
    ]
}

/// `count` visitors called to seats, the first for the second time.
pub fn calls(count: u32) -> Vec<Value> {
    let call = |n| json!({ "number": 12 + n, "seat": format!("B{}", 4 + n), "again": n == 0 });
    (0..count).map(call).collect()
}

fn calls_while_closing() -> Value {
    day_with(json!({
        "now": "2026-11-24T17:32:00+09:00", "closing": { "at": "18:00", "minutes": 28 }, "calls": calls(6), "waiting": 0,
    }))
}

/// The ordinary day with nothing in the play list but `scene`, for the `round`th time.
pub fn turn(scene: &str, round: u32) -> Value {
    day_with(json!({ "turns": [{ "scene": scene, "seconds": 86_400, "round": round }] }))
}

fn scenes() -> Vec<(&'static str, Value)> {
    let mut in_room = day_with(json!({ "in_room": day()["programme"][1] }));
    in_room["in_room"]["title"]["en"] = json!("Accounting software for beginners");
    let mut one_code = turn("codes", 0);
    one_code["links"] = json!([]);
    one_code["membership"] = json!(null);
    vec![
        ("scene-floor", turn("floor", 0)),
        ("scene-week", turn("week", 0)),
        ("scene-books", turn("books", 0)),
        ("scene-notice", turn("notice", 1)),
        ("scene-codes", turn("codes", 0)),
        ("scene-one-code", one_code),
        ("in-room", in_room),
    ]
}

fn closed_kinds() -> Vec<(&'static str, Value)> {
    let closed = |now: &str, today: Value| {
        day_with(
            json!({ "phase": "closed", "now": now, "today": today, "programme": [], "zones": [], "ending_soon": [], "walk_in": false }),
        )
    };
    let shut = |date: &str, reason: &str| json!({ "date": date, "open": null, "close": null, "reason": reason, "reason_text": null });
    let mut building = shut("2026-11-25", "building");
    building["reason_text"] = json!({ "ja": "カメリアプラザの電気設備点検のため、終日お休みをいただきます。", "en": null });
    vec![
        (
            "closed",
            closed("2026-11-24T18:42:00+09:00", day()["today"].clone()),
        ),
        (
            "closed-sunday",
            closed(
                "2026-11-29T10:00:00+09:00",
                shut("2026-11-29", "weekly_closed"),
            ),
        ),
        (
            "closed-holiday",
            closed("2026-11-23T10:00:00+09:00", shut("2026-11-23", "holiday")),
        ),
        (
            "closed-year-end",
            closed("2026-12-30T10:00:00+09:00", shut("2026-12-30", "year_end")),
        ),
        (
            "closed-building",
            closed("2026-11-25T10:00:00+09:00", building),
        ),
        ("before", waiting("before", "2026-11-24T08:12:00+09:00")),
        (
            "preparation",
            waiting("preparation", "2026-11-24T09:12:00+09:00"),
        ),
        ("break", waiting("break", "2026-11-24T12:30:00+09:00")),
        ("evening", evening()),
    ]
}

fn extremes() -> Vec<(&'static str, Value)> {
    let nothing = json!({
        "centre": { "ja": "江東区DX推進支援センター", "en": null }, "next_opening": null, "programme": [], "week": [], "zones": [],
        "ending_soon": [], "walk_in": false, "notices": [], "wifi": null, "membership": null, "advice": null,
        "floor": { "width": 0, "height": 0, "seats": [], "rooms": [] }, "books": [], "links": [],
    });
    let mut nothing_closed = day_with(nothing.clone());
    nothing_closed["phase"] = json!("closed");
    nothing_closed["today"] = json!({ "date": "2026-11-24", "open": null, "close": null, "reason": null, "reason_text": null });
    vec![
        ("empty", day_with(nothing)),
        ("empty-closed", nothing_closed),
        ("overfull", overfull()),
        ("unbroken", unbroken()),
    ]
}

/// A zone with `free` of 20 seats, power and PC seats among them.
pub fn zone(id: &str, name: &str, free: u32) -> Value {
    json!({
        "id": id, "name": { "ja": name, "en": null }, "free": free, "total": 20, "power": { "free": free / 2, "total": 8 },
        "pc": { "free": free / 3, "total": 20 }, "until": null, "taken_by": null,
    })
}

fn taken_zone(until: &str) -> Value {
    let mut taken = zone("seminar", "研修スペース（後方・電源あり）", 0);
    taken["until"] = json!(until);
    taken["taken_by"] = json!("programme");
    taken
}

fn programme_takes_part() -> Value {
    let mut zone = zone("room", "コワーキング", 6);
    zone["until"] = json!("16:30");
    zone["taken_by"] = json!("programme");
    day_with(json!({ "zones": [zone] }))
}

fn zones(count: usize) -> Vec<Value> {
    let names = [
        "コワーキング",
        "窓ぎわ",
        "パソコン席",
        "相談席",
        "個室",
        "集中席",
        "オンライン会議ブース",
    ];
    let mut zones = vec![taken_zone("13:30")];
    zones.extend(
        names
            .iter()
            .zip(0..)
            .map(|(name, free)| zone(&format!("z{free}"), name, free * 3)),
    );
    zones.truncate(count);
    zones
}

/// `count` entries of the programme on `date`, every third with a title too long for its row.
pub fn entries(count: u32, date: &str, title: &str) -> Vec<Value> {
    (0..count)
        .map(|n| {
            json!({
                "id": format!("p{n}"), "date": date, "starts": format!("{:02}:{:02}", 9 + n / 4, n % 4 * 15),
                "ends": format!("{:02}:{:02}", 10 + n / 4, n % 4 * 15),
                "title": { "ja": if n % 3 == 0 { title.to_owned() } else { format!("講座その{n}：Webサイトの作り方") }, "en": null },
                "audience": match n % 3 { 0 => "business", 1 => "job_seeker", _ => "anyone" },
                "state": match n { 0 => "ended", 1 => "now", 2 => "next", _ => "later" }, "places_left": n % 5, "fill": null,
            })
        })
        .collect()
}

fn cancelled() -> Value {
    let mut view = day();
    view["programme"][1]["state"] = json!("cancelled");
    view["week"][0]["state"] = json!("cancelled");
    view["programme"][2]["title"]["ja"] = json!(LONG_TITLE);
    view
}

fn all_over() -> Value {
    let mut view = day_with(json!({ "now": "2026-11-24T17:10:00+09:00", "ending_soon": [] }));
    for entry in view["programme"].as_array_mut().unwrap() {
        entry["state"] = json!("ended");
    }
    view
}

fn waiting(phase: &str, now: &str) -> Value {
    let mut view = day_with(json!({ "phase": phase, "now": now, "ending_soon": [] }));
    for entry in view["programme"].as_array_mut().unwrap() {
        entry["state"] = json!("later");
    }
    view
}

fn evening() -> Value {
    let mut tonight = day()["programme"][3].clone();
    tonight["state"] = json!("now");
    day_with(
        json!({ "phase": "evening", "now": "2026-11-24T18:40:00+09:00", "programme": [tonight], "zones": [], "ending_soon": [] }),
    )
}

fn overfull() -> Value {
    let notices: Vec<_> = (1..13)
        .map(|n| json!({ "id": format!("n{n}"), "text": { "ja": LONG_TITLE.repeat(n % 4 + 1), "en": null } }))
        .collect();
    let books: Vec<_> = (0..40)
        .map(|_| json!({ "title": { "ja": LONG_TITLE, "en": null }, "author": { "ja": LONG_TITLE, "en": null } }))
        .collect();
    let mut links = vec![day()["links"][0].clone(); 4];
    links[0]["name"]["ja"] = json!(LONG_TITLE);
    let mut in_room = day()["programme"][1].clone();
    in_room["title"] = json!({ "ja": LONG_TITLE, "en": "Koto ".repeat(60) });
    let seats: Vec<_> = (1..31).map(|n| format!("B{n}")).collect();
    day_with(json!({
        "now": "2026-11-24T17:32:00+09:00", "closing": { "at": "18:00", "minutes": 28 }, "rehearsal": true, "ending_soon": seats, "calls": calls(30), "waiting": 2000,
        "centre": { "ja": format!("江東区{LONG_TITLE}"), "en": "Koto ".repeat(60) }, "notices": notices, "zones": zones(8),
        "programme": entries(30, "2026-11-24", LONG_TITLE), "week": entries(30, "2026-11-26", LONG_TITLE),
        "books": books, "links": links, "in_room": in_room,
    }))
}

/// Text without a place to break at, wherever text is free.
fn unbroken() -> Value {
    let word = "W".repeat(400);
    let text = json!({ "ja": word, "en": word });
    let mut view = day_with(json!({
        "centre": text, "notices": [{ "id": "n1", "text": text }], "ending_soon": [word], "calls": [{ "number": 4_000_000_000_u32, "seat": word, "again": false }], "zones": [zone("z", &word, 20_000_000)],
        "programme": entries(4, "2026-11-24", &word), "week": entries(4, "2026-11-26", &word),
        "books": [{ "title": text, "author": text }],
    }));
    view["wifi"]["ssid"] = json!("w".repeat(32));
    view
}
