//! Members, reservations and programme from CSV, as Japanese services export them.
//!
//! A file is read completely and checked completely; then a plan is made and, if nothing was at fault, carried out in one transaction:
//! all of it or nothing. Rows that the file does not name stay as they are unless it is declared complete.

pub mod plan;
pub mod sheet;
pub mod text;
pub mod values;

mod members;
pub(crate) use members::end_of_business_year;
mod programme;
mod reservations;

use crate::store::{StoreError, Writing};
use plan::Operation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The largest file taken, in bytes.
pub const MAX_FILE: usize = 32 * 1024 * 1024;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 会員.
    Members,
    /// 予約.
    Reservations,
    /// 催し.
    Programme,
}

/// How to take a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The file names all there are: what it does not name has ended or is cancelled.
    pub complete: bool,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// Something to tell the person who brought the file. It quotes no names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Remark {
    /// The line, from 1; none if it is about the whole file.
    pub line: Option<u64>,
    /// The column, by its heading.
    pub column: Option<String>,
    /// What is wrong and what to do, in Japanese.
    pub message: String,
}

impl Remark {
    fn of_file(message: impl Into<String>) -> Self {
        Self {
            line: None,
            column: None,
            message: message.into(),
        }
    }
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// What the file holds.
    pub kind: Kind,
    /// Rows read.
    pub rows: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows that differed.
    pub changed: u64,
    /// Rows that were the same.
    pub unchanged: u64,
    /// What a complete file did not name and has ended.
    pub ended: u64,
    /// Whether it was carried out: no faults, and not a trial.
    pub applied: bool,
    /// What was skipped, and why.
    pub warnings: Vec<Remark>,
    /// What has to be mended; with any of these nothing was carried out.
    pub faults: Vec<Remark>,
}

/// Takes a file in, within a change.
///
/// # Errors
/// The database fails. What is wrong with the file stands in the report.
pub fn import(
    writing: &mut Writing<'_>,
    kind: Kind,
    bytes: &[u8],
    options: Options,
) -> Result<Report, StoreError> {
    let text = match text::decode(bytes) {
        Ok(text) => text,
        Err(error) => return Ok(Report::refused(kind, Remark::of_file(error.to_string()))),
    };
    match kind {
        Kind::Members => members::import(writing, &text, options),
        Kind::Reservations => reservations::import(writing, &text, options),
        Kind::Programme => programme::import(writing, &text, options),
    }
}

impl Report {
    fn refused(kind: Kind, fault: Remark) -> Self {
        let (warnings, faults) = (Vec::new(), vec![fault]);
        Self {
            kind,
            rows: 0,
            added: 0,
            changed: 0,
            unchanged: 0,
            ended: 0,
            applied: false,
            warnings,
            faults,
        }
    }

    fn of_plan<R>(
        kind: Kind,
        sheet: sheet::Sheet,
        plan: &[Operation<R>],
        options: Options,
    ) -> Self {
        let count = |wanted: fn(&Operation<R>) -> bool| {
            plan.iter().filter(|operation| wanted(operation)).count() as u64
        };
        let added = count(|operation| matches!(operation, Operation::Add(_)));
        let changed = count(|operation| matches!(operation, Operation::Change(_)));
        let ended = count(|operation| matches!(operation, Operation::End(_)));
        let rows = sheet.rows.len() as u64;
        let applied = sheet.faults.is_empty() && !options.dry_run;
        let unchanged = rows.saturating_sub(added + changed);
        Self {
            kind,
            rows,
            added,
            changed,
            unchanged,
            ended,
            applied,
            warnings: sheet.warnings,
            faults: sheet.faults,
        }
    }
}

/// Reads every row, gathers every fault, and finds keys that stand twice.
fn gather<R: plan::Keyed>(
    sheet: &mut sheet::Sheet,
    key_label: &str,
    mut read: impl FnMut(&sheet::Row, &mut Vec<Remark>) -> Option<R>,
) -> Vec<R> {
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    let mut wanted = Vec::new();
    let mut faults = Vec::new();
    for row in &sheet.rows {
        let Some(read) = read(row, &mut faults) else {
            continue;
        };
        if let Some(first) = lines.insert(read.key().to_owned(), row.line) {
            let message =
                format!("{key_label}が {first} 行目と同じです。どちらかの行を除いてください");
            faults.push(row.remark(key_label, message));
            continue;
        }
        wanted.push(read);
    }
    sheet.faults.extend(faults);
    wanted
}

/// A value, or a fault for its row and nothing.
fn noted<T>(
    row: &sheet::Row,
    column: &str,
    value: Result<T, String>,
    faults: &mut Vec<Remark>,
) -> Option<T> {
    value
        .map_err(|message| faults.push(row.remark(column, message)))
        .ok()
}
