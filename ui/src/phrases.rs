//! Where lines may break: between phrases, never inside a word.
//!
//! Japanese has no spaces, so the texts of the screens mark with `|` where a line may end. Everything between two marks is held
//! together with U+2060 WORD JOINER; a text without marks (English) is left alone.

const WORD_JOINER: char = '\u{2060}';
const NO_BREAK_SPACE: char = '\u{a0}';

/// The text as it is laid out.
///
/// ```
/// assert_eq!(ui::phrases::join("満席|です"), "満\u{2060}席で\u{2060}す");
/// assert_eq!(ui::phrases::join("Yours until 14:42"), "Yours until 14:42");
/// ```
pub fn join(text: &str) -> String {
    if !text.contains('|') {
        return text.to_owned();
    }
    text.split('|').map(join_phrase).collect()
}

/// The text without marks, as it is spoken.
pub fn plain(text: &str) -> String {
    text.replace('|', "")
}

fn join_phrase(phrase: &str) -> String {
    let mut joined = String::with_capacity(phrase.len() * 2);
    let mut before: Option<char> = None;
    for character in phrase.chars() {
        let is_break = |c: char| c == '\n';
        // Letters and digits of a Latin word hold together by themselves, and kerning wants no joiner between them.
        if before
            .is_some_and(|before| !is_break(before) && !(before.is_ascii() && character.is_ascii()))
            && !is_break(character)
        {
            joined.push(WORD_JOINER);
        }
        joined.push(if character == ' ' {
            NO_BREAK_SPACE
        } else {
            character
        });
        before = Some(character);
    }
    joined
}
