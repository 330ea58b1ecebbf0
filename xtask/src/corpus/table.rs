//! The outcome as a page.

use super::build::Judged;
use super::generate::Generated;
use super::peer::{Beside, Peer};
use super::words::clip;
use super::{Extent, LATE, Row};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Longest sentence of a remark.
const LONGEST: usize = 240;
/// Remarks of one kind about one document; the rest are counted.
const MOST: usize = 12;

/// The page.
pub fn text(rows: &[Row], extent: Extent) -> String {
    let mut text = String::from(
        "# Documents that nobody here wrote\n\nMade by `cargo xtask corpus`. Each document is read, \
         a crate is written and compiled with warnings denied, and a judge that shares no code with \
         the generator reads the document again and puts every JSON body to the test.\n",
    );
    text.push_str("\n## Generated\n\n");
    text.push_str(&aligned(&generated(rows)));
    text.push_str(
        "\nFree-form: places of the document that became any JSON value, and the share of such \
         leaves in valid samples. Seconds and MiB are those of the whole process of the generator; \
         compiling is measured with all dependencies compiled before.\n",
    );
    if extent == Extent::Quick {
        text.push_str(
            "\nThis run was a quick one: the generator was built without optimisation, so its seconds \
             are too many, and other generators were not asked.\n",
        );
    }
    text.push_str("\n## Examples and the law\n\n");
    text.push_str(&aligned(&examples(rows)));
    text.push_str(
        "\nL1: valid against their own schema, as `jsonschema` judges. L2: leaves in typed places. \
         L3: written back equal. L5: the same bytes when read and written again. Mutations are all \
         single-step changes of all examples and of two samples of each body; each must be refused \
         or come back equal.\n",
    );
    text.push_str("\n## Samples\n\n");
    text.push_str(&aligned(&samples(rows)));
    text.push_str(
        "\nAt least 100 valid samples of the schema of each body, in each direction. Failed: attempts of \
         the sampler that the judge of schemas did not accept. Short: schemas of which fewer than 100 \
         samples were found; often there are none, as of a `oneOf` whose branches all accept the same.\n",
    );
    if rows.iter().any(|row| !row.beside.is_empty()) {
        text.push_str("\n## Beside other generators\n\n");
        text.push_str(&aligned(&beside(rows)));
        text.push_str(
            "\nSeconds and MiB of the generator, and the seconds of `cargo check` for what it wrote, \
             with all dependencies checked before.\n",
        );
        text.push_str(&shares(rows));
    }
    text.push_str("\n## Remarks\n");
    for row in rows {
        remarks(row, &mut text);
    }
    text
}

/// The last lines of a run.
pub fn totals(rows: &[Row]) -> String {
    let sum = |name: &str| count(rows, name);
    let operations: usize = made(rows).map(|made| made.operations).sum();
    let refused: usize = made(rows).map(|made| made.refusals.len()).sum();
    let compiled = rows.iter().filter(|row| row.compiled.is_ok()).count();
    format!(
        "{} documents, {operations} operations, {refused} left out, {compiled} compile; {} of {} valid examples \
         come back equal; {} mutations, {} changed; {} samples, {} refused; {} of {} schemas short",
        rows.len(),
        sum("equal examples"),
        sum("valid examples"),
        sum("mutations"),
        sum("changed"),
        sum("samples"),
        sum("refused samples"),
        sum("short bodies"),
        sum("sampled bodies"),
    )
}

fn made(rows: &[Row]) -> impl Iterator<Item = &Generated> {
    rows.iter().filter_map(|row| row.generated.as_ref().ok())
}

fn judged(rows: &[Row]) -> impl Iterator<Item = &Judged> {
    rows.iter().filter_map(|row| row.judged.as_ref().ok())
}

fn count(rows: &[Row], name: &str) -> usize {
    judged(rows).map(|judged| judged.count(name)).sum()
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    // Counts of leaves are far below the precision of a float.
    #[expect(clippy::cast_precision_loss, reason = "a share in tenths of a percent")]
    let share = part as f64 * 100.0 / whole as f64;
    format!("{share:.1} %")
}

fn generated(rows: &[Row]) -> Vec<Vec<String>> {
    let mut table = vec![words(&[
        "document",
        "OpenAPI",
        "operations",
        "left out",
        "types",
        "free-form places",
        "free leaves",
        "compiles",
        "compile s",
        "generate s",
        "MiB",
    ])];
    for row in rows {
        let mut line = vec![row.entry.name.clone(), row.entry.version.clone()];
        match &row.generated {
            Ok(made) => {
                let places: usize = made.fallbacks.values().map(Vec::len).sum();
                let counts = [made.operations, made.refusals.len(), made.types, places];
                line.extend(counts.map(|count| count.to_string()));
            }
            Err(_) => line.extend(words(&["none", "", "", ""])),
        }
        line.push(match &row.judged {
            Ok(judged) => percent(judged.count("free leaves"), judged.count("leaves")),
            Err(_) => String::new(),
        });
        match &row.compiled {
            Ok(compiled) => line.extend(["yes".to_owned(), format!("{:.1}", compiled.seconds)]),
            Err(reason) if reason == LATE => line.extend(words(&["", ""])),
            Err(_) => line.extend(words(&["no", ""])),
        }
        match &row.generated {
            Ok(made) => line.extend([format!("{:.2}", made.seconds), format!("{:.0}", made.peak)]),
            Err(_) => line.extend(words(&["", ""])),
        }
        table.push(line);
    }
    let sum = |of: fn(&Generated) -> usize| made(rows).map(of).sum::<usize>().to_string();
    table.push(vec![
        "total".to_owned(),
        String::new(),
        sum(|made| made.operations),
        sum(|made| made.refusals.len()),
        sum(|made| made.types),
        sum(|made| made.fallbacks.values().map(Vec::len).sum()),
        percent(count(rows, "free leaves"), count(rows, "leaves")),
        rows.iter()
            .filter(|row| row.compiled.is_ok())
            .count()
            .to_string(),
        String::new(),
        format!("{:.2}", made(rows).map(|made| made.seconds).sum::<f64>()),
        String::new(),
    ]);
    table
}

fn examples(rows: &[Row]) -> Vec<Vec<String>> {
    let mut table = vec![words(&[
        "document",
        "bodies",
        "examples",
        "L1",
        "L2",
        "L3",
        "L5",
        "mutations",
        "refused",
        "equal",
        "changed",
        "judge s",
    ])];
    let cells = |name: &str, of: &dyn Fn(&str) -> usize, seconds: f64| {
        let plain = |name: &str| of(name).to_string();
        vec![
            name.to_owned(),
            plain("bodies"),
            plain("examples"),
            plain("valid examples"),
            percent(of("typed example leaves"), of("example leaves")),
            plain("equal examples"),
            plain("stable examples"),
            plain("mutations"),
            plain("refused mutations"),
            plain("equal mutations"),
            plain("changed"),
            format!("{seconds:.1}"),
        ]
    };
    for row in rows {
        if let Ok(judged) = &row.judged {
            table.push(cells(
                &row.entry.name,
                &|name| judged.count(name),
                judged.seconds,
            ));
        }
    }
    let seconds = judged(rows).map(|judged| judged.seconds).sum();
    table.push(cells("total", &|name| count(rows, name), seconds));
    table
}

fn samples(rows: &[Row]) -> Vec<Vec<String>> {
    let mut table = vec![words(&[
        "document",
        "schemas",
        "samples",
        "equal",
        "refused",
        "failed attempts",
        "schemas short",
        "share short",
    ])];
    let cells = |name: &str, of: &dyn Fn(&str) -> usize| {
        let plain = |name: &str| of(name).to_string();
        vec![
            name.to_owned(),
            plain("sampled bodies"),
            plain("samples"),
            plain("equal samples"),
            plain("refused samples"),
            plain("skipped samples"),
            plain("short bodies"),
            percent(of("short bodies"), of("sampled bodies")),
        ]
    };
    for row in rows {
        if let Ok(judged) = &row.judged {
            table.push(cells(&row.entry.name, &|name| judged.count(name)));
        }
    }
    table.push(cells("total", &|name| count(rows, name)));
    table
}

fn beside(rows: &[Row]) -> Vec<Vec<String>> {
    let mut head = words(&["document", "ours s", "MiB", "check s"]);
    let peers = peers(rows);
    for peer in &peers {
        let name = peer.name();
        head.extend([format!("{name} s"), "MiB".to_owned(), "check s".to_owned()]);
    }
    let mut table = vec![head];
    let check = |seconds: Option<f64>| match seconds {
        Some(seconds) => format!("{seconds:.2}"),
        None => "fails".to_owned(),
    };
    let mut good = vec![0; peers.len() + 1];
    for row in rows {
        let mut line = vec![row.entry.name.clone()];
        let ours = row.generated.as_ref().map(|made| (made.seconds, made.peak));
        line.extend(cost(ours.ok()));
        line.push(check(row.checked));
        good[0] += usize::from(row.checked.is_some());
        for (place, peer) in peers.iter().enumerate() {
            let Some(found) = row.beside.iter().find(|beside| beside.peer == *peer) else {
                line.extend(words(&["", "", ""]));
                continue;
            };
            line.extend(cost(found.generated.as_ref().ok().copied()));
            line.push(check(found.checked.as_ref().ok().copied()));
            good[place + 1] += usize::from(found.checked.is_ok());
        }
        table.push(line);
    }
    let mut total = vec!["accepted".to_owned()];
    for good in good {
        total.extend([String::new(), String::new(), good.to_string()]);
    }
    table.push(total);
    table
}

/// The other generators that were asked.
fn peers(rows: &[Row]) -> Vec<Peer> {
    let is_here = |peer: &Peer| {
        let mut all = rows.iter().flat_map(|row| &row.beside);
        all.any(|beside| beside.peer == *peer)
    };
    Peer::ALL.into_iter().filter(is_here).collect()
}

/// For each other generator, our seconds as a share of its own, over the documents where both have
/// some.
fn shares(rows: &[Row]) -> String {
    let mut text = String::new();
    for peer in peers(rows) {
        let generated = pairs(rows, peer, |row, beside| {
            let ours = row.generated.as_ref().ok()?.seconds;
            Some((ours, beside.generated.as_ref().ok()?.0))
        });
        let checked = pairs(rows, peer, |row, beside| {
            Some((row.checked?, *beside.checked.as_ref().ok()?))
        });
        let _ = writeln!(
            text,
            "\nShare of the seconds of {}: generating {}; `cargo check` {}.",
            peer.name(),
            share(&generated),
            share(&checked)
        );
    }
    text
}

/// Our seconds and those of another generator.
type Pair = (f64, f64);

fn pairs(rows: &[Row], peer: Peer, of: fn(&Row, &Beside) -> Option<Pair>) -> Vec<Pair> {
    rows.iter()
        .flat_map(|row| row.beside.iter().map(move |beside| (row, beside)))
        .filter(|(_, beside)| beside.peer == peer)
        .filter_map(|(row, beside)| of(row, beside))
        .collect()
}

/// What all take together as a share, and the greatest share of one.
fn share(pairs: &[Pair]) -> String {
    let ours: f64 = pairs.iter().map(|(ours, _)| ours).sum();
    let theirs: f64 = pairs.iter().map(|(_, theirs)| theirs).sum();
    if pairs.is_empty() || theirs <= 0.0 {
        return "not compared".to_owned();
    }
    let each = pairs.iter().map(|(ours, theirs)| ours / theirs);
    format!(
        "{:.2} (greatest {:.2}, {} documents)",
        ours / theirs,
        each.fold(0.0, f64::max),
        pairs.len()
    )
}

fn cost(cost: Option<(f64, f64)>) -> [String; 2] {
    match cost {
        Some((seconds, peak)) => [format!("{seconds:.3}"), format!("{peak:.0}")],
        None => ["fails".to_owned(), String::new()],
    }
}

/// Everything about a document that is not as one would wish.
fn remarks(row: &Row, text: &mut String) {
    let mut lines = Vec::new();
    if let Err(reason) = &row.generated {
        lines.push(format!("nothing generated: {reason}"));
    }
    if let (Ok(_), Err(reason)) = (&row.generated, &row.compiled) {
        lines.push(format!("does not compile: {reason}"));
    }
    if let (Ok(_), Err(reason)) = (&row.compiled, &row.judged) {
        lines.push(format!("not judged: {reason}"));
    }
    if let Ok(made) = &row.generated {
        lines.extend(
            made.refusals
                .iter()
                .map(|refusal| format!("left out: {refusal}")),
        );
        for (reason, places) in &made.fallbacks {
            let shown = places.iter().take(MOST).map(|place| format!("`{place}`"));
            let shown = shown.collect::<Vec<_>>().join(", ");
            let more = places.len().saturating_sub(MOST);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            lines.push(format!("free-form, since {reason}: {shown}{more}"));
        }
        for (problem, times) in &made.problems {
            lines.push(format!("{times} × {problem}"));
        }
    }
    if let Ok(judged) = &row.judged {
        of_judge(judged, &mut lines);
    }
    for beside in &row.beside {
        let name = beside.peer.name();
        match (&beside.generated, &beside.checked) {
            (Err(reason), _) => lines.push(format!("{name} gives up: {reason}")),
            (Ok(_), Err(reason)) => {
                lines.push(format!("what {name} writes does not compile: {reason}"));
            }
            _ => {}
        }
    }
    if lines.is_empty() {
        return;
    }
    let _ = write!(text, "\n### {}\n\n", row.entry.name);
    for line in lines {
        let _ = writeln!(text, "- {}", clip(&escaped(&line), LONGEST * 4));
    }
}

/// The remarks of a judge: those of one kind and sentence as one line.
fn of_judge(judged: &Judged, lines: &mut Vec<String>) {
    let mut groups: BTreeMap<(&str, String), (usize, &str)> = BTreeMap::new();
    for note in &judged.notes {
        // What differs between remarks of one cause is the place inside the text.
        let sentence = note.sentence.split(" (line ").next().unwrap_or_default();
        let key = (note.kind.as_str(), clip(sentence, LONGEST));
        let group = groups.entry(key).or_insert((0, &note.place));
        group.0 += note.times;
    }
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for ((kind, sentence), (times, place)) in groups {
        let count = shown.entry(kind).or_default();
        *count += 1;
        if *count <= MOST {
            let colon = if sentence.is_empty() { "" } else { ": " };
            lines.push(format!(
                "{kind} ({times} ×, first {place}){colon}{sentence}"
            ));
        }
    }
    for (kind, count) in shown {
        if count > MOST {
            lines.push(format!("{kind}: {} further kinds", count - MOST));
        }
    }
}

/// A text in which nothing is markup but what stands between backticks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '<' | '*' | '|') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A table whose columns stand below each other: the first to the left, the others to the right.
fn aligned(table: &[Vec<String>]) -> String {
    let columns = table.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = table.iter().filter_map(|line| line.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
            .max(3)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (number, line) in table.iter().enumerate() {
        for (column, width) in widths.iter().enumerate() {
            let cell = line.get(column).map_or("", String::as_str);
            let _ = match column {
                0 => write!(text, "| {cell:<width$} |"),
                _ => write!(text, " {cell:>width$} |"),
            };
        }
        text.push('\n');
        if number == 0 {
            for (column, width) in widths.iter().enumerate() {
                let dashes = "-".repeat(width - 1);
                let _ = match column {
                    0 => write!(text, "| {dashes}- |"),
                    _ => write!(text, " {dashes}: |"),
                };
            }
            text.push('\n');
        }
    }
    text
}
