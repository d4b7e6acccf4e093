//! From the bytes of a file to its text: UTF-8 with or without a byte order mark, else CP932 as Excel in Japan writes it. Both strict:
//! a character that cannot be read is an error with its line, never a replacement character in somebody's name.

use encoding_rs::SHIFT_JIS;

/// Text that is in neither encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// UTF-16, as "Unicode text" exports are.
    #[error("UTF-16 のファイルです。「CSV UTF-8」で保存し直してください")]
    Utf16,
    /// It says that it is UTF-8 and is not.
    #[error(
        "{line} 行目に UTF-8 として読めない文字があります。「CSV UTF-8」で保存し直してください"
    )]
    Utf8 {
        /// The line, from 1.
        line: usize,
    },
    /// Neither.
    #[error(
        "{line} 行目に UTF-8 としても Shift_JIS(CP932) としても読めない文字があります。「CSV UTF-8」で保存し直してください"
    )]
    Neither {
        /// The line that is not CP932 either, from 1.
        line: usize,
    },
}

/// The text of a file.
///
/// # Errors
/// Bytes that are in none of the encodings.
pub fn decode(bytes: &[u8]) -> Result<String, EncodingError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(EncodingError::Utf16);
    }
    let (marked, content) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    match std::str::from_utf8(content) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) if marked => {
            let before = content.get(..error.valid_up_to()).unwrap_or_default();
            Err(EncodingError::Utf8 {
                line: lines_in(before) + 1,
            })
        }
        Err(_) => decode_cp932(content),
    }
}

/// No second byte of a CP932 character is a line end, so lines can be decoded one by one.
fn decode_cp932(bytes: &[u8]) -> Result<String, EncodingError> {
    let mut text = String::with_capacity(bytes.len() * 2);
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match SHIFT_JIS.decode_without_bom_handling_and_without_replacement(line) {
            Some(decoded) => text.push_str(&decoded),
            None => return Err(EncodingError::Neither { line: index + 1 }),
        }
    }
    Ok(text)
}

fn lines_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}
