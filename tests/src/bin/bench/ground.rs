//! Where it is measured: a folder on a real disk, and what else the machine is doing.

use anyhow::{Context, bail};
use nix::sys::statfs::{FsType, TMPFS_MAGIC, statfs};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The magic number of ramfs, which nix has no name for.
const RAMFS_MAGIC: FsType = FsType(0x8584_58f6);

pub(super) struct Ground {
    path: PathBuf,
}

impl Ground {
    /// An empty `target/bench` on a disk.
    pub(super) fn prepare() -> anyhow::Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap_or(Path::new("."))
            .join("target/bench");
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot empty {}", path.display()));
            }
            _ => fs::create_dir_all(&path)
                .with_context(|| format!("cannot make {}", path.display()))?,
        }
        let kind = statfs(&path)
            .context("cannot tell which file system target/bench is on")?
            .filesystem_type();
        if kind == TMPFS_MAGIC || kind == RAMFS_MAGIC {
            bail!(
                "{} is in memory (tmpfs), where a commit waits for no disk; put target/ on a real disk",
                path.display()
            );
        }
        Ok(Self { path })
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A new folder.
    pub(super) fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.file(name);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// Machine, load before the start, profile.
    pub(super) fn describe(&self) -> anyhow::Result<String> {
        let load = fs::read_to_string("/proc/loadavg").context("cannot read the machine's load")?;
        let load: Vec<&str> = load.split(' ').take(3).collect();
        let cores =
            std::thread::available_parallelism().context("cannot count the processor's cores")?;
        let latest: f64 = load
            .first()
            .and_then(|load| load.parse().ok())
            .context("the machine's load is no number")?;
        let is_busy = latest > 0.25 * f64::from(u32::try_from(cores.get())?);
        let warning = if is_busy {
            "\n          BUSY: others are at work here, so these times tell about them too. Run it again when the machine is quiet."
        } else {
            ""
        };
        let (source, kind) = mount_of(&self.path)?;
        let checks = if cfg!(debug_assertions) {
            "with"
        } else {
            "without"
        };
        Ok(format!(
            "Machine   {}, {cores} cores; load before the start {} (1, 5, 15 min; {cores} would be full)\n\
             Disk      {kind} on {source}\n\
             Build     profile {}, {checks} debug assertions{warning}",
            processor()?,
            load.join(" "),
            profile()?,
        ))
    }
}

/// The folder cargo puts the programs of a profile into; that of `dev` is called `debug`.
fn profile() -> anyhow::Result<String> {
    let program = programs_folder()?;
    let name = program
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(if name == "debug" {
        "dev (see Cargo.toml)".to_owned()
    } else {
        name
    })
}

/// Where the other programs are: beside this one.
pub(super) fn programs_folder() -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe().context("cannot tell where this program is")?;
    Ok(this
        .parent()
        .context("this program is in no folder")?
        .to_owned())
}

fn processor() -> anyhow::Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo").context("cannot read what processor this is")?;
    let value = |key: &str| {
        text.lines().find_map(|line| {
            Some(
                line.strip_prefix(key)?
                    .trim_start()
                    .strip_prefix(':')?
                    .trim()
                    .to_owned(),
            )
        })
    };
    Ok(value("model name")
        .or_else(|| value("Model"))
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned()))
}

/// Device and file system of the longest mount point above a path.
fn mount_of(path: &Path) -> anyhow::Result<(String, String)> {
    let path = path.canonicalize().context("cannot find target/bench")?;
    let mounts = fs::read_to_string("/proc/self/mounts").context("cannot read what is mounted")?;
    let fields = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?, words.next()?, words.next()?))
    });
    let above = fields
        .filter(|(_, point, _)| path.starts_with(point))
        .max_by_key(|(_, point, _)| point.len());
    let (source, _, kind) = above.context("target/bench is on no mounted file system")?;
    Ok((source.to_owned(), kind.to_owned()))
}

pub(super) fn step(what: &str) {
    println!("{what} …");
}
