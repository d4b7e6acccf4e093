//! PNG and JPEG, as files and as single pictures of a camera.

use crate::frame::{Frame, FrameError, check_size};
use image::{ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// The most memory a picture may take while it is decoded: every pixel allowed, in the widest form there is.
const MOST_MEMORY: u64 = crate::frame::MOST_PIXELS * 8;

/// Why a file is no picture for us.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Not PNG or JPEG, or damaged.
    #[error("the picture cannot be decoded; PNG and JPEG can be read")]
    Undecodable(#[source] ImageError),
    /// Its size is out of bounds.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

/// Decodes the bytes of a PNG or JPEG file.
///
/// # Errors
/// When they are none, are damaged, or are too large.
pub fn decode(bytes: &[u8]) -> Result<Frame, PictureError> {
    let format = image::guess_format(bytes).map_err(PictureError::Undecodable)?;
    decode_as(bytes, format)
}

/// Decodes one picture of a camera that sends JPEG.
///
/// # Errors
/// When it is damaged or too large.
pub fn decode_jpeg(bytes: &[u8]) -> Result<Frame, PictureError> {
    decode_as(bytes, ImageFormat::Jpeg)
}

fn decode_as(bytes: &[u8], format: ImageFormat) -> Result<Frame, PictureError> {
    let reader = || {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
        reader
    };
    // The size first: nothing is decoded that would be thrown away.
    let (width, height) = reader()
        .into_dimensions()
        .map_err(PictureError::Undecodable)?;
    check_size(width, height)?;
    let grey = reader()
        .decode()
        .map_err(PictureError::Undecodable)?
        .into_luma8();
    Ok(Frame::new(width, height, grey.into_raw())?)
}
