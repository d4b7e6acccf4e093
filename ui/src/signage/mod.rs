//! The signage program: the 50-inch display over HDMI.

pub mod board;
pub mod pictures;
pub mod program;

mod stage;
mod views;

pub use stage::Stage;

/// The display across, in logical pixels.
pub const LANDSCAPE: (u32, u32) = (1920, 1080);
/// The display upright, in logical pixels.
pub const PORTRAIT: (u32, u32) = (1080, 1920);
/// A display of four times the pixels across; the layout is the same.
pub const FOUR_K: (u32, u32) = (3840, 2160);

/// How many pixels of a panel one logical pixel takes, so that the layout fits the panel whole.
///
/// ```
/// use ui::signage::{FOUR_K, LANDSCAPE, PORTRAIT, scale};
/// assert_eq!([LANDSCAPE, PORTRAIT, FOUR_K].map(scale), [1.0, 1.0, 2.0]);
/// ```
pub fn scale((width, height): (u32, u32)) -> f32 {
    let (across, down) = if height > width { PORTRAIT } else { LANDSCAPE };
    (width as f32 / across as f32).min(height as f32 / down as f32)
}
