//! Decoding and encoding the documented list of servers: generated types beside derived ones.

use crate::hand;
use crate::instructions;
use crate::measure::{Duel, duel};
use crate::sample::Sample;
use crate::table::{Row, Section};
use anyhow::{Context, Result};
use cloud_panels::cloudpanel::types::Server;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use verbatim_runtime::json;

/// How often each way is timed.
const ROUNDS: usize = 60;

/// The four things that are measured, on one sample.
pub struct Bodies {
    sample: Sample,
    ours: Vec<Server>,
    hand: Vec<hand::Server>,
}

impl Bodies {
    /// Decodes the sample both ways.
    ///
    /// # Errors
    /// Where either cannot read it, or does not give back what it read.
    pub fn new(sample: Sample) -> Result<Self> {
        let ours: Vec<Server> = json::from_slice(&sample.list)?;
        let hand: Vec<hand::Server> = serde_json::from_slice(&sample.list)?;
        anyhow::ensure!(
            ours.len() == sample.count && hand.len() == sample.count,
            "the two ways do not read the same list"
        );
        // Fields that only one of them knows would make the comparison unfair.
        let strangers = ours.iter().any(|server| !server.extra.is_empty())
            || hand.iter().any(|server| !server.extra.is_empty());
        anyhow::ensure!(
            !strangers,
            "the document names fields that are not declared"
        );
        Ok(Self { sample, ours, hand })
    }

    /// Decodes into the generated types.
    pub fn decode_ours(&self) {
        let list: Result<Vec<Server>, _> = json::from_slice(black_box(&self.sample.list));
        drop(black_box(list));
    }

    /// Decodes into the types by hand.
    pub fn decode_by_hand(&self) {
        let list: Result<Vec<hand::Server>, _> =
            serde_json::from_slice(black_box(&self.sample.list));
        drop(black_box(list));
    }

    /// The bytes that each side writes, ours first.
    ///
    /// # Errors
    /// Where one of them cannot encode.
    pub fn written(&self) -> Result<[usize; 2]> {
        let ours = json::to_vec(&self.ours)?.len();
        Ok([ours, serde_json::to_vec(&self.hand)?.len()])
    }

    /// Encodes the generated types.
    pub fn encode_ours(&self) {
        drop(black_box(json::to_vec(black_box(&self.ours))));
    }

    /// Encodes the types by hand.
    pub fn encode_by_hand(&self) {
        drop(black_box(serde_json::to_vec(black_box(&self.hand))));
    }
}

/// Measures throughput, and takes the count of allocations from the program beside this one.
///
/// # Errors
/// Where the sample cannot be read.
pub fn section(document: &Path) -> Result<Section> {
    let sample = Sample::read(document)?;
    let size = sample.list.len();
    let bodies = Bodies::new(sample)?;
    let mut section = Section::new(format!(
        "JSON: the documented list repeated to {} servers, {size} bytes",
        bodies.sample.count
    ));
    eprintln!("json: decoding");
    let decode = duel(ROUNDS, || bodies.decode_ours(), || bodies.decode_by_hand());
    section
        .rows
        .push(throughput("decode", [size, size], &decode));
    eprintln!("json: encoding");
    let encode = duel(ROUNDS, || bodies.encode_ours(), || bodies.encode_by_hand());
    let written = bodies.written()?;
    section.rows.push(throughput("encode", written, &encode));
    section.notes.push(format!(
        "the ratio of encoding is that of time for the same list, though the other leaves out \
         every null it read: {} bytes, ours {}",
        written[1], written[0]
    ));
    for what in ["decode", "encode"] {
        section.rows.extend(counted(document, what)?);
    }
    match allocations(document) {
        Ok(rows) => section.rows.extend(rows),
        Err(error) => section
            .notes
            .push(format!("allocations are not counted: {error:#}")),
    }
    section.notes.push(
        "beside structs with the same fields, derived with serde, unknown properties flattened \
         into a map"
            .to_owned(),
    );
    Ok(section)
}

/// Throughput in the bytes that each side reads or writes, and the ratio of lists per second.
#[expect(clippy::cast_precision_loss, reason = "a body is far below 2^52 bytes")]
fn throughput(what: &str, [bytes, other]: [usize; 2], duel: &Duel) -> Row {
    let shown = |bytes: usize, seconds: f64| format!("{:.0} MB/s", bytes as f64 / 1e6 / seconds);
    let ratio = 1.0 / duel.ratio;
    Row::plain(what, shown(bytes, duel.ours))
        .beside(shown(other, duel.other), ratio)
        .aiming(">= 0.95", ratio >= 0.95)
        .relying(duel.steady)
}

/// Decodes or encodes the list so many times in one way and does nothing else, to be watched from outside; whether
/// there is such a way.
///
/// # Errors
/// Where the sample cannot be read.
pub fn repeat(document: &Path, way: &str, times: usize) -> Result<bool> {
    let work: fn(&Bodies) = match way {
        "decode" => Bodies::decode_ours,
        "decode by hand" => Bodies::decode_by_hand,
        "encode" => Bodies::encode_ours,
        "encode by hand" => Bodies::encode_by_hand,
        _ => return Ok(false),
    };
    let bodies = Bodies::new(Sample::read(document)?)?;
    for _ in 0..times {
        work(&bodies);
    }
    Ok(true)
}

/// What is counted instead of timed: other work on the machine does not change it.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn counted(document: &Path, what: &str) -> Result<Option<Row>> {
    let ours = instructions::of_a_list(document, what)?;
    let other = instructions::of_a_list(document, &format!("{what} by hand"))?;
    Ok(ours.zip(other).map(|(ours, other)| {
        Row::plain(format!("instructions to {what}"), ours.to_string())
            .beside(other.to_string(), ours as f64 / other as f64)
    }))
}

/// Counting slows allocation down, so another program does it.
fn allocations(document: &Path) -> Result<Vec<Row>> {
    let program = std::env::current_exe()?.with_file_name(format!(
        "verbatim-allocations{}",
        std::env::consts::EXE_SUFFIX
    ));
    let output = Command::new(&program)
        .arg(document)
        .output()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    anyhow::ensure!(output.status.success(), "{} failed", program.display());
    let text = String::from_utf8(output.stdout)?;
    text.lines().map(row).collect()
}

/// A line of that program: what, our count and bytes, the other's count and bytes.
fn row(line: &str) -> Result<Row> {
    let words: Vec<&str> = line.split('\t').collect();
    let [what, ours, ours_bytes, other, other_bytes] = words.as_slice() else {
        anyhow::bail!("a line of counts is not understood: {line:?}");
    };
    let shown = |count: &str, bytes: &str| -> Result<String> {
        Ok(format!("{count}, {:.1} MB", bytes.parse::<f64>()? / 1e6))
    };
    let ratio = ours.parse::<f64>()? / other.parse::<f64>()?;
    Ok(Row::plain(*what, shown(ours, ours_bytes)?).beside(shown(other, other_bytes)?, ratio))
}
