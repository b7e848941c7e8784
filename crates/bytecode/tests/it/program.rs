//! Random functions with every kind of control, built by the builder. What they compute makes no sense; that they pass
//! the verifier does.

use remora_bytecode::{
    Capture, CellIdx, CodeBuilder, CodeParts, CompareKind, Constant, FnIdx, Function, Global,
    GlobalIdx, Import, ImportIdx, ImportKind, Label, LocalIdx, ModuleData, NameIdx, Path, Payload,
    Receiver, Root, Site, Step, TypeDef, TypeIdx, VariantDef, VariantRef,
};

use crate::fixture::{Random, encoded, function};

/// A module whose first function is random, of about that many statements.
pub(crate) fn random_module(seed: u64, n_statements: usize) -> ModuleData {
    let mut writer = Writer::new(Random(seed));
    writer.block(n_statements, 0);
    let main = writer.finish();
    let made = Function {
        captures: [Capture::Cell(CellIdx(0))].into(),
        ..function(CodeParts {
            units: encoded(&[
                (remora_bytecode::Opcode::LoadFree, 0),
                (remora_bytecode::Opcode::Return, 0),
            ]),
            free: vec!["c".into()],
            max_stack: 1,
            ..CodeParts::default()
        })
    };
    let import = |name: &str, kind| Import { name: name.into(), kind };
    let enumeration = TypeDef::Enum {
        name: "E".into(),
        variants: [VariantDef { name: "A".into(), payload: Payload::Tuple(1) }].into(),
    };
    let structure = TypeDef::Struct {
        name: "S".into(),
        fields: ["x".into(), "y".into()].into(),
        methods: [].into(),
    };
    ModuleData {
        name: "random".into(),
        globals: [Global { name: "g".into(), mutable: true, exported: false }].into(),
        imports: [import("print", ImportKind::Host), import("map", ImportKind::Script)].into(),
        types: [enumeration, structure].into(),
        functions: [main, made].into(),
        start: Some(FnIdx(0)),
        ..ModuleData::default()
    }
}

struct Writer {
    random: Random,
    code: CodeBuilder,
    locals: Vec<LocalIdx>,
    cell: CellIdx,
    left: usize,
    /// How many handlers there are around. Under one nothing is moved, as the handler may read it.
    n_handlers: usize,
    /// Where `break` and `continue` go, how deep the stack is there, and what is in between.
    loops: Vec<Loop>,
}

#[derive(Clone, Copy)]
struct Loop {
    head: Label,
    end: Label,
    iterates: bool,
    n_handlers: usize,
}

impl Writer {
    fn new(random: Random) -> Self {
        let mut code = CodeBuilder::new(0);
        let locals = (0..8)
            .map(|n| {
                let local = code.new_local();
                code.load_int(n);
                code.store_local(local);
                local
            })
            .collect();
        let cell = code.tables().new_cell("c");
        code.make_cell(cell);
        Self { random, code, locals, cell, left: 0, n_handlers: 0, loops: Vec::new() }
    }

    fn finish(mut self) -> Function {
        self.code.return_null();
        Function { code: self.code.finish().unwrap(), ..function(CodeParts::default()) }
    }

    fn local(&mut self) -> LocalIdx {
        self.locals[self.random.below(self.locals.len())]
    }

    fn block(&mut self, n: usize, depth: usize) {
        self.left = n;
        while self.left > 0 && self.code.is_live() {
            self.left -= 1;
            self.statement(depth);
        }
    }

    fn few(&mut self, depth: usize) {
        for _ in 0..=self.random.below(3) {
            if self.left > 0 {
                self.left -= 1;
                self.statement(depth + 1);
            }
        }
    }

    fn statement(&mut self, depth: usize) {
        let choice = if depth > 6 { self.random.below(7) } else { self.random.below(13) };
        match choice {
            0 | 1 => {
                self.expression(0);
                let local = self.local();
                self.code.store_local(local);
            }
            2 => self.place(),
            3 => {
                self.code.make_cell(self.cell);
                self.code.make_closure(FnIdx(1));
                self.code.store_cell(self.cell);
            }
            4 if self.n_handlers == 0 => {
                let local = self.local();
                self.code.move_local(local);
                self.code.load_int(1);
                self.code.build_array(2);
                self.code.store_local(local);
            }
            5 => self.leave_loop(),
            6 => {
                self.code.load_global(GlobalIdx(0));
                self.code.check_pattern("something else");
            }
            7 | 8 => self.conditional(depth),
            9 => self.while_loop(depth),
            10 => self.for_loop(depth),
            11 => self.handled(depth),
            12 if self.random.below(20) == 0 => {
                self.expression(0);
                self.code.r#return();
            }
            _ => {
                self.expression(0);
                self.code.pop();
            }
        }
    }

    fn place(&mut self) {
        let local = self.local();
        let x = self.code.tables().name("x");
        let steps = [Step::Field(x), Step::Index].into();
        let path = Path { root: Root::Local(local), steps };
        self.expression(1);
        self.expression(1);
        if self.random.below(2) == 0 {
            self.code.store_path(path);
        } else {
            let receiver = Receiver::Place(self.code.tables().path(path));
            let method = Some(self.code.tables().name("push"));
            self.code.call_place(Site { receiver, method, ..Site::call(1) });
            self.code.pop();
        }
    }

    fn leave_loop(&mut self) {
        let Some(it) = self.loops.last().copied() else { return };
        if it.n_handlers != self.n_handlers {
            return;
        }
        if self.random.below(2) == 0 {
            self.code.jump_back(it.head);
        } else {
            if it.iterates {
                self.code.pop_iter();
            }
            self.code.jump(it.end);
        }
    }

    fn conditional(&mut self, depth: usize) {
        let (other, end) = (self.code.new_label(), self.code.new_label());
        self.expression(0);
        self.code.jump_if_false(other);
        self.few(depth);
        self.code.jump(end);
        self.code.bind(other);
        self.few(depth);
        self.code.bind(end);
    }

    fn while_loop(&mut self, depth: usize) {
        let (head, end) = (self.code.new_label(), self.code.new_label());
        self.code.bind(head);
        self.expression(0);
        self.code.jump_if_false(end);
        self.loops.push(Loop { head, end, iterates: false, n_handlers: self.n_handlers });
        self.few(depth);
        self.loops.pop();
        self.code.jump_back(head);
        self.code.bind(end);
    }

    fn for_loop(&mut self, depth: usize) {
        let (head, done, end) =
            (self.code.new_label(), self.code.new_label(), self.code.new_label());
        self.expression(0);
        self.code.get_iter();
        self.code.bind(head);
        self.code.for_iter(done);
        let local = self.local();
        self.code.store_local(local);
        self.loops.push(Loop { head, end, iterates: true, n_handlers: self.n_handlers });
        self.few(depth);
        self.loops.pop();
        self.code.jump_back(head);
        self.code.bind(done);
        self.code.bind(end);
    }

    fn handled(&mut self, depth: usize) {
        let (start, end) = (self.code.new_label(), self.code.new_label());
        let (target, after) = (self.code.new_label(), self.code.new_label());
        let Some(items) = self.code.depth() else { return };
        self.n_handlers += 1;
        self.code.bind(start);
        self.code.add_handler(start, end, target, items);
        self.few(depth);
        self.code.bind(end);
        self.n_handlers -= 1;
        self.code.jump(after);
        self.code.bind(target);
        let local = self.local();
        self.code.store_local(local);
        self.few(depth);
        self.code.bind(after);
    }

    fn expression(&mut self, depth: usize) {
        let choice = if depth > 4 { self.random.below(5) } else { self.random.below(14) };
        match choice {
            0 | 1 => {
                let local = self.local();
                self.code.load_local(local);
            }
            2 => {
                let value = i64::from(self.random.operand());
                self.code.load_int(value);
            }
            3 => {
                let text = format!("s{}", self.random.below(400));
                self.code.load_const(Constant::text(&text));
            }
            4 => self.code.load_cell(self.cell),
            5 | 6 => {
                self.expression(depth + 1);
                self.expression(depth + 1);
                self.code.binary_add();
            }
            7 => {
                self.expression(depth + 1);
                self.expression(depth + 1);
                self.code.compare(CompareKind::Le);
            }
            8 => {
                self.code.load_host(ImportIdx(0));
                self.expression(depth + 1);
                self.code.call_host(1);
            }
            9 => {
                self.code.load_import(ImportIdx(1));
                self.expression(depth + 1);
                self.code.copy(1);
                self.code.call(2);
            }
            10 => {
                let (other, end) = (self.code.new_label(), self.code.new_label());
                self.expression(depth + 1);
                self.code.jump_if_false(other);
                self.expression(depth + 1);
                self.code.jump(end);
                self.code.bind(other);
                self.expression(depth + 1);
                self.code.bind(end);
            }
            11 => {
                self.expression(depth + 1);
                let variant = self.code.tables().variant(VariantRef { ty: TypeIdx(0), variant: 0 });
                self.code.make_variant(Site { variant: Some(variant), ..Site::call(1) });
            }
            12 => {
                self.expression(depth + 1);
                self.expression(depth + 1);
                self.code.make_struct(TypeIdx(1), 2);
            }
            _ => {
                self.expression(depth + 1);
                let end = self.code.new_label();
                self.code.jump_if_some(end);
                self.expression(depth + 1);
                self.code.bind(end);
                let method: Option<NameIdx> = Some(self.code.tables().name("len"));
                self.code.call_method(Site { method, ..Site::call(0) });
            }
        }
    }
}
