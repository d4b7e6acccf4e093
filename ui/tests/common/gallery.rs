//! Pictures and the references they were last accepted as.

use std::path::{Path, PathBuf};
use ui::picture::Picture;

/// A channel may differ by this much: rounding in drawing edges.
const CHANNEL: u8 = 24;
/// So many pixels may differ by more.
const PIXELS: usize = 40;

/// Compares pictures with `tests/references/`, or accepts them.
pub struct Gallery {
    test: &'static str,
    references: PathBuf,
    output: PathBuf,
    update: bool,
    faults: Vec<String>,
}

impl Gallery {
    /// For the test of this name. `UPDATE_REFERENCES=1` accepts what is drawn now.
    pub fn new(test: &'static str) -> Self {
        Self {
            test,
            references: folder("tests/references"),
            output: folder("../target/screenshots"),
            update: std::env::var_os("UPDATE_REFERENCES").is_some(),
            faults: Vec::new(),
        }
    }

    /// Compares a picture with the reference of this name.
    pub fn compare(&mut self, name: &str, drawn: &Picture) {
        let drawn = drawn.reduced();
        let reference = self.references.join(format!("{name}.png"));
        let difference = match Picture::load(&reference) {
            Ok(accepted) => difference(&drawn, &accepted),
            Err(_) => Some(drawn.clone()),
        };
        let Some(difference) = difference else {
            return;
        };
        if self.update {
            return drawn.save(&reference).unwrap();
        }
        let output = |name: String| self.output.join(name);
        drawn.save(&output(format!("{name}.png"))).unwrap();
        difference
            .save(&output(format!("{name}.diff.png")))
            .unwrap();
        self.faults.push(name.to_owned());
    }

    /// Fails if any picture was another than its reference.
    pub fn close(self) {
        let (faults, test) = (self.faults, self.test);
        assert!(
            faults.is_empty(),
            "{} screens differ from ui/tests/references: {}\nlook at target/screenshots/NAME.png and NAME.diff.png; to accept them: \
             UPDATE_REFERENCES=1 cargo test -p ui --test {test}",
            faults.len(),
            faults.join(", ")
        );
    }
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Where the two differ, in red on a pale copy; none when they are as good as equal.
pub fn difference(drawn: &Picture, reference: &Picture) -> Option<Picture> {
    if (drawn.width, drawn.height) != (reference.width, reference.height) {
        return Some(drawn.clone());
    }
    let differs =
        |(a, b): (&[u8; 3], &[u8; 3])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > CHANNEL);
    let marks: Vec<bool> = drawn
        .pixels
        .iter()
        .zip(&reference.pixels)
        .map(differs)
        .collect();
    if marks.iter().filter(|differs| **differs).count() <= PIXELS {
        return None;
    }
    let pale = |pixel: &[u8; 3]| pixel.map(|channel| 192 + channel / 4);
    let pixels = drawn
        .pixels
        .iter()
        .zip(&marks)
        .map(|(pixel, differs)| if *differs { [220, 0, 0] } else { pale(pixel) })
        .collect();
    Some(Picture { pixels, ..*drawn })
}
