//! The files by which others run the program say what it understands.

use std::path::Path;
use std::process::Command;

use verbatim_source::{Limits, Node, Source, Sources};

fn read(name: &str) -> Node {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let text = std::fs::read_to_string(path).expect("a file");
    let mut sources = Sources::new();
    let id = sources.add(Source::new(name, text));
    verbatim_source::parse(&sources, id, &Limits::default()).expect("YAML")
}

fn text<'n>(node: &'n Node, path: &[&str]) -> &'n str {
    let inner = path.iter().try_fold(node, |node, key| node.get(key));
    inner
        .and_then(Node::as_str)
        .unwrap_or_else(|| panic!("{path:?} is missing"))
}

/// The words after `verbatim` are a command and its options.
fn is_understood(words: &str) {
    let mut words = words.split_whitespace();
    let command = words.next().expect("a command");
    let output = Command::new(env!("CARGO_BIN_EXE_verbatim"))
        .args([command, "--help"])
        .output();
    let output = output.expect("the program runs");
    assert!(output.status.success(), "{command}");
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    for word in words {
        assert!(help.contains(word), "{command}: {word}\n{help}");
    }
}

#[test]
fn the_action_runs_a_command_that_there_is() {
    let action = read("action.yml");
    assert_eq!(text(&action, &["runs", "using"]), "composite");
    is_understood(text(&action, &["inputs", "command", "default"]));
    let steps = action
        .get("runs")
        .and_then(|runs| runs.get("steps"))
        .and_then(Node::as_array);
    let steps = steps.expect("steps");
    assert!(
        steps
            .iter()
            .all(|step| step.get("shell").is_some() && step.get("run").is_some())
    );
    // Every input is used, and nothing is used that is none.
    let used: Vec<&str> = steps.iter().flat_map(uses).collect();
    let inputs = action
        .get("inputs")
        .and_then(Node::as_object)
        .expect("inputs");
    let mut named: Vec<&str> = inputs.iter().map(|it| it.key.as_str()).collect();
    named.sort_unstable();
    let mut used: Vec<&str> = used
        .iter()
        .filter_map(|it| it.strip_prefix("inputs."))
        .collect();
    used.sort_unstable();
    assert_eq!(used, named);
}

/// What stands in `${{ … }}` of a step.
fn uses(step: &Node) -> Vec<&str> {
    let mut all = texts(step);
    all.extend(step.get("env").map(texts).unwrap_or_default());
    let inner = all.into_iter().flat_map(|text| text.split("${{").skip(1));
    inner
        .filter_map(|rest| Some(rest.split_once("}}")?.0.trim()))
        .collect()
}

/// The texts among the members of an object.
fn texts(node: &Node) -> Vec<&str> {
    let members = node.as_object().into_iter().flatten();
    members.filter_map(|member| member.value.as_str()).collect()
}

#[test]
fn the_hooks_run_commands_that_there_are() {
    let hooks = read(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().expect("a list");
    assert!(!hooks.is_empty());
    for hook in hooks {
        for key in ["id", "name", "language", "files"] {
            assert!(!text(hook, &[key]).is_empty());
        }
        let entry = text(hook, &["entry"]);
        is_understood(entry.strip_prefix("verbatim ").expect("the program"));
    }
}
