//! The wire form as a foreign implementation of protobuf sees it, with nothing but the schema: the same bytes, the same
//! values.

use std::path::Path;

use prost_reflect::prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, Value};
use remora_bytecode::unit::unzigzag;
use remora_bytecode::{
    Capture, Constant, Function, FunctionKind, ImportKind, MethodKind, ModuleData, ParamKind,
    Payload, Profile, Receiver, Root, Step, TypeDef,
};
use remora_testkit::golden;

fn schema() -> MessageDescriptor {
    let proto = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let files = protox::compile(["module.proto"], [proto]).expect("the schema is sound");
    let pool = DescriptorPool::from_file_descriptor_set(files).expect("the schema is complete");
    pool.get_message_by_name("remora.module.v1.Module").expect("the schema has modules")
}

/// A message, by the names of its fields.
struct Fields<'a>(&'a DynamicMessage);

impl<'a> Fields<'a> {
    fn value(&self, name: &str) -> Value {
        let value = self.0.get_field_by_name(name);
        value.unwrap_or_else(|| panic!("the schema has a field {name}")).into_owned()
    }

    fn number(&self, name: &str) -> u32 {
        let value = self.value(name);
        value.as_u32().or(value.as_bool().map(u32::from)).expect("a number")
    }

    fn text(&self, name: &str) -> String {
        self.value(name).as_str().expect("text").to_owned()
    }

    fn numbers(&self, name: &str) -> Vec<u32> {
        let value = self.value(name);
        value.as_list().expect("a list").iter().map(|it| it.as_u32().expect("a number")).collect()
    }

    fn message(&self, name: &str) -> DynamicMessage {
        self.value(name).as_message().expect("a message").clone()
    }

    fn messages(&self, name: &str) -> Vec<DynamicMessage> {
        let value = self.value(name);
        let each = value.as_list().expect("a list").iter();
        each.map(|it| it.as_message().expect("a message").clone()).collect()
    }

    fn has_no_strangers(&self) -> bool {
        self.0.unknown_fields().next().is_none()
    }
}

fn constant(message: &DynamicMessage) -> Constant {
    let fields = Fields(message);
    let set: Vec<_> = message.fields().map(|(field, _)| field.name().to_owned()).collect();
    let [name] = &set[..] else { panic!("one of the kinds, not {set:?}") };
    match (name.as_str(), fields.value(name)) {
        ("null", Value::Bool(true)) => Constant::Null,
        ("bool", Value::Bool(it)) => Constant::Bool(it),
        ("int", Value::I64(it)) => Constant::Int(it),
        ("float", Value::U64(it)) => Constant::Float(it),
        ("text", Value::String(it)) => Constant::text(&it),
        ("data", Value::Bytes(it)) => Constant::Bytes(it.to_vec().into()),
        other => panic!("{other:?}"),
    }
}

/// The pool, as names and as constants.
struct Pool(Vec<Constant>);

impl Pool {
    fn name(&self, at: u32) -> &str {
        match &self.0[at as usize] {
            Constant::Str(name) => name,
            other => panic!("{other:?} is no name"),
        }
    }

    fn names(&self, at: &[u32]) -> Vec<&str> {
        at.iter().map(|it| self.name(*it)).collect()
    }
}

fn strs(names: &[std::sync::Arc<str>]) -> Vec<&str> {
    names.iter().map(|it| &**it).collect()
}

fn compare_header(header: &Fields<'_>, pool: &Pool, module: &ModuleData) {
    assert!(header.has_no_strangers());
    assert_eq!(header.text("name"), *module.name);
    assert_eq!(header.number("profile") == 1, module.profile == Profile::Linear);
    assert_eq!(header.number("start"), module.start.map_or(0, |it| it.0 + 1));
    let globals = header.messages("globals");
    assert_eq!(globals.len(), module.globals.len());
    for (theirs, ours) in globals.iter().map(Fields).zip(&module.globals) {
        assert_eq!(pool.name(theirs.number("name")), &*ours.name);
        assert_eq!(theirs.number("mutable"), u32::from(ours.mutable));
        assert_eq!(theirs.number("exported"), u32::from(ours.exported));
    }
    let imports = header.messages("imports");
    assert_eq!(imports.len(), module.imports.len());
    for (theirs, ours) in imports.iter().map(Fields).zip(&module.imports) {
        let kind = [ImportKind::Host, ImportKind::HostAsync, ImportKind::Script];
        assert_eq!(pool.name(theirs.number("name")), &*ours.name);
        assert_eq!(kind[theirs.number("kind") as usize], ours.kind);
    }
    let types = header.messages("types");
    assert_eq!(types.len(), module.types.len());
    for (theirs, ours) in types.iter().map(Fields).zip(&module.types) {
        compare_type(&theirs, pool, ours);
    }
    let signatures = header.messages("signatures");
    assert_eq!(signatures.len(), module.functions.len());
    for (theirs, ours) in signatures.iter().map(Fields).zip(&module.functions) {
        compare_signature(&theirs, pool, ours);
    }
}

fn compare_type(theirs: &Fields<'_>, pool: &Pool, ours: &TypeDef) {
    assert_eq!(pool.name(theirs.number("name")), &**ours.name());
    match ours {
        TypeDef::Struct { fields, methods, .. } => {
            assert_eq!(theirs.number("is_enum"), 0);
            assert_eq!(pool.names(&theirs.numbers("fields")), strs(fields));
            let found = theirs.messages("methods");
            assert_eq!(found.len(), methods.len());
            for (theirs, ours) in found.iter().map(Fields).zip(methods) {
                let kind = [MethodKind::Value, MethodKind::Mutating, MethodKind::Static];
                assert_eq!(pool.name(theirs.number("name")), &*ours.name);
                assert_eq!(theirs.number("function"), ours.function.0);
                assert_eq!(kind[theirs.number("kind") as usize], ours.kind);
            }
        }
        TypeDef::Enum { variants, .. } => {
            assert_eq!(theirs.number("is_enum"), 1);
            let found = theirs.messages("variants");
            assert_eq!(found.len(), variants.len());
            for (theirs, ours) in found.iter().map(Fields).zip(variants) {
                assert_eq!(pool.name(theirs.number("name")), &*ours.name);
                let (kind, count) = (theirs.number("kind"), theirs.number("count"));
                match &ours.payload {
                    Payload::Open => assert_eq!((kind, count), (0, 0)),
                    Payload::Tuple(n) => assert_eq!((kind, count), (1, *n)),
                    Payload::Struct(fields) => {
                        assert_eq!((kind, count), (2, 0));
                        assert_eq!(pool.names(&theirs.numbers("fields")), strs(fields));
                    }
                }
            }
        }
    }
}

fn compare_signature(theirs: &Fields<'_>, pool: &Pool, ours: &Function) {
    assert_eq!(pool.name(theirs.number("name")), &*ours.name);
    let kind = [FunctionKind::Plain, FunctionKind::Generator, FunctionKind::Async];
    assert_eq!(kind[theirs.number("kind") as usize], ours.kind);
    let params = theirs.messages("params");
    assert_eq!(params.len(), ours.params.len());
    for (theirs, ours) in params.iter().map(Fields).zip(&ours.params) {
        let kind = [ParamKind::Required, ParamKind::Optional, ParamKind::Variadic];
        assert_eq!(pool.name(theirs.number("name")), &*ours.name);
        assert_eq!(kind[theirs.number("kind") as usize], ours.kind);
    }
    let captures = ours.captures.iter().map(|it| match it {
        Capture::Cell(cell) => 2 * cell.0,
        Capture::Free(free) => 2 * free.0 + 1,
    });
    assert_eq!(theirs.numbers("captures"), captures.collect::<Vec<_>>());
}

fn compare_function(theirs: &Fields<'_>, pool: &Pool, ours: &Function) {
    assert!(theirs.has_no_strangers());
    let code = &*ours.code;
    assert_eq!(theirs.value("units").as_bytes().expect("bytes")[..], *code.units().as_flattened());
    let constants: Vec<_> =
        theirs.numbers("constants").iter().map(|at| pool.0[*at as usize].clone()).collect();
    assert_eq!(constants, code.constants());
    for (field, names) in [("names", code.names()), ("cells", code.cells()), ("free", code.free())]
    {
        assert_eq!(pool.names(&theirs.numbers(field)), strs(names));
    }
    assert_eq!(sums(&theirs.numbers("labels")), code.labels());
    assert_eq!(theirs.number("locals"), code.n_locals());
    assert_eq!(theirs.number("max_stack"), code.max_stack());
    let variants = code.variants().iter().flat_map(|it| [it.ty.0, it.variant]);
    assert_eq!(theirs.numbers("variants"), variants.collect::<Vec<_>>());
    compare_tables(theirs, ours);
}

fn compare_tables(theirs: &Fields<'_>, ours: &Function) {
    let code = &*ours.code;
    let (paths, sites, handlers) =
        (theirs.messages("paths"), theirs.messages("sites"), theirs.messages("handlers"));
    assert_eq!(
        (paths.len(), sites.len(), handlers.len()),
        (code.paths().len(), code.sites().len(), code.handlers().len())
    );
    for (theirs, ours) in paths.iter().map(Fields).zip(code.paths()) {
        let root = match ours.root {
            Root::Local(it) => (0, it.0),
            Root::Cell(it) => (1, it.0),
            Root::Free(it) => (2, it.0),
            Root::Global(it) => (3, it.0),
        };
        assert_eq!((theirs.number("root_kind"), theirs.number("root")), root);
        let step = |it: &Step| if let Step::Field(name) = it { name.0 + 1 } else { 0 };
        assert_eq!(theirs.numbers("steps"), ours.steps.iter().map(step).collect::<Vec<_>>());
    }
    for (theirs, ours) in sites.iter().map(Fields).zip(code.sites()) {
        assert_eq!(theirs.number("method"), ours.method.map_or(0, |it| it.0 + 1));
        assert_eq!(theirs.number("args"), ours.args);
        assert_eq!(theirs.numbers("named"), ours.named.iter().map(|it| it.0).collect::<Vec<_>>());
        let receiver = match ours.receiver {
            Receiver::Value => (0, 0),
            Receiver::Immutable(name) => (1, name.0),
            Receiver::Place(path) => (2, path.0),
        };
        assert_eq!((theirs.number("receiver_kind"), theirs.number("receiver")), receiver);
        assert_eq!(theirs.number("spread"), u32::from(ours.spread));
        assert_eq!(theirs.number("variant"), ours.variant.map_or(0, |it| it.0 + 1));
    }
    for (theirs, ours) in handlers.iter().map(Fields).zip(code.handlers()) {
        let found = ["start", "end", "target", "depth"].map(|it| theirs.number(it));
        assert_eq!(found, [ours.start.0, ours.end.0, ours.target.0, ours.depth]);
    }
}

fn compare_debug(debug: &Fields<'_>, module: &ModuleData) {
    let ours = module.debug.as_ref().expect("there is debug information");
    assert_eq!(debug.text("source_name"), *ours.source);
    assert_eq!(sums(&debug.numbers("line_lengths")), *ours.line_starts);
    let imported = debug.messages("imported");
    assert_eq!(imported.len(), ours.imported.len());
    let mut start = 0;
    for (theirs, ours) in imported.iter().map(Fields).zip(&ours.imported) {
        start += theirs.number("start");
        assert_eq!((&*theirs.text("name"), start), (&*ours.name, ours.start));
        assert_eq!(sums(&theirs.numbers("line_lengths")), *ours.line_starts);
    }
    let functions = debug.messages("functions");
    assert_eq!(functions.len(), module.functions.len());
    for (theirs, ours) in functions.iter().map(Fields).zip(&module.functions) {
        let (mut unit, mut start) = (0, 0u32);
        let spans = theirs.numbers("spans");
        let spans = spans.chunks(3).map(|it| {
            unit += it[0];
            start = start.strict_add_signed(unzigzag(it[1]));
            (unit, start, start + it[2])
        });
        let expected = ours.code.lines().iter().map(|(unit, span)| (unit, span.start, span.end));
        assert!(spans.eq(expected));
        let value = theirs.value("locals");
        let locals: Vec<_> =
            value.as_list().expect("a list").iter().filter_map(Value::as_str).collect();
        assert_eq!(locals, strs(ours.code.local_names()));
    }
}

fn sums(distances: &[u32]) -> Vec<u32> {
    let mut at = 0;
    distances
        .iter()
        .map(|it| {
            at += it;
            at
        })
        .collect()
}

#[test]
fn a_foreign_implementation_reads_the_same_values_and_writes_the_same_bytes() {
    let schema = schema();
    let mut n_functions = 0;
    for golden in golden::all(false).expect("the programs are there") {
        let message = DynamicMessage::decode(schema.clone(), &golden.bytes[..]);
        let message = message.unwrap_or_else(|error| panic!("{}: {error}", golden.name));
        assert!(message.encode_to_vec() == golden.bytes, "{}: other bytes", golden.name);
        let file = Fields(&message);
        assert!(file.has_no_strangers());
        let (header, functions, debug) =
            (file.message("header"), file.messages("functions"), file.message("debug"));
        let header = Fields(&header);
        let pool = Pool(header.messages("pool").iter().map(constant).collect());
        compare_header(&header, &pool, &golden.data);
        assert_eq!(functions.len(), golden.data.functions.len());
        let sizes: Vec<_> =
            functions.iter().map(|it| u32::try_from(it.encoded_len()).unwrap()).collect();
        assert_eq!(header.numbers("function_sizes"), sizes);
        for (theirs, ours) in functions.iter().map(Fields).zip(&golden.data.functions) {
            compare_function(&theirs, &pool, ours);
            n_functions += 1;
        }
        compare_debug(&Fields(&debug), &golden.data);
    }
    assert!(n_functions > 800, "{n_functions}");
}
