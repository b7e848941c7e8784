//! Generators of programs and mutants, and the judges that compare engines. Only tests, fuzz targets and benchmarks use it.
#![forbid(unsafe_code)]

pub mod campaign;
pub mod case;
pub mod compare;
pub mod corpus;
pub mod engine;
pub mod fixture;
pub mod generate;
pub mod golden;
pub mod judge;
pub mod looped;
pub mod outcome;
mod probes;
pub mod programs;
pub mod targets;
