//! A host of plugins that are replaced while it runs: a plugin registers functions for events, and a new version of it takes
//! over without a restart. What the old version had registered goes with its VM.

use std::error::Error;

use remora::{Ctx, Engine, Function, Module, Settings, Vm};

type Handler = Function<(String,), String>;

/// What a plugin has registered, kept with its VM.
#[derive(Default)]
struct Handlers(Vec<(String, Handler)>);

struct Plugin {
    vm: Vm,
}

impl Plugin {
    fn load(module: &Module) -> Result<Self, remora::Error> {
        let mut vm = Vm::new(module, Settings { fuel: Some(1_000_000), ..Settings::default() });
        vm.insert(Handlers::default());
        vm.run()?;
        Ok(Self { vm })
    }

    /// All that this plugin says to an event.
    fn fire(&mut self, event: &str, text: &str) -> Result<Vec<String>, remora::Error> {
        let handlers = self.vm.get::<Handlers>().map(|it| it.0.clone()).unwrap_or_default();
        let mut said = Vec::new();
        for (_, handler) in handlers.iter().filter(|(name, _)| name == event) {
            said.push(handler.call(&mut self.vm, (text.to_owned(),))?);
        }
        Ok(said)
    }
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::builder()
        .function("on", |ctx: &mut Ctx<'_>, event: String, handler: Handler| {
            if let Some(handlers) = ctx.get::<Handlers>() {
                handlers.0.push((event, handler));
            }
        })
        .build();
    let first = "mut n := 0\non(\"save\", (name) => \"saved ${name}\")";
    let mut plugin = Plugin::load(&engine.compile("plugin.ruff", first)?)?;
    assert_eq!(plugin.fire("save", "a.txt")?, ["saved a.txt"]);

    // The next version does not compile: the one that runs stays.
    assert!(engine.compile("plugin.ruff", "on(\"save\", (name) => )").is_err());
    assert_eq!(plugin.fire("save", "b.txt")?, ["saved b.txt"]);

    let second = "mut n := 0\nfunc count(name) { n += 1; return \"save ${n}: ${name}\" }\non(\"save\", count)\non(\"save\", upper)";
    plugin = Plugin::load(&engine.compile("plugin.ruff", second)?)?;
    assert_eq!(plugin.fire("save", "c.txt")?, ["save 1: c.txt", "C.TXT"]);
    assert_eq!(plugin.fire("save", "d.txt")?, ["save 2: d.txt", "D.TXT"]);
    assert!(plugin.fire("open", "e.txt")?.is_empty());
    Ok(())
}
