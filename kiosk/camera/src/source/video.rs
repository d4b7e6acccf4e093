//! A USB camera, by Video4Linux.
//!
//! The library under it panics where a driver answers what it does not know, and where a camera goes away at a bad moment. Each call is
//! guarded: such a panic is a fault like any other.

use super::{Fault, Look, Source};
use crate::frame::{Frame, Layout};
use crate::picture;
use moq_v4l::buffer::Type;
use moq_v4l::io::mmap::Stream;
use moq_v4l::io::traits::CaptureStream;
use moq_v4l::video::Capture;
use moq_v4l::{Device, Format, FourCC};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

/// What is asked for; the camera chooses the nearest it has. Enough for a pass three centimetres wide at thirty.
const WANTED: (u32, u32) = (1280, 720);

/// Pictures the camera may make ahead. Few: an old picture is of somebody who has gone.
const AHEAD: u32 = 2;

/// A camera that delivers nothing for so long hangs.
const SILENCE: Duration = Duration::from_secs(5);

/// The forms that can be read, the best first. JPEG comes last: it takes time, and blurs edges.
const FORMS: [(&[u8; 4], Form); 6] = [
    (b"GREY", Form::Rows { step: 1, first: 0 }),
    (b"YUYV", Form::Rows { step: 2, first: 0 }),
    (b"UYVY", Form::Rows { step: 2, first: 1 }),
    (b"NV12", Form::Rows { step: 1, first: 0 }),
    (b"YU12", Form::Rows { step: 1, first: 0 }),
    (b"MJPG", Form::Jpeg),
];

const FORMS_IN_WORDS: &str = "grey, YUYV, UYVY, NV12, YU12, Motion JPEG";

/// How a picture lies in the bytes that a camera delivers.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// Brightness in rows, by steps of so many bytes.
    Rows { step: usize, first: usize },
    /// A JPEG file each.
    Jpeg,
}

/// A camera that delivers pictures.
pub struct Video {
    /// Taken out when it is dropped.
    stream: Option<Stream<'static>>,
    form: Form,
    width: u32,
    height: u32,
    row: usize,
}

impl Video {
    /// Opens a device and has it begin.
    ///
    /// # Errors
    /// When nothing is there, or it is no camera that can be read.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        if !path.exists() {
            return Err(Fault::NotThere {
                path: path.to_owned(),
            });
        }
        let opened = guarded(|| start(path));
        opened
            .map_err(|error| Fault::CannotOpen {
                path: path.to_owned(),
                detail: error.to_string(),
            })?
            .ok_or_else(|| Fault::NoForm {
                path: path.to_owned(),
                wanted: FORMS_IN_WORDS,
            })
    }

    fn frame(&self, bytes: &[u8]) -> Look {
        let frame = match self.form {
            Form::Rows { step, first } => {
                let layout = Layout {
                    width: self.width,
                    height: self.height,
                    row: self.row,
                    step,
                    first,
                };
                Frame::from_camera(bytes, layout).map_err(|error| error.to_string())
            }
            Form::Jpeg => picture::decode_jpeg(bytes).map_err(|error| error.to_string()),
        };
        frame.map_or_else(Look::Spoilt, Look::Picture)
    }
}

/// The first form of ours that the camera agrees to; none where it has no such form.
fn start(path: &Path) -> io::Result<Option<Video>> {
    let device = Device::with_path(path)?;
    let usual = device.format()?;
    for (name, form) in FORMS {
        let wanted = Format {
            width: WANTED.0,
            height: WANTED.1,
            fourcc: FourCC::new(name),
            ..usual
        };
        // A camera that has no such form chooses another one, or refuses.
        let Ok(agreed) = device.set_format(&wanted) else {
            continue;
        };
        if agreed.fourcc != wanted.fourcc {
            continue;
        }
        let mut stream = Stream::with_buffers(&device, Type::VideoCapture, AHEAD)?;
        stream.set_timeout(SILENCE);
        return Ok(Some(Video {
            stream: Some(stream),
            form,
            width: agreed.width,
            height: agreed.height,
            row: agreed.stride as usize,
        }));
    }
    Ok(None)
}

impl Source for Video {
    fn look(&mut self) -> Result<Look, Fault> {
        let stream = &mut self.stream;
        let bytes = guarded(|| {
            let stream = stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
            let (bytes, metadata) = CaptureStream::next(stream)?;
            let used = bytes.get(..metadata.bytesused as usize);
            Ok(used.unwrap_or(bytes).to_vec())
        });
        let bytes = bytes.map_err(|error| Fault::Unplugged {
            detail: error.to_string(),
        })?;
        Ok(self.frame(&bytes))
    }
}

impl Drop for Video {
    fn drop(&mut self) {
        let stream = self.stream.take();
        // What cannot be ended in order is as good as ended.
        let _ = guarded(|| {
            drop(stream);
            Ok(())
        });
    }
}

/// A call of the library under this; its panics are errors.
fn guarded<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err(io::Error::other("its driver does what is not known here")))
}
