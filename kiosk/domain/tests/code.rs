//! Codes as scanners and people really deliver them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use domain::code::{
    Badge, Claim, Code, MAX_TEXT_LENGTH, Pass, PassDigest, PassText, ReservationNumber,
    ReservationNumberError, parse,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const BITS: [u8; 16] = [
    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10,
];

fn pass() -> PassText {
    Pass::from_bits(BITS)
}

fn digest_of(text: &str) -> PassDigest {
    PassDigest::from_bytes(Sha256::digest(text.as_bytes()).into())
}

#[test]
fn printed_secrets_have_a_stable_text() {
    // Computed apart: int.from_bytes(bits) written in Crockford's digits, 26 of them.
    let secret = "014D2PF2DBSQQZXQ5TK1V58CGG";
    assert_eq!(pass().as_str(), format!("K1{secret}"));
    assert_eq!(Badge::from_bits(BITS).as_str(), format!("K2{secret}"));
    assert_eq!(Claim::from_bits(BITS).as_str(), format!("K4{secret}"));
    assert_eq!(
        Pass::from_bits([0xff; 16]).as_str(),
        "K17ZZZZZZZZZZZZZZZZZZZZZZZZZ"
    );
    assert_eq!(
        Pass::from_bits([0; 16]).as_str(),
        "K100000000000000000000000000"
    );
}

#[test]
fn a_scan_and_the_printed_pass_have_the_same_digest() {
    assert_eq!(
        parse(pass().as_str().as_bytes()),
        Code::Pass(pass().digest())
    );
    assert_eq!(pass().digest(), digest_of(pass().as_str()));
    let badge = Badge::from_bits(BITS);
    assert_eq!(
        parse(badge.as_str().as_bytes()),
        Code::Badge(badge.digest())
    );
    let claim = Claim::from_bits(BITS);
    assert_eq!(
        parse(claim.as_str().as_bytes()),
        Code::Claim(claim.digest())
    );
}

#[test]
fn what_scanners_put_around_a_code_is_dropped() {
    let pass = pass();
    let text = pass.as_str();
    let (head, tail) = text.split_at(9);
    let cases = [
        ("carriage return", format!("{text}\r")),
        ("both line ends", format!("{text}\r\n")),
        ("AIM identifier", format!("]Q1{text}")),
        ("AIM identifier of Data Matrix", format!("]d2{text}")),
        ("ECI designator", format!("\\000026{text}")),
        ("AIM identifier, then ECI", format!("]Q2\\000026{text}\r\n")),
        ("two ECI designators", format!("]Q2\\000020\\000026{text}")),
        ("STX and ETX", format!("\x02{text}\x03")),
        (
            "STX before the AIM identifier",
            format!("\x02]Q1{text}\x03\r"),
        ),
        ("blanks around", format!("  {text}\t \r\n")),
        (
            "control characters inside",
            format!("{head}\x1d\0\x7f{tail}"),
        ),
        ("lower case", text.to_ascii_lowercase()),
        (
            "letters for digits",
            text.replace('0', "O").replacen("K10", "K1o", 1),
        ),
    ];
    for (what, scanned) in cases {
        assert_eq!(
            parse(scanned.as_bytes()),
            Code::Pass(pass.digest()),
            "{what}"
        );
    }
}

#[test]
fn letters_that_look_like_digits_count_as_those() {
    let expected = Code::Pass(digest_of("K101111111111111111111111100"));
    for scanned in [
        "K101111111111111111111111100",
        "K1OIL1ILILILILILILILILILILoo",
        "k1oil1ilililililililililiLOO",
    ] {
        assert_eq!(parse(scanned.as_bytes()), expected, "{scanned}");
    }
}

#[test]
fn other_codes() {
    let number = ReservationNumber::from_serial(1);
    let equipment = |label: &str| Code::Equipment(label.to_owned());
    let unknown = |text: &str| Code::Unknown(digest_of(text));
    let cases = [
        ("K3PC07", equipment("PC07")),
        ("k3headset12", equipment("HEADSET12")),
        ("K3ABCDEF123456", equipment("ABCDEF123456")),
        ("K3ABCDEF1234567", unknown("K3ABCDEF1234567")),
        ("K3", unknown("K3")),
        ("K3PC-07", unknown("K3PC-07")),
        ("000000013", Code::Reservation(number)),
        ("R000000013", Code::Reservation(number)),
        ("r 000-000-013\r\n", Code::Reservation(number)),
        ("]C0000000013", Code::Reservation(number)),
        ("000000014", unknown("000000014")),
        ("00000013", unknown("00000013")),
        ("R", unknown("R")),
        // U is not one of Crockford's letters; one character is missing or too many; the prefix is nobody's.
        (
            "K1UUUUUUUUUUUUUUUUUUUUUUUUUU",
            unknown("K1UUUUUUUUUUUUUUUUUUUUUUUUUU"),
        ),
        (
            "K10000000000000000000000000",
            unknown("K10000000000000000000000000"),
        ),
        (
            "K1000000000000000000000000000",
            unknown("K1000000000000000000000000000"),
        ),
        (
            "K500000000000000000000000000",
            unknown("K500000000000000000000000000"),
        ),
        (
            "https://example.jp/?a=1",
            unknown("HTTPS://EXAMPLE.JP/?A=1"),
        ),
        // Looks like a designator, and is none.
        ("]Q", unknown("]Q")),
        ("]]]", unknown("]]]")),
        ("\\12345", unknown("\\12345")),
        ("\\12345x", unknown("\\12345X")),
    ];
    for (scanned, expected) in cases {
        assert_eq!(parse(scanned.as_bytes()), expected, "{scanned:?}");
    }
}

#[test]
fn what_cannot_be_read() {
    let too_long = "A".repeat(MAX_TEXT_LENGTH + 1);
    let cases: [(&str, &[u8]); 9] = [
        ("nothing", b""),
        ("blanks", b"  \r\n"),
        ("control characters", b"\x00\x02\x1d\x7f\x03"),
        ("only an AIM identifier", b"]Q1\r\n"),
        ("only designators", b"]Q2\\000026 "),
        ("too long", too_long.as_bytes()),
        ("Japanese", "会員証".as_bytes()),
        ("one byte of noise", b"000000013\xfe"),
        ("CP932", b"\x89\xef\x88\xf5"),
    ];
    for (what, scanned) in cases {
        assert_eq!(parse(scanned), Code::Unreadable, "{what}");
    }
    let longest = format!("]Q1 {}\r\n", "A".repeat(MAX_TEXT_LENGTH));
    assert!(matches!(parse(longest.as_bytes()), Code::Unknown(_)));
    assert_eq!(parse(&vec![b'A'; 1 << 20]), Code::Unreadable);
    // Cut anywhere, it must not turn into something shorter that is valid.
    let padded = format!("{}000000013{}X", " ".repeat(400), " ".repeat(400));
    assert_eq!(parse(padded.as_bytes()), Code::Unreadable);
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let pass = pass();
    let hex = pass.digest().to_hex();
    let shown = format!(
        "{:?} {:?} {:?}",
        pass,
        pass.digest(),
        parse(pass.as_str().as_bytes())
    );
    assert!(!shown.contains(&pass.as_str()[2..]), "{shown}");
    assert!(shown.contains(&hex[..8]), "{shown}");
    assert!(!shown.contains(&hex[..9]), "{shown}");
}

#[test]
fn digests_are_lower_case_hex_in_json() {
    let digest = digest_of("abc");
    let json = "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"";
    assert_eq!(serde_json::to_string(&digest).unwrap(), json);
    assert_eq!(serde_json::from_str::<PassDigest>(json).unwrap(), digest);
    assert_eq!(PassDigest::from_bytes(*digest.as_bytes()), digest);
    let upper_case = json.to_ascii_uppercase();
    let short = json.replace("ad\"", "\"");
    let wide = format!("\"{}\"", "é".repeat(32));
    for wrong in [&upper_case, &short, &wide, "\"\""] {
        assert!(
            serde_json::from_str::<PassDigest>(wrong).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn reservation_numbers_as_people_write_them() {
    use ReservationNumberError::{Character, CheckDigit, Length};
    // The published example of Damm's scheme: 572 has the check digit 4 (leading zeros do not count).
    assert_eq!(ReservationNumber::from_serial(572).to_string(), "000005724");
    let number = ReservationNumber::from_serial(12_345_678);
    assert_eq!(number.to_string(), "123456786");
    assert_eq!(number.grouped(), "123 456 786");
    assert_eq!(ReservationNumber::from_serial(0).grouped(), "000 000 000");
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"123456786\"");
    assert_eq!(
        serde_json::from_str::<ReservationNumber>("\"123 456 786\"").unwrap(),
        number
    );
    let cases = [
        ("123456786", Ok(number)),
        ("123 456 786", Ok(number)),
        (" 123-456-786 ", Ok(number)),
        ("", Err(Length { found: 0 })),
        ("12345678", Err(Length { found: 8 })),
        ("1234567860", Err(Length { found: 10 })),
        ("123456781", Err(CheckDigit)),
        ("213456786", Err(CheckDigit)),
        ("R23456786", Err(Character)),
        ("１２３４５６７８６", Err(Character)),
        ("+12345678", Err(Character)),
    ];
    for (text, expected) in cases {
        assert_eq!(ReservationNumber::parse(text), expected, "{text:?}");
        assert_eq!(text.parse::<ReservationNumber>(), expected, "{text:?}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        parse(&raw);
    }

    #[test]
    fn parsing_text_never_panics(text in "(\\][A-Za-z0-9])?(\\\\[0-9]{0,7})?[KkRr]?[0-9A-Za-z \\r\\n-]{0,40}") {
        parse(text.as_bytes());
    }

    #[test]
    fn every_pass_is_read_back(bits in any::<[u8; 16]>()) {
        let pass = Pass::from_bits(bits);
        prop_assert_eq!(pass.as_str().len(), 28);
        let lower = pass.as_str().to_ascii_lowercase();
        prop_assert_eq!(parse(lower.as_bytes()), Code::Pass(pass.digest()));
    }

    #[test]
    fn one_mistyped_digit_is_always_detected(
        serial in 0..100_000_000_u32,
        position in 0..ReservationNumber::LENGTH,
        shift in 1..10_u8,
    ) {
        let mut digits = ReservationNumber::from_serial(serial).to_string().into_bytes();
        digits[position] = b'0' + (digits[position] - b'0' + shift) % 10;
        let text = String::from_utf8(digits).unwrap();
        prop_assert_eq!(ReservationNumber::parse(&text), Err(ReservationNumberError::CheckDigit));
    }

    #[test]
    fn neighbours_exchanged_are_always_detected(
        serial in 0..100_000_000_u32,
        position in 0..ReservationNumber::LENGTH - 1,
    ) {
        let number = ReservationNumber::from_serial(serial);
        let mut digits = number.to_string().into_bytes();
        prop_assume!(digits[position] != digits[position + 1]);
        digits.swap(position, position + 1);
        let text = String::from_utf8(digits).unwrap();
        prop_assert_eq!(ReservationNumber::parse(&text), Err(ReservationNumberError::CheckDigit));
    }
}
