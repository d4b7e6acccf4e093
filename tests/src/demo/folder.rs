//! `target/demo`: what the demo leaves for people and programs to find.

use anyhow::Context;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Set it to use another folder.
pub const FOLDER: &str = "GENKAN_DEMO_DIR";
/// The scanner a person can write to.
pub const SCANNER: &str = "scanner";
/// Where pictures of the touch screen go.
pub const SHOTS: &str = "shots";
/// Marks a folder whose data is complete, and when it was made.
const MADE: &str = "made";

/// The demo's folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    is_fresh: bool,
}

impl Folder {
    pub(super) fn prepare() -> anyhow::Result<Self> {
        let usual = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap_or(Path::new("."))
            .join("target/demo");
        let path = std::env::var_os(FOLDER).map_or(usual, PathBuf::from);
        let wants_old = std::env::var("KEEP").is_ok_and(|keep| !keep.is_empty() && keep != "0");
        let is_fresh = !(wants_old && path.join(MADE).is_file());
        let folder = Self { path, is_fresh };
        let failed = || {
            format!(
                "cannot prepare the folder {}; check who may write there",
                folder.path.display()
            )
        };
        if is_fresh {
            remove(&folder.path).with_context(failed)?;
        }
        // Passwords and passes lie in it.
        // A story is told anew each time; old pictures would stand among the new ones.
        remove(&folder.file(SHOTS)).with_context(failed)?;
        fs::create_dir_all(folder.file(SHOTS))
            .and_then(|()| restrict(&folder.path))
            .with_context(failed)?;
        Ok(folder)
    }

    /// From now on the data can be kept.
    pub(super) fn finish(&self) -> io::Result<()> {
        fs::write(
            self.file(MADE),
            "The data in this folder is complete; KEEP=1 make demo goes on with it.\n",
        )
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// How long ago the data was made.
    pub(super) fn age(&self) -> Duration {
        let made = fs::metadata(self.file(MADE))
            .and_then(|file| file.modified())
            .ok();
        made.and_then(|made| made.elapsed().ok())
            .unwrap_or_default()
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A file in it as people like to read it: from here, where it is below.
    pub(super) fn shown(&self, name: &str) -> String {
        let file = self.file(name);
        let here = std::env::current_dir().ok();
        here.and_then(|here| file.strip_prefix(here).ok())
            .unwrap_or(&file)
            .display()
            .to_string()
    }
}

fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
