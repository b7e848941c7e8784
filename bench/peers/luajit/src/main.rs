//! LuaJIT through mlua; without machine code when asked for its interpreter.

use mlua::Lua;
use runner::Tier;

fn new(tier: Tier) -> mlua::Result<Lua> {
    let lua = Lua::new();
    if tier == Tier::Interpreter {
        lua.load("jit.off()").exec()?;
    }
    Ok(lua)
}

fn main() -> std::process::ExitCode {
    runner::main(
        |script| lua::run(&new(script.tier)?, script, |_| Ok(())),
        Some(|script, rounds| lua::sort(&new(script.tier)?, script, rounds, |_| Ok(()))),
    )
}
