//! Generators of programs and mutants, and the judges that compare engines. Only tests, fuzz targets and benchmarks use it.
#![forbid(unsafe_code)]

pub mod generate;
