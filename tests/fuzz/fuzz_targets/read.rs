//! Reading: any bytes end in a document or in complaints that can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verbatim_codegen::document::{Input, read};
use verbatim_source::{Limits, Source, render};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::from_bytes("spec.yaml", bytes.to_vec()) else { return };
    let mut input = Input::new(source, Limits::default());
    for file in input.wanted() {
        input.absent(file.name, "no such file");
    }
    let problems = read(&input).map_or_else(|problems| problems, |document| document.problems);
    for problem in problems {
        assert!(!render(&problem.diagnostic, input.sources()).is_empty());
    }
});
