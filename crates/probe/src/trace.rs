//! A program that looks at everything a process has: several registries, one record.
//!
//! A host may have functions of its own, points in Rust code and Ruff programs, each with a registry. A [`Trace`] attaches one
//! program to all of them; its tables are one, its events come in one queue, and it is detached everywhere when it is dropped.

use std::sync::Arc;

use crate::aggregate::{Snapshot, Tables};
use crate::dispatcher::Host;
use crate::program::{Program, ProgramError};
use crate::queue::{Event, Queue};
use crate::registry::{Apart, AttachId, Registry, Shared};

/// Something that programs can be attached to: a [`Registry`] of any kind of host.
pub trait Target: sealed::Target + Send + Sync {}

impl<H: Host> Target for Registry<H> where Self: Send + Sync {}

mod sealed {
    use super::{Apart, Arc, AttachId, Program, ProgramError, Shared};

    pub trait Target {
        fn attach_sharing(
            &self,
            program: Arc<Program>,
            shared: Shared,
            apart: Apart,
        ) -> Result<AttachId, ProgramError>;
        fn detach(&self, id: AttachId);
        fn tick(&self);
        fn list(&self, pattern: &str) -> Vec<String>;
    }
}

impl<H: Host> sealed::Target for Registry<H> {
    fn attach_sharing(
        &self,
        program: Arc<Program>,
        shared: Shared,
        apart: Apart,
    ) -> Result<AttachId, ProgramError> {
        Self::attach_sharing(self, program, shared, apart)
    }

    fn detach(&self, id: AttachId) {
        Self::detach(self, id);
    }

    fn tick(&self) {
        Self::tick(self);
    }

    fn list(&self, pattern: &str) -> Vec<String> {
        Self::list(self, pattern)
    }
}

/// Registries of a process.
pub type Targets = Arc<[Arc<dyn Target>]>;

/// How much a trace keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Events that wait at most.
    pub events: usize,
    /// Entries of one table, for each of a few groups of threads.
    pub keys: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { events: 10_000, keys: 1_000 }
    }
}

/// A program that is attached, until this is dropped.
pub struct Trace {
    shared: Shared,
    attached: Vec<(Arc<dyn Target>, AttachId)>,
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Trace({} registries)", self.attached.len())
    }
}

impl Trace {
    /// Attaches a program to some registries. Its `begin` and `end` probes and its intervals run once.
    ///
    /// # Errors
    /// P0012 as [`Registry::attach`]; it is attached nowhere then.
    pub fn attach(
        program: &Arc<Program>,
        targets: &[Arc<dyn Target>],
        room: Room,
    ) -> Result<Self, ProgramError> {
        let (queue, tables) = (Queue::new(room.events), Tables::new(room.keys));
        let shared = Shared { queue: Arc::new(queue), tables: Arc::new(tables) };
        let mut trace = Self { shared, attached: Vec::new() };
        for target in targets {
            let apart = if trace.attached.is_empty() { Apart::Run } else { Apart::Elsewhere };
            let id = target.attach_sharing(Arc::clone(program), trace.shared.clone(), apart)?;
            trace.attached.push((Arc::clone(target), id));
        }
        Ok(trace)
    }

    /// Everything that was recorded, and how many events found no room since the last time. Runs the intervals that are due.
    #[must_use]
    pub fn drain(&self) -> (Vec<Event>, u64) {
        for (target, _) in &self.attached {
            target.tick();
        }
        self.shared.queue.drain()
    }

    /// The tables as they are now.
    #[must_use]
    pub fn tables(&self) -> Vec<Snapshot> {
        self.shared.tables.snapshots()
    }

    /// Detaches the program everywhere. What it has recorded can still be drained.
    pub fn detach(&mut self) {
        for (target, id) in self.attached.drain(..).rev() {
            target.detach(id);
        }
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        self.detach();
    }
}

/// The names of all points of some registries that fit a pattern, sorted.
#[must_use]
pub fn list(targets: &[Arc<dyn Target>], pattern: &str) -> Vec<String> {
    let mut names: Vec<String> = targets.iter().flat_map(|it| it.list(pattern)).collect();
    names.sort();
    names.dedup();
    names
}
