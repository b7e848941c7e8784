//! The locks and atomics at which attaching, detaching and hits meet.
//!
//! Those of `std`; with the feature `model` those of shuttle, whose scheduler tries the orders in which threads may come to
//! them. The feature is for the test `model` alone: outside shuttle's scheduler they do not work.

#[cfg(feature = "model")]
pub(crate) use shuttle::{
    sync::atomic::{AtomicBool, AtomicU64},
    sync::{Mutex, MutexGuard},
    thread_local,
};
#[cfg(not(feature = "model"))]
pub(crate) use std::{
    sync::atomic::{AtomicBool, AtomicU64},
    sync::{Mutex, MutexGuard},
    thread_local,
};
