//! The command as its users meet it: each test starts the real binary.
#![forbid(unsafe_code)]

mod command;
mod doc;
mod examples;
mod exits;
mod hostile;
mod pages;
mod samples;
mod zoo;
