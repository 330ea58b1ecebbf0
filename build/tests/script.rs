//! What a build script sees.

use std::fs;
use std::path::Path;

use verbatim_build::Config;

const DOCUMENT: &str = r#"
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {"200": {description: All., content: {application/json: {schema: {$ref: "pet.yaml#/Pet"}}}}}
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
    fs::write(folder.path().join("pet.yaml"), "Pet: {type: object}\n").unwrap();
    folder
}

fn config(folder: &Path) -> Config {
    Config::new(folder.join("openapi.yaml")).out_dir(folder.join("out"))
}

#[test]
fn a_script_that_runs_again_writes_what_is_new_and_takes_away_what_is_old() {
    let folder = folder();
    let folder = folder.path();
    config(folder).generate().unwrap();
    let written = |path: &str| {
        fs::metadata(folder.join("out").join(path))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = written("client/mod.rs");
    config(folder).generate().unwrap();
    assert_eq!(
        written("client/mod.rs"),
        before,
        "the compiler has nothing to do"
    );
    assert!(folder.join("out/client/headers.rs").metadata().is_err());
    let with = DOCUMENT.replace(
        "description: All.,",
        "description: All., headers: {ETag: {schema: {type: string}}},",
    );
    fs::write(folder.join("openapi.yaml"), &with).unwrap();
    config(folder).generate().unwrap();
    assert!(folder.join("out/client/headers.rs").is_file());
    fs::write(folder.join("openapi.yaml"), DOCUMENT).unwrap();
    config(folder).generate().unwrap();
    assert!(!folder.join("out/client/headers.rs").exists());
    // Another client stands beside.
    config(folder).module("other").generate().unwrap();
    assert!(folder.join("out/client.rs").is_file() && folder.join("out/other.rs").is_file());
}

#[test]
fn no_path_leads_through_the_root_of_the_crate() {
    let folder = folder();
    config(folder.path()).generate().unwrap();
    let mut folders = vec![folder.path().join("out")];
    let mut files = 0;
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                assert!(
                    !code.clone().any(|line| line.contains("crate::")),
                    "{}",
                    path.display()
                );
                files += 1;
            }
        }
    }
    assert!(files > 5);
}

#[test]
fn what_is_wrong_is_drawn_with_its_place() {
    let folder = folder();
    let folder = folder.path();
    let said = |config: &Config| format!("{:?}", config.generate().unwrap_err());
    assert!(
        said(&Config::new(folder.join("openapi.yml")).out_dir(folder)).contains("did you mean")
    );
    assert!(said(&config(folder).module("Client")).contains("no name for a module"));
    assert!(said(&config(folder).module("fn")).contains("no name for a module"));
    let unmatched = said(&config(folder).set("rename.types.Dog = \"Cat\""));
    assert!(
        unmatched.contains("--set:1:14") && unmatched.contains("^^^"),
        "{unmatched}"
    );
    fs::write(folder.join("openapi.yaml"), "openapi: 3.1.0\ninfo: [\n").unwrap();
    let syntax = said(&config(folder));
    assert!(
        syntax.contains("openapi.yaml:") && syntax.contains("error[E0015]"),
        "{syntax}"
    );
    assert!(!folder.join("out").exists());
}
