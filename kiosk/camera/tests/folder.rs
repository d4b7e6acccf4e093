//! A folder into which pictures are laid.
#![allow(clippy::unwrap_used)]

use camera::picture::LARGEST_FILE;
use camera::source::{Fault, Folder, Look, Source};
use image::{DynamicImage, GrayImage, ImageFormat};
use std::fs;
use std::io::Cursor;
use std::path::Path;

fn picture(side: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::ImageLuma8(GrayImage::from_pixel(side, side, image::Luma([200])));
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// What a look gives, in a word: the width of a picture, or what else there was.
fn look(folder: &mut Folder) -> String {
    match folder.look().unwrap() {
        Look::Picture(frame) => frame.width().to_string(),
        Look::Nothing => "nothing".to_owned(),
        Look::Spoilt(reason) => reason,
    }
}

fn lay(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
}

#[test]
fn what_lies_there_at_the_start_is_left_alone_and_what_comes_is_looked_at_once() {
    let dir = tempfile::tempdir().unwrap();
    lay(dir.path(), "old.png", &picture(7, ImageFormat::Png));
    let mut folder = Folder::open(dir.path()).unwrap();
    assert_eq!(look(&mut folder), "nothing");
    lay(dir.path(), "b.JPG", &picture(9, ImageFormat::Jpeg));
    lay(dir.path(), "a.png", &picture(8, ImageFormat::Png));
    lay(dir.path(), "notes.txt", b"no picture");
    fs::create_dir(dir.path().join("c.png")).unwrap();
    assert_eq!([look(&mut folder), look(&mut folder)], ["8", "9"]);
    assert_eq!(look(&mut folder), "nothing");
    // Written anew, it is another picture.
    lay(dir.path(), "old.png", &picture(20, ImageFormat::Png));
    assert_eq!([look(&mut folder), look(&mut folder)], ["20", "nothing"]);
}

#[test]
fn a_picture_caught_while_it_is_written_is_looked_at_again_when_it_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(dir.path()).unwrap();
    let whole = picture(30, ImageFormat::Png);
    lay(dir.path(), "a.png", &whole[..whole.len() / 2]);
    assert!(look(&mut folder).contains("cannot be decoded"));
    assert_eq!(look(&mut folder), "nothing");
    lay(dir.path(), "a.png", &whole);
    assert_eq!([look(&mut folder), look(&mut folder)], ["30", "nothing"]);
}

#[test]
fn what_is_no_picture_is_left_out_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(dir.path()).unwrap();
    let large = fs::File::create(dir.path().join("large.png")).unwrap();
    large.set_len(LARGEST_FILE + 1).unwrap();
    assert!(look(&mut folder).contains("bytes"));
    lay(dir.path(), "empty.jpeg", b"");
    assert!(look(&mut folder).contains("PNG and JPEG"));
    assert_eq!(look(&mut folder), "nothing");
}

#[test]
fn a_folder_that_is_not_there_is_a_fault_that_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pictures");
    let missing = |fault: &Fault| fault.to_string().contains("pictures");
    assert!(missing(&Folder::open(&path).unwrap_err()));
    fs::create_dir(&path).unwrap();
    let mut folder = Folder::open(&path).unwrap();
    fs::remove_dir(&path).unwrap();
    assert!(missing(&folder.look().unwrap_err()));
}
