//! Names made of the words of paths, and which words are identifiers.

/// Whether a segment of a path, or a key of an object, is an identifier by its looks: a number, a UUID, letters and
/// digits mixed as only machines mix them, or a word in braces as recorders write it.
pub fn is_identifier(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let length = text.len();
    if placeholder(text).is_some() || text.contains(['%', '@', '=', ' ', '{', '}']) {
        return true;
    }
    if digits == 0 {
        return false;
    }
    if digits == length {
        return true;
    }
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    if !plain {
        return false;
    }
    let date_or_address = letters == 0
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b"-.:".contains(&b));
    if date_or_address {
        return true;
    }
    let hex = text
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if hex && length >= 8 {
        return true;
    }
    // Words with a number behind them are names of things: `ipv4`, `oauth2`, `s3`, `v1beta1`.
    let longest_word = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .map(str::len)
        .max()
        .unwrap_or(0);
    let mixed = text
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    let whole = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (length >= 10 && digits >= 3 && mixed >= 3)
        || (length >= 12 && digits >= 2 && mixed >= 2 && whole)
        || (length >= 16 && digits >= 2 && longest_word <= 12)
}

/// The name in `{name}`, `:name` or `<name>`, which recorders write for an identifier.
pub fn placeholder(text: &str) -> Option<&str> {
    let inside = text
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .or_else(|| text.strip_prefix('{')?.strip_suffix('}'))
        .or_else(|| text.strip_prefix('<')?.strip_suffix('>'))
        .or_else(|| text.strip_prefix(':'))?;
    let is_name = !inside.is_empty()
        && inside
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    is_name.then_some(inside)
}

/// A word for one of what a word in the plural names.
pub fn singular(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let cut = |ending: usize, more: &str| format!("{}{more}", &word[..word.len() - ending]);
    if lower.ends_with("ies") && lower.len() > 4 {
        return cut(3, "y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if lower.ends_with(ending) {
            return cut(2, "");
        }
    }
    if ["ips", "ids", "vms"].contains(&lower.as_str()) {
        return cut(1, "");
    }
    let kept = ["ss", "us", "is", "news", "dns", "https"];
    if lower.ends_with('s') && lower.len() > 3 && !kept.iter().any(|ending| lower.ends_with(ending))
    {
        return cut(1, "");
    }
    word.to_owned()
}

/// The words of a name, in small letters.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut before_small = false;
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || (before_small && character.is_ascii_uppercase()) {
            words.push(String::new());
            fresh = false;
        }
        before_small = character.is_ascii_lowercase() || character.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.push(character.to_ascii_lowercase());
        }
    }
    words
}

/// Words as `camelCase`.
pub fn camel(words: &[String]) -> String {
    let mut out = String::new();
    for (index, word) in words.iter().enumerate() {
        if index == 0 {
            out.push_str(word);
        } else {
            out.push_str(&capital(word));
        }
    }
    out
}

/// Words as `PascalCase`.
pub fn pascal(words: &[String]) -> String {
    words.iter().map(|word| capital(word)).collect()
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_from_words() {
        for text in [
            "1",
            "404",
            "8A7D5122BDC173B6E52223878CEF2748",
            "6fa459ea-ee8a-3ca4-894e-db77e160355e",
            "auga35lagbqjjg",
            "p1sd837fuofl73",
            "cus_9s6XKzkNRiz8i3",
            "2024-05-01",
            "10.0.0.1",
            "{server_id}",
            ":id",
            "me%40example.com",
        ] {
            assert!(is_identifier(text), "{text}");
        }
        for text in [
            "servers",
            "fixed_instance_sizes",
            "v1",
            "v2.1",
            "ipv4",
            "oauth2",
            "s3-buckets",
            "autobackup_disable",
            "me",
        ] {
            assert!(!is_identifier(text), "{text}");
        }
    }

    #[test]
    fn plurals_become_singular() {
        for (plural, one) in [
            ("servers", "server"),
            ("policies", "policy"),
            ("addresses", "address"),
            ("status", "status"),
            ("dns", "dns"),
            ("boxes", "box"),
            ("ips", "ip"),
            ("data", "data"),
        ] {
            assert_eq!(singular(plural), one);
        }
        assert_eq!(camel(&words("data_store-Zones")), "dataStoreZones");
        assert_eq!(pascal(&words("fixedInstance sizes")), "FixedInstanceSizes");
    }
}
