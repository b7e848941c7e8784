//! The other engines that a Rust program can embed, and two that people know the speed of.
//!
//! Each of `bench/peers` is a runner of its own, so that one which does not build stops none of the others. An engine comes
//! as its users first meet it; what is set otherwise, its runner's first lines say.

use crate::bench::engine::{Code, Engine, Home, PYTHON};

/// An engine that can be asked for by a name; two ways of running the same one share it.
pub(in crate::bench) struct Peer {
    pub(in crate::bench) name: &'static str,
    pub(in crate::bench) engine: &'static Engine,
    /// Whether it is given host objects to sort.
    pub(in crate::bench) sorts: bool,
}

macro_rules! embedded {
    ($name:literal $label:literal $extension:literal $code:ident $flags:expr, $crates:expr) => {
        &Engine {
            label: $label,
            home: Home::Peer { package: concat!("peer-", $name), crates: $crates },
            flags: $flags,
            extension: $extension,
            code: Code::$code,
        }
    };
}

/// All of them, in the order in which they are named.
pub(super) const PEERS: &[Peer] = &[
    Peer {
        name: "native",
        engine: embedded!("native" "native Rust" "rs" Machine &[], &[]),
        sorts: true,
    },
    Peer {
        name: "lua54",
        engine: embedded!("lua54" "Lua 5.4 in mlua" "lua" Interpreted &[], &["mlua", "lua-src"]),
        sorts: true,
    },
    Peer {
        name: "luajit",
        engine: embedded!("luajit" "LuaJIT in mlua" "lua" Machine &[], &["mlua", "luajit-src"]),
        sorts: true,
    },
    Peer {
        name: "luajit",
        engine: embedded!(
            "luajit" "LuaJIT in mlua, interpreter" "lua" Interpreted
            &["--interpret"], &["mlua", "luajit-src"]
        ),
        sorts: false,
    },
    Peer {
        name: "luau",
        engine: embedded!("luau" "Luau in mlua" "lua" Machine &[], &["mlua", "luau0-src"]),
        sorts: true,
    },
    Peer {
        name: "luau",
        engine: embedded!(
            "luau" "Luau in mlua, interpreter" "lua" Interpreted
            &["--interpret"], &["mlua", "luau0-src"]
        ),
        sorts: true,
    },
    Peer {
        name: "luars",
        engine: embedded!("luars" "luars" "lua" Interpreted &[], &["luars"]),
        sorts: true,
    },
    Peer {
        name: "quickjs",
        engine: embedded!(
            "quickjs" "QuickJS in rquickjs" "js" Interpreted
            &[], &["rquickjs", "rquickjs-sys"]
        ),
        sorts: true,
    },
    Peer {
        name: "boa",
        engine: embedded!("boa" "boa" "js" Interpreted &[], &["boa_engine"]),
        sorts: true,
    },
    Peer {
        name: "rune",
        engine: embedded!("rune" "rune" "rn" Interpreted &[], &["rune"]),
        sorts: true,
    },
    Peer {
        name: "rhai",
        engine: embedded!("rhai" "rhai" "rhai" Interpreted &[], &["rhai"]),
        sorts: true,
    },
    Peer {
        name: "koto",
        engine: embedded!("koto" "koto" "koto" Interpreted &[], &["koto"]),
        sorts: true,
    },
    Peer {
        name: "starlark",
        engine: embedded!("starlark" "starlark" "star" Interpreted &[], &["starlark"]),
        sorts: false,
    },
    Peer { name: "python", engine: &PYTHON, sorts: false },
    Peer {
        name: "node",
        engine: &Engine {
            label: "node",
            home: Home::System { program: "node", how_to_get: "apt-get install nodejs" },
            flags: &[],
            extension: "js",
            code: Code::Machine,
        },
        sorts: false,
    },
];
