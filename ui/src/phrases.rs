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
        if before.is_some_and(|before| wants_joiner(before, character)) {
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

/// Letters and digits of a Latin word hold together by themselves, and kerning wants no joiner between them.
fn wants_joiner(before: char, after: char) -> bool {
    let latin_word = before.is_ascii() && after.is_ascii();
    !latin_word && before != '\n' && after != '\n'
}

/// Marks where a text from the office may break: before an opening bracket, after a closing one or a stop, after a particle that
/// another script follows, and before a number that follows a word. Rough: it finds few places, and those are good. Texts without
/// Japanese are left alone.
///
/// ```
/// assert_eq!(ui::phrases::mark("はじめてのExcel（就職希望者向け）"), "はじめての|Excel|（就職希望者向け）");
/// assert_eq!(ui::phrases::mark("本日は終日お休みします"), "本日は|終日お休みします");
/// assert_eq!(ui::phrases::mark("相談室1・2"), "相談室|1・2");
/// assert_eq!(ui::phrases::mark("夜のセミナー：補助金"), "夜の|セミナー：|補助金");
/// assert_eq!(ui::phrases::mark("Excel for beginners"), "Excel for beginners");
/// ```
pub fn mark(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    for character in text.chars() {
        if before.is_some_and(|before| breaks_between(before, character)) {
            marked.push('|');
        }
        marked.push(character);
        before = Some(character);
    }
    marked
}

fn breaks_between(before: char, after: char) -> bool {
    const STOPS: &str = "、。：）」』】";
    // Others end words as often as they stand within them: 申し込み, お休み, 立て替え.
    const PARTICLES: &str = "のはがをにでともへや";
    if STOPS.contains(after) {
        return false;
    }
    STOPS.contains(before)
        || "（「『【".contains(after)
        || (PARTICLES.contains(before)
            && after.is_alphanumeric()
            && !is_hiragana(after)
            && after != 'ー')
        || (is_ideograph(before) && after.is_ascii_digit())
}

fn is_hiragana(character: char) -> bool {
    ('\u{3041}'..='\u{309f}').contains(&character)
}

fn is_ideograph(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}
