//! Pictures of passes as a camera at a door sees them, made from a seed: the measure for decoders (decision 0022).
//!
//! A pass is a real one: 28 characters, version 2-M. Each kind of trouble comes in steps from hardly any to more than can be asked, so
//! that a better decoder reads more of it. The same seed makes the same pictures, bit by bit, on one machine.
#![allow(dead_code, reason = "each test uses a part of it")]

mod chance;
mod light;
mod scene;

use chance::Chance;
use light::Trouble;
use scene::{Pose, Scene};

/// Width and height of every picture, in pixels.
pub const SIZE: (u32, u32) = (640, 480);

/// What makes a picture hard to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Straight,
    /// Held at any angle.
    Turned,
    /// Seen from the side, up to 65°.
    Tilted,
    /// Far away: from 3.5 down to 1.5 pixels a module.
    Small,
    /// Out of focus, up to half a module.
    Blurred,
    /// Moved while the shutter was open, up to one and a half modules.
    Moving,
    /// A lamp mirrored in the card.
    Glare,
    /// Off a telephone: moiré, bands, little contrast.
    Screen,
    /// Little light and much noise.
    Dim,
    /// On paper bent around a cylinder.
    Curved,
    /// Grains as of an old sensor.
    Noisy,
    /// Light modules on dark, as telephones draw them at night.
    Inverted,
    /// Half of it in a shadow.
    Shadowed,
    /// Blots on the paper.
    Stained,
    /// A little of several of these: what comes most often.
    Everyday,
}

impl Kind {
    /// All, in the order of the table.
    pub const ALL: [Self; 15] = [
        Self::Straight,
        Self::Turned,
        Self::Tilted,
        Self::Small,
        Self::Blurred,
        Self::Moving,
        Self::Glare,
        Self::Screen,
        Self::Dim,
        Self::Curved,
        Self::Noisy,
        Self::Inverted,
        Self::Shadowed,
        Self::Stained,
        Self::Everyday,
    ];

    /// What the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Straight => "straight",
            Self::Turned => "turned",
            Self::Tilted => "tilted",
            Self::Small => "small",
            Self::Blurred => "blurred",
            Self::Moving => "moving",
            Self::Glare => "glare",
            Self::Screen => "screen",
            Self::Dim => "dim",
            Self::Curved => "curved",
            Self::Noisy => "noisy",
            Self::Inverted => "inverted",
            Self::Shadowed => "shadowed",
            Self::Stained => "stained",
            Self::Everyday => "everyday",
        }
    }
}

/// A picture and what is to be read in it.
#[derive(Clone)]
pub struct Picture {
    /// Its trouble.
    pub kind: Kind,
    /// The pass.
    pub pass: String,
    /// Brightness of each pixel, row by row, of [`SIZE`].
    pub luma: Vec<u8>,
}

/// Makes `steps` pictures of a kind, from the easiest to the hardest. None where the QR code cannot be made.
pub fn of_kind(seed: u64, kind: Kind, steps: u32) -> Option<Vec<Picture>> {
    (0..steps)
        .map(|step| {
            let mut chance = Chance::new(seed, kind.name(), step);
            let hardness = f64::from(step + 1) / f64::from(steps);
            picture(&mut chance, kind, hardness)
        })
        .collect()
}

/// A picture of this pass, well held and well lit. None where the QR code cannot be made.
pub fn of_pass(seed: u64, pass: &str) -> Option<Vec<u8>> {
    let mut chance = Chance::new(seed, pass, 0);
    let scene = Scene::of(pass, &mut chance)?;
    let trouble = Trouble::slight(&mut chance);
    Some(trouble.over(&scene.render(SIZE), SIZE, &mut chance))
}

/// One picture; `hardness` from 0 to 1.
fn picture(chance: &mut Chance, kind: Kind, hardness: f64) -> Option<Picture> {
    let pass = chance.pass();
    let mut scene = Scene::of(&pass, chance)?;
    let mut trouble = Trouble::slight(chance);
    let up_to = |least: f64, most: f64| least + (most - least) * hardness;
    match kind {
        Kind::Straight => {}
        Kind::Turned => scene.pose.spin = chance.angle(),
        Kind::Tilted => scene.pose.tilt = up_to(15.0, 65.0).to_radians(),
        Kind::Small => scene.pose.scale = up_to(3.5, 1.5),
        Kind::Blurred => trouble.blur = scene.pose.scale * up_to(0.1, 0.5),
        Kind::Moving => trouble.smear = (scene.pose.scale * up_to(0.3, 1.5), chance.angle()),
        Kind::Glare => trouble.glare = Some(scene.glare(chance, up_to(1.0, 9.0))),
        Kind::Screen => {
            (scene.dark, scene.light) = (up_to(0.1, 0.38), 0.6);
            scene.pixels_a_module = chance.between(2.0, 5.0);
            trouble.moire = up_to(0.05, 0.3);
        }
        Kind::Dim => {
            (scene.dark, scene.light) = (0.04, up_to(0.4, 0.1));
            trouble.grain = up_to(0.01, 0.04);
        }
        Kind::Curved => scene.radius = Some(up_to(60.0, 14.5)),
        Kind::Noisy => trouble.grain = up_to(0.05, 0.3),
        Kind::Inverted => {
            std::mem::swap(&mut scene.dark, &mut scene.light);
            scene.pose.scale = up_to(6.0, 2.5);
        }
        Kind::Shadowed => trouble.shadow = Some((chance.angle(), up_to(0.6, 0.08))),
        Kind::Stained => scene.stain(chance, up_to(1.0, 9.0)),
        Kind::Everyday => everyday(&mut scene, &mut trouble, chance, hardness),
    }
    Some(Picture {
        kind,
        luma: trouble.over(&scene.render(SIZE), SIZE, chance),
        pass,
    })
}

fn everyday(scene: &mut Scene, trouble: &mut Trouble, chance: &mut Chance, hardness: f64) {
    scene.pose = Pose {
        spin: chance.angle(),
        tilt: (40.0 * hardness).to_radians(),
        scale: chance.between(3.0, 6.0),
        ..scene.pose
    };
    trouble.blur = scene.pose.scale * 0.25 * hardness;
    trouble.grain = 0.05 * hardness;
    if chance.happens(0.5) {
        (scene.dark, scene.light) = (0.2, 0.7);
        scene.pixels_a_module = 4.0;
        trouble.moire = 0.12 * hardness;
    } else {
        scene.radius = Some(60.0 - 30.0 * hardness);
        trouble.shadow = Some((chance.angle(), 1.0 - 0.5 * hardness));
    }
}
