//! Emitted crates in one program, and packed as the registry wants them.
#![cfg(feature = "judges")]

#[path = "../../tests/require.rs"]
mod require;
#[path = "programs/simulator.rs"]
mod simulator;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use simulator::Simulator;
use verbatim_proof::{outside, workspace};

/// The program of a user of five emitted crates and of the client crate of this repository.
const PROGRAM: &str = include_str!("programs/together.rs");

/// A document of one group, named after what it lists.
fn document(title: &str, items: &str, item: &str) -> String {
    format!(
        r##"
openapi: 3.1.0
info: {{title: {title}, version: 1.0.0}}
servers: [{{url: "https://{items}.example/v1"}}]
paths:
  /{items}:
    get:
      operationId: list{title}
      tags: [{items}]
      x-verbatim-pagination: {{style: page, page: page, size: size}}
      parameters:
        - {{name: page, in: query, schema: {{type: integer}}}}
        - {{name: size, in: query, schema: {{type: integer, maximum: 50}}}}
      responses:
        "200":
          description: A page.
          content: {{application/json: {{schema: {{type: array, items: {{$ref: "#/components/schemas/{item}"}}}}}}}}
    post:
      operationId: create{item}
      tags: [{items}]
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: "#/components/schemas/{item}"}}}}}}
      responses:
        "201": {{description: Made., content: {{application/json: {{schema: {{$ref: "#/components/schemas/{item}"}}}}}}}}
components:
  schemas:
    {item}:
      type: object
      required: [name]
      properties: {{name: {{type: string}}, note: {{type: [string, "null"]}}}}
"##
    )
}

fn said(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(error)
    )
}

fn verbatim(folder: &Path, words: &[&str]) {
    let program = env!("CARGO_BIN_EXE_verbatim");
    let output = Command::new(program)
        .args(words)
        .current_dir(folder)
        .output();
    let output = output.expect("the program runs");
    assert!(output.status.success(), "{words:?}: {}", said(&output));
}

/// Cargo outside the workspace, with the versions that the workspace is locked to.
fn cargo(folder: &Path, words: &[&str]) -> Command {
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let mut cargo = outside();
    cargo.args(words).current_dir(folder);
    cargo
}

#[test]
fn five_crates_and_ours_are_called_by_one_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let runtime = workspace().join("runtime");
    let mut program = Command::new("true");
    let mut simulators = Vec::new();
    let mut dependencies = Vec::new();
    for (title, items, item, is_shared) in [
        ("Boats", "boats", "Boat", false),
        ("Cars", "cars", "Car", false),
        ("Bikes", "bikes", "Bike", false),
        ("Inns", "inns", "Inn", true),
        ("Bars", "bars", "Bar", true),
    ] {
        let file = format!("{items}.yaml");
        fs::write(folder.join(&file), document(title, items, item)).expect("a document");
        let runtime = runtime.to_string_lossy();
        let mut words = vec!["generate", "--spec", &file, "--out", items, "--name", items];
        if is_shared {
            words.extend(["--runtime", &runtime]);
        }
        verbatim(folder, &words);
        dependencies.push(format!("{items} = {{ path = {items:?} }}"));
        let simulator = Simulator::of(&folder.join(&file));
        program.env(title.to_uppercase(), &simulator.address);
        simulators.push(simulator);
    }
    let panel = Simulator::of(&workspace().join("spec/cloudpanel/openapi.json"));
    dependencies.push(format!(
        "cloud-panels = {{ path = {:?}, features = [\"rustls\"] }}",
        workspace().join("generated")
    ));
    let dependencies = dependencies.join("\n");
    let manifest = format!(
        "[package]\nname = \"together\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\
         tokio = {{ version = \"1\", features = [\"rt\", \"macros\", \"time\"] }}\n\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::create_dir(folder.join("src")).expect("a folder");
    fs::write(folder.join("src/main.rs"), PROGRAM).expect("a program");
    let built = cargo(folder, &["run", "--quiet"])
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("PANEL", &panel.address)
        .env("PANEL_TOKEN", &panel.token)
        .output()
        .expect("cargo runs");
    let told = said(&built);
    assert!(built.status.success(), "{told}");
    assert!(
        told.ends_with("boat 3, car 3, bike 3, inn 3, bar 3, servers listed\n"),
        "{told}"
    );
}

#[test]
fn an_emitted_crate_is_packed_with_nothing_else_published() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    // A public document where it is at hand, and one of our own otherwise.
    let museum = workspace().join("../shared/corpus/museum.yaml");
    let spec = folder.join("api.yaml");
    if museum.exists() {
        fs::copy(&museum, &spec).expect("a copy");
    } else {
        require::skipped("shared", "../shared/corpus/museum.yaml is not there");
        fs::write(&spec, document("Boats", "boats", "Boat")).expect("a document");
    }
    let set = "package.repository = \"https://example.com/boats\"";
    let words = [
        "generate",
        "--spec",
        "api.yaml",
        "--out",
        "packed",
        "--name",
        "packed-client",
    ];
    verbatim(
        folder,
        &[
            &words[..],
            &["--set", "package.license = \"MIT\"", "--set", set],
        ]
        .concat(),
    );
    let crate_folder = folder.join("packed");
    let output = cargo(&crate_folder, &["package", "--allow-dirty", "--quiet"]).output();
    let output = output.expect("cargo runs");
    assert!(output.status.success(), "{}", said(&output));
    let packages = fs::read_dir(workspace().join("target/outside/package")).expect("a folder");
    let mut paths = packages.map(|entry| entry.expect("an entry").path());
    assert!(paths.any(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("packed-client-") && path.extension().is_some_and(|it| it == "crate")
    }));
}

/// The names of the options that say where the API is, and who calls.
fn of_simulator<'c>(
    command: &'c mut Command,
    simulator: &Simulator,
    prefix: &str,
) -> &'c mut Command {
    command
        .env(format!("{prefix}_URL"), &simulator.address)
        .env(format!("{prefix}_TOKEN"), &simulator.token)
}

#[test]
fn an_emitted_crate_has_a_command_for_each_operation() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(
        folder.join("boats.yaml"),
        document("Boats", "boats", "Boat"),
    )
    .expect("a document");
    let settings = format!(
        "[[client]]\nspec = \"boats.yaml\"\nout = \"boats-client\"\nruntime = {:?}\nemit = [\"client\", \"cli\"]\n\
         rename.methods.createBoat = \"launch\"\n",
        workspace().join("runtime")
    );
    fs::write(folder.join("verbatim.toml"), settings).expect("settings");
    verbatim(folder, &["generate"]);
    verbatim(folder, &["check"]);
    let krate = folder.join("boats-client");
    let readme = fs::read_to_string(krate.join("README.md")).expect("a README");
    assert!(
        readme.contains("cargo install --path . --features cli"),
        "{readme}"
    );
    let built = cargo(
        &krate,
        &["build", "--quiet", "--features", "cli", "--bin", "boats"],
    )
    .output();
    let built = built.expect("cargo runs");
    assert!(built.status.success(), "{}", said(&built));

    let simulator = Simulator::of(&folder.join("boats.yaml"));
    let program = workspace().join(format!(
        "target/outside/debug/boats{}",
        std::env::consts::EXE_SUFFIX
    ));
    let boats = |words: &[&str]| {
        let mut command = Command::new(&program);
        let command = of_simulator(&mut command, &simulator, "BOATS_CLIENT");
        command
            .env("XDG_CONFIG_HOME", folder)
            .env("XDG_CACHE_HOME", folder);
        command.args(words).output().expect("the program runs")
    };
    let helped = said(&boats(&["boats", "--help"]));
    assert!(
        helped.contains("launch") && helped.contains("list"),
        "{helped}"
    );
    let made = boats(&["boats", "launch", "--name", "Argo", "--note", "null"]);
    assert!(made.status.success(), "{}", said(&made));
    let all = boats(&[
        "boats",
        "list",
        "--all",
        "--jq",
        ".[] | select(.name == \"Argo\") | .note",
    ]);
    assert_eq!(said(&all), "null\n");
    let wrong = boats(&["boats", "launch", "--name", "1", "--unknown"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    let completed = Command::new(&program)
        .env("COMPLETE", "bash")
        .output()
        .expect("the program runs");
    assert!(said(&completed).contains("boats"), "{}", said(&completed));
}

#[test]
fn where_the_engine_of_a_command_line_comes_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(
        folder.join("boats.yaml"),
        document("Boats", "boats", "Boat"),
    )
    .expect("a document");
    let own = [
        "generate",
        "--spec",
        "boats.yaml",
        "--out",
        "boats",
        "--force",
        "--emit",
    ];
    let call = workspace().join("call");
    let (call, version) = (call.to_string_lossy(), env!("CARGO_PKG_VERSION"));
    for (more, wanted) in [
        (&["client,cli"][..], format!("version = \"{version}\"")),
        (
            &["client,cli", "--engine", &call],
            format!("path = \"{call}\""),
        ),
        (
            &[
                "cli",
                "--engine",
                "git+https://example.com/verbatim.git?tag=v1",
            ],
            "git = \"https://example.com/verbatim.git\", tag = \"v1\"".to_owned(),
        ),
    ] {
        verbatim(folder, &[&own[..], more].concat());
        let manifest = fs::read_to_string(folder.join("boats/Cargo.toml")).expect("a manifest");
        let line = format!(
            "verbatim-call = {{ {wanted}, features = [\"complete\", \"keyring\"], optional = true }}"
        );
        assert!(manifest.contains(&line), "{manifest}");
        assert!(
            !manifest.contains("verbatim-runtime ="),
            "the library stands on its own: {manifest}"
        );
        assert!(folder.join("boats/src/bin/boats/tables.json").is_file());
    }
    for (more, told) in [
        (&["client,types"][..], "types alone"),
        (&["client,cli", "--engine", "nowhere"], "nowhere is none"),
        (&["client,cli", "--engine", "."], "is none"),
    ] {
        let words = [&own[..], more].concat();
        let output = Command::new(env!("CARGO_BIN_EXE_verbatim"))
            .args(&words)
            .current_dir(folder)
            .output();
        let output = output.expect("the program runs");
        assert!(
            !output.status.success() && said(&output).contains(told),
            "{}",
            said(&output)
        );
    }
    for (emit, told) in [
        ("[\"types\", \"cli\"]", "`types` are types alone"),
        ("[]", "nothing is to be emitted"),
        ("[\"client\", \"cly\"]", "unknown variant `cly`"),
        ("3", "`client`, `types`, or a list"),
    ] {
        let settings = format!("spec = \"boats.yaml\"\nout = \"b\"\nemit = {emit}\n");
        fs::write(folder.join("verbatim.toml"), settings).expect("settings");
        let output = Command::new(env!("CARGO_BIN_EXE_verbatim"))
            .arg("generate")
            .current_dir(folder)
            .output();
        let output = output.expect("the program runs");
        let said = said(&output);
        assert!(
            !output.status.success() && said.contains(told) && said.contains("verbatim.toml:3"),
            "{said}"
        );
    }
}
