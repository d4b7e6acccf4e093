//! A folder into which pictures are laid: by a person, a test, or a program that photographs.
//!
//! What lies there at the start is left alone. After a restart nobody is to be checked in by an old picture, and one that brought the
//! program down is not to do so again and again.

use super::{Fault, Look, Source};
use crate::picture::{self, LARGEST_FILE};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The pictures that are looked at, by the ends of their names.
const ENDS: [&str; 3] = ["png", "jpg", "jpeg"];

/// The most files that a folder may hold.
const MOST_FILES: usize = 4096;

/// A folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    known: BTreeMap<PathBuf, Version>,
}

/// What changes when a file is written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    length: u64,
    modified: Option<SystemTime>,
}

impl Version {
    fn of(metadata: &Metadata) -> Self {
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

impl Folder {
    /// Watches a folder from now on.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let known = list(path).map_err(|error| fault(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            known,
        })
    }

    fn read(&self, file: &Path) -> Look {
        let mut bytes = Vec::new();
        let read = fs::File::open(file)
            .and_then(|open| open.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
        match read {
            Err(error) => Look::Spoilt(format!("a picture cannot be read: {error}")),
            Ok(length) if length as u64 > LARGEST_FILE => {
                Look::Spoilt(format!("a picture has more than {LARGEST_FILE} bytes"))
            }
            Ok(_) => match picture::decode(&bytes) {
                Ok(frame) => Look::Picture(frame),
                Err(error) => Look::Spoilt(error.to_string()),
            },
        }
    }
}

impl Source for Folder {
    /// One picture a look, in the order of their names. Does not wait.
    fn look(&mut self) -> Result<Look, Fault> {
        let mut there = list(&self.path).map_err(|error| fault(&self.path, &error))?;
        self.known.retain(|file, _| there.contains_key(file));
        there.retain(|file, version| self.known.get(file) != Some(version));
        let Some((file, version)) = there.pop_first() else {
            return Ok(Look::Nothing);
        };
        let look = self.read(&file);
        self.known.insert(file, version);
        Ok(look)
    }
}

fn list(folder: &Path) -> io::Result<BTreeMap<PathBuf, Version>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)?.take(MOST_FILES) {
        let path = entry?.path();
        // One that has just gone is no longer there, and that is all.
        if is_picture(&path)
            && let Ok(metadata) = fs::metadata(&path)
            && metadata.is_file()
        {
            files.insert(path, Version::of(&metadata));
        }
    }
    Ok(files)
}

fn is_picture(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str());
    end.is_some_and(|end| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

fn fault(path: &Path, error: &io::Error) -> Fault {
    Fault::Folder {
        path: path.to_owned(),
        detail: error.to_string(),
    }
}
