//! The command as its users meet it: each test starts the real binary.
#![forbid(unsafe_code)]

mod command;
mod exits;
mod hostile;
mod pages;
mod projects;
mod samples;
mod testing;
