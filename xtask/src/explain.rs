//! `explain`: what a diagnostic means.

use crate::arguments::Arguments;
use anyhow::{Result, bail};
use std::process::ExitCode;
use verbatim_codegen::problem;

/// Prints what a code of the generator means and what to do about it.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let code = arguments.positional("the code, such as E0104,")?;
    arguments.end()?;
    if let Some(rule) = verbatim_compare::rule::find(&code) {
        print!("{}", verbatim_compare::rule::explain(rule));
        return Ok(ExitCode::SUCCESS);
    }
    let Some(entry) = problem::find(&code) else {
        let codes = problem::TABLES.iter().copied().flatten();
        let codes: Vec<&str> = codes.map(|entry| entry.code).collect();
        bail!(
            "there is no code {code:?}; those of the generator are {}, those of `diff` stand in docs/compare.md",
            codes.join(", ")
        );
    };
    print!("{}", problem::explain(entry));
    Ok(ExitCode::SUCCESS)
}
