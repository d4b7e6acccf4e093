//! QR codes in a frame, by `rxing` (decision 0022).

use crate::frame::Frame;
use crate::reader::Decoder;
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource};
use std::collections::HashSet;

/// The narrowest QR code, in modules. No smaller picture holds one.
const FEWEST_MODULES: u32 = 21;

/// A way to look at a picture.
struct Way {
    /// Made smaller by this. It takes noise and blots away.
    smaller: u32,
    /// Telephones draw light on dark at night.
    inverted: bool,
}

/// Every picture is looked at in all of these ways. None is left out where another has found something: that may be a poster behind the
/// visitor, whose telephone only another way reads.
const WAYS: [Way; 5] = [
    Way {
        smaller: 1,
        inverted: false,
    },
    Way {
        smaller: 2,
        inverted: false,
    },
    Way {
        smaller: 3,
        inverted: false,
    },
    Way {
        smaller: 1,
        inverted: true,
    },
    Way {
        smaller: 2,
        inverted: true,
    },
];

/// The decoder that this program uses.
pub struct QrDecoder {
    hints: DecodeHints,
}

impl Default for QrDecoder {
    fn default() -> Self {
        Self {
            hints: DecodeHints {
                TryHarder: Some(true),
                PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
                ..DecodeHints::default()
            },
        }
    }
}

impl Decoder for QrDecoder {
    fn decode(&mut self, frame: &Frame) -> Vec<String> {
        let mut codes = Vec::new();
        for way in &WAYS {
            for code in self.look(frame, way) {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
        codes
    }
}

impl QrDecoder {
    fn look(&self, frame: &Frame, way: &Way) -> Vec<String> {
        if frame.width().min(frame.height()) / way.smaller < FEWEST_MODULES {
            return Vec::new();
        }
        let frame = frame.smaller(way.smaller);
        let frame = if way.inverted {
            frame.inverted()
        } else {
            frame
        };
        let (width, height) = (frame.width(), frame.height());
        let Ok(source) = Luma8LuminanceSource::new(frame.into_luma(), width, height) else {
            return Vec::new();
        };
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        // That nothing was found is an error to the library.
        let found = QrReader.decode_multiple_with_hints(&mut bitmap, &self.hints);
        let found = found.unwrap_or_default();
        found.iter().map(|code| code.getText().to_owned()).collect()
    }
}
