//! Emitting: whatever was lowered becomes files with plain paths.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verbatim_codegen::document::Input;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Layout, Options, Requests, generate};
use verbatim_source::{Limits, Source};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::from_bytes("spec.yaml", bytes.to_vec()) else { return };
    let mut input = Input::new(source, Limits::default());
    for file in input.wanted() {
        input.absent(file.name, "no such file");
    }
    let options = Options {
        name: "fuzzed".to_owned(),
        layout: Layout::Module { krate: "fuzzed".to_owned() },
        command: "cargo fuzz".to_owned(),
        emit: verbatim_codegen::Emit::default(),
        requests: Requests::default(),
        settings: Settings::default(),
    };
    if let Ok(output) = generate(&input, &options) {
        assert!(output.tree.keys().all(|path| !path.contains("..") && !path.starts_with('/')));
    }
});
