//! Lowering: whatever was read has a meaning, or is left out with a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verbatim_codegen::document::{Input, read};
use verbatim_codegen::ir::lower;
use verbatim_source::{Limits, Source};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::from_bytes("spec.yaml", bytes.to_vec()) else { return };
    let mut input = Input::new(source, Limits::default());
    for file in input.wanted() {
        input.absent(file.name, "no such file");
    }
    if let Ok(document) = read(&input) {
        let api = lower(&document);
        assert!(api.refusals.iter().all(|refusal| !refusal.reason.is_empty()));
    }
});
