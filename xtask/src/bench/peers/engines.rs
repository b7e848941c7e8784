//! The other engines that a Rust program can embed, and two that people know the speed of.
//!
//! Each of `bench/peers` is a runner of its own, so that one which does not build stops none of the others. An engine comes
//! as its users first meet it; what is set otherwise, its runner's first lines say.

use crate::bench::engine::{Code, Engine, Home, PYTHON};

/// An engine that can be asked for by a name; two ways of running the same one share it.
pub(in crate::bench) struct Peer {
    pub(in crate::bench) name: &'static str,
    pub(in crate::bench) engine: &'static Engine,
    pub(in crate::bench) part: Part,
}

/// What an engine takes part in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::bench) enum Part {
    /// The programs.
    Programs,
    /// Sorting objects of the host.
    HostSort,
    /// Both.
    Both,
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
        name: "remora",
        engine: embedded!("remora" "remora" "ruff" Interpreted &[], &[]),
        part: Part::HostSort,
    },
    Peer {
        name: "native",
        engine: embedded!("native" "native Rust" "rs" Machine &[], &[]),
        part: Part::Both,
    },
    Peer {
        name: "lua54",
        engine: embedded!("lua54" "Lua 5.4 in mlua" "lua" Interpreted &[], &["mlua", "lua-src"]),
        part: Part::Both,
    },
    Peer {
        name: "luajit",
        engine: embedded!("luajit" "LuaJIT in mlua" "lua" Machine &[], &["mlua", "luajit-src"]),
        part: Part::Both,
    },
    Peer {
        name: "luajit",
        engine: embedded!(
            "luajit" "LuaJIT in mlua, interpreter" "lua" Interpreted
            &["--interpret"], &["mlua", "luajit-src"]
        ),
        part: Part::Programs,
    },
    Peer {
        name: "luau",
        engine: embedded!("luau" "Luau in mlua" "lua" Machine &[], &["mlua", "luau0-src"]),
        part: Part::Both,
    },
    Peer {
        name: "luau",
        engine: embedded!(
            "luau" "Luau in mlua, interpreter" "lua" Interpreted
            &["--interpret"], &["mlua", "luau0-src"]
        ),
        part: Part::Both,
    },
    Peer {
        name: "luars",
        engine: embedded!("luars" "luars" "lua" Interpreted &[], &["luars"]),
        part: Part::Both,
    },
    Peer {
        name: "quickjs",
        engine: embedded!(
            "quickjs" "QuickJS in rquickjs" "js" Interpreted
            &[], &["rquickjs", "rquickjs-sys"]
        ),
        part: Part::Both,
    },
    Peer {
        name: "boa",
        engine: embedded!("boa" "boa" "js" Interpreted &[], &["boa_engine"]),
        part: Part::Both,
    },
    Peer {
        name: "rune",
        engine: embedded!("rune" "rune" "rn" Interpreted &[], &["rune"]),
        part: Part::Both,
    },
    Peer {
        name: "rhai",
        engine: embedded!("rhai" "rhai" "rhai" Interpreted &[], &["rhai"]),
        part: Part::Both,
    },
    Peer {
        name: "koto",
        engine: embedded!("koto" "koto" "koto" Interpreted &[], &["koto"]),
        part: Part::Both,
    },
    Peer {
        name: "starlark",
        engine: embedded!("starlark" "starlark" "star" Interpreted &[], &["starlark"]),
        part: Part::Programs,
    },
    Peer { name: "python", engine: &PYTHON, part: Part::Programs },
    Peer {
        name: "node",
        engine: &Engine {
            label: "node",
            home: Home::System { program: "node", how_to_get: "apt-get install nodejs" },
            flags: &[],
            extension: "js",
            code: Code::Machine,
        },
        part: Part::Programs,
    },
];
