//! Every command of the three APIs is sound by itself: no two flags alike, no name taken twice.

mod line;

use verbatim_call::command;

#[test]
fn every_command_is_sound() {
    for (api, _) in panel::TABLES {
        let tables = line::tables(api);
        let methods = line::methods(api);
        let words: Vec<String> = methods
            .into_iter()
            .flat_map(|(_, group, method)| [group, method])
            .collect();
        let command = command::command(&panel::shape(), &tables, &words);
        command.expect("a command").debug_assert();
    }
}
