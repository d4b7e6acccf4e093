//! What the decoder reads of the made pictures.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod pictures;

use camera::decoder::QrDecoder;
use camera::frame::Frame;
use camera::reader::{Decoder, Reader};
use pictures::{Kind, SIZE};

/// Pictures of each kind.
const STEPS: u32 = 6;

/// How many of them are read at least. A change that reads fewer is a step back (decision 0022).
const FLOOR: [(Kind, usize); 15] = [
    (Kind::Straight, 6),
    (Kind::Turned, 6),
    (Kind::Tilted, 5),
    (Kind::Small, 5),
    (Kind::Blurred, 5),
    (Kind::Moving, 6),
    (Kind::Glare, 3),
    (Kind::Screen, 4),
    (Kind::Dim, 3),
    (Kind::Curved, 6),
    (Kind::Noisy, 5),
    (Kind::Inverted, 6),
    (Kind::Shadowed, 4),
    (Kind::Stained, 3),
    (Kind::Everyday, 5),
];

#[test]
fn as_many_made_pictures_are_read_as_ever() {
    let mut reader = Reader::new(QrDecoder::default());
    let mut counts = Vec::new();
    for (kind, floor) in FLOOR {
        let mut read = 0;
        for picture in pictures::of_kind(1, kind, STEPS).unwrap() {
            let codes = reader.read(&Frame::new(SIZE.0, SIZE.1, picture.luma).unwrap());
            // Never anything that is not there.
            assert!(codes.iter().all(|code| *code == picture.pass), "{kind:?}");
            read += usize::from(!codes.is_empty());
        }
        counts.push((kind.name(), read, floor));
    }
    assert!(
        counts.iter().all(|(_, read, floor)| read >= floor),
        "read, and at least: {counts:?}"
    );
    assert_eq!(reader.broken(), 0);
}

#[test]
fn the_same_seed_makes_the_same_pictures() {
    for kind in [Kind::Glare, Kind::Everyday] {
        let [first, again, other] = [3, 3, 4].map(|seed| pictures::of_kind(seed, kind, 1).unwrap());
        let luma = |pictures: &[pictures::Picture]| pictures[0].luma.clone();
        assert!(luma(&first) == luma(&again) && luma(&first) != luma(&other));
    }
}

/// Two pictures side by side.
fn beside(left: &[u8], right: &[u8]) -> Frame {
    let width = SIZE.0 as usize;
    let rows = left.chunks(width).zip(right.chunks(width));
    let luma = rows
        .flat_map(|(left, right)| [left, right].concat())
        .collect();
    Frame::new(SIZE.0 * 2, SIZE.1, luma).unwrap()
}

#[test]
fn a_poster_in_view_hides_no_telephone() {
    // The poster is read in the first way, the telephone at night only in another.
    let poster = pictures::of_kind(1, Kind::Straight, 1).unwrap();
    let telephone = pictures::of_kind(1, Kind::Inverted, 1).unwrap();
    let codes = QrDecoder::default().decode(&beside(&poster[0].luma, &telephone[0].luma));
    assert!(codes.contains(&poster[0].pass) && codes.contains(&telephone[0].pass));
}
