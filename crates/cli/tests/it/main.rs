//! The command as its users meet it: each test starts the real binary.
#![forbid(unsafe_code)]

mod checked_types;
mod command;
mod debug_files;
mod doc;
mod examples;
mod exits;
mod hostile;
mod imports;
mod lines;
mod listing;
mod measuring;
mod own_command;
mod pages;
mod projects;
#[cfg(unix)]
mod repl;
mod samples;
mod testing;
mod tracing;
mod zoo;
