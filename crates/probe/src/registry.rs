//! Programs are attached and detached here while the host runs.
//!
//! Each place that can be probed is a [`Site`]. It keeps the list of probes that fit it, already chosen; a hit loads that
//! list without a lock. Attaching and detaching are rare: they take a lock and give each site its new list. After `detach`
//! has returned, no event of that program is added to the queue any more, not even of a hit that was on its way.

use std::cell::Cell;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;

use crate::aggregate::{Snapshot, Tables};
use crate::budget::{Meter, Quota};
use crate::capture::{Captured, Capturer};
use crate::dispatcher::{Answer, Dispatcher, Host, Variable};
use crate::program::{Program, ProgramError};
use crate::queue::{Event, Queue, now};
use crate::request::{Request, swap};
use crate::run::{Compiled, Outcome, Record, Rules, Run, Spent};
use crate::spec::{Point, Provider, Spec};
use crate::sync::{AtomicBool, AtomicU64, Mutex, MutexGuard, thread_local};
use crate::value::{Fault, Value};

/// Where a program records: its events and its tables.
#[derive(Clone, Debug)]
pub struct Shared {
    pub(crate) queue: Arc<Queue>,
    pub(crate) tables: Arc<Tables>,
}

/// Which of the probes of a program run that are attached to no function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Apart {
    /// `begin`, `end` and the intervals run.
    Run,
    /// They run at another registry, to which the program is attached as well.
    Elsewhere,
}

/// A program, as it was attached. Never used again after it has been detached.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct AttachId(u64);

/// What a registry grants and keeps.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Limits of what is recorded, and what never is.
    pub rules: Rules,
    /// What one probe may use.
    pub quota: Quota,
    /// What all probes together may use; the one that passes it is switched off.
    pub quota_of_all: Quota,
    /// Events that wait at most.
    pub room: usize,
    /// Entries of one table, for each of a few groups of threads.
    pub max_keys: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let quota = Quota::default();
        Self {
            rules: Rules::default(),
            quota,
            quota_of_all: Quota { hits: 10 * quota.hits, bytes: 4 * quota.bytes, ..quota },
            room: 10_000,
            max_keys: 1_000,
        }
    }
}

/// A bit of a byte that says whether a place is probed.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// The byte.
    pub bits: &'static AtomicU8,
    /// The bit.
    pub bit: u8,
}

/// A place that can be probed.
pub struct Site<H: Host> {
    provider: Provider,
    name: Arc<str>,
    point: Point,
    is_on: AtomicBool,
    /// A bit of the host's own that is to say the same.
    flag: Option<Flag>,
    hooks: ArcSwapOption<Vec<Hook<H>>>,
}

impl<H: Host> std::fmt::Debug for Site<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.provider.name(), self.name, self.point)
    }
}

impl<H: Host> Site<H> {
    /// Whether a probe is attached here: one relaxed load.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    fn set_on(&self, is_on: bool) {
        self.is_on.store(is_on, Ordering::Relaxed);
        if let Some(Flag { bits, bit }) = self.flag {
            if is_on {
                bits.fetch_or(bit, Ordering::Relaxed);
            } else {
                bits.fetch_and(!bit, Ordering::Relaxed);
            }
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The variables that probes look at here, each once: what a host has to keep from the entry of a function to its exit.
    #[must_use]
    pub fn reads(&self) -> Vec<Variable> {
        let mut reads = Vec::new();
        for hook in self.hooks.load().iter().flat_map(|it| it.iter()) {
            let probe = hook.program.program.probes().get(hook.nth);
            for variable in probe.iter().flat_map(|it| it.reads.iter()) {
                if !reads.contains(variable) {
                    reads.push(variable.clone());
                }
            }
        }
        reads
    }
}

/// One probe of an attached program.
struct Hook<H: Host> {
    program: Arc<Attached<H>>,
    nth: usize,
}

struct Attached<H: Host> {
    id: AttachId,
    program: Arc<Program>,
    compiled: Compiled<H>,
    /// `begin`, `end` and `interval` run without a function.
    apart: Compiled<Nowhere>,
    shared: Shared,
    /// Whether `begin`, `end` and the intervals run here.
    runs_apart: bool,
    meters: Box<[Meter]>,
    is_on: AtomicBool,
    /// For each probe that is an interval when it is due next.
    due: Mutex<Vec<Option<Instant>>>,
}

/// Attached programs and the sites of one kind of host.
pub struct Registry<H: Host> {
    settings: Settings,
    rules: Arc<Rules>,
    state: Mutex<State<H>>,
    /// Of programs that were attached without one of their own.
    queue: Arc<Queue>,
    generation: AtomicU64,
    meter_of_all: Meter,
    next_id: AtomicU64,
    start: Instant,
}

struct State<H: Host> {
    programs: Vec<Arc<Attached<H>>>,
    sites: Vec<Arc<Site<H>>>,
}

impl<H: Host> std::fmt::Debug for Registry<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl<H: Host> Default for Registry<H> {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

thread_local! {
    /// Counts hits, so that a few of those whose predicate does not hold are timed as well.
    static TURN: Cell<u8> = const { Cell::new(0) };
    /// A probe is running on this thread: what the host does to answer it is not probed.
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Says when the probes of a hit have run, also if the host panics where nothing can catch it.
struct Busy;

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.with(|it| it.set(false));
    }
}

/// One hit in that many is timed even if no body runs.
const TIMED: u8 = 64;

impl<H: Host> Registry<H> {
    /// A registry without programs and sites.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            rules: Arc::new(settings.rules.clone()),
            queue: Arc::new(Queue::new(settings.room)),
            generation: AtomicU64::new(0),
            settings,
            state: Mutex::new(State { programs: Vec::new(), sites: Vec::new() }),
            meter_of_all: Meter::default(),
            next_id: AtomicU64::new(1),
            start: Instant::now(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<H>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a place known. Programs that are attached already see it.
    pub fn add_site(&self, provider: Provider, name: &str, point: Point) -> Arc<Site<H>> {
        self.add(provider, name, point, None)
    }

    /// The same, with a bit of the host that is set while a probe is attached there.
    pub fn add_flagged_site(
        &self,
        provider: Provider,
        name: &str,
        point: Point,
        flag: Flag,
    ) -> Arc<Site<H>> {
        self.add(provider, name, point, Some(flag))
    }

    fn add(
        &self,
        provider: Provider,
        name: &str,
        point: Point,
        flag: Option<Flag>,
    ) -> Arc<Site<H>> {
        let mut state = self.state();
        let site = Arc::new(Site {
            provider,
            name: name.into(),
            point,
            is_on: AtomicBool::new(false),
            flag,
            hooks: ArcSwapOption::empty(),
        });
        set_hooks(&site, &state.programs);
        state.sites.push(Arc::clone(&site));
        site
    }

    /// Takes a place away again, such as a function that was unloaded.
    pub fn remove_site(&self, site: &Arc<Site<H>>) {
        self.state().sites.retain(|it| !Arc::ptr_eq(it, site));
        site.set_on(false);
        site.hooks.store(None);
    }

    /// Places whose name fits the pattern, as specifications, sorted.
    #[must_use]
    pub fn list(&self, pattern: &str) -> Vec<String> {
        let state = self.state();
        let fits = state.sites.iter().filter(|it| crate::spec::matches(pattern, &it.name));
        let mut names: Vec<String> = fits.map(|it| format!("{it:?}")).collect();
        names.sort();
        names.dedup();
        names
    }

    /// A number that changes whenever a program has come or gone.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    /// The points of a function that attached programs want to see: for hosts that make sites when they are wanted.
    #[must_use]
    pub fn wanted(&self, provider: Provider, name: &str) -> Vec<Point> {
        let state = self.state();
        let probes = state.programs.iter().flat_map(|it| it.program.probes());
        let mut points = Vec::new();
        for point in probes.filter_map(|it| it.spec.point().map(|point| (it, point))) {
            if point.0.spec.fits(provider, name, point.1) && !points.contains(&point.1) {
                points.push(point.1);
            }
        }
        points
    }

    /// A copy of a variable of the host as it is now, within the limits of captures and without secrets: for `entry.x`.
    #[must_use]
    pub fn snapshot(&self, host: &mut H::Dispatcher<'_>, variable: &Variable) -> Captured {
        let Rules { limits, redactor } = &*self.rules;
        let value = host.variable(variable);
        let value = value.unwrap_or_else(|fault| Value::Failed(fault.to_string().into()));
        Capturer::new(limits, redactor).value(host, value)
    }

    /// Attaches a program, and runs its `begin` probes.
    ///
    /// # Errors
    /// P0012 if its code calls functions in a way that they cannot be called.
    ///
    /// # Cost
    /// Linear in the program and in the number of sites.
    pub fn attach(&self, program: Arc<Program>) -> Result<AttachId, ProgramError> {
        let tables = Arc::new(Tables::new(self.settings.max_keys));
        let shared = Shared { queue: Arc::clone(&self.queue), tables };
        self.attach_sharing(program, shared, Apart::Run)
    }

    /// The same, recording where that says.
    pub(crate) fn attach_sharing(
        &self,
        program: Arc<Program>,
        shared: Shared,
        apart: Apart,
    ) -> Result<AttachId, ProgramError> {
        let id = AttachId(self.next_id.fetch_add(1, Ordering::Relaxed));
        let n = program.probes().len();
        let now = Instant::now();
        let runs_apart = apart == Apart::Run;
        let due = program.probes().iter();
        let due = due.map(|it| interval(&it.spec).filter(|_| runs_apart).map(|it| now + it));
        let attached = Arc::new(Attached {
            id,
            compiled: Compiled::new(&program)?,
            apart: Compiled::new(&program)?,
            shared,
            runs_apart,
            meters: std::iter::repeat_with(Meter::default).take(n).collect(),
            is_on: AtomicBool::new(true),
            due: Mutex::new(due.collect()),
            program,
        });
        self.run_apart(&attached, |it| *it == Spec::Begin);
        let mut state = self.state();
        state.programs.push(attached);
        let state = &*state;
        for site in &state.sites {
            set_hooks(site, &state.programs);
        }
        self.generation.fetch_add(1, Ordering::Relaxed);
        Ok(id)
    }

    /// Detaches a program after its `end` probes have run. Gives its tables; `None` if it was not attached.
    pub fn detach(&self, id: AttachId) -> Option<Vec<Snapshot>> {
        let attached = {
            let mut state = self.state();
            let at = state.programs.iter().position(|it| it.id == id)?;
            let attached = state.programs.remove(at);
            let state = &*state;
            for site in &state.sites {
                set_hooks(site, &state.programs);
            }
            self.generation.fetch_add(1, Ordering::Relaxed);
            attached
        };
        self.run_apart(&attached, |it| *it == Spec::End);
        attached.shared.queue.between(|| attached.is_on.store(false, Ordering::Relaxed));
        Some(attached.shared.tables.snapshots())
    }

    /// The tables of an attached program as they are now.
    #[must_use]
    pub fn tables(&self, id: AttachId) -> Option<Vec<Snapshot>> {
        let state = self.state();
        state.programs.iter().find(|it| it.id == id).map(|it| it.shared.tables.snapshots())
    }

    /// Runs the intervals that are due. To be called now and then, by a thread of the host.
    pub fn tick(&self) {
        let programs: Vec<_> = self.state().programs.clone();
        let now = Instant::now();
        for attached in programs {
            let mut due = attached.due.lock().unwrap_or_else(PoisonError::into_inner);
            let mut run = Vec::new();
            for (nth, at) in due.iter_mut().enumerate() {
                let time = interval(&attached.program.probes()[nth].spec);
                if let (Some(at), Some(time)) = (at, time)
                    && *at <= now
                {
                    *at = now + time;
                    run.push(nth);
                }
            }
            drop(due);
            for nth in run {
                self.run_one_apart(&attached, nth);
            }
        }
    }

    /// Everything that was recorded, and how many events found no room since the last time.
    #[must_use]
    pub fn drain(&self) -> (Vec<Event>, u64) {
        self.queue.drain()
    }

    /// Runs the probes that are attached to a site. To be called if [`Site::is_on`]; otherwise it does nothing.
    ///
    /// Probes run in the ambient [`Request`]. While they do, sites that this thread passes are silent.
    pub fn hit(&self, site: &Site<H>, host: H::Dispatcher<'_>) {
        let hooks = site.hooks.load();
        let Some(hooks) = &*hooks else { return };
        if BUSY.with(|it| it.replace(true)) {
            return;
        }
        let _busy = Busy;
        let mut run = Run::<H>::new(host, swap(Request::none()));
        for hook in hooks.iter() {
            self.hit_one(site, hook, &mut run);
        }
        swap(run.into_request().0);
    }

    #[inline]
    fn hit_one(&self, site: &Site<H>, hook: &Hook<H>, run: &mut Run<'_, H>) {
        let Hook { program: attached, nth } = hook;
        let (Some(probe), Some(meter)) =
            (attached.program.probes().get(*nth), attached.meters.get(*nth))
        else {
            return;
        };
        if meter.is_off() || !probe.takes(run.request()) {
            return;
        }
        let turn = TURN.with(|it| it.replace((it.get() + 1) % TIMED));
        let started = (turn == 0).then(Instant::now);
        if !attached.compiled.holds(*nth, run) {
            if let Some(started) = started
                && let Some(reason) = meter.time(started.elapsed(), &self.settings.quota)
            {
                self.switched_off(attached, *nth, &site.name, reason);
            }
            return;
        }
        let started = started.unwrap_or_else(Instant::now);
        run.set_program(Arc::clone(&self.rules), Arc::clone(&attached.shared.tables));
        let outcome = attached.compiled.fire(*nth, run);
        let (records, spent) = (run.take_records(), run.take_spent());
        self.publish(attached, *nth, &site.name, records);
        self.account(attached, *nth, &site.name, (outcome, spent), started);
    }

    fn publish(&self, attached: &Attached<H>, nth: usize, site: &Arc<str>, records: Vec<Record>) {
        if records.is_empty() {
            return;
        }
        let at = now();
        let events = records.into_iter().map(|record| Event {
            program: attached.id,
            probe: Arc::clone(&attached.program.probes()[nth].id),
            site: Arc::clone(site),
            at,
            record,
        });
        attached.shared.queue.push(|| attached.is_on.load(Ordering::Relaxed), events);
    }

    fn account(
        &self,
        attached: &Attached<H>,
        nth: usize,
        site: &Arc<str>,
        (outcome, spent): (Outcome, Spent),
        started: Instant,
    ) {
        let time = started.elapsed();
        let second = started.duration_since(self.start).as_secs();
        let Settings { quota, quota_of_all, .. } = &self.settings;
        let meter = &attached.meters[nth];
        let mut reason = meter.count(second, spent.bytes, time, quota);
        if reason.is_none() && outcome == Outcome::Panicked {
            reason = meter.time(Duration::MAX, quota);
        }
        if reason.is_none() {
            let all = self.meter_of_all.over(second, spent.bytes, quota_of_all);
            reason = all.filter(|_| meter.switch_off()).map(|it| format!("all probes: {it}"));
        }
        if let Some(reason) = reason {
            self.switched_off(attached, nth, site, reason);
        }
    }

    #[cold]
    fn switched_off(&self, attached: &Attached<H>, nth: usize, site: &Arc<str>, reason: String) {
        let reason = format!("{}: {reason}", remora_diagnostics::Code::P0013);
        self.publish(attached, nth, site, vec![Record::SwitchedOff(reason.into())]);
    }

    fn run_apart(&self, attached: &Attached<H>, which: impl Fn(&Spec) -> bool) {
        if !attached.runs_apart {
            return;
        }
        for (nth, probe) in attached.program.probes().iter().enumerate() {
            if which(&probe.spec) {
                self.run_one_apart(attached, nth);
            }
        }
    }

    fn run_one_apart(&self, attached: &Attached<H>, nth: usize) {
        let mut run = Run::<Nowhere>::new(NowhereHit, Request::none());
        run.set_program(Arc::clone(&self.rules), Arc::clone(&attached.shared.tables));
        attached.apart.hit(nth, &mut run);
        self.publish(attached, nth, &Arc::from(""), run.take_records());
    }
}

fn set_hooks<H: Host>(site: &Site<H>, programs: &[Arc<Attached<H>>]) {
    let mut hooks = Vec::new();
    for program in programs {
        for (nth, probe) in program.program.probes().iter().enumerate() {
            if probe.spec.fits(site.provider, &site.name, site.point) {
                hooks.push(Hook { program: Arc::clone(program), nth });
            }
        }
    }
    let is_on = !hooks.is_empty();
    site.hooks.store(is_on.then(|| Arc::new(hooks)));
    site.set_on(is_on);
}

const fn interval(spec: &Spec) -> Option<Duration> {
    match spec {
        Spec::Interval(milliseconds) => Some(Duration::from_millis(*milliseconds as u64)),
        Spec::Function { .. } | Spec::Begin | Spec::End => None,
    }
}

/// Where probes run that run in no function: there are no variables.
struct Nowhere;

struct NowhereHit;

const NOWHERE: Fault = Fault::host("the probe runs in no function");

impl Host for Nowhere {
    type Object = ();
    type Dispatcher<'h> = NowhereHit;
}

impl Dispatcher for NowhereHit {
    type Object = ();

    fn variable(&mut self, _: &Variable) -> Answer<()> {
        Err(NOWHERE)
    }
}
