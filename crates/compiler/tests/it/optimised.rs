//! What the optimiser does to whole modules: constants under names, and functions that nothing leads to.

use remora_compiler::Options;

use crate::support::{assert_lines, function, main_options, module, module_with};

fn names(text: &str, options: &Options) -> Vec<String> {
    module_with(text, options).functions.iter().map(|it| it.name.to_string()).collect()
}

#[test]
fn a_const_is_loaded_as_what_it_is() {
    let text = "const SIZE := 40\nconst WIDE := SIZE + 2\nfunc area(n) { return n * WIDE }\nprint(area(1))";
    assert_lines(&function(text, "area"), "move_local 0\n load_int 42\n binary_mul\n return");
}

#[test]
fn a_const_that_a_function_may_see_too_early_is_read() {
    let text = "func area(n) { return n * SIZE }\nprint(area(1))\nconst SIZE := 40";
    assert!(function(text, "area").contains("load_global SIZE"));
    let part = Options { globals_as_locals: false, ..Options::default() };
    let module = module_with("const SIZE := 40\nfunc area(n) { return n * SIZE }", &part);
    assert!(module.functions[1].code.instructions().any(|it| it.op.name() == "load_global"));
}

#[test]
fn a_condition_on_a_const_leaves_no_code() {
    let text = "const DEBUG := false\nfunc f(x) {\n if DEBUG { print(x) }\n return x\n}\nf(1)";
    assert_lines(&function(text, "f"), "move_local 0\n return");
}

#[test]
fn what_nothing_leads_to_is_left_out() {
    let text = "const DEBUG := false
        func _unused() { return _deeper() }
        func _deeper() { return 1 }
        func _used() { return 2 }
        func open() { if DEBUG { print((x) => x + 1) }; return (y) => y + _used() }
        struct P { x: int, func len(self) { return _of_method() } }
        func _of_method() { return 3 }
        print(1)";
    let kept = ["<main>", "_used", "open", "len", "_of_method", "<lambda>"];
    let mut found = names(text, &main_options());
    found.sort_unstable();
    let mut wanted = kept.map(str::to_owned).to_vec();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
    let plain = Options { optimise: false, ..main_options() };
    assert_eq!(names(text, &plain).len(), kept.len() + 3);
    let all = Options { leave_out_unused: false, ..main_options() };
    assert_eq!(names(text, &all).len(), kept.len() + 2);
}

#[test]
fn marks_say_what_others_may_call() {
    let text = "export func a() { return 1 }\nfunc b() { return 2 }\nfunc _c() { return 3 }";
    assert_eq!(names(text, &main_options()), ["<main>", "a"]);
    assert_eq!(names("func b() { return 2 }", &main_options()), ["<main>", "b"]);
}

#[test]
fn numbers_above_a_gap_move_in_code_and_methods() {
    let mut text = String::new();
    for n in 0..300 {
        text.push_str(&format!("func _gone{n}() {{ return {n} }}\n"));
    }
    text.push_str("struct P { x: int, func m(self) { return last() } }\n");
    text.push_str("func last() { return [P { x: 1 }.m, last] }\nlast()");
    let module = module(&text);
    assert_eq!(module.functions.len(), 3);
    let remora_bytecode::TypeDef::Struct { methods, .. } = &module.types[0] else { panic!() };
    assert_eq!(&*module.functions[methods[0].function.index()].name, "m");
}
