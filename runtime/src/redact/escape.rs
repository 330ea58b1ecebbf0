//! Escapes of JSON, URLs, forms, XML and HTML, and what each stands for.

/// What one escape stands for.
pub(super) struct Unit {
    bytes: [u8; 4],
    length: usize,
}

impl Unit {
    pub(super) fn of_byte(byte: u8) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            length: 1,
        }
    }

    fn of(character: char) -> Self {
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len();
        Self { bytes, length }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The escape that a text begins with, and its length.
pub(super) fn unit(text: &[u8]) -> Option<(usize, Unit)> {
    match text.first()? {
        b'\\' => backslash(text),
        b'%' => Some((3, Unit::of_byte(u8::try_from(hex(text.get(1..3)?)?).ok()?))),
        // A blank in forms; on both sides of a comparison it is the same.
        b'+' => Some((1, Unit::of_byte(b' '))),
        b'&' => entity(text),
        _ => None,
    }
}

/// Escapes of JSON and JavaScript, and those of Rust's `Debug`.
fn backslash(text: &[u8]) -> Option<(usize, Unit)> {
    let byte = match text.get(1)? {
        b'u' if text.get(2) == Some(&b'{') => {
            let end = text.iter().take(10).position(|byte| *byte == b'}')?;
            let character = char::from_u32(hex(text.get(3..end)?)?)?;
            return Some((end + 1, Unit::of(character)));
        }
        b'u' => return utf16(text),
        b'x' => return Some((4, Unit::of(char::from_u32(hex(text.get(2..4)?)?)?))),
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        other if other.is_ascii() => *other,
        _ => return None,
    };
    Some((2, Unit::of_byte(byte)))
}

fn utf16(text: &[u8]) -> Option<(usize, Unit)> {
    let first = hex(text.get(2..6)?)?;
    if let Some(character) = char::from_u32(first) {
        return Some((6, Unit::of(character)));
    }
    let second = text.get(6..12)?.strip_prefix(b"\\u")?;
    let units = [first, hex(second)?].map(|unit| u16::try_from(unit).unwrap_or_default());
    let character = char::decode_utf16(units).next()?.ok()?;
    Some((12, Unit::of(character)))
}

/// Hexadecimal digits, in either case; at most six.
fn hex(digits: &[u8]) -> Option<u32> {
    let plain = (1..=6).contains(&digits.len()) && digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| plain)?;
    u32::from_str_radix(text, 16).ok()
}

/// The names of HTML for the characters from U+00C0 on.
const LETTERS: &str = "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml \
    Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute \
    Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
    ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash \
    ugrave uacute ucirc uuml yacute thorn yuml";

/// Other names of XML and HTML, each before its character.
const SIGNS: &str = "amp & lt < gt > quot \" apos ' sol / plus + equals = bsol \\ colon : semi ; \
    percnt % num # excl ! dollar $ lpar ( rpar ) ast * comma , period . quest ? commat @ lsqb [ \
    lbrack [ rsqb ] rbrack ] Hat ^ lowbar _ grave ` lcub { lbrace { rcub } rbrace } verbar | vert | \
    AMP & LT < GT > QUOT \" sect \u{a7} euro \u{20ac}";

/// A reference to a character by number or name.
fn entity(text: &[u8]) -> Option<(usize, Unit)> {
    let end = text.iter().take(12).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&text[1..end]).ok()?;
    let character = if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => hex(digits.as_bytes())?,
            None => number.parse().ok()?,
        };
        char::from_u32(number)?
    } else if let Some(index) = LETTERS.split_whitespace().position(|known| known == name) {
        char::from_u32(0xc0 + u32::try_from(index).ok()?)?
    } else {
        let mut signs = SIGNS.split_whitespace();
        signs.find(|known| *known == name && name.len() > 1)?;
        signs.next()?.chars().next()?
    };
    Some((end + 1, Unit::of(character)))
}
