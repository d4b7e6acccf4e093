//! One tile of the ground: a hairline asanoha lattice, as cut into Edo-kiriko glass.

use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

/// Width of the tile in pixels: one triangle's side.
const WIDTH: u32 = 112;
/// Height of the tile in pixels: two triangles, 112 × √3 rounded.
const HEIGHT: u32 = 194;
/// Strength of the line at its centre, of 255.
const STRENGTH: f32 = 15.0;
const INK: [u8; 3] = [0x14, 0x21, 0x3D];

/// The tile: transparent but for its lines.
pub fn tile() -> Image {
    let lines = lines();
    let mut buffer = SharedPixelBuffer::<Rgba8Pixel>::new(WIDTH, HEIGHT);
    let coordinates = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    for (pixel, (x, y)) in buffer.make_mut_slice().iter_mut().zip(coordinates) {
        let point = (x as f32 + 0.5, y as f32 + 0.5);
        let nearest = lines
            .iter()
            .map(|line| distance(*line, point))
            .fold(f32::MAX, f32::min);
        let alpha = (1.2 - nearest).clamp(0.0, 1.0) * STRENGTH;
        let [r, g, b] = INK;
        *pixel = Rgba8Pixel {
            r,
            g,
            b,
            a: alpha.round() as u8,
        };
    }
    Image::from_rgba8(buffer)
}

type Line = ((f32, f32), (f32, f32));

/// The sides of the triangles of two rows, and in each triangle the strokes from its corners to its middle.
fn lines() -> Vec<Line> {
    let (side, row) = (WIDTH as f32, HEIGHT as f32 / 2.0);
    let mut lines = Vec::new();
    for band in -1..3_i8 {
        let top = f32::from(band) * row;
        let shift = if band % 2 == 0 { 0.0 } else { side / 2.0 };
        for column in -2..3_i8 {
            let left = f32::from(column) * side + shift;
            let (a, b) = ((left, top), (left + side, top));
            let (c, d) = (
                (left + side / 2.0, top + row),
                (left - side / 2.0, top + row),
            );
            lines.extend([(a, b), (a, c), (a, d)]);
            for triangle in [[a, b, c], [a, c, d]] {
                let sum = triangle.iter().fold((0.0, 0.0), |sum, corner| {
                    (sum.0 + corner.0, sum.1 + corner.1)
                });
                let middle = (sum.0 / 3.0, sum.1 / 3.0);
                lines.extend(triangle.map(|corner| (corner, middle)));
            }
        }
    }
    lines
}

fn distance((from, to): Line, point: (f32, f32)) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let along =
        (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}
