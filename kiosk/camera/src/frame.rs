//! One picture in grey.

/// The longest side of a picture that is looked at at all, in pixels. Photographs of telephones are smaller.
pub const LONGEST_SIDE: u32 = 8192;

/// The most pixels of one.
pub const MOST_PIXELS: u64 = 25_000_000;

/// The longest side that goes to the decoder; larger pictures are made smaller first. A pass that fills a tenth of this is still read.
pub const LONGEST_DECODED: u32 = 1600;

/// Brightness of each pixel, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    width: u32,
    height: u32,
    luma: Vec<u8>,
}

/// Shows the size only: the picture may be of a person.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}×{})", self.width, self.height)
    }
}

/// How brightness lies in what a camera delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes from one row to the next.
    pub row: usize,
    /// Bytes from one pixel's brightness to the next.
    pub step: usize,
    /// Bytes before the first.
    pub first: usize,
}

/// Why a picture is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// No pixels, or too many.
    #[error(
        "the picture has {width}×{height} pixels; at most {LONGEST_SIDE} a side and {MOST_PIXELS} together are looked at"
    )]
    Size {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Fewer bytes than its size wants.
    #[error("the picture ends after {bytes} bytes, before its last row")]
    Short {
        /// Bytes there are.
        bytes: usize,
    },
}

impl Frame {
    /// A picture from its brightness, row by row.
    ///
    /// # Errors
    /// When its size is out of bounds or is not that of `luma`.
    pub fn new(width: u32, height: u32, luma: Vec<u8>) -> Result<Self, FrameError> {
        check_size(width, height)?;
        if luma.len() as u64 != u64::from(width) * u64::from(height) {
            return Err(FrameError::Short { bytes: luma.len() });
        }
        Ok(Self {
            width,
            height,
            luma,
        })
    }

    /// A picture from what a camera delivered.
    ///
    /// # Errors
    /// When its size is out of bounds, or `bytes` are fewer than `layout` wants.
    pub fn from_camera(bytes: &[u8], layout: Layout) -> Result<Self, FrameError> {
        let (width, height) = (layout.width, layout.height);
        check_size(width, height)?;
        let mut luma = Vec::with_capacity(width as usize * height as usize);
        for row in 0..height as usize {
            let start = row.saturating_mul(layout.row).saturating_add(layout.first);
            let pixels = bytes.get(start..).unwrap_or_default();
            luma.extend(pixels.iter().step_by(layout.step).take(width as usize));
        }
        Self::new(width, height, luma).map_err(|_| FrameError::Short { bytes: bytes.len() })
    }

    /// Pixels a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Brightness of each pixel, row by row.
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }

    /// The same, without its size.
    pub fn into_luma(self) -> Vec<u8> {
        self.luma
    }

    /// Light for dark and dark for light.
    pub fn inverted(&self) -> Self {
        Self {
            luma: self.luma.iter().map(|value| u8::MAX - value).collect(),
            ..*self
        }
    }

    /// The picture, made smaller by whole factors until the decoder can take it.
    pub fn for_decoder(self) -> Self {
        let factor = self.width.max(self.height).div_ceil(LONGEST_DECODED);
        self.smaller(factor)
    }

    /// Each pixel the mean of `factor` × `factor`; what is left over at the edges goes.
    pub fn smaller(&self, factor: u32) -> Self {
        if factor <= 1 {
            return self.clone();
        }
        let (width, height) = ((self.width / factor).max(1), (self.height / factor).max(1));
        let rows: Vec<&[u8]> = self.luma.chunks(self.width as usize).collect();
        let mut luma = Vec::with_capacity(width as usize * height as usize);
        for band in rows.chunks(factor as usize).take(height as usize) {
            for column in 0..width as usize {
                let from = column * factor as usize;
                let block = band
                    .iter()
                    .flat_map(|row| row.iter().skip(from).take(factor as usize));
                let (sum, count) = block.fold((0, 0), |(sum, count), value| {
                    (sum + u32::from(*value), count + 1)
                });
                luma.push(u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
            }
        }
        Self {
            width,
            height,
            luma,
        }
    }
}

/// Whether a picture of this size is looked at.
///
/// # Errors
/// When it is not.
pub fn check_size(width: u32, height: u32) -> Result<(), FrameError> {
    let fits = (1..=LONGEST_SIDE).contains(&width) && (1..=LONGEST_SIDE).contains(&height);
    if fits && u64::from(width) * u64::from(height) <= MOST_PIXELS {
        Ok(())
    } else {
        Err(FrameError::Size { width, height })
    }
}
