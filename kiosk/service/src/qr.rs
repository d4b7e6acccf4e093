//! QR codes as modules, for screens that draw them themselves.

use api::signage::Qr;
use qrcode::{Color, EcLevel, QrCode};

/// `text` as a QR of correction level M; none when it is too long for any.
pub fn encode(text: &str) -> Option<Qr> {
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
