//! Luau through mlua, as its own command sets it up: optimised, and with globals that no script can replace, which lets
//! it call its builtins directly. Machine code unless asked for its interpreter.

use mlua::Lua;
use mlua::chunk::Compiler;
use runner::Tier;

fn new(tier: Tier) -> Lua {
    let lua = Lua::new();
    lua.set_compiler(Compiler::new().set_optimization_level(2));
    lua.enable_jit(tier == Tier::Native);
    lua
}

fn main() -> std::process::ExitCode {
    runner::main(
        |script| lua::run(&new(script.tier), script, |lua| lua.sandbox(true)),
        Some(|script, rounds| {
            lua::sort(&new(script.tier), script, rounds, |lua| lua.sandbox(true))
        }),
    )
}
