//! One execution of a module.

use std::sync::Arc;
use std::time::{Duration, Instant};

use remora_diagnostics::Code;
use remora_stdlib::Capabilities;
use remora_vm::host::{Host, Stream};
use remora_vm::limits::Charge;
use remora_vm::{InterruptHandle, Limits, Outcome, Res, ops};

use crate::{Error, Module, Value};

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
    /// What it may do beyond computing. Nothing unless said otherwise.
    pub capabilities: Capabilities,
    /// Where its output goes; standard output and standard error unless said otherwise.
    pub output: Option<Output>,
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
            capabilities: Capabilities::default(),
            output: None,
            seed: None,
        }
    }
}

/// One execution of a module: its globals, its values, its limits. `Send`: it moves between threads as a whole.
#[derive(Debug)]
pub struct Vm {
    pub(crate) inner: remora_vm::Vm,
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
        host.data = Box::new(settings.capabilities);
        let limits = Limits {
            fuel: settings.fuel.unwrap_or(u64::MAX),
            memory: settings.memory,
            frames: settings.frames,
            watch: settings.timeout.and_then(deadline),
        };
        Self { inner: remora_vm::Vm::new(module.loaded().clone(), limits, host, hash_seed) }
    }

    /// Runs the program's top level, and gives its result: null, unless the module was made by
    /// [`crate::Engine::compile_expression`].
    ///
    /// # Errors
    /// What the program did not catch, or a limit that it reached. The VM can be used again.
    pub fn run(&mut self) -> Result<Value, Error> {
        let started = self.inner.start();
        let raw = self.finish(started).map_err(Error::new)?;
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
        let raw = self.finish(started).map_err(Error::new)?;
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
        shown.map_err(Error::new)
    }

    /// Calls a top-level function by its name, and gives its result as `print` shows it; `None` for null.
    ///
    /// # Errors
    /// As [`Vm::call`].
    pub fn call_shown(&mut self, name: &str, args: &[Value]) -> Result<Option<String>, Error> {
        let raw = self.call_raw(name, args)?;
        self.show(raw)
    }

    /// Calls a top-level function by its name.
    ///
    /// # Errors
    /// R0010 if there is no such function; what the function did not catch, or a limit.
    pub fn call(&mut self, name: &str, args: &[Value]) -> Result<Value, Error> {
        let raw = self.call_raw(name, args)?;
        Ok(self.keep(raw))
    }

    fn call_raw(&mut self, name: &str, args: &[Value]) -> Result<remora_vm::Value, Error> {
        let started = self.start_call(name, args)?;
        self.finish(Ok(started)).map_err(Error::new)
    }

    /// Begins a call.
    pub(crate) fn start_call(&mut self, name: &str, args: &[Value]) -> Result<Outcome, Error> {
        let mut raw = Vec::with_capacity(args.len());
        for arg in args {
            raw.push(arg.to_raw(&mut self.inner).map_err(Error::new)?);
        }
        let started = self.inner.start_call(name, &raw);
        self.inner.heap_mut().release_all(raw);
        started.map_err(Error::new)
    }

    pub(crate) fn keep(&mut self, raw: remora_vm::Value) -> Value {
        let value = Value::from_raw(&self.inner, raw);
        self.inner.heap_mut().release(raw);
        value
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
