//! Every command of the three APIs is sound by itself: no two flags alike, no name taken twice.

mod line;

use line::Line;
use std::sync::Arc;
use verbatim_call::command;
use verbatim_contract::Contract;
use verbatim_simulator::{InProcess, Pace, Rules, Settings, Simulator};

#[test]
fn every_command_is_sound() {
    for (api, _) in panel::TABLES {
        let tables = line::tables(api);
        let methods = line::methods(api);
        let words: Vec<String> = methods
            .into_iter()
            .flat_map(|(_, group, method)| [group, method])
            .collect();
        let command = command::command(&panel::shape(), tables, &words);
        command.expect("a command").debug_assert();
    }
}

/// The examples of the help are taken by the commands that they stand at.
#[test]
fn every_example_of_the_help_runs_against_a_simulator() {
    let mut failures = Vec::new();
    let mut run = 0;
    for document in panel::DOCUMENTS {
        let settings = Settings {
            rate_limit: false,
            pace: Pace::Instant,
            ..Settings::default()
        };
        let contract = Contract::parse(document.api, document.text).expect("a document");
        let rules = match document.rules {
            "" => Rules::default(),
            text => Rules::parse(document.api, text).expect("rules"),
        };
        let simulator = Arc::new(Simulator::new(contract, rules, settings).expect("a simulator"));
        let token = simulator.token().to_owned();
        let tables = line::tables(document.api);
        for (group, method) in tables.methods() {
            let Some(more) = command::example(method).expect("tables") else {
                continue;
            };
            run += 1;
            let words = [group.name.clone(), method.name.clone()].into_iter();
            let words: Vec<String> = words.chain(more).collect();
            let mut line =
                Line::new(document.api, words.clone()).over(InProcess::new(Arc::clone(&simulator)));
            for (_, value) in line
                .environment
                .iter_mut()
                .filter(|it| !it.0.ends_with("_USER"))
            {
                value.clone_from(&token);
            }
            let shown = line.run();
            // What the document shows need not be there in the simulator.
            if !matches!(shown.code, 0 | 1 | 4) {
                failures.push(format!("{words:?}: {} {}", shown.code, shown.stderr));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(run > 200, "{run} examples");
}
