//! Bodies of requests and responses: media type, type, schema, examples.

use super::super::block::{self, Block};
use super::super::code;
use super::super::document::{Body, Example, Schema};
use super::super::schema::Stripper;
use super::super::shape::{Shape, shape};
use super::{Reader, Step};

/// The words that may stand after `Type:` without a schema.
const TYPES: [&str; 7] = [
    "object", "array", "string", "number", "integer", "boolean", "any",
];

impl Reader<'_, '_> {
    /// Reads a body if one starts at the cursor.
    pub(super) fn optional_body(&mut self) -> Step<Option<Body>> {
        if self.shape() == Some(Shape::Body) {
            self.body().map(Some)
        } else {
            Ok(None)
        }
    }

    fn body(&mut self) -> Step<Body> {
        let heading = self.take()?;
        let media = self.expect("`Media type: ...`", |shape| {
            matches!(shape, Shape::MediaType(_))
        })?;
        let media_type = match shape(media.text) {
            Shape::MediaType(name) if name.contains('/') && !name.contains(char::is_whitespace) => {
                name.to_owned()
            }
            _ => {
                return Err(self
                    .refuse(
                        code::MISPLACED,
                        "a media type is written like `application/json`",
                        media,
                    )
                    .into());
            }
        };
        let (kind, schema) = self.kind()?;
        let mut examples = Vec::new();
        while self.shape() == Some(Shape::Example) {
            self.take()?;
            examples.push(self.example()?);
            while self.shape() == Some(Shape::Json) {
                examples.push(self.example()?);
            }
        }
        Ok(Body {
            media_type,
            line: heading.number,
            kind,
            schema,
            examples,
        })
    }

    /// Reads the type, and the schema if the type announces one.
    fn kind(&mut self) -> Step<(Option<String>, Option<Schema>)> {
        let line = self.expect("`Type: ...`", |shape| matches!(shape, Shape::Type(_)))?;
        let word = match shape(line.text) {
            Shape::Type(word) => word,
            _ => "",
        };
        match word {
            "" => Ok((None, Some(self.schema()?))),
            "json" => {
                self.expect("`Content:`", |shape| shape == Shape::Content)?;
                Ok((Some(word.to_owned()), Some(self.schema()?)))
            }
            _ if TYPES.contains(&word) => Ok((Some(word.to_owned()), None)),
            _ => {
                let problem = self.refuse(
                    code::MISPLACED,
                    &format!("unknown type `{word}` of a body"),
                    line,
                );
                Err(problem
                    .help(format!("known types: json, {}", TYPES.join(", ")))
                    .into())
            }
        }
    }

    fn schema(&mut self) -> Step<Schema> {
        let block = self.json("a JSON Schema")?;
        let mut stripper = Stripper {
            cursor: &self.cursor,
            ledger: self.ledger,
            problems: &mut self.problems,
        };
        Ok(Schema {
            line: block.line,
            value: stripper.strip(&block),
        })
    }

    fn example(&mut self) -> Step<Example> {
        let block = self.json("a JSON text")?;
        Ok(Example {
            line: block.line,
            repairs: block.repairs,
            value: block.node.value,
        })
    }

    fn json(&mut self, wanted: &str) -> Step<Block> {
        match self.cursor.peek() {
            Some(line) if shape(line.text) == Shape::Json => {
                block::read(&mut self.cursor, line, self.ledger, &mut self.problems)
            }
            _ => Err(self.unexpected(wanted).into()),
        }
    }
}
