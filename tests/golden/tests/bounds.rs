//! Texts that are made to exhaust: each is answered, soon, on a small stack.

use std::fmt::Write as _;
use std::thread;
use std::time::Instant;

use verbatim_codegen::document::Input;
use verbatim_codegen::generate;
use verbatim_golden::case::{alone, options};
use verbatim_source::{Limits, Source};

/// The stack of the thread that reads them.
const STACK: usize = 512 * 1024;

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";

/// Generates on a small stack; the codes of all that is said, an empty one for what is made.
fn answered(what: &str, text: String) -> Vec<String> {
    let name = what.to_owned();
    let work = move || {
        let start = Instant::now();
        let length = text.len();
        let input = alone(Source::new("spec.yaml", text));
        let problems = match generate(&input, &options("bounds")) {
            Ok(output) => output.report.problems,
            Err(problems) => problems,
        };
        println!(
            "{name}: {length} bytes, {:?}, {} problems",
            start.elapsed(),
            problems.len()
        );
        problems
            .into_iter()
            .map(|problem| problem.diagnostic.code.to_owned())
            .collect()
    };
    let thread = thread::Builder::new()
        .stack_size(STACK)
        .spawn(work)
        .expect("a thread");
    thread
        .join()
        .unwrap_or_else(|_| panic!("{what} ended in a panic"))
}

#[track_caller]
fn refused(what: &str, text: String, code: &str) {
    let codes = answered(what, text);
    assert!(codes.iter().any(|each| each == code), "{what}: {codes:?}");
}

#[test]
fn aliases_do_not_multiply() {
    let mut text = String::from("x0: &x0 [a,a,a,a,a,a,a,a,a]\n");
    for level in 1..12 {
        let alias = format!("*x{},", level - 1).repeat(9);
        let _ = writeln!(text, "x{level}: &x{level} [{alias}]");
    }
    refused("aliases of aliases", format!("{HEAD}{text}"), "E0006");
    refused(
        "an alias of itself",
        format!("{HEAD}x: &x {{a: *x}}\n"),
        "E0019",
    );
}

#[test]
fn aliases_do_not_multiply_over_many_files() {
    let mut bomb = String::from("x0: &x0 [a,a,a,a,a,a,a,a,a]\n");
    for level in 1..5 {
        let alias = format!("*x{},", level - 1).repeat(9);
        let _ = writeln!(bomb, "x{level}: &x{level} [{alias}]");
    }
    bomb.push_str("s: {type: string}\n");
    let mut root = format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n");
    for file in 0..64 {
        let _ = writeln!(root, "    S{file}: {{$ref: 'bomb{file}.yaml#/s'}}");
    }
    let mut input = Input::new(Source::new("spec.yaml", root), Limits::default());
    let start = Instant::now();
    input.complete(|input, file| input.add(Source::new(file.name, bomb.clone())));
    assert!(start.elapsed().as_secs() < 3, "{:?}", start.elapsed());
    let problems = match generate(&input, &options("bounds")) {
        Ok(output) => output.report.problems,
        Err(problems) => problems,
    };
    let met = |code: &str| {
        problems
            .iter()
            .filter(|it| it.diagnostic.code == code)
            .count()
    };
    // A few fit; every other is refused, and so is each reference to it.
    let references = met("E0111");
    assert!(met("E0006") > 50 && references > 50, "{references}");
}

#[test]
fn a_file_of_many_names_is_held_once() {
    let mut root = format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n");
    for name in 0..200 {
        let _ = writeln!(root, "    S{name}: {{$ref: 'link{name}.yaml#/s'}}");
    }
    let mut input = Input::new(Source::new("spec.yaml", root), Limits::default());
    let large = format!("s: {{type: string}}\nx: [{}]\n", "1,".repeat(400_000));
    input.add(Source::new("large.yaml", large));
    input.complete(|input, file| input.alias(file.name, "large.yaml"));
    let document = verbatim_codegen::document::read(&input).expect("a document");
    assert_eq!(document.problems, []);
    assert_eq!(document.schemas().count(), 201);
}

#[test]
fn nesting_ends_somewhere() {
    for depth in [127, 128, 20_000, 1_000_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!(
                "{{\"openapi\": \"3.1.0\", \"x\": {}1{}}}",
                open.repeat(depth),
                close.repeat(depth)
            );
            let codes = answered(&format!("JSON {depth} deep"), text);
            assert_eq!(
                codes.iter().any(|code| code == "E0005"),
                depth > 1000,
                "{depth}: {codes:?}"
            );
            answered(
                &format!("JSON {depth} deep, cut off"),
                format!("{{\"x\": {}", open.repeat(depth)),
            );
        }
        let text = format!("{HEAD}x: {}1{}\n", "[".repeat(depth), "]".repeat(depth));
        answered(&format!("YAML {depth} deep"), text);
    }
    let mut blocks = String::new();
    for depth in 0..2_000 {
        let _ = writeln!(blocks, "{}- ", " ".repeat(depth));
    }
    answered("YAML blocks", format!("{HEAD}x:\n{blocks}"));
    let dashes = format!("{HEAD}x:\n  {}1\n", "- ".repeat(20_000));
    answered("YAML lists in one line", dashes);
}

#[test]
fn schemas_as_deep_as_may_be_are_generated() {
    let deep = format!(
        "{}{{\"type\": \"string\"}}{}",
        "{\"properties\": {\"a\": ".repeat(150),
        "}}".repeat(150)
    );
    let codes = answered(
        "properties in properties",
        format!("{HEAD}components: {{schemas: {{A: {deep}}}}}\n"),
    );
    assert!(codes.is_empty(), "{codes:?}");
    let deep = format!(
        "{}{{}}{}",
        "{\"type\": \"array\", \"items\": ".repeat(400),
        "}".repeat(400)
    );
    answered(
        "lists of lists",
        format!("{HEAD}components: {{schemas: {{A: {deep}}}}}\n"),
    );
    for word in ["allOf", "anyOf", "oneOf"] {
        let open = format!("{{\"{word}\": [{{\"type\": \"string\"}}, ");
        let deep = format!("{}{{}}{}", open.repeat(200), "]}".repeat(200));
        answered(
            word,
            format!("{HEAD}components: {{schemas: {{A: {deep}}}}}\n"),
        );
    }
}

/// Schemas `S0`, `S1`, … in which each holds the next one, and the last the first.
fn ring(length: usize, schema: impl Fn(&str) -> String) -> String {
    let mut text = format!("{HEAD}components:\n  schemas:\n");
    for at in 0..length {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}", (at + 1) % length);
        let _ = writeln!(text, "    S{at}: {}", schema(&next));
    }
    text
}

#[test]
fn circles_of_every_length_are_seen() {
    for length in [1, 2, 3, 100, 400] {
        refused(
            &format!("{length} references"),
            ring(length, ToOwned::to_owned),
            "E0110",
        );
        answered(
            &format!("{length} times allOf"),
            ring(length, |next| format!("{{allOf: [{next}]}}")),
        );
        answered(
            &format!("{length} times oneOf"),
            ring(length, |next| {
                format!("{{oneOf: [{next}, {{type: string}}]}}")
            }),
        );
        answered(
            &format!("{length} times anyOf"),
            ring(length, |next| {
                format!("{{anyOf: [{next}, {{type: 'null'}}]}}")
            }),
        );
        answered(
            &format!("{length} required"),
            ring(length, |next| {
                format!("{{type: object, required: [a], properties: {{a: {next}}}}}")
            }),
        );
        answered(
            &format!("{length} times not"),
            ring(length, |next| format!("{{not: {next}}}")),
        );
        answered(
            &format!("{length} lists"),
            ring(length, |next| format!("{{type: array, items: {next}}}")),
        );
    }
    refused(
        "path items",
        format!("{HEAD}paths:\n  /a: {{$ref: '#/paths/~1b'}}\n  /b: {{$ref: '#/paths/~1a'}}\n"),
        "E0110",
    );
    let through = format!(
        "{HEAD}components: {{schemas: {{A: {{$ref: '#/components/schemas/A/properties/a'}}}}}}\n"
    );
    answered("a reference through itself", through);
}

#[test]
fn alternatives_do_not_multiply() {
    // Each is exactly one of all the others, beside a property of its own.
    for length in [3, 12, 40] {
        let mut text = format!("{HEAD}components:\n  schemas:\n");
        for at in 0..length {
            let others = (0..length).filter(|other| *other != at);
            let others = others.map(|other| format!("{{$ref: '#/components/schemas/S{other}'}}"));
            let others: Vec<String> = others.collect();
            let (own, others) = (format!("a{at}"), others.join(", "));
            let _ = writeln!(
                text,
                "    S{at}: {{properties: {{{own}: {{}}}}, oneOf: [{others}]}}"
            );
        }
        answered(&format!("{length} knotted unions"), text);
    }
    // A base lists its kinds, each of which takes in the base and lists kinds again.
    let mut text = format!("{HEAD}components:\n  schemas:\n    S: {{properties: {{a: {{}}}}}}\n");
    for (level, at) in (0..8).flat_map(|level| (0..4).map(move |at| (level, at))) {
        let kinds: Vec<String> = (0..4)
            .map(|kind| {
                format!(
                    "{{$ref: '#/components/schemas/S{}x{kind}'}}",
                    (level + 1) % 8
                )
            })
            .collect();
        let before = format!("{{$ref: '#/components/schemas/S{}x{at}'}}", (level + 7) % 8);
        let _ = writeln!(
            text,
            "    S{level}x{at}: {{allOf: [{before}], properties: {{b{at}: {{}}}}, anyOf: [{}]}}",
            kinds.join(", ")
        );
    }
    answered("kinds of kinds", text);
}

#[test]
fn long_lines_and_long_words_are_read() {
    let line = "a".repeat(50 << 20);
    answered(
        "a line of 50 MB",
        format!("{{\"openapi\": \"3.1.0\", \"x-a\": \"{line}\"}}"),
    );
    answered(
        "a line of 50 MB that ends",
        format!("{{\"openapi\": \"3.1.0\", \"x\": \"{line}"),
    );
    answered("a line of 50 MB in YAML", format!("{HEAD}x-a: {line}\n"));
    refused(
        "more than any document",
        " ".repeat((96 << 20) + 1),
        "E0002",
    );
    let name = "n".repeat(1 << 20);
    answered(
        "a name of 1 MB",
        format!("{HEAD}components: {{schemas: {{? {name} : {{type: object}}}}}}\n"),
    );
}

#[test]
fn texts_cut_off_anywhere_are_answered() {
    let path = verbatim_golden::case::beside("accept").join("one_of_discriminator/spec.yaml");
    let yaml = std::fs::read_to_string(path).expect("a case");
    let json = "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"é\\u00e9\", \"version\": \"1\"}, \"paths\": {\"/a\": {\"get\": {}}}}";
    for text in [yaml.as_str(), json] {
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let input = alone(Source::new("spec.yaml", text[..end].to_owned()));
            drop(generate(&input, &options("bounds")));
        }
    }
}

#[test]
fn what_is_no_text_is_refused() {
    for bytes in [
        &b"openapi: 3.1.0\n\xff"[..],
        b"\xfe\xff\x00o",
        b"\xed\xa0\x80",
        b"\xc3",
    ] {
        let problem = Source::from_bytes("spec.yaml", bytes.to_vec()).expect_err("no UTF-8");
        assert_eq!(problem.code, "E0001");
    }
}
