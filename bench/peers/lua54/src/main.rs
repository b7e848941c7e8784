//! Lua 5.4 through mlua, as it comes.

use mlua::Lua;

fn main() -> std::process::ExitCode {
    runner::main(
        |script| lua::run(&Lua::new(), script, |_| Ok(())),
        Some(|script, rounds| lua::sort(&Lua::new(), script, rounds, |_| Ok(()))),
    )
}
