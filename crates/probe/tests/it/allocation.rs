//! Predicates allocate nothing: neither the engine nor values, whatever they compare.

use remora_probe::{
    Answer, Budget, Compiled, Dispatcher, Fault, Host, Program, Request, Run, Shape, Value,
    Variable,
};

/// A host of a few fixed objects, which are numbers.
struct Fixed;

impl Host for Fixed {
    type Object = u8;
    type Dispatcher<'h> = FixedHit<'h>;
}

struct FixedHit<'h> {
    name: &'h str,
}

impl Dispatcher for FixedHit<'_> {
    type Object = u8;

    fn variable(&mut self, variable: &Variable) -> Answer<u8> {
        match variable {
            Variable::Arg(0) => Ok(Value::Int(5)),
            Variable::Arg(1) => Ok(Value::Float(0.5)),
            Variable::Arg(2) => Ok(Value::Object(2)),
            _ => Err(Fault::host("there is no such variable")),
        }
    }

    fn attribute(&mut self, _: &u8, name: &str) -> Answer<u8> {
        match name {
            "name" => Ok(Value::Object(3)),
            "age" => Ok(Value::Int(42)),
            _ => Err(Fault::host("there is no such attribute")),
        }
    }

    fn item(&mut self, object: &u8, _: &Value<u8>) -> Answer<u8> {
        Ok(Value::Object(*object))
    }

    fn shape<'a>(&'a self, object: &'a u8) -> Result<Shape<'a>, Fault> {
        Ok(if *object == 3 { Shape::Text(self.name) } else { Shape::List(2) })
    }

    fn element(&mut self, _: &u8, _: usize) -> Answer<u8> {
        Ok(Value::None)
    }

    fn entry(&mut self, _: &u8, _: usize) -> Result<(std::sync::Arc<str>, Value<u8>), Fault> {
        Err(Fault::host("there is no such entry"))
    }
}

#[test]
fn running_a_predicate_allocates_nothing() {
    let name = String::from("ann");
    for (predicate, holds) in [
        ("arg0 > 10", false),
        ("arg0 == 5", true),
        ("arg0 + 1 > 5 && arg1 < 1 && -arg1 < 0", true),
        ("arg2.name == \"ann\"", true),
        ("arg2.name == \"bob\" || arg2.age >= 18", true),
        ("!(arg2.name == arg2.name)", false),
        ("len(arg2.name) == 3 && len(arg2) == 2", true),
        ("starts_with(arg2.name, \"a\") && matches(arg2.name, \"*n\")", true),
        ("arg2[\"name\"] == 1", false),
        ("$req.user == None", true),
        ("arg9 == 1", false),
        ("arg2.nothing", false),
        ("1 / (arg0 - 5) == 1", false),
        ("retval == 1", false),
    ] {
        let text = format!("fn:f:exit / {predicate} / {{ capture(arg0) }}");
        let program = Program::compile(&text, &Budget::default()).unwrap();
        let compiled = Compiled::<Fixed>::new(&program).unwrap();
        let request = Request::with_id(1);
        let mut held = false;
        let counted = allocation_counter::measure(|| {
            let mut run = Run::<Fixed>::new(FixedHit { name: &name }, request.clone());
            held = compiled.holds(0, &mut run);
        });
        assert_eq!(held, holds, "{predicate}");
        assert_eq!(counted.count_total, 0, "{predicate}");
    }
}
