//! A card with a code in front of a camera: what light comes from where.

use super::chance::Chance;
use qrcode::{Color, EcLevel, QrCode};
use std::f64::consts::TAU;

/// The camera's focal length in pixels: about 55° across.
const FOCAL: f64 = 620.0;

/// Light around the code, in modules, as the standard wants it.
const QUIET: f64 = 4.0;

/// How the card is held.
#[derive(Clone, Copy)]
pub(super) struct Pose {
    /// Where its middle is, in pixels from the picture's middle.
    pub(super) middle: (f64, f64),
    /// Pixels a module.
    pub(super) scale: f64,
    /// Turned in its own plane, in radians.
    pub(super) spin: f64,
    /// Turned away from the camera, in radians …
    pub(super) tilt: f64,
    /// … about an axis of this direction.
    pub(super) lean: f64,
}

/// What stands before the camera. Brightness goes from 0 to 1; lengths on the card are in modules.
pub(super) struct Scene {
    pub(super) pose: Pose,
    /// Brightness of dark modules.
    pub(super) dark: f64,
    /// Brightness of light modules and of the card.
    pub(super) light: f64,
    /// Radius of the cylinder that the paper is bent around.
    pub(super) radius: Option<f64>,
    /// A screen's own pixels, with gaps between them; 0 for paper.
    pub(super) pixels_a_module: f64,
    modules: Vec<Vec<bool>>,
    /// Middle and radius of each blot.
    blots: Vec<(f64, f64, f64)>,
    ground: (f64, f64),
}

impl Scene {
    /// A pass held straight and well lit. None where the QR code cannot be made.
    pub(super) fn of(pass: &str, chance: &mut Chance) -> Option<Self> {
        let code = QrCode::with_error_correction_level(pass, EcLevel::M).ok()?;
        let rows = code.to_colors();
        let rows = rows.chunks(code.width());
        Some(Self {
            pose: Pose {
                middle: (chance.between(-60.0, 60.0), chance.between(-40.0, 40.0)),
                scale: chance.between(5.0, 7.0),
                spin: chance.between(-0.1, 0.1),
                tilt: chance.between(0.0, 0.1),
                lean: chance.angle(),
            },
            dark: 0.08,
            light: 0.82,
            radius: None,
            pixels_a_module: 0.0,
            modules: rows
                .map(|row| row.iter().map(|module| *module == Color::Dark).collect())
                .collect(),
            blots: Vec::new(),
            ground: (chance.between(20.0, 60.0), chance.between(20.0, 60.0)),
        })
    }

    /// Blots of ink, this many modules large together.
    pub(super) fn stain(&mut self, chance: &mut Chance, mut together: f64) {
        while together > 0.0 {
            let size = chance.between(0.6, 1.6).min(together);
            let half = self.half();
            let mut place = || chance.between(-half, half);
            self.blots.push((place(), place(), size));
            together -= size;
        }
    }

    /// A lamp mirrored somewhere in the code: middle and size in pixels.
    pub(super) fn glare(&self, chance: &mut Chance, modules: f64) -> (f64, f64, f64) {
        let reach = self.half() * self.pose.scale;
        let (x, y) = self.pose.middle;
        let mut off = || chance.between(-reach, reach);
        (x + off(), y + off(), modules * self.pose.scale)
    }

    /// Brightness of each pixel, row by row.
    pub(super) fn render(&self, (width, height): (u32, u32)) -> Vec<f32> {
        let (left, top) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
        let plane = Plane::of(&self.pose);
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        pixels
            .map(|(x, y)| {
                // A sensor's pixel sees a small area, not a point.
                let parts = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
                let seen = parts.map(|(dx, dy)| {
                    let (x, y) = (f64::from(x) + dx - left, f64::from(y) + dy - top);
                    self.on_card(plane.hit(x, y))
                        .unwrap_or_else(|| self.behind(x, y))
                });
                (seen.iter().sum::<f64>() / 4.0) as f32
            })
            .collect()
    }

    /// Half the code's width.
    fn half(&self) -> f64 {
        self.modules.len() as f64 / 2.0
    }

    /// Brightness at a place of the card's plane, in modules from the code's middle; none beside the card.
    fn on_card(&self, hit: Option<(f64, f64)>) -> Option<f64> {
        let (x, y) = hit?;
        let (x, shade) = match self.radius {
            // Paper around a cylinder turns away from the light towards its edges.
            Some(radius) if x.abs() < radius => {
                let angle = (x / radius).asin();
                (angle * radius, 0.4 + 0.6 * angle.cos())
            }
            Some(_) => return None,
            None => (x, 1.0),
        };
        let edge = self.half() + QUIET;
        (x.abs() < edge && y.abs() < edge).then(|| self.brightness(x, y) * shade)
    }

    fn brightness(&self, x: f64, y: f64) -> f64 {
        let blotted = |(bx, by, size): &(f64, f64, f64)| (x - bx).hypot(y - by) < *size;
        let base = if self.is_dark(x, y) || self.blots.iter().any(blotted) {
            self.dark
        } else {
            self.light
        };
        if self.pixels_a_module == 0.0 {
            return base;
        }
        let ripple = |at: f64| (at * self.pixels_a_module * TAU).cos();
        base * (1.0 - 0.06 * (2.0 - ripple(x) - ripple(y)))
    }

    fn is_dark(&self, x: f64, y: f64) -> bool {
        let (column, row) = (x + self.half(), y + self.half());
        if column < 0.0 || row < 0.0 {
            return false;
        }
        let row = self.modules.get(row as usize);
        row.and_then(|row| row.get(column as usize)) == Some(&true)
    }

    /// A room with edges in it.
    fn behind(&self, x: f64, y: f64) -> f64 {
        let (wide, high) = self.ground;
        let (column, row) = ((x / wide).floor(), (y / high).floor());
        let mixed = (column * 12.9898 + row * 78.233).sin() * 43_758.545;
        0.15 + 0.5 * mixed.rem_euclid(1.0)
    }
}

/// The card's plane in the camera's space, where the camera looks along z.
struct Plane {
    origin: [f64; 3],
    across: [f64; 3],
    down: [f64; 3],
    normal: [f64; 3],
    scale: f64,
}

impl Plane {
    fn of(pose: &Pose) -> Self {
        let turned = |vector| about(vector, pose.lean, pose.tilt);
        let (sin, cos) = pose.spin.sin_cos();
        Self {
            origin: [pose.middle.0, pose.middle.1, FOCAL],
            across: turned([cos, sin, 0.0]),
            down: turned([-sin, cos, 0.0]),
            normal: turned([0.0, 0.0, 1.0]),
            scale: pose.scale,
        }
    }

    /// Where the ray through a pixel meets the plane, in modules from the code's middle.
    fn hit(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let ray = [x, y, FOCAL];
        let away = dot(self.normal, self.origin) / dot(self.normal, ray);
        let [ox, oy, oz] = self.origin;
        let from_middle = [away * x - ox, away * y - oy, away * FOCAL - oz];
        (away > 0.0).then(|| {
            (
                dot(from_middle, self.across) / self.scale,
                dot(from_middle, self.down) / self.scale,
            )
        })
    }
}

fn dot([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3]) -> f64 {
    ax * bx + ay * by + az * bz
}

/// Turns a vector about an axis in the picture's plane (Rodrigues).
fn about([x, y, z]: [f64; 3], axis: f64, angle: f64) -> [f64; 3] {
    let (ay, ax) = axis.sin_cos();
    let (sin, cos) = angle.sin_cos();
    let along = (ax * x + ay * y) * (1.0 - cos);
    [
        x * cos + ay * z * sin + ax * along,
        y * cos - ax * z * sin + ay * along,
        z * cos + (ax * y - ay * x) * sin,
    ]
}
