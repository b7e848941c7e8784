//! QuickJS through rquickjs, with the intrinsics and the allocator it comes with.

use rquickjs::class::Trace;
use rquickjs::{CatchResultExt as _, Class, Context, Ctx, Function, JsLifetime, Object, Runtime};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

#[derive(Trace, JsLifetime)]
#[rquickjs::class(rename = "Record")]
struct Shared {
    #[qjs(skip_trace)]
    record: Record,
}

#[rquickjs::methods]
impl Shared {
    fn id(&self) -> i64 {
        self.record.id()
    }

    fn before(&self, other: Class<'_, Self>) -> bool {
        self.record.before(&other.borrow().record)
    }
}

fn record(ctx: Ctx<'_>, id: i64) -> rquickjs::Result<Class<'_, Shared>> {
    Class::instance(ctx, Shared { record: Record::new(id) })
}

/// Gives a program what it uses of Node: `process.argv` and `console.log`.
fn prepare(ctx: &Ctx<'_>, size: i64) -> rquickjs::Result<()> {
    let process = Object::new(ctx.clone())?;
    process.set("argv", ["".to_owned(), "".to_owned(), size.to_string()].to_vec())?;
    ctx.globals().set("process", process)?;
    let console = Object::new(ctx.clone())?;
    console.set("log", Function::new(ctx.clone(), |it: f64| println!("{it}"))?)?;
    ctx.globals().set("console", console)
}

fn run(script: &Script) -> Outcome<()> {
    let runtime = Runtime::new()?;
    let context = Context::full(&runtime)?;
    context.with(|ctx| {
        prepare(&ctx, script.size)?;
        let done = ctx.eval::<(), _>(script.source.as_str()).catch(&ctx);
        done.map_err(|error| error.to_string().into())
    })
}

fn sort(script: &Script, rounds: Rounds) -> Outcome<()> {
    let runtime = Runtime::new()?;
    let context = Context::full(&runtime)?;
    context.with(|ctx| {
        ctx.globals().set("record", Function::new(ctx.clone(), record)?)?;
        let loaded = ctx.eval::<(), _>(script.source.as_str()).catch(&ctx);
        loaded.map_err(|error| error.to_string())?;
        let sorted: Function = ctx.globals().get("run")?;
        rounds.measure(|| {
            let sum = sorted.call::<_, i64>((script.size,)).catch(&ctx);
            sum.map_err(|error| error.to_string().into())
        })
    })
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
