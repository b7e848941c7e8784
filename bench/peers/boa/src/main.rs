//! Boa, with the settings it comes with.

use boa_engine::class::{Class, ClassBuilder};
use boa_engine::object::ObjectInitializer;
use boa_engine::object::builtins::JsArray;
use boa_engine::property::Attribute;
use boa_engine::{
    Context, Finalize, JsData, JsError, JsNativeError, JsResult, JsString, JsValue, NativeFunction,
    Source, Trace, js_string,
};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

#[derive(Trace, Finalize, JsData)]
struct Shared {
    #[unsafe_ignore_trace]
    record: Record,
}

impl Class for Shared {
    const NAME: &'static str = "Record";

    fn data_constructor(
        _new_target: &JsValue,
        args: &[JsValue],
        context: &mut Context,
    ) -> JsResult<Self> {
        let id = args.first().cloned().unwrap_or_default().to_i32(context)?;
        Ok(Self { record: Record::new(i64::from(id)) })
    }

    fn init(class: &mut ClassBuilder<'_>) -> JsResult<()> {
        class.method(js_string!("id"), 0, NativeFunction::from_fn_ptr(id));
        class.method(js_string!("before"), 1, NativeFunction::from_fn_ptr(before));
        Ok(())
    }
}

fn not_a_record() -> JsError {
    JsNativeError::typ().with_message("not a Record").into()
}

fn id(this: &JsValue, _args: &[JsValue], _context: &mut Context) -> JsResult<JsValue> {
    let this = this.as_object().ok_or_else(not_a_record)?;
    let this = this.downcast_ref::<Shared>().ok_or_else(not_a_record)?;
    Ok(JsValue::from(this.record.id()))
}

fn before(this: &JsValue, args: &[JsValue], _context: &mut Context) -> JsResult<JsValue> {
    let this = this.as_object().ok_or_else(not_a_record)?;
    let this = this.downcast_ref::<Shared>().ok_or_else(not_a_record)?;
    let other = args.first().and_then(JsValue::as_object).ok_or_else(not_a_record)?;
    let other = other.downcast_ref::<Shared>().ok_or_else(not_a_record)?;
    Ok(JsValue::from(this.record.before(&other.record)))
}

fn record(_this: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let data = Shared::data_constructor(&JsValue::undefined(), args, context)?;
    Ok(Shared::from_data(data, context)?.into())
}

fn log(_this: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let text = args.first().cloned().unwrap_or_default().to_string(context)?;
    println!("{}", text.to_std_string_escaped());
    Ok(JsValue::undefined())
}

/// Gives a program what it uses of Node: `process.argv` and `console.log`.
fn prepare(context: &mut Context, size: i64) -> JsResult<()> {
    let args = ["".to_owned(), "".to_owned(), size.to_string()];
    let args = args.map(|it| JsValue::from(JsString::from(it.as_str())));
    let args = JsArray::from_iter(args, context);
    let process = ObjectInitializer::new(context)
        .property(js_string!("argv"), args, Attribute::all())
        .build();
    context.register_global_property(js_string!("process"), process, Attribute::all())?;
    let console = ObjectInitializer::new(context)
        .function(NativeFunction::from_fn_ptr(log), js_string!("log"), 1)
        .build();
    context.register_global_property(js_string!("console"), console, Attribute::all())
}

fn run(script: &Script) -> Outcome<()> {
    let mut context = Context::default();
    prepare(&mut context, script.size).map_err(|error| error.to_string())?;
    let done = context.eval(Source::from_bytes(&script.source));
    done.map(|_| ()).map_err(|error| error.to_string().into())
}

fn sort(script: &Script, rounds: Rounds) -> Outcome<()> {
    let mut context = Context::default();
    let said = |error: JsError| error.to_string();
    context.register_global_class::<Shared>().map_err(said)?;
    let make = NativeFunction::from_fn_ptr(record);
    context.register_global_callable(js_string!("record"), 1, make).map_err(said)?;
    context.eval(Source::from_bytes(&script.source)).map_err(said)?;
    let sorted = context.global_object().get(js_string!("run"), &mut context).map_err(said)?;
    let sorted = sorted.as_callable().ok_or("no function `run`")?;
    rounds.measure(|| {
        let size = [JsValue::from(script.size)];
        let sum = sorted.call(&JsValue::undefined(), &size, &mut context);
        let sum = sum.and_then(|it| it.to_i32(&mut context)).map_err(said)?;
        Ok(i64::from(sum))
    })
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
