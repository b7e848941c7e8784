//! One execution of a module.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::{Duration, Instant};

use remora_diagnostics::{Code, SourceMap};
#[cfg(feature = "stdlib")]
use remora_stdlib::Capabilities;
use remora_vm::host::{Host, Stream};
use remora_vm::limits::Charge;
use remora_vm::{Fault, InterruptHandle, Limits, Outcome, Res, ops};

use crate::ctx::Ctx;
use crate::{Error, FromValue, Handle, IntoArgs, Module, Timer, Value, ValueRef};

/// Takes what a program prints.
type Output = Box<dyn FnMut(Stream, &str) -> Result<(), String> + Send>;

/// What a run may use and do.
pub struct Settings {
    /// Units of work: calls, turns of loops, work of builtins. `None` is without limit.
    pub fuel: Option<u64>,
    /// Live bytes of values; 1 GiB unless said otherwise.
    pub memory: usize,
    /// Calls that may be open at once.
    pub frames: u32,
    /// How long a run may take.
    pub timeout: Option<Duration>,
    /// Most bytes that the program may print.
    pub output_bytes: u64,
    /// What it may do beyond computing. Nothing unless said otherwise. There with the feature `stdlib`.
    #[cfg(feature = "stdlib")]
    pub capabilities: Capabilities,
    /// Where its output goes; standard output and standard error unless said otherwise.
    pub output: Option<Output>,
    /// What lets async runs sleep; see [`Timer`].
    pub timer: Option<Timer>,
    /// Where its random numbers begin; somewhere else in each VM unless given.
    pub seed: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fuel: None,
            memory: 1 << 30,
            frames: 200_000,
            timeout: None,
            output_bytes: u64::MAX,
            #[cfg(feature = "stdlib")]
            capabilities: Capabilities::default(),
            output: None,
            timer: None,
            seed: None,
        }
    }
}

/// One execution of a module: its globals, its values, its limits. `Send`: it moves between threads as a whole.
pub struct Vm {
    pub(crate) inner: remora_vm::Vm,
    pub(crate) sources: Arc<SourceMap>,
    pub(crate) timer: Option<Timer>,
}

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.fmt(f)
    }
}

/// Stops a run from another thread.
#[derive(Clone, Debug)]
pub struct Interrupt(InterruptHandle);

impl Interrupt {
    /// Ends the run within some ten microseconds of its work, with L0007.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl Vm {
    /// A VM for a module. Does not run anything yet.
    #[must_use]
    pub fn new(module: &Module, settings: Settings) -> Self {
        let hash_seed = random_seed();
        let mut host = Host::new(
            settings.output.unwrap_or_else(|| Box::new(to_standard_streams)),
            settings.seed.unwrap_or_else(random_seed),
        );
        host.max_output = settings.output_bytes;
        #[cfg(feature = "stdlib")]
        {
            host.data = Box::new(settings.capabilities);
        }
        let limits = Limits {
            fuel: settings.fuel.unwrap_or(u64::MAX),
            memory: settings.memory,
            frames: settings.frames,
            watch: settings.timeout.and_then(deadline),
        };
        Self {
            inner: remora_vm::Vm::new(module.loaded().clone(), limits, host, hash_seed),
            sources: Arc::clone(module.shared_sources()),
            timer: settings.timer,
        }
    }

    /// Runs the program's top level, and gives its result: null, unless the module was made by
    /// [`crate::Engine::compile_expression`].
    ///
    /// # Errors
    /// What the program did not catch, or a limit that it reached. The VM can be used again.
    pub fn run(&mut self) -> Result<Value, Error> {
        let started = self.inner.start();
        let raw = self.finish(started).map_err(|it| self.error(it))?;
        Ok(self.keep(raw))
    }

    /// Takes a run to its end; where nothing goes on for a time, this thread sleeps.
    fn finish(&mut self, outcome: Res<Outcome>) -> Res<remora_vm::Value> {
        match self.proceed(outcome)? {
            Some(value) => Ok(value),
            None => self.inner.give_up(),
        }
    }

    /// The same as far as it goes: nothing if it waits for a function that has not come.
    pub(crate) fn proceed(&mut self, outcome: Res<Outcome>) -> Res<Option<remora_vm::Value>> {
        let mut outcome = outcome?;
        loop {
            match outcome {
                Outcome::Done(value) => return Ok(Some(value)),
                Outcome::AwaitsCode => return Ok(None),
                Outcome::Suspended => return self.inner.give_up().map(Some),
                Outcome::Paused => {
                    self.inner.fuel_mut().pause_after(None);
                    outcome = self.inner.go_on()?;
                }
                Outcome::Sleeping(milliseconds) => {
                    if let Err(fault) = self.sleep(milliseconds) {
                        self.inner.cancel();
                        return Err(fault);
                    }
                    outcome = self.inner.resume_after(milliseconds)?;
                }
            }
        }
    }

    /// Lets time go by, which costs fuel, so that a limit on fuel limits it; deadlines and interruptions end it.
    fn sleep(&mut self, milliseconds: f64) -> Res<()> {
        /// What a millisecond costs: some hundredth of what computing through it would.
        const UNITS: f64 = 500.0;
        /// Most that one wait costs: a run without a limit has more than that many times over.
        const MOST: f64 = (1_u64 << 40) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and MOST"
        )]
        let units = (milliseconds * UNITS).clamp(0.0, MOST) as u64;
        self.inner.fuel_mut().charge(units)?;
        /// How long a wait goes on before the limits are asked.
        const TURN: Duration = Duration::from_millis(5);
        let wanted = Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or(Duration::MAX);
        let began = Instant::now();
        loop {
            self.inner.fuel_mut().look_up()?;
            let left = wanted.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(TURN));
        }
    }

    /// Runs the program's top level, and gives its result as `print` shows it; `None` for null.
    ///
    /// # Errors
    /// As [`Vm::run`].
    pub fn run_shown(&mut self) -> Result<Option<String>, Error> {
        let started = self.inner.start();
        let raw = self.finish(started).map_err(|it| self.error(it))?;
        self.show(raw)
    }

    /// What `print` shows of a value, which is taken over.
    fn show(&mut self, raw: remora_vm::Value) -> Result<Option<String>, Error> {
        let shown = if raw.is_null() {
            Ok(None)
        } else {
            ops::print::display(self.inner.heap(), raw, &mut remora_vm::limits::Free).map(Some)
        };
        self.inner.heap_mut().release(raw);
        shown.map_err(|it| self.error(it))
    }

    /// Calls a top-level function by its name, and gives its result as `print` shows it; `None` for null.
    ///
    /// # Errors
    /// As [`Vm::call`].
    pub fn call_shown(&mut self, name: &str, args: impl IntoArgs) -> Result<Option<String>, Error> {
        let raw = self.call_raw(name, args)?;
        self.show(raw)
    }

    /// Calls a top-level function by its name. `args` are a tuple of whatever is [`IntoValue`](crate::IntoValue), or values.
    ///
    /// # Errors
    /// R0010 if there is no such function; what the function did not catch, or a limit.
    pub fn call(&mut self, name: &str, args: impl IntoArgs) -> Result<Value, Error> {
        let raw = self.call_raw(name, args)?;
        Ok(self.keep(raw))
    }

    /// The same with a result of that type.
    ///
    /// # Errors
    /// As [`Vm::call`]; R0004 if the function gives something else.
    pub fn call_as<T: FromValue>(&mut self, name: &str, args: impl IntoArgs) -> Result<T, Error> {
        let raw = self.call_raw(name, args)?;
        self.result(name, raw)
    }

    /// Calls a function that the host holds on to.
    pub(crate) fn call_handle<T: FromValue>(
        &mut self,
        handle: &Handle,
        args: impl IntoArgs,
    ) -> Result<T, Error> {
        let raw = self.with_args(args, |vm, args| {
            let function = handle.find(&vm.inner.cx().host.handles)?;
            vm.inner.start_value(function, args)
        })?;
        self.result("the function", raw)
    }

    fn call_raw(&mut self, name: &str, args: impl IntoArgs) -> Result<remora_vm::Value, Error> {
        self.with_args(args, |vm, args| vm.inner.start_call(name, args))
    }

    fn with_args(
        &mut self,
        args: impl IntoArgs,
        start: impl FnOnce(&mut Self, &[remora_vm::Value]) -> Res<Outcome>,
    ) -> Result<remora_vm::Value, Error> {
        let started = self.begin_with(args, start)?;
        self.finish(Ok(started)).map_err(|it| self.error(it))
    }

    /// Begins a call by its name.
    pub(crate) fn begin_call(&mut self, name: &str, args: impl IntoArgs) -> Result<Outcome, Error> {
        self.begin_with(args, |vm, args| vm.inner.start_call(name, args))
    }

    fn begin_with(
        &mut self,
        args: impl IntoArgs,
        start: impl FnOnce(&mut Self, &[remora_vm::Value]) -> Res<Outcome>,
    ) -> Result<Outcome, Error> {
        let raws = args.into_raws(&mut self.ctx()).map_err(Error::new)?;
        let raws = raws.as_ref();
        let started = start(self, raws);
        self.inner.heap_mut().release_all(raws.iter().copied());
        started.map_err(|it| self.error(it))
    }

    /// What a call has given, as the host wants it; it is released.
    pub(crate) fn result<T: FromValue>(
        &mut self,
        name: &str,
        raw: remora_vm::Value,
    ) -> Result<T, Error> {
        let cx = self.inner.cx();
        let view = ValueRef::new(cx.heap, &cx.host.handles, raw);
        let made = T::from_value(view).map_err(|it| self.error(it.result(name)));
        self.inner.heap_mut().release(raw);
        made
    }

    pub(crate) fn keep(&mut self, raw: remora_vm::Value) -> Value {
        let cx = self.inner.cx();
        let value = Value::from_raw(cx.heap, &cx.host.handles, raw);
        self.inner.heap_mut().release(raw);
        value
    }

    /// What functions of the host see, for the host itself; gives up what no handle holds any more.
    pub(crate) fn ctx(&mut self) -> Ctx<'_> {
        self.sweep();
        Ctx::new(self.inner.cx())
    }

    /// Gives up what no handle holds any more.
    pub(crate) fn sweep(&mut self) {
        let cx = self.inner.cx();
        cx.host.handles.sweep(cx.heap);
    }

    /// A failure of this VM's program.
    pub(crate) fn error(&self, fault: Box<Fault>) -> Error {
        Error::new(fault).in_sources(&self.sources)
    }

    /// Keeps something of the host with this VM, one of each type, for its functions: see [`Ctx::get`]. Gives what was there.
    pub fn insert<T: Any + Send>(&mut self, kept: T) -> Option<T> {
        let old = self.inner.host_mut().kept.insert(TypeId::of::<T>(), Box::new(kept))?;
        old.downcast().ok().map(|it| *it)
    }

    /// What the host keeps with this VM of that type.
    #[must_use]
    pub fn get<T: Any + Send>(&mut self) -> Option<&mut T> {
        self.inner.host_mut().kept.get_mut(&TypeId::of::<T>())?.downcast_mut()
    }

    /// Looks at the value of a handle.
    ///
    /// # Errors
    /// R0033 if it is of another VM.
    pub fn view(&mut self, handle: &Handle) -> Result<ValueRef<'_>, Error> {
        let cx = self.inner.cx();
        let raw = handle.find(&cx.host.handles).map_err(Error::new)?;
        let (heap, host) = (&*cx.heap, &*cx.host);
        Ok(ValueRef::new(heap, &host.handles, raw))
    }

    /// What `print` shows of a value.
    ///
    /// # Errors
    /// R0033 if it is of another VM; L0002 without memory for it.
    pub fn display(&mut self, value: &Value) -> Result<String, Error> {
        self.ctx().display(value)
    }

    /// Stops the run from another thread.
    #[must_use]
    pub fn interrupt(&self) -> Interrupt {
        Interrupt(self.inner.interrupt_handle())
    }

    /// Bytes of values that live now.
    #[must_use]
    pub const fn live_bytes(&self) -> usize {
        self.inner.heap().live_bytes()
    }

    /// Objects that live now: strings, collections, closures. Those of dropped handles go with the next call.
    #[must_use]
    pub const fn live_objects(&self) -> usize {
        self.inner.heap().live_objects()
    }

    /// The most bytes of values that lived at any time.
    #[must_use]
    pub const fn peak_bytes(&self) -> usize {
        self.inner.heap().memory().account().peak_bytes()
    }

    /// How often the VM has looked for cycles.
    #[must_use]
    pub const fn n_collections(&self) -> usize {
        self.inner.heap().n_collections()
    }

    /// Notes from now on where fuel is spent.
    pub fn start_profile(&mut self) {
        self.inner.start_profile();
    }

    /// What was noted since: for each stack of calls, outermost first, how many times 4096 units of fuel.
    pub fn take_profile(&mut self) -> Vec<(Vec<Arc<str>>, u64)> {
        self.inner.take_profile()
    }

    /// Units of work used so far.
    pub fn fuel_used(&mut self) -> u64 {
        self.inner.fuel_mut().used()
    }
}

/// Ends a run that long from now.
pub(crate) fn deadline(timeout: Duration) -> Option<remora_vm::limits::fuel::Watch> {
    let deadline = Instant::now().checked_add(timeout)?;
    Some(Box::new(move || if Instant::now() < deadline { Ok(()) } else { Err(Code::L0004) }))
}

fn to_standard_streams(stream: Stream, text: &str) -> Result<(), String> {
    use std::io::Write;
    let done = match stream {
        Stream::Out => std::io::stdout().lock().write_all(text.as_bytes()),
        Stream::Err => std::io::stderr().lock().write_all(text.as_bytes()),
    };
    done.map_err(|it| it.to_string())
}

/// A number that nobody can foretell, from the keys of the standard library's hash maps.
fn random_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0u8)
}
