//! What becomes of a run whose output cannot be written.

use std::panic;
use std::process;

/// What the standard library says where `print!` and `eprint!` fail, which they do by a panic.
const FAILED: &str = "failed printing to std";

/// The numbers by which systems say that nobody reads any more.
const NOBODY_READS: [&str; 3] = ["(os error 32)", "(os error 109)", "(os error 232)"];

/// Ends the program where its output cannot be written, as on a full disk, with one line on the standard error; without
/// a word where nobody reads the output any more, as behind `| head`.
pub fn end_where_it_cannot_be_written() {
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let text = info.payload().downcast_ref::<String>();
        let Some(reason) = text.and_then(|text| reason(text)) else {
            return others(info);
        };
        if !reason.is_empty() {
            use std::io::Write as _;
            // Where not even this can be printed, the exit code has to do.
            let _ = writeln!(
                std::io::stderr(),
                "error: the output cannot be written: {reason}"
            );
        }
        process::exit(1);
    }));
}

/// Why printing failed, empty where that is worth no word; none where the panic has another reason.
fn reason(text: &str) -> Option<&str> {
    let (_, reason) = text.strip_prefix(FAILED)?.split_once(": ")?;
    let is_quiet = NOBODY_READS.iter().any(|number| reason.ends_with(number));
    Some(if is_quiet { "" } else { reason })
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn only_panics_of_printing_are_taken() {
        let broken = "failed printing to stdout: Broken pipe (os error 32)";
        assert_eq!(reason(broken), Some(""));
        let full = "failed printing to stderr: No space left on device (os error 28)";
        assert_eq!(reason(full), Some("No space left on device (os error 28)"));
        assert_eq!(reason("index out of bounds: 3"), None);
    }
}
