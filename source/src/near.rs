//! Names that are like a misspelt one, for the remedies of complaints.

/// How alike two names must be to be taken for one another, from 0 to 1.
const ALIKE: f64 = 0.75;

/// At most three of the candidates that are most like a text, the likest first. Case does not matter, and a
/// candidate that has the text in it is like it.
pub fn near<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let lower = text.to_lowercase();
    let likeness = |candidate: &str| strsim::jaro_winkler(&lower, &candidate.to_lowercase());
    let is_part = |it: &str| !lower.is_empty() && it.to_lowercase().contains(&lower);
    let candidates = candidates.into_iter().map(|it| (likeness(it), it));
    let mut found: Vec<(f64, &str)> = candidates
        .filter(|(likeness, it)| *likeness >= ALIKE || is_part(it))
        .collect();
    found.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
    found.dedup_by(|(_, one), (_, other)| one == other);
    found.truncate(3);
    found.into_iter().map(|(_, name)| name).collect()
}

/// Names as a list in words, cut to a bearable length: "`a`, `b` or `c`".
pub fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", short(name)))
        .collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

fn short(name: &str) -> String {
    let plain = name
        .chars()
        .map(|each| if each.is_control() { ' ' } else { each });
    let mut text: String = plain.take(80).collect();
    if name.chars().count() > 80 {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_found() {
        let names = ["listPets", "createPet", "deletePet", "shutDown"];
        assert_eq!(near("listPet", names)[0], "listPets");
        assert_eq!(near("CREATEPET", names)[0], "createPet");
        assert_eq!(near("down", names), ["shutDown"]);
        assert!(near("zzz", names).is_empty() && near("", names).is_empty());
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(listed(&["a"]), "`a`");
    }
}
