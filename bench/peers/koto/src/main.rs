//! Koto, with the settings it comes with.

use koto::{derive::*, prelude::*, runtime};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

#[derive(Clone, KotoCopy, KotoType)]
#[koto(type_name = "Record")]
struct Shared(Record);

#[koto_impl]
impl Shared {
    #[koto_method]
    fn id(&self) -> runtime::Result<KValue> {
        Ok(self.0.id().into())
    }

    #[koto_method]
    fn before(&self, args: &[KValue]) -> runtime::Result<KValue> {
        match args {
            [KValue::Object(other)] => Ok(self.0.before(&other.cast::<Shared>()?.0).into()),
            unexpected => unexpected_args("|Record|", unexpected),
        }
    }
}

impl KotoObject for Shared {}

fn run(script: &Script) -> Outcome<()> {
    let mut koto = Koto::default();
    koto.set_args([script.size.to_string()])?;
    koto.compile_and_run(script.source.as_str())?;
    Ok(())
}

fn sort(script: &Script, rounds: Rounds) -> Outcome<()> {
    let mut koto = Koto::default();
    koto.prelude().add_fn("record", |ctx| match ctx.args() {
        [KValue::Number(id)] => Ok(KObject::from(Shared(Record::new(id.into()))).into()),
        unexpected => unexpected_args("|Number|", unexpected),
    });
    koto.compile_and_run(script.source.as_str())?;
    rounds.measure(|| match koto.call_exported_function("run", &[script.size.into()])? {
        KValue::Number(sum) => Ok(sum.into()),
        other => Err(format!("run gave a {}", other.type_as_string()).into()),
    })
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
