//! How a scanner's bytes are cut into codes, with time as an argument.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::time::{Duration, Instant};

use kiosk::devices::framing::{Frame, Framing, MAX_FRAME};
use proptest::prelude::*;

fn code(text: &str) -> Frame {
    Frame::Code(text.as_bytes().to_vec())
}

fn at(start: Instant, milliseconds: u64) -> Instant {
    start + Duration::from_millis(milliseconds)
}

/// Feeds chunks at their times (in milliseconds), then lets silence pass for ever.
fn frames(chunks: &[(u64, &[u8])]) -> Vec<Frame> {
    let start = Instant::now();
    let mut framing = Framing::default();
    let mut frames = Vec::new();
    for (time, chunk) in chunks {
        frames.extend(framing.push(chunk, at(start, *time)));
    }
    frames.extend(framing.release_idle(at(start, 1_000_000)));
    frames
}

#[test]
fn terminators_and_silence() {
    type Case<'a> = (&'a str, &'a [(u64, &'a [u8])], Vec<Frame>);
    let cases: [Case; 14] = [
        ("nothing", &[(0, b"")], vec![]),
        ("only terminators", &[(0, b"\r\n\0\x02\x03\x1d")], vec![]),
        ("CR", &[(0, b"A\r")], vec![code("A")]),
        ("LF", &[(0, b"A\n")], vec![code("A")]),
        (
            "CRLF over two reads",
            &[(0, b"A\r"), (5, b"\nB\r\n")],
            vec![code("A"), code("B")],
        ),
        (
            "CRLF long apart",
            &[(0, b"A\r"), (500, b"\nB\r\n")],
            vec![code("A"), code("B")],
        ),
        ("NUL", &[(0, b"A\0B\0")], vec![code("A"), code("B")]),
        (
            "STX, ETX",
            &[(0, b"\x02A\x03\x02B\x03")],
            vec![code("A"), code("B")],
        ),
        ("GS", &[(0, b"A\x1dB")], vec![code("A"), code("B")]),
        (
            "noise does not join",
            &[(0, b"A\x07B\x7fC")],
            vec![code("A"), code("B"), code("C")],
        ),
        (
            "within the gap",
            &[(0, b"A"), (59, b"B"), (118, b"C")],
            vec![code("ABC")],
        ),
        (
            "after the gap",
            &[(0, b"A"), (60, b"B")],
            vec![code("A"), code("B")],
        ),
        (
            "late terminator",
            &[(0, b"A"), (70, b"\r")],
            vec![code("A")],
        ),
        (
            "high bytes stay",
            &[(0, b"A\xffB\r")],
            vec![Frame::Code(b"A\xffB".to_vec())],
        ),
    ];
    for (what, chunks, expected) in cases {
        assert_eq!(frames(chunks), expected, "{what}");
    }
}

#[test]
fn the_deadline_follows_the_last_byte() {
    let start = Instant::now();
    let mut framing = Framing::new(Duration::from_millis(60));
    assert_eq!(framing.deadline(), None);
    assert_eq!(framing.push(b"A", start), vec![]);
    assert_eq!(framing.deadline(), Some(at(start, 60)));
    assert_eq!(framing.push(b"B", at(start, 40)), vec![]);
    assert_eq!(framing.push(b"", at(start, 90)), vec![]);
    assert_eq!(framing.deadline(), Some(at(start, 100)));
    assert_eq!(framing.release_idle(at(start, 99)), None);
    assert_eq!(framing.release_idle(at(start, 100)), Some(code("AB")));
    assert_eq!(framing.deadline(), None);
    assert_eq!(framing.release_idle(at(start, 500)), None);
}

#[test]
fn what_is_too_long_is_reported_once_and_swallowed() {
    let longest = vec![b'A'; MAX_FRAME];
    assert_eq!(
        frames(&[(0, &longest), (1, b"\r")]),
        vec![Frame::Code(longest.clone())]
    );
    assert_eq!(
        frames(&[(0, &longest), (1, b"A"), (2, &longest), (3, b"\rB\r")]),
        vec![Frame::TooLong, code("B")],
        "a terminator ends it"
    );
    assert_eq!(
        frames(&[(0, &longest), (1, b"A"), (100, b"B")]),
        vec![Frame::TooLong, code("B")],
        "silence ends it"
    );
}

#[test]
fn frames_do_not_show_their_text() {
    assert_eq!(format!("{:?}", code("SECRET")), "Code(6 bytes)");
    let mut framing = Framing::default();
    framing.push(b"SECRET", Instant::now());
    let shown = format!("{framing:?}");
    assert!(
        !shown.contains("SECRET") && !shown.contains("83, 69"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn how_the_bytes_are_split_does_not_matter(
        bytes in proptest::collection::vec(prop_oneof![4 => 0x20..=0xff_u8, 1 => Just(b'\r')], 0..1500),
        cuts in proptest::collection::vec(0..1500_usize, 0..20),
    ) {
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| *cut < bytes.len()).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let chunks: Vec<(u64, &[u8])> = cuts.windows(2).map(|w| (0, &bytes[w[0]..w[1]])).collect();
        let whole = frames(&[(0, &bytes)]);
        prop_assert_eq!(frames(&chunks), whole.clone());
        for frame in whole {
            if let Frame::Code(bytes) = frame {
                prop_assert!((1..=MAX_FRAME).contains(&bytes.len()));
                prop_assert!(!bytes.iter().any(u8::is_ascii_control));
            }
        }
    }
}
