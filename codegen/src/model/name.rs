//! How a text of the document becomes a Rust identifier.
//!
//! Every identifier of emitted code is made here and nowhere else. The steps are: split the text into words,
//! join the words in the case of the place, keep clear of keywords and of names that emitted code uses
//! unqualified, and claim the result in its [`Scope`]. A second claim of the same name says what the words left out:
//! signs, or the case of letters. A number comes last.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::origin::Origin;

/// A valid Rust identifier, never a keyword.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

impl Ident {
    /// An identifier that this crate wrote itself.
    ///
    /// # Panics
    /// When the text is no identifier, which would be a mistake in this crate.
    pub fn fixed(text: &'static str) -> Self {
        assert!(is_identifier(text), "`{text}` is not an identifier");
        Self(text.to_owned())
    }

    /// An identifier of ASCII letters that somebody else wrote; `None` where the text is none.
    pub fn checked(text: &str) -> Option<Self> {
        (is_identifier(text) && text.is_ascii()).then(|| Self(text.to_owned()))
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What an identifier names, which decides its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Struct, enum, alias: `UpperCamelCase`.
    Type,
    /// Variant of an enum: `UpperCamelCase`.
    Variant,
    /// Field, method, argument: `snake_case`.
    Value,
    /// Module and file: `snake_case`.
    Module,
    /// Constant: `SHOUTY_SNAKE_CASE`.
    Constant,
}

/// Keywords of every edition, the ones kept for later included.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names of the prelude, of the runtime and of primitive types that emitted code writes without a path.
const RESERVED_TYPES: &[&str] = &[
    "AsRef",
    "Box",
    "Bytes",
    "Call",
    "Checker",
    "Client",
    "Clone",
    "Copy",
    "Debug",
    "DecodeError",
    "Default",
    "Display",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "EventStream",
    "Extra",
    "FilePart",
    "From",
    "Hash",
    "Into",
    "Iterator",
    "Json",
    "LineStream",
    "Lossless",
    "Map",
    "Maybe",
    "Multipart",
    "None",
    "Nullable",
    "Number",
    "Ok",
    "Operation",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "RawResponse",
    "Result",
    "Secret",
    "SecretJson",
    "SecretString",
    "Send",
    "Service",
    "Some",
    "StatusMatch",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "Undocumented",
    "Unpin",
    "Validate",
    "Vec",
    "Violations",
];

impl Usage {
    fn join(self, words: &str) -> String {
        match self {
            Self::Type | Self::Variant => words.to_upper_camel_case(),
            Self::Value | Self::Module => words.to_snake_case(),
            Self::Constant => words.to_shouty_snake_case(),
        }
    }

    /// The word that stands for a text without any letter or digit.
    fn empty(self) -> &'static str {
        match self {
            Self::Type | Self::Variant => "Empty",
            Self::Value | Self::Module => "empty",
            Self::Constant => "EMPTY",
        }
    }

    /// The letter that goes before a digit, with which no identifier may begin.
    fn letter(self) -> char {
        match self {
            Self::Type | Self::Variant | Self::Constant => 'N',
            Self::Value | Self::Module => 'n',
        }
    }

    fn is_reserved(self, text: &str) -> bool {
        if KEYWORDS.binary_search(&text).is_ok() {
            return true;
        }
        match self {
            Self::Type => RESERVED_TYPES.binary_search(&text).is_ok(),
            Self::Module => is_device(text),
            Self::Variant | Self::Value | Self::Constant => false,
        }
    }
}

/// Whether Windows takes a name for a device, so that no file can be called so, whatever its ending.
fn is_device(name: &str) -> bool {
    let port = |rest: &str| matches!(rest.as_bytes(), [digit] if digit.is_ascii_digit());
    let mut ports = ["com", "lpt"].into_iter();
    matches!(name, "aux" | "con" | "nul" | "prn" | "conin" | "conout")
        || ports.any(|kind| name.strip_prefix(kind).is_some_and(port))
}

/// The identifier of a text in the case of its usage, clear of reserved words, not yet claimed in a scope.
pub fn identifier(text: &str, usage: Usage) -> Ident {
    let mut name = usage.join(&words(text));
    if name.is_empty() {
        usage.empty().clone_into(&mut name);
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, usage.letter());
    }
    if usage.is_reserved(&name) {
        // A type is told apart by a word, everything else by the underscore that Rust people expect.
        name.push_str(if usage == Usage::Type { "Type" } else { "_" });
    }
    Ident(name)
}

/// The same with an underscore wherever the text has something between two digits, which tells `1.10` and `110`
/// apart; `None` where it has nothing there.
pub fn apart(text: &str, usage: Usage) -> Option<Ident> {
    let digits = |each: Option<char>| each.is_some_and(|each| each.is_ascii_digit());
    let mut runs: Vec<String> = Vec::new();
    let spaced = words(text);
    for word in spaced.split_whitespace() {
        match runs.last_mut() {
            Some(run) if digits(run.chars().last()) && digits(word.chars().next()) => {
                runs.push(word.to_owned());
            }
            Some(run) => run.extend([" ", word]),
            None => runs.push(word.to_owned()),
        }
    }
    let joined: Vec<String> = runs.iter().map(|run| usage.join(run)).collect();
    let mut name = joined.join("_");
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, usage.letter());
    }
    (joined.len() > 1 && is_identifier(&name)).then_some(Ident(name))
}

/// Other identifiers of a text, for where its own is taken: each says something that the words of the text leave out.
fn others(text: &str, usage: Usage) -> impl Iterator<Item = Ident> {
    let mut further = [spelled(text), cased(text), coded(text)];
    // `ON_TIME` beside `onTime` is in capitals before it has a line in it.
    if !text.chars().any(char::is_lowercase) {
        further.swap(0, 1);
    }
    let further = further.into_iter().flatten();
    let further = further.map(move |text| identifier(&text, usage));
    apart(text, usage).into_iter().chain(further)
}

/// A text with its signs in words, and the spaces at its ends; `None` where it has none.
fn spelled(text: &str) -> Option<String> {
    let is_sign = |each: char| each.is_ascii_punctuation();
    let is_padded = text.trim() != text;
    if !text.contains(is_sign) && !is_padded {
        return None;
    }
    let last = text.chars().next_back().map_or(0, char::len_utf8);
    let last = text.len().saturating_sub(last);
    let mut spelled = String::with_capacity(text.len() * 2);
    for (at, each) in text.char_indices() {
        match each {
            each if each.is_whitespace() && (at == 0 || at == last) => spelled.push_str(" space "),
            '-' if at > 0 => spelled.push_str(" dash "),
            each if is_sign(each) => spelled.extend([" ", symbol(each), " "]),
            each => spelled.push(each),
        }
    }
    Some(spelled)
}

/// A text with the signs beyond ASCII, and the letters without a sound, by their numbers, as Unicode has them; `None`
/// where it has none.
fn coded(text: &str) -> Option<String> {
    let is_lost = |each: char| !each.is_ascii() && !is_sounded(each);
    if !text.contains(is_lost) {
        return None;
    }
    let mut coded = String::with_capacity(text.len() * 2);
    for each in text.chars() {
        if is_lost(each) {
            let _ = write!(coded, " u{:x} ", u32::from(each));
        } else {
            coded.push(each);
        }
    }
    Some(coded)
}

/// A text with a word for the case of its letters; `None` where it has no letter.
fn cased(text: &str) -> Option<String> {
    let first = text.chars().find(|each| each.is_alphabetic())?;
    let has = |case: fn(char) -> bool| text.chars().any(case);
    let word = match (has(char::is_uppercase), has(char::is_lowercase)) {
        (true, false) => "upper",
        (false, true) => "lower",
        _ if first.is_uppercase() => "capital",
        _ => "camel",
    };
    Some(format!("{text} {word}"))
}

/// The words of a text, apart by spaces, in ASCII letters and digits only.
fn words(text: &str) -> String {
    let plain = text.chars().any(|each| each.is_ascii_alphanumeric());
    let mut words = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut first = true;
    while let Some(each) = characters.next() {
        let before_digit = first && characters.peek().is_some_and(char::is_ascii_digit);
        match each {
            _ if each.is_ascii_alphanumeric() => words.push(each),
            '+' if before_digit => words.push_str("plus "),
            '-' if before_digit => words.push_str("minus "),
            '\'' | '\u{2019}' if plain => {}
            _ if each.is_ascii() && plain => words.push(' '),
            _ if each.is_ascii() => {
                words.push_str(symbol(each));
                words.push(' ');
            }
            _ => push_other_letter(each, text, &mut words),
        }
        first = false;
    }
    words
}

/// The name of a symbol, for texts that are made of symbols alone.
fn symbol(each: char) -> &'static str {
    match each {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '#' => "hash",
        '$' => "dollar",
        '@' => "at",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '?' => "question",
        '~' => "tilde",
        '^' => "caret",
        '_' => "underscore",
        '[' | ']' => "bracket",
        '(' | ')' => "parenthesis",
        '{' | '}' => "brace",
        '"' | '\'' => "quote",
        '`' => "backtick",
        _ => "",
    }
}

/// Letters beyond ASCII: Latin ones lose their marks, others are written in Latin ones, because Rust compares
/// identifiers in normal form and warns about letters that look alike. A mark without a sound of its own, such as a soft
/// sign, is left out beside letters that have one; what else cannot be written is spelled as its code point.
fn push_other_letter(each: char, text: &str, words: &mut String) {
    const FOLDED: &[(&str, &str)] = &[
        ("a", "àáâãåāăąاأإآىة"),
        ("ae", "äæ"),
        ("c", "çćĉċč"),
        ("d", "ďđð"),
        ("e", "èéêëēĕėęě"),
        ("g", "ĝğġģ"),
        ("i", "ìíîïĩīĭįı"),
        ("l", "ĺļľł"),
        ("n", "ñńņňŋ"),
        ("o", "òóôõøōŏő"),
        ("oe", "öœ"),
        ("r", "ŕŗř"),
        ("s", "śŝşšș"),
        ("ss", "ß"),
        ("t", "ţťŧțþ"),
        ("u", "ùúûũūŭůűų"),
        ("ue", "ü"),
        ("y", "ýÿŷ"),
        ("z", "źżž"),
    ];
    if !each.is_alphanumeric() {
        push_sign(each, words);
        return;
    }
    let lower = each.to_lowercase().next().unwrap_or(each);
    match FOLDED.iter().find(|(_, letters)| letters.contains(lower)) {
        Some((plain, _)) if each.is_uppercase() => words.push_str(&plain.to_upper_camel_case()),
        Some((plain, _)) => words.push_str(plain),
        None => match deunicode::deunicode_char(each).map(str::trim) {
            Some(latin) if latin.chars().any(|each| each.is_ascii_alphanumeric()) => {
                push_latin(each, latin, words);
            }
            Some(_) if text.chars().any(is_sounded) => {}
            _ => {
                let _ = write!(words, " u{:x} ", u32::from(each));
            }
        },
    }
}

/// Whether a letter can be written in Latin ones.
fn is_sounded(each: char) -> bool {
    let latin = || deunicode::deunicode_char(each).unwrap_or_default();
    each.is_alphanumeric() && latin().chars().any(|it| it.is_ascii_alphanumeric())
}

/// A sign beyond ASCII: `€` is `eur`, a picture what it shows; lines, quotes and arrows only part words.
fn push_sign(each: char, words: &mut String) {
    words.push(' ');
    let latin = deunicode::deunicode_char(each).unwrap_or_default();
    let is_word = latin.chars().filter(char::is_ascii_alphabetic).count() > 1;
    if is_word {
        let plain = latin
            .chars()
            .map(|it| if it.is_ascii_alphanumeric() { it } else { ' ' });
        words.extend(plain.flat_map(char::to_lowercase));
        words.push(' ');
    }
}

/// A letter of another script as it is written in Latin ones. A sign that is a word or a syllable of its own stands
/// apart.
fn push_latin(each: char, latin: &str, words: &mut String) {
    let is_alphabet = each.is_lowercase() || each.is_uppercase() || latin.len() == 1;
    let latin = latin.chars().filter(char::is_ascii_alphanumeric);
    if is_alphabet {
        words.extend(latin);
    } else {
        words.push(' ');
        words.extend(latin.flat_map(char::to_lowercase));
        words.push(' ');
    }
}

fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    let starts = characters
        .next()
        .is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first));
    starts
        && text != "_"
        && characters.all(unicode_ident::is_xid_continue)
        && KEYWORDS.binary_search(&text).is_err()
}

/// Two texts of the document that became the same identifier; the second one got another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The identifier both asked for.
    pub wanted: Ident,
    /// The identifier the second one got.
    pub given: Ident,
    /// Where the first one stands.
    pub first: Origin,
    /// Where the second one stands.
    pub second: Origin,
    /// What leads to both, before their names: `pets().` for methods of a group.
    pub within: String,
}

/// One namespace of emitted code: the names taken, and who took them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    taken: BTreeMap<String, Origin>,
    /// The next number to try for a name, so that a thousand equal names cost a thousand steps.
    next: BTreeMap<String, u32>,
    clashes: Vec<Clash>,
}

impl Scope {
    /// An empty namespace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a name that emitted code needs for itself.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned(), Origin::default());
    }

    /// Takes the identifier of the first of several texts that is free; where none is, as [`Scope::claim`] does for
    /// the last.
    pub fn claim_any(&mut self, texts: &[String], usage: Usage, origin: &Origin) -> Ident {
        let mut wanted = texts.iter().map(|text| identifier(text, usage));
        let free = wanted.find(|name| self.is_free(name));
        let last = texts.last().map_or("", String::as_str);
        match free {
            Some(name) => self.claim_identifier(name, origin),
            None => self.claim(last, usage, origin),
        }
    }

    /// Takes the identifier of a text, or another one that tells it apart.
    pub fn claim(&mut self, text: &str, usage: Usage, origin: &Origin) -> Ident {
        self.claim_apart(identifier(text, usage), (text, usage), origin)
    }

    /// Takes an identifier that was made of a text; where it is taken, one that says more of the text.
    pub fn claim_apart(
        &mut self,
        wanted: Ident,
        (text, usage): (&str, Usage),
        origin: &Origin,
    ) -> Ident {
        if self.is_free(&wanted) {
            return self.claim_identifier(wanted, origin);
        }
        let other = others(text, usage).find(|other| self.is_free(other));
        self.take(wanted, other, origin)
    }

    /// Takes an identifier, or the first free one with a number after it.
    pub fn claim_identifier(&mut self, wanted: Ident, origin: &Origin) -> Ident {
        self.take(wanted, None, origin)
    }

    /// Takes an identifier; where it is taken, the other one, or else the first free one with a number after it.
    pub fn take(&mut self, wanted: Ident, other: Option<Ident>, origin: &Origin) -> Ident {
        if !self.taken.contains_key(wanted.as_str()) {
            self.taken.insert(wanted.0.clone(), origin.clone());
            return wanted;
        }
        let given = other.unwrap_or_else(|| self.numbered(&wanted));
        if let Some(first) = self
            .taken
            .get(wanted.as_str())
            .filter(|first| !first.is_nowhere())
        {
            let (first, second) = (first.clone(), origin.clone());
            self.clashes.push(Clash {
                wanted,
                given: given.clone(),
                first,
                second,
                within: String::new(),
            });
        }
        self.taken.insert(given.0.clone(), origin.clone());
        given
    }

    /// Whether a name is free.
    pub fn is_free(&self, name: &Ident) -> bool {
        !self.taken.contains_key(name.as_str())
    }

    /// The clashes so far, handed over.
    pub fn take_clashes(&mut self) -> Vec<Clash> {
        std::mem::take(&mut self.clashes)
    }

    fn numbered(&mut self, wanted: &Ident) -> Ident {
        let stem = wanted.0.trim_end_matches('_');
        let snake = stem.chars().all(|each| !each.is_ascii_uppercase()) || stem.contains('_');
        let dash = if snake { "_" } else { "" };
        let number = self.next.entry(wanted.0.clone()).or_insert(2);
        loop {
            let candidate = format!("{stem}{dash}{number}");
            *number += 1;
            if !self.taken.contains_key(&candidate) {
                return Ident(candidate);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, usage: Usage) -> String {
        identifier(text, usage).to_string()
    }

    #[test]
    fn tables_are_sorted() {
        assert!(KEYWORDS.is_sorted());
        assert!(RESERVED_TYPES.is_sorted());
    }

    #[test]
    fn cases_follow_the_usage() {
        assert_eq!(name("firewall_policy", Usage::Type), "FirewallPolicy");
        assert_eq!(name("POWERED_ON", Usage::Variant), "PoweredOn");
        assert_eq!(name("isMain", Usage::Value), "is_main");
        assert_eq!(name("listServers", Usage::Constant), "LIST_SERVERS");
    }

    #[test]
    fn files_have_names_that_every_system_takes() {
        for device in ["con", "AUX", "nul", "Prn", "com1", "LPT9"] {
            let name = name(device, Usage::Module);
            assert!(name.ends_with('_'), "{name}");
        }
        for other in ["conn", "com", "com10", "lpta"] {
            assert_eq!(name(other, Usage::Module), other);
        }
    }

    #[test]
    fn hostile_texts_become_identifiers() {
        let hostile = [
            "",
            " ",
            "type",
            "Self",
            "self",
            "async",
            "1st",
            "+1",
            "-1",
            "a\"b",
            "*/",
            "a\nb",
            "r#fn",
            "\u{202e}x",
            "名前",
            "été",
            "_",
            "__",
            "$ref",
            "@type",
            "a'b",
            "🦀",
            "<T>",
            "};panic!()",
            "crate",
            "Option",
            "String",
            "Übung",
        ];
        for text in hostile {
            for usage in [
                Usage::Type,
                Usage::Variant,
                Usage::Value,
                Usage::Module,
                Usage::Constant,
            ] {
                let made = name(text, usage);
                assert!(
                    is_identifier(&made) && made.is_ascii(),
                    "{text:?} became {made:?}"
                );
            }
        }
        assert_eq!(name("+1", Usage::Variant), "Plus1");
        assert_eq!(name(">=", Usage::Variant), "GreaterEqual");
        assert_eq!(name("type", Usage::Value), "type_");
        assert_eq!(name("option", Usage::Type), "OptionType");
    }

    #[test]
    fn digits_are_told_apart_by_what_is_between_them() {
        let apart = |text: &str| apart(text, Usage::Variant).map(|name| name.to_string());
        assert_eq!(apart("1.10").as_deref(), Some("N1_10"));
        assert_eq!(apart("ubuntu-22.04 lts").as_deref(), Some("Ubuntu22_04Lts"));
        assert_eq!(apart("110"), None);
        assert_eq!(apart("a.b"), None);
    }

    #[test]
    fn other_scripts_are_written_in_latin_letters() {
        assert_eq!(name("Статус заказа", Usage::Type), "StatusZakaza");
        assert_eq!(name("名前", Usage::Value), "ming_qian");
        assert_eq!(name("订单状态", Usage::Type), "DingDanZhuangTai");
        assert_eq!(name("🦀 tank", Usage::Value), "crab_tank");
        assert_eq!(name("price €", Usage::Value), "price_eur");
        assert_eq!(name("a\u{2013}b \u{201c}c\u{201d}", Usage::Value), "a_b_c");
    }

    #[test]
    fn a_second_claim_says_what_the_words_left_out() {
        let mut scope = Scope::new();
        let origin = Origin::default();
        let mut claim = |text: &str, usage| scope.claim(text, usage, &origin).to_string();
        assert_eq!(claim("fooBar", Usage::Value), "foo_bar");
        assert_eq!(claim("foo_bar", Usage::Value), "foo_underscore_bar");
        assert_eq!(claim("foo-bar", Usage::Value), "foo_dash_bar");
        assert_eq!(claim("FooBar", Usage::Value), "foo_bar_capital");
        assert_eq!(claim("foo bar", Usage::Value), "foo_bar_lower");
        assert_eq!(claim("FOO BAR", Usage::Value), "foo_bar_upper");
        assert_eq!(claim("fooBar[]", Usage::Value), "foo_bar_bracket_bracket");
        assert_eq!(claim("foo.1.10", Usage::Value), "foo_1_10");
        assert_eq!(claim("foo.1-10", Usage::Value), "foo_dot_1_dash_10");
        assert_eq!(claim("Foo", Usage::Type), "Foo");
        assert_eq!(claim("foo", Usage::Type), "FooLower");
        assert_eq!(claim("a b", Usage::Type), "AB");
        assert_eq!(claim("A\u{2013}B", Usage::Type), "ABUpper");
        assert_eq!(claim("A\u{2014}B", Usage::Type), "AU2014B");
    }

    #[test]
    fn marks_without_a_sound_are_left_out() {
        let named = |text: &str| identifier(text, Usage::Value).to_string();
        assert_eq!(named("сильный ветер"), "silnyi_veter");
        assert_eq!(named("ラーメン"), "ra_me_n");
        assert_eq!(named("الطقس"), "al_tqs");
        assert_eq!(named("حرارة"), "hrara");
        // Where there is nothing else, they are all that there is.
        assert_eq!(named("ь"), "u44c");
    }

    #[test]
    fn a_number_comes_last() {
        let mut scope = Scope::new();
        let origin = Origin::default();
        let mut claim = |text: &str, usage| scope.claim(text, usage, &origin).to_string();
        for name in ["type_", "type_lower", "type_2", "type_3"] {
            assert_eq!(claim("type", Usage::Value), name);
        }
        for name in ["Foo", "FooCapital", "Foo2"] {
            assert_eq!(claim("Foo", Usage::Type), name);
        }
    }
}
