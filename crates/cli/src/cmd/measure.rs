//! `--stats` and `--profile`: what a run has used, and where.

use std::time::{Duration, Instant};

use remora::Vm;

use super::{flame, input};
use crate::args::MeasureArgs;
use crate::exit::Exit;
use crate::terminal::complain;

/// Notes when things begin and end.
pub(super) struct Measure<'a> {
    args: &'a MeasureArgs,
    started: Instant,
    /// How long it took until the program could run.
    loading: Duration,
}

impl<'a> Measure<'a> {
    /// Loading begins.
    pub(super) fn new(args: &'a MeasureArgs) -> Self {
        Self { args, started: Instant::now(), loading: Duration::ZERO }
    }

    /// The program begins.
    pub(super) fn begin(&mut self, vm: &mut Vm) {
        self.loading = self.started.elapsed();
        if self.args.profile.is_some() {
            vm.start_profile();
        }
        self.started = Instant::now();
    }

    /// The program has ended: says what was measured, if somebody asked.
    pub(super) fn end(&self, vm: &mut Vm) -> Exit {
        let running = self.started.elapsed();
        if self.args.stats {
            complain(&format!(
                "fuel {}, peak memory {}, collections {}, loading {}, running {}\n",
                vm.fuel_used(),
                bytes(vm.peak_bytes()),
                vm.n_collections(),
                time(self.loading),
                time(running),
            ));
        }
        let Some(path) = &self.args.profile else { return Exit::Ok };
        let stacks = vm.take_profile();
        let text = if path.extension().is_some_and(|it| it == "svg") {
            flame::graph(&stacks)
        } else {
            flame::folded(&stacks)
        };
        input::write(path, text.as_bytes())
    }
}

/// A time as people read it.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

fn bytes(n: usize) -> String {
    match n {
        0..1024 => format!("{n} B"),
        1024..0x10_0000 => format!("{} KiB", n.div_ceil(1024)),
        _ => format!("{} MiB", n.div_ceil(0x10_0000)),
    }
}
