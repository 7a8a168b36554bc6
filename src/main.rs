//! The door: parses arguments, runs one command, maps its error to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(footfall::cli::run())
}
