//! What is made of a document: a word, or a list of words.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{SeqAccessDeserializer, StrDeserializer};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What is made of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Types alone.
    pub types_alone: bool,
    /// A command line beside the client.
    pub program: bool,
}

/// How that is written.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(
    dead_code,
    reason = "the schema is made of it, and nothing is read into it"
)]
pub enum EmitForm {
    /// One of them.
    One(Word),
    /// Several of them.
    Many(Vec<Word>),
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// Types and calls.
    Client,
    /// Types alone, which can also be those of a JSON Schema.
    Types,
    /// A program whose commands are the operations; it comes with a client.
    Cli,
}

impl Emitted {
    /// What words mean together.
    ///
    /// # Errors
    /// Words that cannot be done together.
    fn of(words: &[Word]) -> Result<Self, &'static str> {
        let has = |word| words.contains(&word);
        match (has(Word::Types), has(Word::Client) || has(Word::Cli)) {
            (false, false) => Err("nothing is to be emitted; write `emit = \"client\"`"),
            (true, true) => {
                Err("`types` are types alone; write `emit = [\"client\", \"cli\"]` for calls")
            }
            (types_alone, _) => Ok(Self {
                types_alone,
                program: has(Word::Cli),
            }),
        }
    }
}

impl<'de> Deserialize<'de> for Emitted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Words)
    }
}

struct Words;

impl<'de> Visitor<'de> for Words {
    type Value = Emitted;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`client`, `types`, or a list such as `[\"client\", \"cli\"]`")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Emitted, E> {
        let word = Word::deserialize(StrDeserializer::<E>::new(word))?;
        Emitted::of(&[word]).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, words: A) -> Result<Emitted, A::Error> {
        let words = Vec::<Word>::deserialize(SeqAccessDeserializer::new(words))?;
        Emitted::of(&words).map_err(de::Error::custom)
    }
}
