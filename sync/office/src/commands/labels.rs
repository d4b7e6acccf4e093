//! Labels for what is lent (R8). They are no secret: whoever holds one up can bring something back, and nothing else.

use super::open;
use anyhow::{Context, Result};
use domain::equipment::Equipment;
use link::collections::CollectionName;
use office::OfficeConfig;
use office::store::collections::read_document;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn print(config: &OfficeConfig, out: &Path) -> Result<ExitCode> {
    let equipment: Vec<Equipment> = open(config)?
        .read_blocking(|connection| read_document(connection, CollectionName::Equipment))?;
    let failed = || {
        format!(
            "cannot write {}; name what does not exist yet, in a folder that does",
            out.display()
        )
    };
    std::fs::create_dir(out).with_context(failed)?;
    for one in equipment {
        // A label is scratched more than a card.
        let code = QrCode::with_error_correction_level(one.code().as_bytes(), EcLevel::Q)
            .context("a label does not fit a QR code")?;
        let picture = code
            .render::<svg::Color<'_>>()
            .min_dimensions(160, 160)
            .build();
        std::fs::write(out.join(format!("{}.svg", one.label)), picture).with_context(failed)?;
    }
    Ok(ExitCode::SUCCESS)
}
