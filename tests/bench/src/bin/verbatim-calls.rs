//! Makes calls in one way, or decodes or encodes a list: `verbatim-calls DOCUMENT WAY TIMES`, where the way is `hand`,
//! `full`, `bare`, `decode`, `decode by hand`, `encode` or `encode by hand`.

use std::path::Path;
use std::process::ExitCode;
use verbatim_bench::{calls, json};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [document, way, times] = words.as_slice() else {
        eprintln!("error: give the path of the document, a way, and how many times");
        return ExitCode::FAILURE;
    };
    let Ok(times) = times.parse() else {
        eprintln!("error: {times:?} is no number of times");
        return ExitCode::FAILURE;
    };
    let document = Path::new(document);
    let outcome = match json::repeat(document, way, times) {
        Ok(false) => calls::repeat(document, way, times),
        done => done.map(drop),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
