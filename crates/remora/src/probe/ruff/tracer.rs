//! What joins a VM and a registry: the VM says what happens, the registry who wants to know.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use remora_probe::{Captured, Point, Provider, Registry, Request, Site, Variable};
use remora_vm::hooks::{End, FunctionInfo, Hit, Kept, Tracer, Watches};
use remora_vm::value::FunctionId;

use super::{Ruff, RuffHit, names};

/// Tasks whose requests are remembered at most.
const MAX_TASKS: usize = 100_000;

/// A function and its sites.
struct Traced {
    name: Arc<str>,
    first_line: u32,
    entry: Arc<Site<Ruff>>,
    exit: Arc<Site<Ruff>>,
    /// Sites at lines, made when a probe wants them.
    lines: Vec<(Point, Arc<Site<Ruff>>)>,
    /// What has to be kept from the entry to the exit.
    keeps: Vec<Variable>,
}

/// What is kept with a call until it ends.
pub(super) struct Entered {
    pub(super) at: Instant,
    pub(super) kept: Vec<(Variable, Arc<Captured>)>,
}

/// The tracer of one VM.
pub(super) struct Tracing {
    registry: Arc<Registry<Ruff>>,
    functions: HashMap<FunctionId, Traced>,
    /// Names of all functions, for stacks.
    names: HashMap<FunctionId, Arc<str>>,
    /// The requests of tasks that the program has started; its own is that of the thread.
    requests: HashMap<u64, Request>,
}

impl Tracing {
    pub(super) fn new(registry: Arc<Registry<Ruff>>, functions: &[FunctionInfo]) -> Self {
        let mut tracing = Self {
            registry,
            functions: HashMap::new(),
            names: HashMap::new(),
            requests: HashMap::new(),
        };
        for info in functions {
            tracing.add(info);
        }
        tracing
    }

    fn add(&mut self, info: &FunctionInfo) {
        let name: Arc<str> = names::of(info).into();
        self.names.insert(info.id, Arc::clone(&name));
        let site = |point| self.registry.add_site(Provider::Ruff, &name, point);
        let traced = Traced {
            first_line: info.line,
            entry: site(Point::Entry(0)),
            exit: site(Point::Exit(0)),
            lines: Vec::new(),
            keeps: Vec::new(),
            name: Arc::clone(&name),
        };
        self.functions.insert(info.id, traced);
    }

    /// Runs the probes of a site in the request of the task at hand.
    fn hit(&mut self, site: &Site<Ruff>, hit: &Hit<'_>, end: Option<(&Entered, End<'_>)>) {
        let dispatcher = RuffHit::new(hit, end, &self.names);
        let registry = &self.registry;
        match self.requests.get_mut(&hit.task()).filter(|_| hit.task() != 0) {
            None => registry.hit(site, dispatcher),
            Some(request) => {
                *request = std::mem::take(request).scope(|| {
                    registry.hit(site, dispatcher);
                    Request::current()
                });
            }
        }
    }

    fn site(&self, function: FunctionId, point: Point) -> Option<Arc<Site<Ruff>>> {
        let traced = self.functions.get(&function)?;
        let site = match point {
            Point::Entry(0) => &traced.entry,
            Point::Exit(0) => &traced.exit,
            _ => &traced.lines.iter().find(|it| it.0 == point)?.1,
        };
        Some(Arc::clone(site)).filter(|it| it.is_on())
    }
}

impl Traced {
    /// Sites at its exit, of whatever line.
    fn exits(&self) -> impl Iterator<Item = &Arc<Site<Ruff>>> {
        let lines = self.lines.iter().filter(|it| it.0.is_exit()).map(|it| &it.1);
        std::iter::once(&self.exit).chain(lines)
    }
}

impl Tracer for Tracing {
    fn generation(&self) -> u64 {
        self.registry.generation()
    }

    fn watches(&mut self, info: &FunctionInfo) -> Watches {
        if !self.functions.contains_key(&info.id) {
            // A session has grown.
            self.add(info);
        }
        let Some(traced) = self.functions.get_mut(&info.id) else { return Watches::default() };
        for point in self.registry.wanted(Provider::Ruff, &traced.name) {
            let is_known = traced.lines.iter().any(|it| it.0 == point);
            if !matches!(point, Point::Entry(0) | Point::Exit(0)) && !is_known {
                let site = self.registry.add_site(Provider::Ruff, &traced.name, point);
                traced.lines.push((point, site));
            }
        }
        traced.keeps =
            traced.exits().flat_map(|it| it.reads()).map(|it| it.now().clone()).collect();
        traced.keeps.dedup();
        let lines = traced.lines.iter().filter(|it| it.1.is_on());
        let lines = lines.filter_map(|it| match it.0 {
            Point::Entry(offset) => Some(offset),
            Point::Exit(_) => None,
        });
        let calls = traced.entry.is_on() || traced.exits().any(|it| it.is_on());
        Watches { calls, lines: lines.collect() }
    }

    fn entry(&mut self, hit: &Hit<'_>) -> Option<Kept> {
        if let Some(site) = self.site(hit.function(), Point::Entry(0)) {
            self.hit(&site, hit, None);
        }
        let traced = self.functions.get(&hit.function())?;
        if !traced.exits().any(|it| it.is_on()) {
            return None;
        }
        let mut host = RuffHit::new(hit, None, &self.names);
        let kept = traced.keeps.iter().filter(|it| host.is_argument(it)).cloned();
        let kept: Vec<Variable> = kept.collect();
        let kept = kept.into_iter().map(|it| {
            let value = self.registry.snapshot(&mut host, &it);
            (it, Arc::new(value))
        });
        let kept = kept.collect();
        Some(Box::new(Entered { at: Instant::now(), kept }))
    }

    fn exit(&mut self, hit: &Hit<'_>, kept: Kept, end: End<'_>) {
        let Ok(entered) = kept.downcast::<Entered>() else { return };
        let Some(traced) = self.functions.get(&hit.function()) else { return };
        let offset = hit.line().saturating_sub(traced.first_line);
        for point in [Point::Exit(0), Point::Exit(offset)] {
            if let Some(site) = self.site(hit.function(), point) {
                self.hit(&site, hit, Some((&entered, end)));
            }
            if offset == 0 {
                return;
            }
        }
    }

    fn line(&mut self, hit: &Hit<'_>, offset: u32) {
        if let Some(site) = self.site(hit.function(), Point::Entry(offset)) {
            self.hit(&site, hit, None);
        }
    }

    fn task_started(&mut self, parent: u64, task: u64) {
        if self.requests.len() < MAX_TASKS {
            let request = self.requests.get(&parent).cloned();
            self.requests.insert(task, request.unwrap_or_else(Request::current));
        }
    }

    fn task_ended(&mut self, task: u64) {
        self.requests.remove(&task);
    }
}

impl Drop for Tracing {
    fn drop(&mut self) {
        #[expect(clippy::iter_over_hash_type, reason = "in which order they go does not matter")]
        for traced in self.functions.values() {
            let lines = traced.lines.iter().map(|it| &it.1);
            for site in [&traced.entry, &traced.exit].into_iter().chain(lines) {
                self.registry.remove_site(site);
            }
        }
    }
}
