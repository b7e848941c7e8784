//! Everything about the vm that can be seen from outside, in one binary.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arrays;
mod conversions;
mod equality;
mod fixture;
mod grow;
mod heap;
mod places;
mod printing;
mod strings;
mod tables;
