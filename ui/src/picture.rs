//! Pictures of windows without a display: drawn by the very renderer that draws at the door.

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Platform, PlatformError, WindowAdapter};
use slint::{PhysicalSize, Rgb8Pixel};
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

/// A picture that could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be opened, read or written.
    #[error("cannot use the picture {path}: check that the folder exists and may be written")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no PNG of ours.
    #[error("{path} is not a PNG of 8-bit colours; delete it and draw it again")]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// The PNG cannot be written.
    #[error("cannot write the picture {path}")]
    Encoding {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: png::EncodingError,
    },
}

/// Pixels, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue of each pixel.
    pub pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Writes a PNG: with a palette where 256 colours are enough, else in true colour.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), PictureError> {
        let file = File::create(path).map_err(|source| PictureError::File {
            path: path.to_owned(),
            source,
        })?;
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.width, self.height);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let data: Vec<u8> = match self.palette() {
            Some((colours, indices)) => {
                encoder.set_color(png::ColorType::Indexed);
                encoder.set_palette(colours.concat());
                indices
            }
            None => {
                encoder.set_color(png::ColorType::Rgb);
                self.pixels.concat()
            }
        };
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&data));
        written.map_err(|source| PictureError::Encoding {
            path: path.to_owned(),
            source,
        })
    }

    /// Reads a PNG that [`Picture::save`] wrote.
    ///
    /// # Errors
    /// When the file cannot be read or is of another kind.
    pub fn load(path: &Path) -> Result<Self, PictureError> {
        let file = File::open(path).map_err(|source| PictureError::File {
            path: path.to_owned(),
            source,
        })?;
        let format = || PictureError::Format {
            path: path.to_owned(),
        };
        let mut decoder = png::Decoder::new(BufReader::new(file));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().map_err(|_| format())?;
        let mut data = vec![0; reader.output_buffer_size().ok_or_else(format)?];
        let frame = reader.next_frame(&mut data).map_err(|_| format())?;
        if frame.color_type != png::ColorType::Rgb || frame.bit_depth != png::BitDepth::Eight {
            return Err(format());
        }
        let (pixels, _) = data.as_chunks::<3>();
        Ok(Self {
            width: frame.width,
            height: frame.height,
            pixels: pixels.to_vec(),
        })
    }

    /// The same with at most 256 colours, so that a file is small: the most frequent stay, each other one becomes the nearest of them.
    pub fn reduced(&self) -> Self {
        let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
        for pixel in &self.pixels {
            *counts.entry(*pixel).or_default() += 1;
        }
        let mut colours: Vec<_> = counts.into_iter().collect();
        // Ties in a fixed order, so that the same picture is always reduced alike.
        colours.sort_by_key(|(colour, count)| (Reverse(*count), *colour));
        let kept: Vec<[u8; 3]> = colours
            .iter()
            .take(256)
            .map(|(colour, _)| *colour)
            .collect();
        let nearest = |colour: [u8; 3]| {
            kept.iter()
                .copied()
                .min_by_key(|other| distance(*other, colour))
                .unwrap_or(colour)
        };
        let reduced: HashMap<_, _> = colours
            .iter()
            .map(|(colour, _)| (*colour, nearest(*colour)))
            .collect();
        let pixels = self
            .pixels
            .iter()
            .map(|pixel| reduced.get(pixel).copied().unwrap_or(*pixel))
            .collect();
        Self { pixels, ..*self }
    }

    /// The colours in use, and for each pixel which; none when there are more than 256.
    fn palette(&self) -> Option<(Vec<[u8; 3]>, Vec<u8>)> {
        let mut known = HashMap::new();
        let mut colours = Vec::new();
        let mut indices = Vec::with_capacity(self.pixels.len());
        for pixel in &self.pixels {
            let index = match known.get(pixel) {
                Some(index) => *index,
                None => {
                    let index = u8::try_from(colours.len()).ok()?;
                    known.insert(*pixel, index);
                    colours.push(*pixel);
                    index
                }
            };
            indices.push(index);
        }
        Some((colours, indices))
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| u32::from(a.abs_diff(b)).pow(2))
        .sum()
}

/// The platform of windows without a display. Time stands still until [`Offscreen::pass`].
pub struct Offscreen {
    windows: RefCell<Vec<Rc<MinimalSoftwareWindow>>>,
    time: Cell<Duration>,
}

struct OffscreenPlatform(Rc<Offscreen>);

impl Platform for OffscreenPlatform {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        self.0.windows.borrow_mut().push(Rc::clone(&window));
        Ok(window)
    }

    fn duration_since_start(&self) -> Duration {
        self.0.time.get()
    }
}

impl Offscreen {
    /// Makes this thread's windows invisible. Call it before the first window, once a thread.
    ///
    /// # Errors
    /// When this thread has windows of another kind already.
    pub fn install() -> Result<Rc<Self>, slint::platform::SetPlatformError> {
        let offscreen = Rc::new(Self {
            windows: RefCell::default(),
            time: Cell::default(),
        });
        slint::platform::set_platform(Box::new(OffscreenPlatform(Rc::clone(&offscreen))))?;
        Ok(offscreen)
    }

    /// The window made last.
    pub fn latest(&self) -> Option<Canvas> {
        self.windows.borrow().last().map(|window| Canvas {
            window: Rc::clone(window),
            pixels: RefCell::default(),
            size: Cell::default(),
        })
    }

    /// Lets time pass: animations and timers go on.
    pub fn pass(&self, time: Duration) {
        self.time.set(self.time.get() + time);
        slint::platform::update_timers_and_animations();
    }
}

/// A window without a display, and the pixels it has painted.
pub struct Canvas {
    window: Rc<MinimalSoftwareWindow>,
    pixels: RefCell<Vec<Rgb8Pixel>>,
    size: Cell<(u32, u32)>,
}

impl Canvas {
    /// Gives the window its size in pixels. What was painted in another size is forgotten.
    pub fn resize(&self, width: u32, height: u32) {
        if self.size.get() == (width, height) {
            return;
        }
        self.window.set_size(PhysicalSize::new(width, height));
        self.size.set((width, height));
        self.pixels
            .replace(vec![Rgb8Pixel::default(); width as usize * height as usize]);
        self.window.request_redraw();
    }

    /// Paints what has changed since the last time. Whether anything had.
    pub fn paint(&self) -> bool {
        slint::platform::update_timers_and_animations();
        let stride = self.size.get().0 as usize;
        self.window.draw_if_needed(|renderer| {
            renderer.render(&mut self.pixels.borrow_mut(), stride);
        })
    }

    /// Paints, until nothing is left to paint, and returns the picture.
    pub fn picture(&self) -> Picture {
        // A change may change sizes, and sizes may change what is shown: a few rounds are always enough.
        for _ in 0..4 {
            if !self.paint() {
                break;
            }
        }
        let (width, height) = self.size.get();
        let pixels = self
            .pixels
            .borrow()
            .iter()
            .map(|pixel| [pixel.r, pixel.g, pixel.b])
            .collect();
        Picture {
            width,
            height,
            pixels,
        }
    }

    /// The window, for events.
    pub fn window(&self) -> &slint::Window {
        self.window.window()
    }
}
