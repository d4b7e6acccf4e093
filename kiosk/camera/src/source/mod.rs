//! Where pictures come from. What is missing or broken is a [`Fault`], shown and tried again, and never ends the program.

mod folder;
mod video;

pub use folder::Folder;
pub use video::Video;

use crate::frame::Frame;
use std::path::PathBuf;

/// What one look at a source gave.
#[derive(Debug)]
pub enum Look {
    /// A picture.
    Picture(Frame),
    /// No picture, so nothing is held up.
    Nothing,
    /// A picture that could not be used, and why. It says nothing about what is in view.
    Spoilt(String),
}

/// Something that gives pictures.
pub trait Source {
    /// The next picture. Waits at most a few seconds.
    ///
    /// # Errors
    /// When the source is gone or broken; it is opened anew then.
    fn look(&mut self) -> Result<Look, Fault>;
}

/// Why there are no pictures, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing there.
    #[error(
        "nothing is plugged in at {}: plug the camera in, or name its device (`ls /dev/v4l/by-id`)", .path.display()
    )]
    NotThere {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There, but of no use.
    #[error(
        "{} cannot be used as a camera ({detail}): check that it is a USB camera, that this user may read it, and that nothing else uses it", .path.display()
    )]
    CannotOpen {
        /// The device.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// It delivers pictures in forms that are not known here.
    #[error(
        "{} offers none of the forms that can be read ({wanted}): use another camera", .path.display()
    )]
    NoForm {
        /// The device.
        path: PathBuf,
        /// What can be read.
        wanted: &'static str,
    },
    /// It was there and is not any more.
    #[error("the camera was unplugged or does not answer ({detail}): plug it in again")]
    Unplugged {
        /// What the system said.
        detail: String,
    },
    /// The folder cannot be read.
    #[error("the folder {} cannot be read ({detail}): make it, or name another", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
}
