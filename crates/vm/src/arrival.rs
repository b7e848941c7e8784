//! Programs whose functions come while they run.
//!
//! The outline of a module, with the signatures of its functions, is linked as a program of which each function is on its
//! way: all of its code is one instruction that waits. So a call of it is like any other, whatever its form: arguments are
//! arranged, the frame is opened, a generator or a task is made; and what runs is none the slower for it. When the code
//! comes, it is put in the place of that instruction, and frames that stand at it get the room that the code needs.
//!
//! Who waits for code goes on before all others, so a program does the same in the same order as one that is there whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use remora_bytecode::{Debug, FnIdx, LineTable, Module, VerifiedCode};

use crate::builtins::Registry;
use crate::closure::{self, Tier};
use crate::fault::{Fault, Res};
use crate::interp;
use crate::loaded::{LinkError, Loaded, Prelude};
use crate::lower::{Context, LoweredFunction, lower};
use crate::object::TaskId;
use crate::value::FunctionId;
use crate::vm::Vm;

/// Why code that has come was not taken.
#[derive(Debug)]
pub enum ArrivalError {
    /// It cannot be lowered, has come before, or is of another module. Nothing has changed.
    Link(LinkError),
    /// There was no memory to go on with it where it is called. The run has ended.
    Fault(Box<Fault>),
}

impl Loaded {
    /// Links the outline of a module: calls of its functions wait until [`Vm::arrive`] has taken their code.
    ///
    /// # Errors
    /// As [`Loaded::link`].
    pub fn link_outline(
        outline: Module,
        registry: Arc<Registry>,
        prelude: &Prelude,
        tier: Tier,
    ) -> Result<Arc<Self>, LinkError> {
        Self::link_by(outline, registry, prelude, tier, |context, function| {
            lower(context, function).map(LoweredFunction::on_its_way)
        })
    }
}

impl Vm {
    /// Takes code that has come for functions of a program that [`Loaded::link_outline`] made.
    ///
    /// # Errors
    /// See [`ArrivalError`].
    ///
    /// # Cost
    /// Linear in the size of the code, and a look at each task that waits.
    pub fn arrive(&mut self, codes: &[VerifiedCode]) -> Result<(), ArrivalError> {
        let come = self.lower_come(codes).map_err(ArrivalError::Link)?;
        let waiting: Vec<(TaskId, FunctionId)> =
            self.tasks.innermost().filter(|(_, id)| come.contains_key(id)).collect();
        let room = waiting.iter().try_for_each(|(task, id)| match come.get(id) {
            Some(function) => self.make_room_for(*task, function),
            None => Ok(()),
        });
        // Frames that got no room must end while the functions still need none.
        let room = room.inspect_err(|_| interp::cancel_all(self));
        let loaded = Arc::make_mut(&mut self.loaded);
        for (id, function) in come {
            if let Some(place) = loaded.functions.get_mut(id.0 as usize) {
                self.heap.release_all(self.units.remove(id));
                *place = function;
            }
        }
        let ready = room.and_then(|()| {
            let ready = waiting.iter().try_for_each(|(_, id)| self.prepare(*id).map(drop));
            ready.inspect_err(|_| interp::cancel_all(self))
        });
        ready.map_err(ArrivalError::Fault)
    }

    fn lower_come(
        &self,
        codes: &[VerifiedCode],
    ) -> Result<BTreeMap<FunctionId, Arc<LoweredFunction>>, LinkError> {
        let loaded = &*self.loaded;
        let context = Context {
            module: &loaded.module,
            imports: &loaded.imports,
            first_function: loaded.first_function,
            registry: &loaded.registry,
            prelude: &loaded.prelude.functions,
            hidden: false,
            debug: None,
        };
        let mut come = BTreeMap::new();
        for code in codes {
            let id = loaded.first_function.saturating_add(code.at().0);
            let waits =
                loaded.functions.get(id as usize).is_some_and(|known| known.is_on_its_way());
            let function = lower(&context, code.function()).map_err(LinkError::Lower)?;
            let function = closure::ready(function, FunctionId(id), loaded.tier);
            let is_new = come.insert(FunctionId(id), Arc::new(function)).is_none();
            if !code.is_of(&loaded.module) || !waits || !is_new || !self.frames.is_empty() {
                return Err(LinkError::NotAfter);
            }
        }
        Ok(come)
    }

    /// Gives the innermost frame of a task, which stands at its beginning, the room that its code needs.
    fn make_room_for(&mut self, id: TaskId, function: &LoweredFunction) -> Res<()> {
        let Some(task) = self.tasks.stopped_mut(id) else { return Ok(()) };
        let frame = task.stack.frames.top_mut();
        frame.first_temp = function.first_temp;
        let end = frame.base as usize + function.window as usize;
        // Room is made in the VM, where all that makes it looks for it.
        let slots = std::mem::take(&mut task.stack.slots);
        let own = std::mem::replace(&mut self.slots, slots);
        let made = interp::make_room(self, end);
        let slots = std::mem::replace(&mut self.slots, own);
        if let Some(task) = self.tasks.stopped_mut(id) {
            task.stack.slots = slots;
        }
        made
    }

    /// The function that a call waits for, by its name.
    #[must_use]
    pub fn awaited_function(&self) -> Option<Arc<str>> {
        let id = self.tasks.awaited_code()?;
        Some(Arc::clone(&self.loaded.function(id).name))
    }

    /// Takes the debug information of functions whose code has come: from now on errors say where they happened. Without
    /// effect on functions that another VM shares.
    pub fn add_debug(
        &mut self,
        debug: &Arc<Debug>,
        lines: impl Iterator<Item = (FnIdx, LineTable)>,
    ) {
        let loaded = Arc::make_mut(&mut self.loaded);
        for (at, lines) in lines {
            let at = loaded.first_function.saturating_add(at.0) as usize;
            if let Some(function) = loaded.functions.get_mut(at).and_then(Arc::get_mut) {
                function.set_places(lines, Arc::clone(debug));
            }
        }
    }
}
