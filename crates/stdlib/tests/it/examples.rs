//! Every builtin does what its row says.

use remora_stdlib::Capabilities;

use crate::script::run;

#[test]
fn every_example_prints_what_it_says() {
    let mut wrong = Vec::new();
    let rows = remora_vm::builtins::all().chain(remora_stdlib::all());
    for row in rows.filter(|it| !it.is_hidden()) {
        let (program, expected) = row.reference.example;
        let printed = run(program, Capabilities::default());
        if printed.trim_end() != expected {
            wrong.push(format!(
                "{}: {program}\nexpected: {expected}\nprinted:  {printed}",
                row.name()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
