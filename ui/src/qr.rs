//! QR codes as pictures of one pixel a module.

use api::screen::Qr;
use qrcode::{Color, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// Modules of white around a code, without which readers may not find it (ISO/IEC 18004).
const QUIET: usize = 4;

/// The code with its quiet zone. Rows shorter than the code's side are white at the end.
pub fn image(qr: &Qr) -> Image {
    let rows: Vec<Vec<bool>> = qr
        .rows
        .iter()
        .map(|row| row.chars().map(|module| module == '1').collect())
        .collect();
    draw(&rows, QUIET)
}

/// The code in the drawing of a telephone. It says nothing a reader could act on.
pub fn sample() -> Image {
    let Ok(code) = QrCode::new(b"GENKAN") else {
        return Image::default();
    };
    let rows: Vec<Vec<bool>> = code
        .to_colors()
        .chunks(code.width())
        .map(|row| row.iter().map(|c| *c == Color::Dark).collect())
        .collect();
    draw(&rows, 0)
}

fn draw(rows: &[Vec<bool>], quiet: usize) -> Image {
    let side = rows.len() + 2 * quiet;
    let Ok(pixels) = u32::try_from(side) else {
        return Image::default();
    };
    let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(pixels, pixels);
    for (index, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = (index % side, index / side);
        let module = y
            .checked_sub(quiet)
            .and_then(|y| rows.get(y))
            .and_then(|row| row.get(x.checked_sub(quiet)?));
        let dark = module.copied().unwrap_or(false);
        *pixel = if dark {
            Rgb8Pixel {
                r: 0x14,
                g: 0x21,
                b: 0x3D,
            }
        } else {
            Rgb8Pixel {
                r: 255,
                g: 255,
                b: 255,
            }
        };
    }
    Image::from_rgb8(buffer)
}
