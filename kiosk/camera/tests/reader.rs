//! The decoder may do what it likes.
#![allow(clippy::indexing_slicing)]

use camera::frame::Frame;
use camera::reader::{Decoder, MOST_CODES, Reader};

/// Breaks on dark pictures, finds far too many codes in others.
struct Moody;

impl Decoder for Moody {
    fn decode(&mut self, frame: &Frame) -> Vec<String> {
        assert!(frame.luma()[0] > 100, "too dark for me");
        (0..100).map(|number| number.to_string()).collect()
    }
}

#[test]
fn a_decoder_that_panics_loses_the_picture_and_no_more() {
    camera::reader::quieten_decoders();
    let picture = |value| Frame::new(1, 1, vec![value]).unwrap();
    let mut reader = Reader::new(Moody);
    for broken in 1..=3 {
        assert!(reader.read(&picture(0)).is_empty());
        assert_eq!(reader.broken(), broken);
        assert_eq!(reader.read(&picture(200)).len(), MOST_CODES);
    }
}
