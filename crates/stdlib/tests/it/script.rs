//! Compiles and runs a program with all builtins, and says what it printed.

use std::sync::{Arc, LazyLock, Mutex};

use remora_bytecode::{Budget, ImportKind, Module};
use remora_compiler::{BuiltinNames, Options, compile};
use remora_stdlib::Capabilities;
use remora_syntax::ParseLimits;
use remora_vm::builtins::Call;
use remora_vm::host::{Host, Stream};
use remora_vm::{Limits, Loaded, Outcome, Prelude, Registry, Tier, Vm};

static ENGINE: LazyLock<(Arc<Registry>, Prelude)> = LazyLock::new(|| {
    let mut registry = Registry::core();
    remora_stdlib::register(&mut registry);
    let names = BuiltinNames::new(registry.for_prelude(), registry.method_names());
    let module = module(remora_vm::prelude::SOURCE, &names).unwrap();
    let prelude = Prelude::new(&module, &registry).unwrap();
    (Arc::new(registry), prelude)
});

/// All builtins that a program can use.
pub(crate) fn registry() -> &'static Registry {
    &ENGINE.0
}

fn module(source: &str, names: &BuiltinNames<'_>) -> Result<Module, String> {
    let parsed = remora_syntax::parse(source, &ParseLimits::default());
    if !parsed.diagnostics.is_empty() {
        return Err(format!("{:?}", parsed.diagnostics));
    }
    // Builtins call functions of the prelude that nothing in it leads to.
    let options =
        Options { globals_as_locals: true, leave_out_unused: false, ..Options::default() };
    let compiled = compile(&parsed.program, &options, names);
    let module = compiled.module.ok_or_else(|| format!("{:?}", compiled.diagnostics))?;
    module.verify(&Budget::default()).map_err(|error| format!("{error:?}"))
}

/// What a program prints, and the error that ends it, if there is one; fails if it leaves anything on the heap.
pub(crate) fn run(source: &str, capabilities: Capabilities) -> String {
    run_with(source, capabilities, 10_000_000)
}

/// The same with so much fuel.
pub(crate) fn run_with(source: &str, capabilities: Capabilities, fuel: u64) -> String {
    run_limited(source, capabilities, fuel, 16 << 20)
}

/// The same with so much fuel, and so many bytes.
pub(crate) fn run_limited(
    source: &str,
    capabilities: Capabilities,
    fuel: u64,
    memory: usize,
) -> String {
    let (registry, prelude) = &*ENGINE;
    let names = registry.functions().map(|(name, entry)| match entry.row.call {
        Call::Script(_) => (name, ImportKind::Script),
        Call::Async | Call::Task(_) => (name, ImportKind::HostAsync),
        Call::Native(_) | Call::Never => (name, ImportKind::Host),
    });
    let module = module(source, &BuiltinNames::new(names, registry.method_names())).unwrap();
    let loaded = Loaded::link(module, Arc::clone(registry), prelude, Tier::Loop).unwrap();
    let printed = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&printed);
    let mut host = Host::new(
        move |stream, text| {
            if stream == Stream::Out {
                sink.lock().unwrap().push_str(text);
            }
            Ok(())
        },
        1,
    );
    host.data = Box::new(capabilities);
    let limits = Limits { fuel, memory, ..Limits::default() };
    let mut vm = Vm::new(loaded, limits, host, 5);
    let mut ended = vm.start();
    // Sleeps take no time here.
    while let Ok(Outcome::Sleeping(milliseconds)) = ended {
        ended = vm.resume_after(milliseconds);
    }
    let mut text = printed.lock().unwrap().clone();
    match ended {
        Ok(Outcome::Done(value)) => vm.heap_mut().release(value),
        Ok(outcome) => text.push_str(&format!("{outcome:?}\n")),
        Err(fault) => {
            if fault.exit.is_none() {
                text.push_str(&format!("{} {}\n", fault.code, fault.message));
            }
            vm.heap_mut().release(fault.thrown.unwrap_or_default());
        }
    }
    vm.clear();
    assert_eq!(vm.heap().live_objects(), 0, "left behind by: {source}");
    text
}
