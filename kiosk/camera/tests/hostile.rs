//! Pictures made to do harm: each is refused or read, none brings anything down, none takes long or much memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use camera::decoder::QrDecoder;
use camera::frame::Frame;
use camera::picture::{decode, decode_jpeg};
use camera::reader::Reader;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut chance = fastrand::Rng::with_seed(seed);
    (0..length).map(|_| chance.u8(..)).collect()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 4) as u8, (y * 5) as u8, 77]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn random_bytes_are_no_pictures() {
    for seed in 0..2_000 {
        let bytes = random(seed, (seed as usize * 7) % 3_000);
        assert!(decode(&bytes).is_err());
        assert!(decode_jpeg(&bytes).is_err());
    }
}

#[test]
fn a_picture_cut_off_or_changed_anywhere_is_refused_or_decoded_and_no_more() {
    let mut reader = Reader::new(QrDecoder::default());
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let whole = encoded(format);
        assert!(decode(&whole).is_ok());
        for end in 0..whole.len() {
            let _ = decode(&whole[..end]);
        }
        let mut chance = fastrand::Rng::with_seed(5);
        for _ in 0..3_000 {
            let mut bytes = whole.clone();
            for _ in 0..=chance.usize(..4) {
                let at = chance.usize(..bytes.len());
                bytes[at] = chance.u8(..);
            }
            if let Ok(frame) = decode(&bytes) {
                reader.read(&frame.for_decoder());
            }
        }
    }
    assert_eq!(reader.broken(), 0);
}

/// A PNG whose header claims this size, with nothing behind it.
fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// The sum of the PNG standard.
fn crc32(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    });
    !sum
}

/// A JPEG whose header claims this size.
fn jpeg_that_claims(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = encoded(ImageFormat::Jpeg);
    let header = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[header + 5..header + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[header + 7..header + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

#[test]
fn a_size_that_is_only_claimed_reserves_nothing() {
    // The claim itself is read, so the sum is right and the test says something.
    assert!(decode(&png_that_claims(64, 48)).is_ok());
    for (width, height) in [
        (0, 0),
        (0, 48),
        (100_000, 100_000),
        (8_000, 8_000),
        (u32::MAX, 1),
    ] {
        assert!(
            decode(&png_that_claims(width, height)).is_err(),
            "{width}×{height}"
        );
    }
    for (width, height) in [(0, 0), (u16::MAX, u16::MAX), (8_000, 8_000)] {
        assert!(
            decode(&jpeg_that_claims(width, height)).is_err(),
            "{width}×{height}"
        );
    }
}

#[test]
fn a_picture_that_swells_when_it_is_unpacked_is_refused() {
    // 64 million white pixels in a file that is small enough to be read.
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    let pixels = vec![255; 8_000 * 8_000];
    encoder
        .write_image(&pixels, 8_000, 8_000, ExtendedColorType::L8)
        .unwrap();
    assert!(bytes.len() < pixels.len() / 50);
    assert!(decode(&bytes).is_err());
}

#[test]
fn no_frame_breaks_the_decoder() {
    let mut reader = Reader::new(QrDecoder::default());
    let sizes = [
        (1, 1),
        (1, 1600),
        (1600, 1),
        (2, 3),
        (7, 7),
        (21, 21),
        (40, 40),
        (333, 77),
        (640, 480),
    ];
    for (seed, (width, height)) in (0..).zip(sizes) {
        let length = width as usize * height as usize;
        let noise = random(seed, length);
        let coarse = noise
            .iter()
            .map(|value| if *value < 128 { 0 } else { 255 })
            .collect();
        let stripes = (0..length)
            .map(|at| if at % 7 < 3 { 0 } else { 255 })
            .collect();
        for luma in [
            noise.clone(),
            coarse,
            stripes,
            vec![0; length],
            vec![255; length],
        ] {
            reader.read(&Frame::new(width, height, luma).unwrap());
        }
    }
    assert_eq!(reader.broken(), 0);
}
