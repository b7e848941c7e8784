//! Programs that grow: what a module must begin with to come after another one, and what stays.

use std::sync::Arc;

use remora_bytecode::{
    Budget, Global, Module, ModuleBuilder, Payload, Profile, TypeDef, VariantDef,
};
use remora_vm::host::Host;
use remora_vm::{Limits, LinkError, Loaded, Prelude, Registry, Tier, Vm};

fn structure(name: &str, fields: &[&str]) -> TypeDef {
    let fields = fields.iter().map(|it| (*it).into()).collect();
    TypeDef::Struct { name: name.into(), fields, methods: Box::default() }
}

fn enumeration(variants: &[&str]) -> TypeDef {
    let variants =
        variants.iter().map(|it| VariantDef { name: (*it).into(), payload: Payload::Open });
    TypeDef::Enum { name: "E".into(), variants: variants.collect() }
}

fn module(globals: &[&str], types: Vec<TypeDef>) -> Module {
    let mut builder = ModuleBuilder::new("part", Profile::Full);
    for name in globals {
        builder.add_global(Global { name: (*name).into(), mutable: true, exported: true });
    }
    for ty in types {
        builder.add_type(ty);
    }
    builder.finish().unwrap().verify(&Budget::default()).unwrap()
}

fn first(globals: &[&str], types: Vec<TypeDef>) -> Arc<Loaded> {
    let registry = Arc::new(Registry::core());
    Loaded::link(module(globals, types), registry, &Prelude::default(), Tier::Loop).unwrap()
}

#[test]
fn a_module_goes_on_if_it_begins_with_the_same_types_and_globals() {
    let types = || vec![structure("P", &["x", "y"]), enumeration(&["A", "B"])];
    let before = first(&["a", "b"], types());
    let more = [types(), vec![structure("Q", &[])]].concat();
    let mut vm = Vm::new(Arc::clone(&before), Limits::default(), Host::new(|_, _| Ok(()), 0), 0);
    let after = before.link_after(module(&["a", "b", "c"], more)).unwrap();
    vm.grow(after).unwrap();
    // The name of a type may change: what was declared under it is something else then.
    let renamed = vec![structure("P of old", &["x", "y"]), enumeration(&["A", "B"])];
    assert!(before.link_after(module(&["a", "b"], renamed)).is_ok());
}

#[test]
fn a_module_that_begins_otherwise_is_refused() {
    let types = || vec![structure("P", &["x", "y"]), enumeration(&["A", "B"])];
    let before = first(&["a", "b"], types());
    for (globals, types) in [
        (&["a"][..], types()),
        (&["b", "a"], types()),
        (&["a", "b"], vec![structure("P", &["x", "y"])]),
        (&["a", "b"], vec![structure("P", &["x"]), enumeration(&["A", "B"])]),
        (&["a", "b"], vec![structure("P", &["y", "x"]), enumeration(&["A", "B"])]),
        (&["a", "b"], vec![structure("P", &["x", "y"]), enumeration(&["A", "B", "C"])]),
        (&["a", "b"], vec![enumeration(&["A", "B"]), structure("P", &["x", "y"])]),
    ] {
        let refused = before.link_after(module(globals, types)).err();
        assert_eq!(refused, Some(LinkError::NotAfter), "{globals:?}");
    }
}
