//! luars, with all of its standard library.

use luars::{Lua, LuaApi as _, LuaFunction, LuaUserData, SafeOption, Stdlib, lua_methods};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

#[derive(LuaUserData)]
struct Shared {
    record: Record,
}

#[lua_methods]
impl Shared {
    pub fn id(&self) -> i64 {
        self.record.id()
    }

    pub fn before(&self, other: &Shared) -> bool {
        self.record.before(&other.record)
    }
}

fn new() -> luars::LuaResult<Lua> {
    let mut lua = Lua::new(SafeOption::default());
    lua.open_stdlib(Stdlib::All)?;
    Ok(lua)
}

fn run(script: &Script) -> Outcome<()> {
    let mut lua = new()?;
    let args = lua.create_table_from([(1, script.size.to_string())])?;
    lua.globals().set("arg", args)?;
    lua.load(&script.source).set_name(&script.name).exec()?;
    Ok(())
}

fn sort(script: &Script, rounds: Rounds) -> Outcome<()> {
    let mut lua = new()?;
    lua.register_function("record", |id: i64| Shared { record: Record::new(id) })?;
    let sorted: LuaFunction = lua.load(&script.source).set_name(&script.name).eval()?;
    rounds.measure(|| Ok(sorted.call1::<_, i64>(script.size)?))
}

fn main() -> std::process::ExitCode {
    runner::main(run, Some(sort))
}
