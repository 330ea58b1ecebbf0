//! Words as services use them.

/// A name in small letters without separators: `pageSize`, `page-size` and `page[size]` are one.
pub fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The words of a name: `nextPageToken` is `next`, `page`, `token`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_inside = false;
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() {
            is_inside = false;
            continue;
        }
        let begins = !is_inside || (letter.is_ascii_uppercase() && was_small);
        was_small = !letter.is_ascii_uppercase();
        is_inside = true;
        let small = letter.to_ascii_lowercase();
        match words.last_mut().filter(|_| !begins) {
            Some(word) => word.push(small),
            None => words.push(small.to_string()),
        }
    }
    words
}

/// Whether a name is one of a list, whatever its separators.
pub fn is_among(name: &str, list: &[&str]) -> bool {
    list.contains(&plain(name).as_str())
}

/// Whether a text says one of several words or phrases, in any case.
pub fn says(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_lowercase();
    phrases.iter().any(|phrase| {
        text.match_indices(phrase).any(|(at, found)| {
            let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            !is_letter(before) && !is_letter(after)
        })
    })
}

/// The singular of an English word, as far as its ending shows it.
pub fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes", "uses"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        assert_eq!(words("nextPageToken"), ["next", "page", "token"]);
        assert_eq!(words("X-Rate_limit"), ["x", "rate", "limit"]);
        assert_eq!(words("taskUID"), ["task", "uid"]);
        assert!(is_among("page[size]", &["pagesize"]));
        assert!(says("It is not idempotent.", &["idempotent"]));
        assert!(!says("Unrelated", &["late"]));
        assert_eq!(singular("policies"), "policy");
        assert_eq!(singular("statuses"), "status");
        assert_eq!(singular("status"), "status");
        assert_eq!(singular("batches"), "batch");
    }
}
