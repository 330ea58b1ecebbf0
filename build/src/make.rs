//! From a document with its settings to files.

use verbatim_codegen::document::Input;
use verbatim_codegen::{Emit, Layout, Options, Output, generate_once};
use verbatim_source::Severity;

use crate::progress::during;
use crate::report::Reporter;
use crate::settings::Read;

/// Generates, tells what is to be told, and gives nothing where nothing could be generated.
pub fn made(mut input: Input, options: &Options, reporter: &Reporter) -> Option<Output> {
    match during(&options.name, || generate_once(&mut input, options)) {
        Ok(output) => {
            for problem in &output.report.problems {
                reporter.problem(&problem.diagnostic, input.sources());
            }
            reporter.report(&options.name, &output.report);
            Some(output)
        }
        Err(problems) => {
            for problem in &problems {
                reporter.problem(&problem.diagnostic, input.sources());
            }
            let errors = problems
                .iter()
                .filter(|problem| problem.diagnostic.severity == Severity::Error);
            reporter.count(errors.count());
            None
        }
    }
}

impl Read {
    /// The document, and what the generator is told about it.
    pub fn into_options(
        self,
        name: &str,
        layout: Layout,
        emit: Emit,
        command: &str,
    ) -> (Input, Options) {
        let options = Options {
            name: name.to_owned(),
            layout,
            command: command.to_owned(),
            emit,
            // A schema that is silent about further properties allows them, and nobody here can say
            // that the author of this document meant otherwise.
            requests: self.requests.unwrap_or_default(),
            settings: self.settings,
        };
        (self.input, options)
    }
}
