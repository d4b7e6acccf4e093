//! Staff of the centre: who may sign in at the doors (R4).

use super::{first_line, open};
use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use domain::staff::{PinHash, Role, StaffMember};
use office::OfficeConfig;
use office::secret::{hash_password, is_weak_pin, random_pin, write_private};
use office::store::staff::{staff, staff_named};
use office::store::{Store, StoreError};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub(super) enum Staff {
    /// Add somebody. The PIN is read from standard input if that is no terminal, else made up and shown once.
    Add {
        /// The name to sign in with, in lower case; not a person's name.
        user: String,
        /// What they may do.
        #[arg(long, value_enum)]
        role: RoleArgument,
    },
    /// Give somebody a new PIN, in the same way.
    Pin {
        /// Who.
        user: String,
    },
    /// Write the QR code of a new badge; the one before is worth nothing any more.
    Badge {
        /// Whose.
        user: String,
        /// An SVG file that does not exist yet.
        #[arg(long)]
        out: PathBuf,
    },
    /// Let somebody sign in no more.
    Disable {
        /// Who.
        user: String,
    },
    /// Let somebody sign in again.
    Enable {
        /// Who.
        user: String,
    },
    /// Say who there is.
    List,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleArgument {
    Receptionist,
    Adviser,
    Lead,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Receptionist => Self::Receptionist,
            RoleArgument::Adviser => Self::Adviser,
            RoleArgument::Lead => Self::Lead,
        }
    }
}

pub(super) fn run(config: &OfficeConfig, command: Staff) -> Result<ExitCode> {
    let store = open(config)?;
    match command {
        Staff::Add { user, role } => add(&store, &user, role.into())?,
        Staff::Pin { user } => change_pin(&store, &user)?,
        Staff::Badge { user, out } => print_badge(&store, &user, &out)?,
        Staff::Disable { user } => set_active(&store, &user, false)?,
        Staff::Enable { user } => set_active(&store, &user, true)?,
        Staff::List => list(&store)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add(store: &Store, user: &str, role: Role) -> Result<()> {
    if store
        .read_blocking(|connection| staff_named(connection, user))?
        .is_some()
    {
        bail!("{user} is there already; use `office staff pin {user}` for a new PIN");
    }
    let pin = Pin::ask()?;
    let (name, hash) = (user.to_owned(), pin.hash()?);
    store.write_blocking(move |writing| writing.add_staff(&name, role, hash).map(drop))?;
    pin.show(user);
    Ok(())
}

fn change_pin(store: &Store, user: &str) -> Result<()> {
    let known = find(store, user)?;
    let pin = Pin::ask()?;
    let changed = StaffMember {
        pin: PinHash::from(pin.hash()?),
        ..known
    };
    store.write_blocking(move |writing| writing.save_staff(&changed))?;
    pin.show(user);
    Ok(())
}

fn print_badge(store: &Store, user: &str, out: &Path) -> Result<()> {
    if out.exists() {
        bail!(
            "{} is there already; name a file that is not",
            out.display()
        );
    }
    let known = find(store, user)?;
    let badge = store.write_blocking(move |writing| writing.issue_badge(&known))?;
    let code = QrCode::with_error_correction_level(badge.as_str().as_bytes(), EcLevel::M)
        .context("a badge does not fit a QR code")?;
    let picture = code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    write_private(out, &picture)
        .with_context(|| format!("cannot write {}; give the badge once more", out.display()))
}

fn set_active(store: &Store, user: &str, active: bool) -> Result<()> {
    let known = find(store, user)?;
    let changed = StaffMember { active, ..known };
    Ok(store.write_blocking(move |writing| writing.save_staff(&changed))?)
}

fn list(store: &Store) -> Result<()> {
    for one in store.read_blocking(staff)? {
        let role = match one.role {
            Role::Receptionist => "receptionist",
            Role::Adviser => "adviser",
            Role::Lead => "lead",
        };
        let state = if one.active { "" } else { ", disabled" };
        let badge = if one.badge.is_some() { ", badge" } else { "" };
        println!("{} {}: {role}{badge}{state}", one.id, one.user);
    }
    Ok(())
}

fn find(store: &Store, user: &str) -> Result<StaffMember> {
    let found: Result<_, StoreError> =
        store.read_blocking(|connection| staff_named(connection, user));
    found?.with_context(|| format!("there is no {user}; `office staff list` says who there is"))
}

/// A PIN, and whether somebody has to be told.
struct Pin {
    digits: String,
    is_new: bool,
}

impl Pin {
    fn ask() -> Result<Self> {
        let given = if std::io::stdin().is_terminal() {
            None
        } else {
            first_line()?
        };
        match given {
            Some(digits) if is_weak_pin(&digits) => {
                bail!("a PIN is six digits, not all the same and not in a row; give another one")
            }
            Some(digits) => Ok(Self {
                digits,
                is_new: false,
            }),
            None => Ok(Self {
                digits: random_pin().context("no randomness")?,
                is_new: true,
            }),
        }
    }

    fn hash(&self) -> Result<String> {
        hash_password(&self.digits).context("the PIN cannot be used")
    }

    fn show(&self, user: &str) {
        if self.is_new {
            println!("{user}: {}", self.digits);
        }
    }
}
