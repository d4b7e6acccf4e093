//! Compares decoders on the made pictures, as the table of decision 0022 does.
//!
//! `cargo run -p camera --example decoders [SEED] [PICTURES OF EACH KIND] [FOLDER]` – with a folder, the pictures are saved there, named
//! by kind, step and pass, for decoders that are not linked here.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

#[path = "../tests/pictures/mod.rs"]
mod pictures;

use anyhow::Context;
use camera::decoder::QrDecoder;
use camera::frame::Frame;
use camera::reader::{Decoder, Reader, quieten_decoders};
use pictures::{Kind, Picture, SIZE};
use std::path::Path;
use std::time::{Duration, Instant};

/// Pure Rust, and small.
struct Rqrr;

impl Decoder for Rqrr {
    fn decode(&mut self, frame: &Frame) -> Vec<String> {
        let (width, height) = (frame.width() as usize, frame.height() as usize);
        let at = |x, y| frame.luma().get(y * width + x).copied().unwrap_or_default();
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, at);
        let grids = picture.detect_grids();
        let codes = grids.iter().filter_map(|grid| grid.decode().ok());
        codes.map(|(_, text)| text).collect()
    }
}

/// A column of the table.
struct Column {
    name: &'static str,
    reader: Reader<Box<dyn Decoder>>,
    read: u32,
    wrong: u32,
    time: Duration,
}

impl Column {
    fn new(name: &'static str, decoder: Box<dyn Decoder>) -> Self {
        Self {
            name,
            reader: Reader::new(decoder),
            read: 0,
            wrong: 0,
            time: Duration::ZERO,
        }
    }

    /// How many of these are read.
    fn try_on(&mut self, pictures: &[Picture]) -> anyhow::Result<u32> {
        let mut read = 0;
        for picture in pictures {
            let frame = Frame::new(SIZE.0, SIZE.1, picture.luma.clone())?;
            let begun = Instant::now();
            let codes = self.reader.read(&frame);
            self.time += begun.elapsed();
            read += u32::from(codes.contains(&picture.pass));
            self.wrong += u32::from(codes.iter().any(|code| *code != picture.pass));
        }
        self.read += read;
        Ok(read)
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |usual: u64| arguments.next().map_or(Ok(usual), |given| given.parse());
    let (seed, steps) = (number(1)?, u32::try_from(number(12)?)?);
    let folder = arguments.next();
    quieten_decoders();
    let mut columns = [
        Column::new("rqrr", Box::new(Rqrr)),
        Column::new("camera", Box::new(QrDecoder::default())),
    ];
    line("", columns.iter().map(|column| column.name.to_owned()));
    for kind in Kind::ALL {
        let made = pictures::of_kind(seed, kind, steps).context("no QR code can be made")?;
        if let Some(folder) = &folder {
            save(Path::new(folder), &made)?;
        }
        let read: Result<Vec<u32>, _> = columns
            .iter_mut()
            .map(|column| column.try_on(&made))
            .collect();
        line(kind.name(), read?.iter().map(u32::to_string));
    }
    let of = steps * u32::try_from(Kind::ALL.len())?;
    line(
        "together",
        columns
            .iter()
            .map(|column| format!("{} of {of}", column.read)),
    );
    line(
        "misread",
        columns.iter().map(|column| column.wrong.to_string()),
    );
    line(
        "panics",
        columns
            .iter()
            .map(|column| column.reader.broken().to_string()),
    );
    line(
        "ms a picture",
        columns
            .iter()
            .map(|column| format!("{:.1}", column.time.as_secs_f64() * 1e3 / f64::from(of))),
    );
    Ok(())
}

fn line(name: &str, cells: impl Iterator<Item = String>) {
    let cells: String = cells.map(|cell| format!("{cell:>12}")).collect();
    println!("{name:14}{cells}");
}

fn save(folder: &Path, pictures: &[Picture]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (step, picture) in pictures.iter().enumerate() {
        let name = format!("{}-{step}-{}.png", picture.kind.name(), picture.pass);
        image::save_buffer(
            folder.join(name),
            &picture.luma,
            SIZE.0,
            SIZE.1,
            image::ColorType::L8,
        )?;
    }
    Ok(())
}
