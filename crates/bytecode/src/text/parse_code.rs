//! Text into the body of a function.

use std::collections::HashMap;

use remora_diagnostics::Span;

use super::TextError;
use super::lex::Token;
use super::parse::Parser;
use super::tables::Pools;
use crate::code::{Code, CodeParts, Handler, VariantRef};
use crate::constant::Constant;
use crate::ids::{
    CellIdx, FreeIdx, GlobalIdx, LabelIdx, LocalIdx, NameIdx, PathIdx, TypeIdx, VariantIdx,
};
use crate::isa::{CompareKind, Opcode, OperandKind, ResultKind};
use crate::lines::LineTable;
use crate::site::{Path, Receiver, Root, Site, Step};
use crate::unit::{encode, zigzag};

/// A label where it is used: its name, and where in the text.
#[derive(Clone, Copy)]
struct Target<'a> {
    name: &'a str,
    at: usize,
}

#[derive(Clone, Copy)]
enum Arg<'a> {
    Plain(u32),
    Label(Target<'a>),
}

#[derive(Default)]
struct Body<'a> {
    parts: CodeParts,
    pools: Pools,
    instructions: Vec<(Opcode, Arg<'a>)>,
    /// Labels by name: the index that they get.
    labels: HashMap<&'a str, u32>,
    /// For each index how many instructions stand before.
    positions: Vec<usize>,
    handlers: Vec<([Target<'a>; 3], u32)>,
    /// Changes of span, each with the number of instructions before.
    spans: Vec<(usize, Span)>,
    says_stack: bool,
}

/// Reads a body in braces, and whether it says how deep its stack gets.
pub(super) fn parse_body(parser: &mut Parser<'_>) -> Result<(Code, bool), TextError> {
    parser.expect('{')?;
    let mut body = Body::default();
    while !parser.eat_sign('}')? {
        body.line(parser)?;
    }
    body.finish(parser)
}

impl<'a> Body<'a> {
    fn line(&mut self, parser: &mut Parser<'a>) -> Result<(), TextError> {
        if parser.eat_sign('@')? {
            let start = parser.number()?;
            parser.expect('.')?;
            parser.expect('.')?;
            let end = parser.number()?;
            self.spans.push((self.instructions.len(), Span::new(start, end)));
            return Ok(());
        }
        let at = parser.at;
        let word = parser.word()?;
        if parser.eat_sign(':')? {
            return self.bind(parser, word, at);
        }
        match word {
            "locals" => {
                self.parts.n_locals = parser.number()?;
                if parser.token == Token::Sign('[') {
                    self.parts.local_names = parser.list(Parser::name)?;
                }
            }
            "stack" => {
                self.parts.max_stack = parser.number()?;
                self.says_stack = true;
            }
            "cells" => self.parts.cells = parser.list(Parser::name)?,
            "free" => self.parts.free = parser.list(Parser::name)?,
            "constants" => {
                for it in parser.list(constant)? {
                    self.pools.constants.push(it);
                }
            }
            "names" => {
                for it in parser.list(Parser::name)? {
                    self.pools.names.push(it);
                }
            }
            "variants" => {
                for it in parser.list(variant)? {
                    self.pools.variants.push(it);
                }
            }
            "paths" => {
                for it in parser.list(|parser| self.path(parser))? {
                    self.pools.paths.push(it);
                }
            }
            "sites" => {
                for it in parser.list(|parser| self.site(parser))? {
                    self.pools.sites.push(it);
                }
            }
            "handler" => {
                let labels = [target(parser)?, target(parser)?, target(parser)?];
                parser.choose(&[("depth", ())])?;
                self.handlers.push((labels, parser.number()?));
            }
            _ => match Opcode::from_name(word) {
                Some(op) if op != Opcode::ExtendedArg => {
                    let arg = self.operand(parser, op)?;
                    self.instructions.push((op, arg));
                }
                _ => return Err(parser.lexer.error(at, format!("there is no instruction {word}"))),
            },
        }
        Ok(())
    }

    fn bind(&mut self, parser: &Parser<'a>, name: &'a str, at: usize) -> Result<(), TextError> {
        let here = self.instructions.len();
        if self.positions.last() != Some(&here) {
            self.positions.push(here);
        }
        let index = u32::try_from(self.positions.len() - 1).unwrap_or(u32::MAX);
        if self.labels.insert(name, index).is_some() {
            return Err(parser.lexer.error(at, format!("the label {name} stands at two places")));
        }
        Ok(())
    }

    fn operand(&mut self, parser: &mut Parser<'a>, op: Opcode) -> Result<Arg<'a>, TextError> {
        if let Some(raw) = entry(parser)? {
            return Ok(Arg::Plain(raw));
        }
        let Some(kind) = op.info().operand else { return Ok(Arg::Plain(0)) };
        Ok(Arg::Plain(match kind {
            OperandKind::Const => self.pools.constants.add(constant(parser)?),
            OperandKind::Name => self.name(parser)?.0,
            OperandKind::Label => return Ok(Arg::Label(target(parser)?)),
            OperandKind::Variant => self.variant(parser)?.0,
            OperandKind::Path => self.path_index(parser)?.0,
            OperandKind::Site => {
                let site = self.site(parser)?;
                self.pools.sites.add(site)
            }
            OperandKind::Imm => zigzag(parser.integer()?),
            OperandKind::Compare => {
                parser.choose(&CompareKind::ALL.map(|it| (it.name(), it as u32)))?
            }
            OperandKind::Result => {
                parser.choose(&ResultKind::ALL.map(|it| (it.name(), it as u32)))?
            }
            OperandKind::Local
            | OperandKind::Cell
            | OperandKind::Free
            | OperandKind::Global
            | OperandKind::Count
            | OperandKind::Depth
            | OperandKind::Function
            | OperandKind::Import
            | OperandKind::Type => parser.number()?,
        }))
    }

    fn name(&mut self, parser: &mut Parser<'_>) -> Result<NameIdx, TextError> {
        Ok(NameIdx(match entry(parser)? {
            Some(raw) => raw,
            None => self.pools.names.add(parser.name()?),
        }))
    }

    fn variant(&mut self, parser: &mut Parser<'_>) -> Result<VariantIdx, TextError> {
        Ok(VariantIdx(match entry(parser)? {
            Some(raw) => raw,
            None => self.pools.variants.add(variant(parser)?),
        }))
    }

    fn path_index(&mut self, parser: &mut Parser<'_>) -> Result<PathIdx, TextError> {
        if let Some(raw) = entry(parser)? {
            return Ok(PathIdx(raw));
        }
        let path = self.path(parser)?;
        Ok(PathIdx(self.pools.paths.add(path)))
    }

    fn path(&mut self, parser: &mut Parser<'_>) -> Result<Path, TextError> {
        let kind = parser.choose(&[("local", 0), ("cell", 1), ("free", 2), ("global", 3)])?;
        let at = parser.number()?;
        let root = match kind {
            0 => Root::Local(LocalIdx(at)),
            1 => Root::Cell(CellIdx(at)),
            2 => Root::Free(FreeIdx(at)),
            _ => Root::Global(GlobalIdx(at)),
        };
        let mut steps = Vec::new();
        loop {
            if parser.eat_sign('.')? {
                steps.push(Step::Field(self.name(parser)?));
            } else if parser.eat_sign('[')? {
                parser.expect(']')?;
                steps.push(Step::Index);
            } else {
                return Ok(Path { root, steps: steps.into() });
            }
        }
    }

    fn site(&mut self, parser: &mut Parser<'_>) -> Result<Site, TextError> {
        parser.expect('(')?;
        let mut site = Site::call(0);
        if parser.eat("method")? {
            site.method = Some(self.name(parser)?);
        }
        parser.choose(&[("args", ())])?;
        site.args = parser.number()?;
        if parser.eat("named")? {
            site.named = parser.list(|parser| self.name(parser))?.into();
        }
        if parser.eat("immutable")? {
            site.receiver = Receiver::Immutable(self.name(parser)?);
        } else if parser.eat("place")? {
            site.receiver = Receiver::Place(self.path_index(parser)?);
        }
        if parser.eat("variant")? {
            site.variant = Some(self.variant(parser)?);
        }
        site.spread = parser.eat("spread")?;
        parser.expect(')')?;
        Ok(site)
    }

    fn label(&self, parser: &Parser<'_>, target: Target<'_>) -> Result<u32, TextError> {
        self.labels.get(target.name).copied().ok_or_else(|| {
            parser.lexer.error(target.at, format!("there is no label {}", target.name))
        })
    }

    /// Numbers the labels and encodes the instructions.
    fn finish(mut self, parser: &Parser<'a>) -> Result<(Code, bool), TextError> {
        let mut starts = Vec::with_capacity(self.instructions.len() + 1);
        let mut units = Vec::with_capacity(self.instructions.len());
        let start = |units: &Vec<_>| {
            u32::try_from(units.len())
                .map_err(|_| parser.lexer.error(parser.at, "the function is too long"))
        };
        for (op, arg) in &self.instructions {
            starts.push(start(&units)?);
            let arg = match arg {
                Arg::Plain(arg) => *arg,
                Arg::Label(target) => self.label(parser, *target)?,
            };
            encode(*op, arg, &mut units);
        }
        starts.push(start(&units)?);
        for ([start, end, target], depth) in &self.handlers {
            let handler = Handler {
                start: LabelIdx(self.label(parser, *start)?),
                end: LabelIdx(self.label(parser, *end)?),
                target: LabelIdx(self.label(parser, *target)?),
                depth: *depth,
            };
            self.parts.handlers.push(handler);
        }
        let unit = |at: usize| starts.get(at).copied().unwrap_or(u32::MAX);
        self.parts.labels = self.positions.iter().map(|at| unit(*at)).collect();
        self.parts.lines = LineTable::new(self.spans.iter().map(|(at, span)| (unit(*at), *span)));
        self.parts.units = units;
        self.parts.constants = self.pools.constants.items;
        self.parts.names = self.pools.names.items;
        self.parts.variants = self.pools.variants.items;
        self.parts.paths = self.pools.paths.items;
        self.parts.sites = self.pools.sites.items;
        Ok((self.parts.into(), self.says_stack))
    }
}

fn target<'a>(parser: &mut Parser<'a>) -> Result<Target<'a>, TextError> {
    let at = parser.at;
    Ok(Target { name: parser.word()?, at })
}

/// `#3`, if that stands here.
fn entry(parser: &mut Parser<'_>) -> Result<Option<u32>, TextError> {
    if parser.eat_sign('#')? { parser.number().map(Some) } else { Ok(None) }
}

fn variant(parser: &mut Parser<'_>) -> Result<VariantRef, TextError> {
    let ty = TypeIdx(parser.number()?);
    parser.expect(':')?;
    Ok(VariantRef { ty, variant: parser.number()? })
}

fn constant(parser: &mut Parser<'_>) -> Result<Constant, TextError> {
    let constant = match &parser.token {
        Token::Word("null") => Constant::Null,
        Token::Word("true") => Constant::Bool(true),
        Token::Word("false") => Constant::Bool(false),
        Token::Word(word) => {
            let digits = word.strip_prefix("f0x").filter(|it| it.len() == 16);
            match digits.and_then(|it| u64::from_str_radix(it, 16).ok()) {
                Some(bits) => Constant::Float(bits),
                None => return parser.wrong("a constant"),
            }
        }
        Token::Number(digits) if digits.contains(['.', 'e']) => match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Constant::float(value),
            _ => return parser.wrong("a float that is not too large"),
        },
        Token::Number(_) => return parser.integer().map(Constant::Int),
        Token::Text(text) => Constant::text(text),
        Token::Bytes(bytes) => Constant::Bytes(bytes.as_slice().into()),
        Token::Sign(_) | Token::End => return parser.wrong("a constant"),
    };
    parser.take()?;
    Ok(constant)
}
