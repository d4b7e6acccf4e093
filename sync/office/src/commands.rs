//! What the program can be told to do.

mod labels;
mod staff;

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use office::import::{self, Kind, Options, Remark, Report};
use office::secret::{Token, hash_password, random_hex, write_private};
use office::store::{Store, members};
use office::{Office, OfficeConfig, sample};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use std::io::{BufRead, IsTerminal};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Genkan's central server: records, members, reservations, programme.
#[derive(Parser)]
#[command(name = "office", version)]
pub struct Arguments {
    /// The configuration.
    #[arg(
        long,
        global = true,
        default_value = "office.toml",
        env = "GENKAN_OFFICE_CONFIG"
    )]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve kiosks, programs and the page until told to stop.
    Serve {
        /// Run the broker too, on this machine only.
        #[arg(long)]
        embedded_broker: bool,
    },
    /// Take in a CSV file of another service: all of it or nothing.
    Import(ImportArguments),
    /// Write the passes in force: a CSV file, or a folder with a QR code for each.
    Passes {
        /// A file that ends in .csv, or a folder.
        #[arg(long)]
        out: PathBuf,
    },
    /// Write the QR code of each label of the equipment into a new folder.
    Labels {
        /// The folder.
        #[arg(long)]
        out: PathBuf,
    },
    /// People who sign in at the page.
    #[command(subcommand)]
    User(User),
    /// Staff of the centre, who sign in at the doors.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Write a new token into a file that does not exist yet.
    Token {
        /// The file.
        file: PathBuf,
    },
    /// Put a made-up centre into an empty database, to try things.
    Sample {
        /// The first day of its week.
        #[arg(long)]
        date: NaiveDate,
        /// Where codes.csv and staff.csv go.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Args)]
struct ImportArguments {
    /// What the file holds.
    #[arg(value_enum)]
    kind: KindArgument,
    /// The file, UTF-8 or CP932.
    file: PathBuf,
    /// The file names all there are: what it does not name ends or is cancelled.
    #[arg(long)]
    complete: bool,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArgument {
    Members,
    Reservations,
    Programme,
}

#[derive(Subcommand)]
enum User {
    /// Add a user, or give one a new password: read from standard input if that is no terminal, else made up and shown once.
    Add {
        /// The ID to sign in with.
        name: String,
    },
}

impl Arguments {
    /// Does it.
    pub fn run(self) -> Result<ExitCode> {
        if let Command::Token { file } = &self.command {
            return make_token(file);
        }
        let embedded = matches!(
            self.command,
            Command::Serve {
                embedded_broker: true
            }
        );
        // Only serving needs the broker, so the others do not ask for one.
        let serves = matches!(self.command, Command::Serve { .. });
        let config = OfficeConfig::load(&self.config, embedded || !serves)?;
        match self.command {
            Command::Serve { .. } => serve(config),
            Command::Import(arguments) => take_file(&config, &arguments),
            Command::Passes { out } => passes(&config, &out),
            Command::Labels { out } => labels::print(&config, &out),
            Command::User(User::Add { name }) => add_user(&config, &name),
            Command::Staff(command) => staff::run(&config, command),
            Command::Sample { date, out } => put_sample(&config, date, &out),
            Command::Token { .. } => Ok(ExitCode::SUCCESS),
        }
    }
}

fn open(config: &OfficeConfig) -> Result<Store> {
    Ok(Store::open(&config.data_dir, config.clock)?)
}

fn serve(config: OfficeConfig) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("no threads to run on")?;
    runtime.block_on(async {
        let office = Office::start(config).await?;
        wait_for_the_end().await?;
        office.shutdown().await;
        Ok(ExitCode::SUCCESS)
    })
}

async fn wait_for_the_end() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    tokio::select! {
        _ = terminate.recv() => {}
        result = tokio::signal::ctrl_c() => result.context("cannot listen for Ctrl-C")?,
    }
    Ok(())
}

fn make_token(file: &Path) -> Result<ExitCode> {
    let token = Token::random().context("no randomness")?;
    write_private(file, token.reveal()).with_context(|| {
        format!(
            "cannot write {}; choose a file that does not exist yet, in a folder that does",
            file.display()
        )
    })?;
    println!("{}", file.display());
    Ok(ExitCode::SUCCESS)
}

fn take_file(config: &OfficeConfig, arguments: &ImportArguments) -> Result<ExitCode> {
    let file = &arguments.file;
    let size = std::fs::metadata(file)
        .with_context(|| format!("cannot read {}; check the path", file.display()))?
        .len();
    if size > import::MAX_FILE as u64 {
        bail!(
            "{} has {size} bytes, at most {} are taken; send it in parts",
            file.display(),
            import::MAX_FILE
        );
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let kind = match arguments.kind {
        KindArgument::Members => Kind::Members,
        KindArgument::Reservations => Kind::Reservations,
        KindArgument::Programme => Kind::Programme,
    };
    let options = Options {
        complete: arguments.complete,
        dry_run: arguments.dry_run,
    };
    let report = open(config)?
        .write_blocking(move |writing| import::import(writing, kind, &bytes, options))?;
    show(file, &report);
    Ok(if report.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn show(file: &Path, report: &Report) {
    let line = |remark: &Remark, what: &str| {
        let place = remark
            .line
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        let column = remark
            .column
            .as_ref()
            .map(|column| format!("{column}: "))
            .unwrap_or_default();
        eprintln!(
            "{}{place}: {what}{column}{}",
            file.display(),
            remark.message
        );
    };
    report
        .warnings
        .iter()
        .for_each(|remark| line(remark, "(注意) "));
    report.faults.iter().for_each(|remark| line(remark, ""));
    let Report {
        rows,
        added,
        changed,
        unchanged,
        ended,
        ..
    } = report;
    let done = match (report.applied, report.faults.is_empty()) {
        (true, _) => "取り込みました",
        (false, true) => "このまま取り込めます（今回は何も変えていません）",
        (false, false) => "何も取り込んでいません。上の行を直してから、もう一度お試しください",
    };
    println!(
        "{done}: 行 {rows}、追加 {added}、変更 {changed}、変更なし {unchanged}、終了・取消 {ended}"
    );
}

fn passes(config: &OfficeConfig, out: &Path) -> Result<ExitCode> {
    let cards = open(config)?.read_blocking(members::cards)?;
    // Printing cards makes copies of personal data: who may do it is the procedure's matter, that it was done is logged (R25).
    tracing::warn!(cards = cards.len(), "passes are written out");
    let failed = || {
        format!(
            "cannot write {}; name what does not exist yet, in a folder that does",
            out.display()
        )
    };
    if out.extension().is_some_and(|end| end == "csv") {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["member_no", "category", "code"])?;
        for card in cards {
            table.serialize((card.member, card.category, card.pass))?;
        }
        let text = String::from_utf8(table.into_inner()?)?;
        write_private(out, &text).with_context(failed)?;
        return Ok(ExitCode::SUCCESS);
    }
    // Whoever has one of these can come in with it.
    let mut folder = std::fs::DirBuilder::new();
    folder.mode(0o700).create(out).with_context(failed)?;
    for card in cards {
        let code = QrCode::with_error_correction_level(card.pass.as_bytes(), EcLevel::M)
            .context("a pass does not fit a QR code")?;
        let picture = code
            .render::<svg::Color<'_>>()
            .min_dimensions(240, 240)
            .build();
        write_private(&out.join(format!("{}.svg", card.member)), &picture).with_context(failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn add_user(config: &OfficeConfig, name: &str) -> Result<ExitCode> {
    let given = if std::io::stdin().is_terminal() {
        None
    } else {
        first_line()?
    };
    let password = match &given {
        Some(password) if password.chars().count() < 12 => {
            bail!("the password has fewer than 12 characters; give a longer one")
        }
        Some(password) => password.clone(),
        None => random_hex::<10>().context("no randomness")?,
    };
    let hash = hash_password(&password).context("the password cannot be used")?;
    let user = name.to_owned();
    open(config)?.write_blocking(move |writing| writing.save_user(&user, &hash))?;
    if given.is_none() {
        println!("{name}: {password}");
    }
    Ok(ExitCode::SUCCESS)
}

fn first_line() -> Result<Option<String>> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("cannot read the password")?;
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()).filter(|line| !line.is_empty()))
}

fn put_sample(config: &OfficeConfig, date: NaiveDate, out: &Path) -> Result<ExitCode> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let store = open(config)?;
    let codes = sample::load(&store, date)?;
    codes.write_csv(&out.join("codes.csv"))?;
    sample::write_staff_csv(&out.join("staff.csv"))?;
    println!(
        "{} members, {}",
        codes.0.len(),
        out.join("codes.csv").display()
    );
    Ok(ExitCode::SUCCESS)
}
