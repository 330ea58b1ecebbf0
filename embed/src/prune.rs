//! Sources without a feature, as the compiler sees them where the feature is off, and without a part that is no feature:
//! an item below a line such as `// part: oauth`.

use std::collections::BTreeSet;

/// How the line begins that tells the part to which the item below it belongs.
const PART: &str = "// part: ";

/// A file without what features that are off would leave out, and without the parts that are off.
pub(crate) struct Pruned {
    pub(crate) text: String,
    /// The modules that it no longer declares.
    pub(crate) modules: BTreeSet<String>,
}

/// Takes out the items that belong to a feature or a part that is off, and the conditions that then always hold.
///
/// The sources are as `rustfmt` lays them out: an attribute has a line of its own, and an item ends with the first line
/// that is indented as it began and closes it.
pub(crate) fn prune(source: &str, off: &[&str]) -> Pruned {
    let on_when_off = |condition: &str| {
        off.iter()
            .map(|feature| format!("{condition}(feature = \"{feature}\")"))
            .collect::<Vec<_>>()
    };
    let (out, kept) = (on_when_off("#[cfg"), on_when_off("#[cfg(not"));
    let holds = on_when_off("cfg!(not");
    let mut text: Vec<String> = Vec::new();
    let mut modules = BTreeSet::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        let is = |attributes: &[String], end: &str| {
            attributes
                .iter()
                .any(|attribute| trimmed.strip_prefix(attribute.as_str()) == Some(end))
        };
        let part = trimmed.strip_prefix(PART);
        if is(&out, "]") || part.is_some_and(|part| off.contains(&part)) {
            let indent = line.len() - trimmed.len();
            // What documents the item goes with it.
            while text.pop_if(|above| belongs_below(above, indent)).is_some() {}
            modules.extend(skip(&mut lines, indent));
        } else if !is(&kept, ")]") && part.is_none() {
            let mut line = line.to_owned();
            for condition in &holds {
                line = line.replace(&format!("{condition})"), "true");
            }
            text.push(line);
        }
    }
    let mut text = text.join("\n");
    text.push('\n');
    Pruned { text, modules }
}

/// Whether a line says something of the item below it.
fn belongs_below(line: &str, indent: usize) -> bool {
    let trimmed = line.trim_start();
    line.len() - trimmed.len() == indent
        && (trimmed.starts_with("///") || trimmed.starts_with("#["))
}

/// Goes past an item that is indented by some blanks; gives the module that it declares.
fn skip<'l>(lines: &mut impl Iterator<Item = &'l str>, indent: usize) -> Option<String> {
    let own = |line: &'l str| line.get(indent..).filter(|rest| !rest.starts_with(' '));
    let first = lines.find(|line| {
        own(line).is_some_and(|rest| {
            !rest.starts_with("//") && !rest.starts_with("#[") && !rest.starts_with(')')
        })
    });
    let first = first.and_then(own)?;
    let is_closed = |rest: &str| rest.ends_with([';', ',', '}']);
    if !is_closed(first) {
        lines.find(|line| own(line).is_some_and(is_closed));
    }
    let words = first.trim_end_matches(';').split_whitespace();
    let mut words = words.skip_while(|word| word.starts_with("pub"));
    (words.next() == Some("mod")).then(|| words.next().unwrap_or_default().to_owned())
}
