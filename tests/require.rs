// What a test needs and may not find: `shared` for the inputs beside the repository, `chromium`, `python`, `node`,
// `wasm-bindgen`.

/// Says that a test skips; it fails where `VERBATIM_REQUIRE` names what it needs, as `shared,chromium,python` does.
#[allow(dead_code, reason = "some programs of tests only skip now and then")]
pub fn skipped(need: &str, why: &str) {
    let wanted = std::env::var("VERBATIM_REQUIRE").unwrap_or_default();
    assert!(
        wanted.split(',').all(|word| word.trim() != need),
        "{why}, and VERBATIM_REQUIRE says that {need} is here"
    );
    println!("skipped: {why}");
}
