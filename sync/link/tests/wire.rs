//! What is said comes through unchanged, and nothing else comes through at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use domain::ids::RunId;
use domain::record::{ChainHash, Chained, Record};
use link::message::{
    Ack, Batch, KioskState, MAX_BATCH, MAX_MESSAGE, Manifest, Message, Place, Quarantine,
    WireError, WireRecord, decode, encode,
};
use proptest::prelude::*;
use rstest::rstest;

fn batch(bodies: &[&str]) -> Batch {
    let record = |(index, body): (usize, &&str)| {
        let record = Record {
            run: "00000000000000aa".into(),
            seq: index as u64 + 1,
            at: "2026-11-24T11:42:00.000+09:00".to_owned(),
            uptime_ms: 5,
            trusted: true,
            cause: None,
            kind: "visit.ended".to_owned(),
            body: (*body).to_owned(),
        };
        let hash = record.hash_after(&ChainHash::GENESIS);
        WireRecord {
            kiosk: "koto-1".into(),
            chained: Chained { record, hash },
        }
    };
    Batch {
        kiosk: "koto-1".into(),
        run: "00000000000000aa".into(),
        head_seq: 7,
        rehearsal: false,
        oldest: Some(Place {
            run: "00000000000000aa".into(),
            seq: 1,
        }),
        events: bodies.iter().enumerate().map(record).collect(),
    }
}

#[test]
fn a_record_is_a_cloud_event_with_the_journalled_bytes() {
    let odd = r#"{"kind":"visit.ended",  "b":1.50,"a":[],"a":"é\u00e9"}"#;
    let text = String::from_utf8(encode(&batch(&[odd])).unwrap()).unwrap();
    assert!(text.contains(&format!(r#""data":{odd}"#)), "{text}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let event = &value["events"][0];
    for (name, expected) in [
        ("specversion", "1.0"),
        ("id", "00000000000000aa/1"),
        ("source", "/genkan/koto-1"),
        ("type", "visit.ended"),
        ("time", "2026-11-24T11:42:00.000+09:00"),
        ("datacontenttype", "application/json"),
        ("run", "00000000000000aa"),
        ("seq", "1"),
        ("uptimems", "5"),
    ] {
        assert_eq!(event[name], expected, "{name}");
    }
    assert_eq!(event["trusted"], true);
}

#[test]
fn a_heartbeat_is_a_batch_without_records() {
    let heartbeat = batch(&[]);
    assert_eq!(
        decode::<Batch>(&encode(&heartbeat).unwrap()).unwrap(),
        heartbeat
    );
}

proptest! {
    #[test]
    fn records_survive_the_way(
        seq in 1..=u64::MAX,
        uptime_ms: u64,
        trusted: bool,
        text in "\\PC{0,40}",
        cause in proptest::option::of("\\PC{0,20}"),
        json: bool,
        number: f64,
    ) {
        let body = if json { serde_json::json!({"kind": text, "n": number}).to_string() } else { text.clone() };
        let mut sent = batch(&["{}"]);
        let chained = &mut sent.events[0].chained;
        chained.record = Record {
            run: RunId::from("r-1"), seq, at: text.clone(), uptime_ms, trusted, cause, kind: text, body,
        };
        chained.hash = chained.record.hash_after(&ChainHash::GENESIS);
        let received: Batch = decode(&encode(&sent).unwrap()).unwrap();
        let chained = &received.events[0].chained;
        prop_assert_eq!(chained.record.hash_after(&ChainHash::GENESIS), chained.hash);
        prop_assert_eq!(received, sent);
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode::<Batch>(&bytes).is_err());
        prop_assert!(decode::<Ack>(&bytes).is_err());
        prop_assert!(decode::<Manifest>(&bytes).is_err());
    }

    #[test]
    fn a_changed_batch_is_read_or_refused_and_never_more(position: prop::sample::Index, byte: u8) {
        let mut bytes = encode(&batch(&[r#"{"kind":"visit.ended"}"#, "{}"])).unwrap();
        let at = position.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = decode::<Batch>(&bytes) {
            prop_assert!(encode(&read).is_ok());
        }
    }
}

#[rstest]
#[case::not_json(b"hello".as_slice())]
#[case::another_form(br#"{"a":1}"#.as_slice())]
#[case::deep(&[b'['; 100_000])]
#[case::nobody(br#"{"kiosk":"","run":"a","head_seq":0,"rehearsal":false,"events":[]}"#.as_slice())]
#[case::the_office(br#"{"kiosk":"office","run":"a","head_seq":0,"rehearsal":false,"events":[]}"#.as_slice())]
#[case::no_run(br#"{"kiosk":"k","run":"a/b","head_seq":0,"rehearsal":false,"events":[]}"#.as_slice())]
#[case::negative(br#"{"kiosk":"k","run":"a","head_seq":-1,"rehearsal":false,"events":[]}"#.as_slice())]
fn what_is_not_a_batch_is_refused(#[case] bytes: &[u8]) {
    assert!(decode::<Batch>(bytes).is_err());
}

#[rstest]
#[case::other_kiosk("/genkan/koto-1", "/genkan/koto-2")]
#[case::other_id("00000000000000aa/1", "00000000000000aa/2")]
#[case::other_version("\"1.0\"", "\"2.0\"")]
#[case::number_zero("\"seq\":\"1\"", "\"seq\":\"0\"")]
#[case::number_as_number("\"seq\":\"1\"", "\"seq\":1")]
#[case::other_data("application/json", "application/xml")]
#[case::text_that_is_none("application/json", "text/plain")]
#[case::no_hash("\"hash\":\"", "\"hash\":\"x")]
fn a_contradicting_envelope_is_refused(#[case] from: &str, #[case] to: &str) {
    let text = String::from_utf8(encode(&batch(&["{}"])).unwrap()).unwrap();
    assert!(decode::<Batch>(text.as_bytes()).is_ok());
    assert!(text.contains(from), "{text}");
    assert!(decode::<Batch>(text.replace(from, to).as_bytes()).is_err());
}

#[test]
fn newer_programs_may_say_more() {
    let text = String::from_utf8(encode(&batch(&["{}"])).unwrap()).unwrap();
    let more = text
        .replacen('{', r#"{"mood":"good","#, 1)
        .replace(r#""hash""#, r#""traceparent":"00-1","hash""#);
    assert_eq!(decode::<Batch>(more.as_bytes()).unwrap(), batch(&["{}"]));
    let ack = br#"{"run":"a","through_seq":3,"rejected":[{"run":"a","seq":2,"reason":"not_yet_invented"}],"new":1}"#;
    assert_eq!(
        decode::<Ack>(ack).unwrap().rejected[0].reason,
        Quarantine::Other
    );
}

#[test]
fn messages_are_bounded() {
    let huge = vec![b' '; MAX_MESSAGE + 1];
    assert!(matches!(
        decode::<KioskState>(&huge),
        Err(WireError::TooLarge { .. })
    ));
    let body = format!(r#"{{"kind":"{}"}}"#, "x".repeat(1000));
    let bodies = vec![body.as_str(); 200];
    let mut large = batch(&bodies);
    let bytes = large.encode_within(MAX_BATCH).unwrap();
    assert!(
        bytes.len() <= MAX_BATCH && bytes.len() > MAX_BATCH - 2000,
        "{}",
        bytes.len()
    );
    assert_eq!(
        decode::<Batch>(&bytes).unwrap().events.len(),
        large.events.len()
    );
    assert_eq!(
        large
            .encode_within(10)
            .map(|bytes| decode::<Batch>(&bytes).unwrap().events.len())
            .unwrap(),
        1
    );
}

#[test]
fn a_record_too_large_for_any_message_goes_without_its_text() {
    let body = format!(r#"{{"kind":"{}"}}"#, "x".repeat(MAX_MESSAGE));
    let mut giant = batch(&[&body, "{}"]);
    let bytes = giant.encode_within(MAX_BATCH).unwrap();
    let received: Batch = decode(&bytes).unwrap();
    assert_eq!(received.events.len(), 1);
    let chained = &received.events[0].chained;
    assert_ne!(
        chained.record.hash_after(&ChainHash::GENESIS),
        chained.hash,
        "so that it ends in quarantine"
    );
}

#[test]
fn a_manifest_names_digests() {
    let good = format!(
        r#"{{"collections":{{"floor":{{"version":1,"size":2,"sha256":"{}"}}}}}}"#,
        "0a".repeat(32)
    );
    assert!(decode::<Manifest>(good.as_bytes()).is_ok());
    assert!(decode::<Manifest>(good.replace("0a0a", "0A0a").as_bytes()).is_err());
    assert!(decode::<Manifest>(good.replace("0a0a", "").as_bytes()).is_err());
}

#[test]
fn errors_do_not_quote_what_was_said() {
    let secret = br#"{"online":"K1SECRET","since":"2026-11-24T11:42:00+09:00","version":"1"}"#;
    let error = decode::<KioskState>(secret).unwrap_err();
    let all = format!("{error} {error:?}");
    assert!(!all.contains("SECRET"), "{all}");
    assert_eq!(KioskState::LIMIT, MAX_MESSAGE);
}
