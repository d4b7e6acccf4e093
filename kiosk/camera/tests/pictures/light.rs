//! What lens, sensor and lamps do to a scene.

use super::chance::Chance;
use std::f64::consts::TAU;

/// What happens to the light on its way into the picture. Lengths are in pixels.
pub(super) struct Trouble {
    /// Deviation of the blur of a lens out of focus.
    pub(super) blur: f64,
    /// Length and direction of a movement while the shutter was open.
    pub(super) smear: (f64, f64),
    /// Deviation of the sensor's noise, as brightness.
    pub(super) grain: f64,
    /// Middle and size of a lamp's mirror image.
    pub(super) glare: Option<(f64, f64, f64)>,
    /// Depth of the beat between a screen's pixels and the sensor's.
    pub(super) moire: f64,
    /// Direction of a shadow's edge through the picture's middle, and the light left in it.
    pub(super) shadow: Option<(f64, f64)>,
    /// How unevenly the room is lit, and from where.
    slope: (f64, f64),
}

impl Trouble {
    /// As much as there always is.
    pub(super) fn slight(chance: &mut Chance) -> Self {
        Self {
            blur: 0.5,
            smear: (0.0, 0.0),
            grain: 0.01,
            glare: None,
            moire: 0.0,
            shadow: None,
            slope: (0.15, chance.angle()),
        }
    }

    /// The picture that a camera makes of what it sees.
    pub(super) fn over(&self, scene: &[f32], size: (u32, u32), chance: &mut Chance) -> Vec<u8> {
        let (width, height) = (size.0 as usize, size.1 as usize);
        let lit = self.lit(scene, size, chance);
        let blurred = blur(&lit, width, height, self.blur);
        let smeared = smear(&blurred, width, height, self.smear);
        smeared
            .iter()
            .map(|value| {
                let noisy = f64::from(*value) + self.grain * chance.grain();
                (noisy * 255.0).clamp(0.0, 255.0) as u8
            })
            .collect()
    }

    fn lit(&self, scene: &[f32], (width, height): (u32, u32), chance: &mut Chance) -> Vec<f32> {
        let (left, top) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        let beat = (chance.between(0.02, 0.12), chance.between(0.02, 0.12));
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        pixels
            .zip(scene)
            .map(|((x, y), value)| {
                let (x, y) = (f64::from(x) - left, f64::from(y) - top);
                self.at(x, y, beat, f64::from(*value)) as f32
            })
            .collect()
    }

    /// The light that arrives from one place, `x` and `y` from the picture's middle.
    fn at(&self, x: f64, y: f64, beat: (f64, f64), value: f64) -> f64 {
        let (depth, from) = self.slope;
        let toward = |angle: f64| x * angle.cos() + y * angle.sin();
        let mut value = value * (1.0 + depth * toward(from) / 320.0);
        if let Some((edge, left)) = self.shadow {
            // Soft over a few pixels, as shadows are.
            let share = (toward(edge) / 6.0).clamp(-1.0, 1.0) / 2.0 + 0.5;
            value *= left + (1.0 - left) * share;
        }
        let wave = (x * beat.0 * TAU).sin() * (y * beat.1 * TAU).cos();
        let band = (y / 37.0 * TAU).sin();
        value *= 1.0 + self.moire * (wave + 0.4 * band);
        if let Some((gx, gy, size)) = self.glare {
            let distance = (x - gx).hypot(y - gy) / size;
            value += 1.2 * (1.6 - 1.6 * distance).clamp(0.0, 1.0);
        }
        value
    }
}

/// A Gaussian in both directions.
fn blur(from: &[f32], width: usize, height: usize, deviation: f64) -> Vec<f32> {
    let reach = (deviation * 3.0).ceil() as i64;
    let weights: Vec<(i64, f32)> = (-reach..=reach)
        .map(|offset| {
            let far = offset as f64 / deviation;
            (offset, (-far * far / 2.0).exp() as f32)
        })
        .collect();
    let along = along(from, width, height, &weights, (1, 0));
    self::along(&along, width, height, &weights, (0, 1))
}

/// The mean along a line.
fn smear(from: &[f32], width: usize, height: usize, (length, angle): (f64, f64)) -> Vec<f32> {
    if length <= 0.0 {
        return from.to_vec();
    }
    let half = (length * 2.0).ceil() as i64;
    let mut sum = vec![0.0; from.len()];
    for step in -half..=half {
        let at = length * step as f64 / (2 * half) as f64;
        let shift = (at * angle.cos(), at * angle.sin());
        let shift = (shift.0.round() as i64, shift.1.round() as i64);
        let moved = along(from, width, height, &[(1, 1.0)], shift);
        for (sum, value) in sum.iter_mut().zip(moved) {
            *sum += value / (2 * half + 1) as f32;
        }
    }
    sum
}

/// Each pixel from its neighbours in one direction, by weight. Beyond the edge lies what lies at it.
fn along(
    from: &[f32],
    width: usize,
    height: usize,
    weights: &[(i64, f32)],
    (dx, dy): (i64, i64),
) -> Vec<f32> {
    let total: f32 = weights.iter().map(|(_, weight)| weight).sum();
    let inside = |at: i64, length: usize| at.clamp(0, length as i64 - 1) as usize;
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels
        .map(|(x, y)| {
            let sum: f32 = weights
                .iter()
                .map(|(offset, weight)| {
                    let column = inside(x as i64 + dx * offset, width);
                    let row = inside(y as i64 + dy * offset, height);
                    from.get(row * width + column).copied().unwrap_or_default() * weight
                })
                .sum();
            sum / total
        })
        .collect()
}
