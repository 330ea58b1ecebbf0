//! Makes calls in one way: `verbatim-calls DOCUMENT hand|full|bare CALLS`.

use std::path::Path;
use std::process::ExitCode;
use verbatim_bench::calls::repeat;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [document, way, calls] = words.as_slice() else {
        eprintln!("error: give the path of the document, a way, and a number of calls");
        return ExitCode::FAILURE;
    };
    let Ok(calls) = calls.parse() else {
        eprintln!("error: {calls:?} is no number of calls");
        return ExitCode::FAILURE;
    };
    match repeat(Path::new(document), way, calls) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
