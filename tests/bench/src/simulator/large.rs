//! The start with a large document.

use super::start_with;
use crate::generation::Setting;
use crate::growth::repeated;
use crate::measure::median;
use crate::table::Row;
use anyhow::Result;
use serde_json::Value;

/// Bytes of the large document.
const LARGE: usize = 13_000_000;

/// Starts, of which the median counts.
const STARTS: usize = 3;

/// The time to the first answer with the document of Cloud Panel repeated under new names.
#[expect(clippy::cast_precision_loss, reason = "the size of a document")]
pub(super) fn row(setting: &Setting) -> Result<Row> {
    eprintln!("simulator: a large document");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(&setting.document)?)?;
    let mut times = 1;
    let text = loop {
        let text = serde_json::to_string_pretty(&repeated(&document, times)?)?;
        if text.len() >= LARGE {
            break text;
        }
        times += 1;
    };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, &text)?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(start_with(setting, &path)?.start.as_secs_f64());
    }
    let start = median(starts);
    let what = format!("start with a document of {:.1} MB", text.len() as f64 / 1e6);
    Ok(Row::plain(what, format!("{start:.3} s")).aiming("<= 1 s", start <= 1.0))
}
