//! Programs that import: where a host lets them find modules, what is refused, and what a session keeps.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use remora::{
    Engine, Error, Folders, Module, Modules, NotFound, Rejected, Session, SessionError, Settings,
    SourceFile, Texts, Vm,
};

/// A fresh folder for files of one test.
fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// What a program prints.
fn printed(engine: &Engine, name: &str, text: &str) -> String {
    let module = engine.compile(name, text).unwrap_or_else(|it| panic!("{it}"));
    let out = Arc::new(Mutex::new(String::new()));
    let to = Arc::clone(&out);
    let output = Box::new(move |_, text: &str| {
        to.lock().map_err(|it| it.to_string())?.push_str(text);
        Ok(())
    });
    let settings = Settings { output: Some(output), ..Settings::default() };
    Vm::new(&module, settings).run().expect("the program runs");
    out.lock().expect("nobody panicked").clone()
}

fn rejected(engine: &Engine, name: &str, text: &str) -> Rejected {
    engine.compile(name, text).expect_err("it is rejected")
}

/// Where an error says that it happened.
fn places(error: &Error, module: &Module) -> Vec<String> {
    let diagnostic = error.to_diagnostic();
    let place = |it: &remora_diagnostics::Label| {
        let source = module.sources().source(it.source).expect("there is a source");
        let (line, column) = source.line_column(it.span.start);
        format!("{}:{line}:{column}", source.name())
    };
    diagnostic.labels.iter().map(place).collect()
}

#[test]
fn without_modules_an_import_says_how_to_give_some() {
    let said = rejected(&Engine::new(), "main.ruff", "import util").to_string();
    assert!(said.starts_with("E0121: Module not found: util at 1:8"), "{said}");
    let help = &rejected(&Engine::new(), "main.ruff", "import util").diagnostics[0].help;
    assert!(help[0].contains("Engine::with_modules"), "{help:?}");
}

#[test]
fn a_host_may_make_modules_of_anything() {
    struct Numbers;
    impl Modules for Numbers {
        fn find(&self, _: &str, name: &str) -> Result<SourceFile, NotFound> {
            match name.strip_prefix("number_") {
                Some(n) => Ok(SourceFile { name: name.to_owned(), text: format!("value := {n}") }),
                None => {
                    Err(NotFound { why: Some("only numbers".to_owned()), ..NotFound::default() })
                }
            }
        }
    }
    let engine = Engine::new().with_modules(Numbers);
    let text = "import number_4 as a\nfrom number_38 import value\nprint(a.value + value)";
    assert_eq!(printed(&engine, "main.ruff", text), "42\n");
    let said = rejected(&engine, "main.ruff", "import other").to_string();
    assert!(said.contains("only numbers"), "{said}");
    // Who wants no modules does not get them by way of another engine.
    assert!(Engine::new().compile("main.ruff", text).is_err());
}

#[test]
fn folders_are_searched_in_their_order_and_nothing_outside_is_read() {
    let folder = scratch("folders");
    for (name, text) in [
        ("app/main.ruff", ""),
        ("app/own.ruff", "x := \"own\""),
        ("app/src/inner.ruff", "import own\nx := \"inner, \" + own.x"),
        ("lib/own.ruff", "x := \"lib\""),
        ("lib/other.ruff", "import own\nx := \"other, \" + own.x"),
        ("secret.ruff", "x := 1"),
    ] {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }
    let roots = [folder.join("app"), folder.join("lib")];
    let engine = Engine::new().with_modules(Folders::new(&roots).expect("both are there"));
    let main = folder.join("app/main.ruff").to_string_lossy().into_owned();
    let text = "import own\nimport inner\nimport other\nprint(own.x, inner.x, other.x)";
    assert_eq!(printed(&engine, &main, text), "own inner, own other, lib\n");
    let said = rejected(&engine, &main, "import nowhere").diagnostics[0].notes.join("");
    assert_eq!(said.matches("nowhere.ruff").count(), 4, "{said}");
    std::fs::write(folder.join("app/bytes.ruff"), [b'x', 0xff]).expect("it is written");
    let said = rejected(&engine, &main, "import bytes").to_string();
    assert!(said.contains("is not UTF-8 at byte 1"), "{said}");
    assert!(Folders::new([folder.join("nowhere")]).is_err());
    #[cfg(unix)]
    {
        let link = folder.join("app/link.ruff");
        std::os::unix::fs::symlink(folder.join("secret.ruff"), link).expect("it is made");
        let said = rejected(&engine, &main, "import link").to_string();
        assert!(said.starts_with("E0121") && said.contains("outside of all roots"), "{said}");
        let link = folder.join("app/again.ruff");
        std::os::unix::fs::symlink(folder.join("app/own.ruff"), link).expect("it is made");
        let text = "import own\nimport again\nprint(again.x)";
        assert_eq!(printed(&engine, &main, text), "own\n");
    }
}

#[test]
fn files_and_bytes_are_bounded() {
    let chain = (0..1_200).fold(Texts::new(), |all, nth| {
        all.with(format!("m{nth}.ruff"), format!("import m{}\nx := {nth}", nth + 1))
    });
    let engine = Engine::new().with_modules(chain);
    let found = rejected(&engine, "main.ruff", "import m0");
    assert_eq!(found.diagnostics[0].code.as_str(), "E0114", "{found}");
    let large = "# ".to_owned() + &"x".repeat(1 << 20).split_off(16);
    let texts = (0..20).fold(Texts::new(), |all, nth| all.with(format!("m{nth}.ruff"), &*large));
    let engine = Engine::new().with_modules(texts);
    let text: String = (0..20).map(|nth| format!("import m{nth}\n")).collect();
    let found = rejected(&engine, "main.ruff", &text);
    assert_eq!(found.diagnostics[0].code.as_str(), "E0007", "{found}");
    let engine = Engine::new().with_modules(Texts::new().with("m.ruff", "x".repeat(2 << 20)));
    let found = rejected(&engine, "main.ruff", "import m");
    assert_eq!(found.diagnostics[0].code.as_str(), "E0007", "{found}");
}

#[test]
fn many_modules_run_in_little_native_stack() {
    let chain = (0..900).fold(Texts::new(), |all, nth| {
        all.with(format!("m{nth}.ruff"), format!("import m{}\nx := m{0}.x + 1", nth + 1))
    });
    let engine = Engine::new().with_modules(chain.with("m900.ruff", "x := 0"));
    let run = move || printed(&engine, "main.ruff", "import m0\nprint(m0.x)");
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run);
    assert_eq!(thread.expect("a thread").join().expect("it ends"), "900\n");
}

#[test]
fn one_file_that_is_imported_a_hundred_thousand_times_is_no_hang() {
    let engine = Engine::new().with_modules(Texts::new().with("m.ruff", "x := 1"));
    let text = "import m\n".repeat(50_000);
    // There are more instructions than a function may have, or all of it compiles.
    if let Err(found) = engine.compile("main.ruff", &text) {
        assert_eq!(found.diagnostics[0].code.as_str(), "E0114", "{found}");
    }
}

#[test]
fn a_module_travels_with_all_its_files() {
    let texts = Texts::new().with("lib/a.ruff", "\nfunc fail() { throw(\"here\") }");
    let engine = Engine::new().with_modules(texts);
    let made = engine.compile("main.ruff", "import lib.a\n\na.fail()").expect("it compiles");
    let bytes = made.to_bytes(false);
    let read = Engine::new().load("sent.rmod", &bytes).expect("it is sound");
    assert_eq!(read.to_bytes(false), bytes);
    let error = Vm::new(&read, Settings::default()).run().expect_err("it fails");
    assert_eq!(places(&error, &read), ["lib/a.ruff:2:15", "main.ruff:3:1"]);
    let notes = error.to_diagnostic().notes;
    assert_eq!(notes, ["in fail (lib/a.ruff, line 2), called from the program (line 3)"]);
    let text = remora_bytecode::text::print(read.bytecode());
    let again = remora_bytecode::text::parse(&text).expect("it is understood");
    assert!(*again == **read.bytecode());
    let stripped = Engine::new().load("s.rmod", &made.to_bytes(true)).expect("it is sound");
    let error = Vm::new(&stripped, Settings::default()).run().expect_err("it fails");
    assert_eq!(error.calls().map(|it| it.1).max(), Some(0));
}

/// Runs inputs, each with the value that it must show; `!` and a code for one that must fail.
#[track_caller]
fn check(session: &mut Session, inputs: &[(&str, &str)]) {
    for (input, wanted) in inputs {
        let shown = match session.run(input) {
            Ok(value) => value.unwrap_or_default(),
            Err(SessionError::Rejected(it)) => format!("!{}", it.diagnostics[0].code),
            Err(SessionError::Failed(it)) => format!("!{}", it.code()),
        };
        assert_eq!(shown, *wanted, "{input}");
    }
}

fn session() -> Session {
    let texts = Texts::new()
        .with("counter.ruff", "n := 0\n_step := 1\nfunc up() { n += _step\n return n }")
        .with("user.ruff", "import counter\nfunc twice() { counter.up()\n return counter.up() }")
        .with(
            "shapes.ruff",
            "struct Square { side, func area(self) { return self.side * self.side }\n func of(n) { return Square { side: n } } }\nenum Color { Red, Green(shade) }",
        )
        .with("broken.ruff", "x := 1\nthrow(\"not today\")\ny := 2")
        .with("late.ruff", "func fail() {\nthrow(1)\n}")
        .with("wrong.ruff", "x := )");
    let engine = Engine::new().with_modules(texts);
    Session::new(&engine, Settings::default()).expect("an empty session compiles")
}

#[test]
fn a_session_keeps_what_it_has_imported() {
    let mut session = session();
    check(
        &mut session,
        &[
            ("counter.up()", "!E0101"),
            ("import counter", ""),
            ("counter.up()", "1"),
            ("mine := 5", ""),
            ("n", "!E0101"),
            ("from counter import n, up as more", ""),
            ("[n, more(), n, counter.n]", "[1, 2, 2, 2]"),
            ("import counter", ""),
            ("counter.up() + mine", "8"),
            ("from user import twice", ""),
            ("twice()", "5"),
            ("[n, counter.n, mine]", "[5, 5, 5]"),
            ("n := 1", "!E0103"),
            ("counter.n := 1", "!E0103"),
            ("counter._step", "!E0123"),
            ("counter", "!E0120"),
            ("func show() { return counter.n * 10 }", ""),
            ("show()", "50"),
            ("let n := \"own\"", ""),
            ("[n, counter.n]", "[own, 5]"),
            ("import nowhere", "!E0121"),
            ("import wrong", "!E0009"),
            ("counter.n", "5"),
        ],
    );
    let names: Vec<&str> = session.names().collect();
    assert!(names.contains(&"counter") && names.contains(&"twice") && !names.contains(&"_step"));
}

#[test]
fn a_session_keeps_types_of_modules() {
    check(
        &mut session(),
        &[
            ("struct Own { x }", ""),
            ("from shapes import Square, Color", ""),
            ("Square { side: 3 }.area()", "9"),
            ("Square.of(4)", "Square { side: 4 }"),
            ("own := Own { x: Square { side: 2 } }", ""),
            ("own.x == Square.of(2)", "true"),
            ("match own.x { case Square { side } => side }", "2"),
            ("match Color::Green(7) { case Color::Green(n) => n default => 0 }", "7"),
            ("struct Square { other }", ""),
            ("[Square { other: 1 }, own.x.area()]", "[Square { other: 1 }, 4]"),
        ],
    );
}

#[test]
fn a_module_that_fails_in_a_session_has_run() {
    let mut session = session();
    check(
        &mut session,
        &[
            ("print(1 / 0)\nimport counter", "!R0003"),
            ("import counter\ncounter.up()", "1"),
            ("import broken", "!R0001"),
            ("import broken\nbroken.x", "1"),
            ("broken.y", "!R0014"),
        ],
    );
    let Err(SessionError::Failed(error)) = session.run("1 + \"a\"") else { panic!("it fails") };
    assert_eq!(places(&error, session.module()), ["<session>:9:1"]);
    check(&mut session, &[("from late import fail", ""), ("x := 1", "")]);
    let Err(SessionError::Failed(error)) = session.run("fail()") else { panic!("it fails") };
    assert_eq!(places(&error, session.module()), ["late.ruff:2:1", "<session>:12:1"]);
}
