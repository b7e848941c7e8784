//! What the runners of Lua dialects share: mlua is the same for all of them.
//!
//! Which dialect it is, a feature of mlua says that the runner asks for. They exclude each other: build one package at a
//! time, as `cargo xtask bench --peers` does.

use mlua::{Function, Lua, UserData, UserDataMethods, UserDataRef};
use runner::record::Record;
use runner::{Outcome, Rounds, Script};

struct Shared(Record);

impl UserData for Shared {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("id", |_, this, ()| Ok(this.0.id()));
        methods
            .add_method("before", |_, this, other: UserDataRef<Self>| Ok(this.0.before(&other.0)));
    }
}

/// Runs a script in `lua`; `prepare` is called when its globals are there.
pub fn run(lua: &Lua, script: &Script, prepare: fn(&Lua) -> mlua::Result<()>) -> Outcome<()> {
    lua.globals().set("arg", [script.size.to_string()])?;
    prepare(lua)?;
    lua.load(&script.source).set_name(&script.name).exec()?;
    Ok(())
}

/// Times the function that a script returns.
pub fn sort(
    lua: &Lua,
    script: &Script,
    rounds: Rounds,
    prepare: fn(&Lua) -> mlua::Result<()>,
) -> Outcome<()> {
    let record = lua.create_function(|_, id: i64| Ok(Shared(Record::new(id))))?;
    lua.globals().set("record", record)?;
    prepare(lua)?;
    let sorted: Function = lua.load(&script.source).set_name(&script.name).eval()?;
    rounds.measure(|| Ok(sorted.call::<i64>(script.size)?))
}
