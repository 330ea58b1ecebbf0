//! JSON types as sets.

use verbatim_source::{Node, Value};

/// A set of JSON types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "a set of seven types reads best as seven fields"
)]
pub(crate) struct Types {
    /// `null`
    pub null: bool,
    /// `true` and `false`
    pub boolean: bool,
    /// Numbers without fraction.
    pub integer: bool,
    /// Numbers.
    pub number: bool,
    /// Text.
    pub string: bool,
    /// Lists.
    pub array: bool,
    /// Objects.
    pub object: bool,
}

impl Types {
    /// The type of a value. A number is an integer where it is written as one.
    pub fn of_value(value: &Value) -> Self {
        let mut types = Self::default();
        match value {
            Value::Null => types.null = true,
            Value::Bool(_) => types.boolean = true,
            Value::Number(lexeme) if lexeme.contains(['.', 'e', 'E']) => types.number = true,
            Value::Number(_) => types.integer = true,
            Value::String(_) => types.string = true,
            Value::Array(_) => types.array = true,
            Value::Object(_) => types.object = true,
        }
        types
    }

    /// The types that a schema allows: those it names, or those that its keywords are about.
    /// `Err` holds the word that is no type.
    pub fn of_schema(schema: &Node) -> Result<Self, String> {
        let mut types = Self::default();
        match schema.get("type") {
            Some(node) => match (&node.value, node.as_array()) {
                (Value::String(word), _) => types.add(word)?,
                (_, Some(words)) => {
                    for word in words {
                        types.add(word.as_str().unwrap_or("?"))?;
                    }
                }
                _ => return Err("?".to_owned()),
            },
            None if schema.get("properties").is_some() => types.object = true,
            None if schema.get("items").is_some() => types.array = true,
            None => {}
        }
        for value in schema
            .get("enum")
            .and_then(Node::as_array)
            .unwrap_or_default()
        {
            types = types.or(Self::of_value(&value.value));
        }
        Ok(types)
    }

    fn add(&mut self, word: &str) -> Result<(), String> {
        match word {
            "null" => self.null = true,
            "boolean" => self.boolean = true,
            "integer" => self.integer = true,
            "number" => self.number = true,
            "string" => self.string = true,
            "array" => self.array = true,
            "object" => self.object = true,
            other => return Err(other.to_owned()),
        }
        Ok(())
    }

    /// The types of both.
    pub fn or(self, other: Self) -> Self {
        Self {
            null: self.null || other.null,
            boolean: self.boolean || other.boolean,
            integer: self.integer || other.integer,
            number: self.number || other.number,
            string: self.string || other.string,
            array: self.array || other.array,
            object: self.object || other.object,
        }
    }

    /// Whether there is no type at all, or only null.
    pub fn is_untyped(self) -> bool {
        Self {
            null: false,
            ..self
        } == Self::default()
    }

    /// Whether a type is in the set; `number` stands for integers, too, and `*` for any type.
    pub fn has(self, name: &str) -> bool {
        match name {
            "object" => self.object,
            "array" => self.array,
            "string" => self.string,
            "number" => self.number || self.integer,
            _ => true,
        }
    }

    /// The names of the scalar types, null left out.
    pub fn scalars(self) -> Vec<&'static str> {
        let integer = self.integer && !self.number;
        let all = [
            (self.string, "string"),
            (integer, "integer"),
            (self.number, "number"),
            (self.boolean, "boolean"),
        ];
        all.into_iter()
            .filter_map(|(there, name)| there.then_some(name))
            .collect()
    }
}
