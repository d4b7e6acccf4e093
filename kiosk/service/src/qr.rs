//! QR codes as modules, for screens that draw them themselves.

use api::signage::Qr;
use qrcode::{Color, EcLevel, QrCode};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Codes kept: a centre shows its Wi-Fi and at most six addresses, and they change with what the office sends.
const KEPT: usize = 8;

static DRAWN: Mutex<VecDeque<(String, Option<Qr>)>> = Mutex::new(VecDeque::new());

/// `text` as a QR of correction level M; none when it is too long for any. The last few are kept: screens are told the same ones with
/// every change.
pub fn encode(text: &str) -> Option<Qr> {
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, code)) = drawn.iter().find(|(known, _)| known == text) {
        return code.clone();
    }
    let code = draw(text);
    if drawn.len() == KEPT {
        drawn.pop_front();
    }
    drawn.push_back((text.to_owned(), code.clone()));
    code
}

fn draw(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let row = |colors: &[Color]| {
        colors
            .iter()
            .map(|color| if *color == Color::Dark { '1' } else { '0' })
            .collect()
    };
    Some(Qr {
        size: u32::try_from(width).ok()?,
        rows: code.to_colors().chunks(width).map(row).collect(),
    })
}
