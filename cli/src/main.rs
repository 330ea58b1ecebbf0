//! The command `verbatim`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    verbatim_codegen::on_large_stack(|| verbatim_cli::run(std::env::args_os()))
}
