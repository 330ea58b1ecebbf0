//! Man pages: one of the program, of each group and of each method.

use crate::command;
use crate::shape::Shape;
use crate::table::Api;
use clap_mangen::Man;
use std::io;

/// The pages of an API, each the name of its file and its text. Those of another API than the first have its name in
/// theirs: `panel-cloudflow-virtual-machines.1`.
///
/// # Errors
/// Tables that are damaged.
pub fn pages(shape: &Shape, api: &Api) -> Result<Vec<(String, Vec<u8>)>, String> {
    let names = api.methods();
    let names = names.flat_map(|(group, method)| [group.name.clone(), method.name.clone()]);
    let words: Vec<String> = names.collect();
    let mut command = command::command(shape, api, &words)?;
    let is_first = shape.apis.first().is_none_or(|first| *first == api.name);
    let mut file = shape.name.replace(' ', "-");
    if !is_first {
        file = format!("{file}-{}", api.name);
    }
    command = command
        .display_name(file)
        .bin_name(shape.program(api))
        .disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    // What is no operation is the same for all of them.
    let is_wanted = |name: &str| is_first || api.group(name).is_some();
    page(&command, &mut pages, &is_wanted).map_err(|error| error.to_string())?;
    Ok(pages)
}

fn page(
    command: &clap::Command,
    pages: &mut Vec<(String, Vec<u8>)>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> io::Result<()> {
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text)?;
    pages.push((format!("{name}.1"), text));
    for below in command.get_subcommands() {
        if is_wanted(below.get_name()) {
            page(below, pages, &|_| true)?;
        }
    }
    Ok(())
}
