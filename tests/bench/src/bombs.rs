//! Documents that are made to exhaust: how long each takes, and how much memory.

use crate::generation::Setting;
use crate::measure::{median, median_seconds};
use crate::process::{self, Cost, Ended};
use crate::table::{Row, Section};
use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::path::Path;

/// How often each is answered.
const ROUNDS: usize = 3;

/// What no answer may pass.
const SECONDS: f64 = 1.0;
const MEBIBYTES: f64 = 200.0;

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";

/// Has the generator answer each bomb.
///
/// # Errors
/// Where it ends otherwise than by a result or a refusal.
pub fn section(setting: &Setting) -> Result<Section> {
    let mut section = Section::new("Documents that are made to exhaust, whole process");
    let folder = tempfile::tempdir()?;
    for (name, content) in bombs() {
        eprintln!("bombs: {name}");
        let path = folder.path().join("openapi.yaml");
        std::fs::write(&path, content)?;
        section.rows.push(answered(setting, &name, &path)?);
        std::fs::remove_file(&path)?;
    }
    let note = "each is refused with its place, or generated; none ends in a panic or a signal";
    section.notes.push(note.to_owned());
    Ok(section)
}

fn answered(setting: &Setting, name: &str, path: &Path) -> Result<Row> {
    let mut costs = Vec::new();
    let mut word = "generated";
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let mut command = setting.generate(path, &folder.path().join("out"));
        let Ended { status, cost, said } = process::end(&mut command)?;
        match status.code() {
            Some(0) => {}
            Some(1) => word = "refused",
            _ => bail!("{name} ended with {status}: {said}"),
        }
        costs.push(cost);
    }
    let walls: Vec<_> = costs.iter().map(|cost| cost.wall).collect();
    let seconds = median_seconds(&walls);
    let mebibytes = median(costs.iter().map(Cost::mebibytes).collect());
    let busy: Vec<_> = costs.iter().map(|cost| cost.busy).collect();
    let met = seconds <= SECONDS && mebibytes <= MEBIBYTES;
    let steady = median_seconds(&busy) >= 0.75 * seconds;
    Ok(Row::plain(
        name,
        format!("{word} in {seconds:.3} s, {mebibytes:.0} MiB"),
    )
    .aiming("<= 1 s, 200 MiB", met)
    .relying(steady || met))
}

fn bombs() -> Vec<(String, Vec<u8>)> {
    let mut bombs: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, content: String| bombs.push((name.to_owned(), content.into()));
    let mut aliases = format!("{HEAD}x0: &x0 [a,a,a,a,a,a,a,a,a]\n");
    for level in 1..30 {
        let alias = format!("*x{},", level - 1).repeat(9);
        let _ = writeln!(aliases, "x{level}: &x{level} [{alias}]");
    }
    add("aliases of aliases of aliases", aliases);
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"openapi\": \"3.1.0\", \"x\": {open}{close}}}")
    };
    add("JSON, 20,000 deep", deep(20_000));
    add("JSON, a million deep", deep(1_000_000));
    let flow = format!("{HEAD}x: {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
    add("YAML, 20,000 deep", flow);
    let dashes = format!("{HEAD}x:\n  {}1\n", "- ".repeat(20_000));
    add("YAML, 20,000 lists in one line", dashes);
    let schemas = |depth: usize, open: &str, close: &str| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        format!("{HEAD}components: {{schemas: {{A: {open}{{}}{close}}}}}\n")
    };
    add(
        "schemas in schemas, 20,000 deep",
        schemas(20_000, "{\"properties\": {\"a\": ", "}}"),
    );
    add(
        "unions in unions, 400 deep",
        schemas(400, "{\"oneOf\": [{\"type\": \"string\"}, ", "]}"),
    );
    let ring = |length: usize, before: &str, after: &str| {
        let mut text = format!("{HEAD}components:\n  schemas:\n");
        for at in 0..length {
            let next = (at + 1) % length;
            let next = format!("{{$ref: '#/components/schemas/S{next}'}}");
            let _ = writeln!(text, "    S{at}: {before}{next}{after}");
        }
        text
    };
    let circles = [
        ("references", "", ""),
        ("times allOf", "{allOf: [", "]}"),
        ("lists", "{type: array, items: ", "}"),
        ("kinds", "{properties: {a: {}}, oneOf: [{}, ", "]}"),
        ("objects with allOf", "{properties: {a: {}}, allOf: [", "]}"),
    ];
    for length in [1, 2, 10_000] {
        for (what, before, after) in circles {
            let name = format!("{length} {what} in a circle");
            add(&name, ring(length, before, after));
        }
    }
    let mut patterns = format!("{HEAD}components:\n  schemas:\n    A:\n      properties:\n");
    for at in 0..20_000 {
        let _ = writeln!(
            patterns,
            "        p{at}: {{type: string, pattern: 'x{at}{{9999}}'}}"
        );
    }
    add("20,000 large patterns", patterns);
    let line = "a".repeat(50_000_000);
    add(
        "a JSON line of 50 MB",
        format!("{{\"openapi\": \"3.1.0\", \"x-a\": \"{line}\"}}"),
    );
    add(
        "a JSON line of 50 MB, cut off",
        format!("{{\"openapi\": \"3.1.0\", \"x-a\": \"{line}"),
    );
    add("a YAML line of 50 MB", format!("{HEAD}x-a: {line}\n"));
    let keys: String = (0..200_000).fold(String::from(HEAD), |mut text, _| {
        text.push_str("x-a: 1\n");
        text
    });
    add("one key 200,000 times", keys);
    let mut bytes = HEAD.as_bytes().to_vec();
    bytes.extend([b'x', b':', 0xff, 0xfe]);
    bombs.push(("invalid UTF-8".to_owned(), bytes));
    bombs
}
