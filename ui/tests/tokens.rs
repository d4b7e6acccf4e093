//! The tokens keep their promise: text is at least 7:1 on every ground it stands on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

/// Text and the grounds it stands on.
const PAIRS: [(&str, &[&str]); 14] = [
    (
        "sumi",
        &[
            "paper",
            "card",
            "line",
            "ai-tint",
            "matsu-tint",
            "kuri-tint",
            "fuji-tint",
        ],
    ),
    (
        "mute",
        &["paper", "card", "matsu-tint", "kuri-tint", "fuji-tint"],
    ),
    ("ai", &["card", "ai-tint"]),
    ("matsu", &["card"]),
    ("kuri", &["kuri-tint"]),
    ("fuji", &["card", "fuji-tint"]),
    ("akane", &["card"]),
    ("card", &["ai", "ai-deep", "matsu", "kuri", "fuji", "akane"]),
    (
        "paper",
        &["ai", "sumi", "night-card", "night-pill", "night-chip"],
    ),
    ("free-on-ai", &["ai"]),
    ("full-on-ai", &["ai"]),
    ("night-mute", &["sumi", "night-card"]),
    ("night-fuji", &["night-card"]),
    ("night-kuri", &["sumi", "night-card"]),
];

fn colours() -> BTreeMap<String, [f64; 3]> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("slint/theme.slint");
    let text = std::fs::read_to_string(path).unwrap();
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let Some(rest) = line.trim().strip_prefix("out property <color> ") else {
            continue;
        };
        let (name, value) = rest.split_once(": #").unwrap();
        let channel =
            |at: usize| f64::from(u8::from_str_radix(&value[at..at + 2], 16).unwrap()) / 255.0;
        found.insert(name.to_owned(), [channel(0), channel(2), channel(4)]);
    }
    found
}

/// Relative luminance (WCAG 2.2).
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|c| {
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_from_its_ground() {
    let colours = colours();
    for (text, grounds) in PAIRS {
        for ground in grounds {
            let contrast = contrast(colours[text], colours[*ground]);
            assert!(contrast >= 7.0, "{text} on {ground} is {contrast:.2}:1");
        }
    }
}
