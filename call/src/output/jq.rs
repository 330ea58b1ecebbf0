//! Expressions of `jq` over replies.
//!
//! A number that an expression only passes on keeps its digits; one that is calculated is a whole number
//! of any size, or has the precision of a double.

use crate::failure::{Exit, Failure};
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, compile, data};
use jaq_json::{Val, read};

/// An expression that is ready to run.
pub struct Expression {
    filter: jaq_core::Filter<data::JustLut<Val>>,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Expression")
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// One that is none, with the place in it.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let defs = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let funs = jaq_core::funs()
            .chain(jaq_std::funs())
            .chain(jaq_json::funs());
        let arena = Arena::default();
        let file = File {
            code: text,
            path: (),
        };
        let modules = Loader::new(defs).load(&arena, file);
        let modules = modules.map_err(|errors| wrong(text, unread(errors)))?;
        let filter = Compiler::default().with_funs(funs).compile(modules);
        let filter = filter.map_err(|errors| wrong(text, undefined(errors)))?;
        Ok(Self { filter })
    }

    /// The results over a JSON text, each as JSON.
    ///
    /// # Errors
    /// A text that is no JSON, and what the expression fails with.
    pub fn run(&self, json: &str) -> Result<Vec<String>, Failure> {
        let failed = |message: String| Failure::new(Exit::Refused, format!("--jq: {message}"));
        let input = read::parse_single(json.as_bytes());
        let input = input.map_err(|error| failed(format!("the reply is no JSON: {error}")))?;
        let context = Ctx::<data::JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
        let mut results = Vec::new();
        for result in self.filter.id.run((context, input)) {
            match result {
                Ok(value) => results.push(value.to_string()),
                Err(stopped) => match stopped.get_err() {
                    Ok(error) => return Err(failed(error.to_string())),
                    // It halts: what was found before counts.
                    Err(_) => break,
                },
            }
        }
        Ok(results)
    }
}

/// What is wrong with an expression, and the part of it where that is seen.
type Fault<'t> = (String, &'t str);

fn unread(errors: load::Errors<&str, ()>) -> Option<Fault<'_>> {
    let (_, error) = errors.into_iter().next()?;
    match error {
        load::Error::Io(errors) => errors
            .into_iter()
            .next()
            .map(|(part, message)| (message, part)),
        load::Error::Lex(errors) => {
            errors
                .into_iter()
                .next()
                .map(|(expected, part)| match expected {
                    load::lex::Expect::Delim(open) => (format!("`{open}` is not closed"), open),
                    other => (format!("{} is missing", other.as_str()), part),
                })
        }
        load::Error::Parse(errors) => errors
            .into_iter()
            .next()
            .map(|(expected, part)| (format!("`{}` is missing", expected.as_str()), part)),
    }
}

fn undefined(errors: compile::Errors<&str, ()>) -> Option<Fault<'_>> {
    let (_, errors) = errors.into_iter().next()?;
    let (part, what) = errors.into_iter().next()?;
    let message = match what {
        compile::Undefined::Filter(0) => "there is no such filter".to_owned(),
        compile::Undefined::Filter(count) => {
            format!("there is no such filter of {count} arguments")
        }
        other => format!("there is no such {}", other.as_str()),
    };
    Some((message, part))
}

/// The complaint with the place: how many characters stand before it, and what begins there.
fn wrong(text: &str, fault: Option<Fault<'_>>) -> Failure {
    let Some((message, part)) = fault else {
        return Failure::usage(format!("--jq: `{text}` is no expression"));
    };
    // A part of the prelude would be no part of the text.
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    let rest = start.and_then(|start| Some((text.get(..start)?, text.get(start..)?)));
    match rest {
        Some((_, "")) => Failure::usage(format!("--jq: `{text}`: {message} at its end")),
        Some((before, rest)) => {
            let place = before.chars().count() + 1;
            Failure::usage(format!("--jq: {message} at character {place}, `{rest}`"))
        }
        None => Failure::usage(format!("--jq: `{text}`: {message}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn results(text: &str, json: &str) -> Vec<String> {
        let expression = Expression::read(text).expect("an expression");
        expression.run(json).expect("results")
    }

    #[track_caller]
    fn complaint(text: &str) -> String {
        Expression::read(text)
            .expect_err("no expression")
            .to_string()
    }

    #[test]
    fn numbers_keep_their_digits() {
        let json = "[12345678901234567890.10,1.50,1E+400,9007199254740993,-0.0,1e5]";
        assert_eq!(
            results(".[]", json),
            [
                "12345678901234567890.10",
                "1.50",
                "1E+400",
                "9007199254740993",
                "-0.0",
                "1e5"
            ]
        );
        assert_eq!(
            results("{n: .[0]}", json),
            [r#"{"n":12345678901234567890.10}"#]
        );
        assert_eq!(results(".[3] + 1", json), ["9007199254740994"]);
        assert_eq!(results("map(select(. == 1.5))", json), ["[1.50]"]);
    }

    #[test]
    fn complaints_have_the_place() {
        let missing = complaint(".items[] | nme");
        assert!(
            missing.contains("no such filter at character 12, `nme`"),
            "{missing}"
        );
        let open = complaint(".items[ | .name");
        assert!(
            open.contains("`[` is not closed at character 7, `["),
            "{open}"
        );
        let end = complaint(".items |");
        assert!(end.contains("at its end"), "{end}");
        let several = complaint(".a | test_it(1; 2)");
        assert!(
            several.contains("of 2 arguments at character 6"),
            "{several}"
        );
    }

    #[test]
    fn what_fails_over_a_value_is_told_and_a_halt_ends_quietly() {
        let failed = Expression::read(".a").expect("an expression").run("[1]");
        let failed = failed.expect_err("no index");
        assert_eq!(failed.exit, Exit::Refused);
        assert!(
            failed.to_string().contains("--jq: cannot index"),
            "{failed}"
        );
        assert_eq!(results("1, halt, 2", "null"), ["1"]);
    }
}
