//! Every text of the screens has an English translation with the same places to fill, and every character of either has a glyph.
//! A missing glyph would be drawn as nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const FONTS: [&str; 2] = [
    "fonts/BIZUDPGothic-Regular.ttf",
    "fonts/BIZUDPGothic-Bold.ttf",
];
/// Names, dates and places that come from the office; a sample of what they are written with.
const FROM_OUTSIDE: &str =
    "江東区亀戸髙﨑齋邉邊辻月火水木金土日０１２～・（）「」ー々〆Excel DX-AI/PC 0123456789:;'\"&";

fn crate_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn slint_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let mut found: Vec<_> = files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "slint"))
        .collect();
    found.extend(folders.iter().flat_map(|folder| slint_files(folder)));
    found
}

/// The string literal at the start of `text`, unescaped.
fn literal(text: &str) -> Option<String> {
    let mut characters = text.strip_prefix('"')?.chars();
    let mut value = String::new();
    loop {
        match characters.next()? {
            '"' => return Some(value),
            '\\' => value.push(match characters.next()? {
                'n' => '\n',
                other => other,
            }),
            other => value.push(other),
        }
    }
}

fn sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in slint_files(&crate_file("slint")) {
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("@tr(") {
            let source = literal(text[at + 4..].trim_start());
            found.insert(
                source.unwrap_or_else(|| panic!("{}: @tr without a plain text", path.display())),
            );
        }
    }
    assert!(
        found.len() > 80,
        "only {} texts found: this test no longer reads the screens",
        found.len()
    );
    found
}

fn translations(language: &str) -> BTreeMap<String, String> {
    let text =
        std::fs::read_to_string(crate_file(&format!("lang/{language}/LC_MESSAGES/ui.po"))).unwrap();
    let mut found = BTreeMap::new();
    let mut source = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("msgid ") {
            source = literal(rest).unwrap();
        } else if let Some(rest) = line.strip_prefix("msgstr ") {
            found.insert(source.clone(), literal(rest).unwrap());
        }
    }
    found.remove("");
    found
}

#[test]
fn every_text_is_translated_and_no_translation_is_left_over() {
    let (sources, english) = (sources(), translations("en"));
    let translated: BTreeSet<String> = english.keys().cloned().collect();
    let missing: Vec<_> = sources.difference(&translated).collect();
    let left_over: Vec<_> = translated.difference(&sources).collect();
    assert!(
        missing.is_empty(),
        "add to ui/lang/en/LC_MESSAGES/ui.po: {missing:#?}"
    );
    assert!(
        left_over.is_empty(),
        "no screen says this any more; take it out of ui/lang/en/LC_MESSAGES/ui.po: {left_over:#?}"
    );
    let empty: Vec<_> = english
        .iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(source, _)| source)
        .collect();
    assert!(empty.is_empty(), "translate: {empty:#?}");
}

#[test]
fn translations_have_the_places_of_their_sources() {
    for (source, text) in translations("en") {
        assert_eq!(
            source.matches("{}").count(),
            text.matches("{}").count(),
            "{source} → {text}"
        );
        assert!(!text.contains('|'), "{text}: English breaks at its spaces");
    }
}

#[test]
fn every_character_has_a_glyph_in_both_weights() {
    let mut characters: BTreeSet<char> = FROM_OUTSIDE.chars().collect();
    for path in slint_files(&crate_file("slint")) {
        let text = std::fs::read_to_string(&path).unwrap();
        // Plain texts too: a language's own name is not translated.
        for (at, _) in text.match_indices('"') {
            characters.extend(literal(&text[at..]).unwrap_or_default().chars());
        }
    }
    characters.extend(translations("en").values().flat_map(|text| text.chars()));
    for font in FONTS {
        let data = std::fs::read(crate_file(font)).unwrap();
        let face = ttf_parser::Face::parse(&data, 0).unwrap();
        let missing: String = characters
            .iter()
            .filter(|c| !c.is_control() && face.glyph_index(**c).is_none())
            .collect();
        assert!(
            missing.is_empty(),
            "{font} has no glyph for {missing:?}; use other characters"
        );
    }
}
