//! The `remora` command. All of it is in the library, so that a host can ship the same command.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    remora_cli::main()
}
