//! Documents changed at random, the same way on every run.

/// Numbers that look random: a linear congruential generator, mixed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Numbers that depend on a seed alone.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// A number below a bound; 0 where the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 >> 33) ^ (self.0 >> 11);
        usize::try_from(mixed % (bound.max(1) as u64)).unwrap_or(0)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len()))
            .copied()
            .unwrap_or_default()
    }
}

/// Words of documents, and values where others are due.
const WORDS: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "1.5",
    "''",
    "\"\"",
    "[]",
    "{}",
    "[null]",
    "{a: 1}",
    "object",
    "array",
    "string",
    "'#/components/schemas/A'",
    "'#'",
    "allOf",
    "oneOf",
    "$ref",
    "default",
    "'200'",
    "application/json",
    "é",
    "\u{202e}",
    "{$ref: '#'}",
    "{type: object}",
    "[{}]",
    "\n",
    ": ",
    ", ",
    "- ",
    "&a ",
    "*a",
    "  ",
    "\t",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
];

/// A text with one to four changes: bytes, words, lines.
pub fn mutated(seed: &str, dice: &mut Dice) -> Vec<u8> {
    let mut text = seed.as_bytes().to_vec();
    for _ in 0..=dice.below(4) {
        match dice.below(7) {
            0 => flip(&mut text, dice),
            1 => cut(&mut text, dice),
            2 => insert(&mut text, dice),
            3 | 4 => replace_value(&mut text, dice),
            _ => move_line(&mut text, dice),
        }
    }
    text
}

fn flip(text: &mut [u8], dice: &mut Dice) {
    let at = dice.below(text.len());
    let by = u8::try_from(dice.below(128)).unwrap_or(1);
    if let Some(byte) = text.get_mut(at) {
        *byte ^= by;
    }
}

fn cut(text: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(text.len());
    let end = (at + dice.below(30)).min(text.len());
    text.drain(at..end);
}

fn insert(text: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(text.len());
    let word = dice.pick(WORDS).bytes();
    text.splice(at..at, word);
}

/// Puts another value behind a colon.
fn replace_value(text: &mut Vec<u8>, dice: &mut Dice) {
    let colons: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b':').collect();
    let Some(&colon) = colons.get(dice.below(colons.len())) else {
        return;
    };
    let rest = &text[colon + 1..];
    let length = rest
        .iter()
        .position(|byte| matches!(byte, b'\n' | b',' | b'}'))
        .unwrap_or(rest.len());
    let value = format!(" {}", dice.pick(WORDS));
    text.splice(colon + 1..colon + 1 + length, value.bytes());
}

/// Takes a line away, doubles it, or indents it otherwise, and puts it elsewhere.
fn move_line(text: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = text
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let mut line = match dice.below(2) {
        0 => lines.remove(dice.below(lines.len())),
        _ => lines[dice.below(lines.len())].clone(),
    };
    if dice.below(2) == 0 {
        line.splice(0..0, "  ".bytes());
    }
    lines.insert(dice.below(lines.len() + 1), line);
    *text = lines.join(&b'\n');
}
