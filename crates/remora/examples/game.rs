//! A game loop: each entity is a program of its own that goes on a little in each frame, where it was.
//!
//! `frame()` waits for the next frame, `move_by` acts on the world; a program that computes too long goes on in the next
//! frame instead of holding up the others.

use std::error::Error;

use remora::{Engine, Settings, Step, Vm, Waits};

const GUARD: &str = r#"
func live(steps) {
    loop {
        for i in 0..steps { frame(1, 0) }
        for i in 0..steps { frame(-1, 0) }
    }
}
"#;

const THINKER: &str = r#"
func live(n) {
    mut best := 0
    for i in 0..n { if i % 7 == 3 { best := i } }
    frame(0, best)
}
"#;

/// Units of fuel for an entity in a frame.
const FUEL: u64 = 150;

struct Entity {
    vm: Vm,
    place: (i64, i64),
    ended: bool,
}

impl Entity {
    fn new(engine: &Engine, text: &str, n: i64) -> Result<Self, Box<dyn Error>> {
        let module = engine.compile("entity.ruff", text)?;
        let mut vm = Vm::new(&module, Settings::default());
        vm.run()?;
        let ended = matches!(vm.start_with_fuel("live", (n,), FUEL)?, Step::Done(_));
        Ok(Self { vm, place: (0, 0), ended })
    }

    fn next_frame(&mut self) -> Result<(), remora::Error> {
        let Some(mut run) = self.vm.suspended() else { return Ok(()) };
        let step = match run.waits_for() {
            Waits::Call(_, by) => {
                let by = |at: usize| by.get(at).and_then(remora::Value::as_int).unwrap_or(0);
                self.place = (self.place.0 + by(0), self.place.1 + by(1));
                run.resume(())?
            }
            _ => run.resume_with_fuel(FUEL)?,
        };
        self.ended = matches!(step, Step::Done(_));
        Ok(())
    }
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::builder().request("frame", 2).build();
    let mut world = vec![
        Entity::new(&engine, GUARD, 3)?,
        Entity::new(&engine, GUARD, 5)?,
        Entity::new(&engine, THINKER, 1000)?,
    ];
    let mut seen = Vec::new();
    for _ in 0..10 {
        for entity in &mut world {
            entity.next_frame()?;
        }
        seen.push((world[0].place.0, world[1].place.0, world[2].place.1));
    }
    assert_eq!(seen[2], (3, 3, 0), "the thinker still thinks");
    assert_eq!(seen[9], (2, 0, 997));
    assert!(world[2].ended && !world[0].ended);
    Ok(())
}
