//! Expressions of `jq` over replies.
//!
//! A number that an expression only passes on keeps its digits; one that is calculated is a whole number
//! of any size, or has the precision of a double.

use super::screen::Reader;
use crate::failure::{Exit, Failure};
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, compile, data};
use jaq_json::{Val, read};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// An expression that can be run.
#[derive(Debug)]
pub struct Expression {
    text: String,
}

type Filter = jaq_core::Filter<data::JustLut<Val>>;

/// How deep an expression may recur, in bytes of the stack that it runs on; pages of it that are not touched cost
/// nothing.
const STACK: usize = 1 << 30;
/// The stack where the system gives no such one.
const SMALL_STACK: usize = 64 << 20;
/// How much memory an expression may take beyond what the program has, in kilobytes: less than the stack, so that it is
/// noticed before the stack ends.
const MOST: u64 = (STACK as u64 >> 10) / 2;
/// How often that is looked at.
const LOOK: Duration = Duration::from_millis(10);

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// One that is none, with the place in it.
    pub fn read(text: &str) -> Result<Self, Failure> {
        compiled(text).map(|_| Self {
            text: text.to_owned(),
        })
    }

    /// Hands the results over a JSON text over, each as JSON, until the reader has gone.
    ///
    /// An expression may never end, and may take any memory. It is run beside this thread, which gives it up where it
    /// takes more than half a gigabyte. That is seen on Linux alone.
    ///
    /// # Errors
    /// A text that is no JSON, what the expression fails with, and those of the reader.
    pub fn each(
        &self,
        json: &str,
        take: &mut dyn FnMut(String) -> Result<Reader, Failure>,
    ) -> Result<(), Failure> {
        // What is not taken yet holds the expression up.
        let (sender, found) = sync_channel(16);
        let run = |size: usize| {
            let (text, json, sender) = (self.text.clone(), json.to_owned(), sender.clone());
            let thread = std::thread::Builder::new().stack_size(size);
            thread.spawn(move || evaluate(&text, &json, &sender))
        };
        run(STACK)
            .or_else(|_| run(SMALL_STACK))
            .map_err(|error| failed(&format!("it cannot be run: {error}")))?;
        drop(sender);
        let before = resident().unwrap_or(0);
        let mut looked = Instant::now();
        loop {
            match found.recv_timeout(LOOK) {
                Ok(result) => {
                    if take(result?)? == Reader::Gone {
                        return Ok(());
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                let taken = resident().unwrap_or(0).saturating_sub(before);
                if taken > MOST {
                    return Err(failed("it takes more memory than half a gigabyte").remedy(
                        "an expression such as `limit(10; ...)` or `first(...)` ends a sequence",
                    ));
                }
            }
        }
    }
}

fn failed(message: &str) -> Failure {
    Failure::new(Exit::Refused, format!("--jq: {message}"))
}

fn compiled(text: &str) -> Result<Filter, Failure> {
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
    filter.map_err(|errors| wrong(text, undefined(errors)))
}

/// Sends the results, each as JSON, until nobody takes them.
fn evaluate(text: &str, json: &str, sender: &SyncSender<Result<String, Failure>>) {
    let results = || {
        let filter = compiled(text)?;
        let input = read::parse_single(json.as_bytes());
        let input = input.map_err(|error| failed(&format!("the reply is no JSON: {error}")))?;
        let context = Ctx::<data::JustLut<Val>>::new(&filter.lut, Vars::new([]));
        for result in filter.id.run((context, input)) {
            match result {
                Ok(value) => {
                    if sender.send(Ok(value.to_string())).is_err() {
                        break;
                    }
                }
                Err(stopped) => match stopped.get_err() {
                    Ok(error) => return Err(failed(&error.to_string())),
                    // It halts: what was found before counts.
                    Err(_) => break,
                },
            }
        }
        Ok(())
    };
    if let Err(failure) = results() {
        // Nobody asks any more.
        let _ = sender.send(Err(failure));
    }
}

/// The memory of this process, in kilobytes; none where the system does not tell.
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
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
        let mut found = Vec::new();
        run(text, json, &mut found).expect("results");
        found
    }

    fn run(text: &str, json: &str, found: &mut Vec<String>) -> Result<(), Failure> {
        let expression = Expression::read(text).expect("an expression");
        expression.each(json, &mut |text| {
            found.push(text);
            Ok(Reader::Reads)
        })
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
        let failed = run(".a", "[1]", &mut Vec::new()).expect_err("no index");
        assert_eq!(failed.exit, Exit::Refused);
        assert!(
            failed.to_string().contains("--jq: cannot index"),
            "{failed}"
        );
        assert_eq!(results("1, halt, 2", "null"), ["1"]);
    }

    #[test]
    fn a_sequence_without_an_end_is_read_as_far_as_somebody_reads() {
        let expression = Expression::read("repeat(1)").expect("an expression");
        let mut count = 0;
        let ended = expression.each("null", &mut |_| {
            count += 1;
            Ok(if count < 1000 {
                Reader::Reads
            } else {
                Reader::Gone
            })
        });
        ended.expect("an end");
        assert_eq!(count, 1000);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_would_take_all_memory_is_given_up() {
        for text in ["def f: 1 + f; f", "def f: [f]; f"] {
            let failed = run(text, "null", &mut Vec::new()).expect_err("too much");
            assert!(failed.to_string().contains("half a gigabyte"), "{failed}");
        }
    }
}
