//! Text into a module: everything but the bodies of functions.

use std::str::FromStr;
use std::sync::Arc;

use super::TextError;
use super::lex::{Lexer, Token};
use super::parse_code::parse_body;
use crate::function::{Capture, Function, FunctionKind, ParamDef, ParamKind};
use crate::ids::{CellIdx, FnIdx, FreeIdx};
use crate::isa::Profile;
use crate::module::{
    Debug, Global, Import, ImportKind, ImportedSource, Method, MethodKind, Module, ModuleData,
    Payload, TypeDef, Unverified, VariantDef,
};

/// Reads the text form of a module. What comes of it has still to be verified.
///
/// # Errors
/// The first place where the text cannot be understood.
pub fn parse(text: &str) -> Result<Module<Unverified>, TextError> {
    let mut parser = Parser::new(text)?;
    let mut reader = Reader::default();
    while parser.token != Token::End {
        reader.item(&mut parser)?;
    }
    reader.data.globals = reader.globals.into();
    reader.data.imports = reader.imports.into();
    reader.data.metadata = reader.metadata.into();
    if let Some(debug) = &mut reader.data.debug {
        Arc::make_mut(debug).imported = reader.imported.into();
    }
    let types = reader.types;
    for (function, says_stack) in &mut reader.functions {
        if !*says_stack {
            let code = Arc::make_mut(&mut function.code);
            code.max_stack = super::depth::max_stack(code, &types);
        }
    }
    reader.data.functions = reader.functions.into_iter().map(|(it, _)| it).collect();
    reader.data.types = types.into();
    Ok(Module::new(reader.data))
}

/// What has been read of a module.
#[derive(Default)]
struct Reader {
    data: ModuleData,
    globals: Vec<Global>,
    imports: Vec<Import>,
    types: Vec<TypeDef>,
    /// Each with whether it says how deep its stack gets.
    functions: Vec<(Function, bool)>,
    metadata: Vec<(Arc<str>, Arc<str>)>,
    /// Of the debug information.
    imported: Vec<ImportedSource>,
}

impl Reader {
    fn item(&mut self, parser: &mut Parser<'_>) -> Result<(), TextError> {
        let at = parser.at;
        match parser.word()? {
            "module" => {
                self.data.name = parser.text()?;
                self.data.profile =
                    parser.choose(&[("full", Profile::Full), ("linear", Profile::Linear)])?;
            }
            "source" => {
                let name = parser.text()?;
                if parser.eat("at")? {
                    if self.data.debug.is_none() {
                        return Err(parser.lexer.error(at, "the program's own source comes first"));
                    }
                    let start = parser.number()?;
                    let line_starts = parser.list(Parser::number)?.into();
                    self.imported.push(ImportedSource { name, start, line_starts });
                } else {
                    let line_starts = parser.list(Parser::number)?.into();
                    let debug = Debug { source: name, line_starts, ..Debug::default() };
                    self.data.debug = Some(Arc::new(debug));
                }
            }
            "meta" => self.metadata.push((parser.text()?, parser.text()?)),
            "global" => self.globals.push(Global {
                name: parser.name()?,
                mutable: parser.eat("mutable")?,
                exported: parser.eat("exported")?,
            }),
            "import" => self.imports.push(Import {
                name: parser.name()?,
                kind: parser.choose(&[
                    ("host", ImportKind::Host),
                    ("host_async", ImportKind::HostAsync),
                    ("script", ImportKind::Script),
                ])?,
            }),
            "struct" => {
                let name = parser.name()?;
                let fields = parser.list(Parser::name)?.into();
                let methods = parser.until('{', '}', method)?.into();
                self.types.push(TypeDef::Struct { name, fields, methods });
            }
            "enum" => {
                let name = parser.name()?;
                let variants = parser.until('{', '}', variant)?.into();
                self.types.push(TypeDef::Enum { name, variants });
            }
            "func" => {
                let function = function(parser)?;
                self.functions.push(function);
            }
            "start" => self.data.start = Some(FnIdx(parser.number()?)),
            _ => return Err(parser.lexer.error(at, "this begins nothing in a module")),
        }
        Ok(())
    }
}

fn method(parser: &mut Parser<'_>) -> Result<Method, TextError> {
    let name = parser.name()?;
    parser.expect('=')?;
    let function = FnIdx(parser.number()?);
    let kind = parser.choose(&[
        ("value", MethodKind::Value),
        ("mutating", MethodKind::Mutating),
        ("static", MethodKind::Static),
    ])?;
    Ok(Method { name, function, kind })
}

fn variant(parser: &mut Parser<'_>) -> Result<VariantDef, TextError> {
    let name = parser.name()?;
    let payload = match parser.choose(&[("open", 0), ("tuple", 1), ("struct", 2)])? {
        0 => Payload::Open,
        1 => Payload::Tuple(parser.number()?),
        _ => Payload::Struct(parser.list(Parser::name)?.into()),
    };
    Ok(VariantDef { name, payload })
}

fn function(parser: &mut Parser<'_>) -> Result<(Function, bool), TextError> {
    let name = parser.name()?;
    let params = parser.until('(', ')', |parser| {
        let name = parser.name()?;
        let kind = if parser.eat("optional")? {
            ParamKind::Optional
        } else if parser.eat("variadic")? {
            ParamKind::Variadic
        } else {
            ParamKind::Required
        };
        Ok(ParamDef { name, kind })
    })?;
    let kind = parser.choose(&[
        ("plain", FunctionKind::Plain),
        ("generator", FunctionKind::Generator),
        ("async", FunctionKind::Async),
    ])?;
    let mut captures = Vec::new();
    if parser.eat("captures")? {
        captures = parser.list(|parser| {
            let cell = parser.choose(&[("cell", true), ("free", false)])?;
            let at = parser.number()?;
            Ok(if cell { Capture::Cell(CellIdx(at)) } else { Capture::Free(FreeIdx(at)) })
        })?;
    }
    let (code, says_stack) = parse_body(parser)?;
    let params = params.into();
    Ok((Function { name, params, kind, captures: captures.into(), code: code.into() }, says_stack))
}

/// Reads tokens with one of them ahead.
pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    /// The token that is looked at.
    pub(super) token: Token<'a>,
    /// The byte at which it begins.
    pub(super) at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, TextError> {
        let mut parser = Self { lexer: Lexer::new(text), token: Token::End, at: 0 };
        parser.take()?;
        Ok(parser)
    }

    /// The token that is looked at; from now on the next is.
    pub(super) fn take(&mut self) -> Result<Token<'a>, TextError> {
        self.lexer.skip();
        self.at = self.lexer.at();
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    /// An error at the token that is looked at.
    pub(super) fn wrong<T>(&self, wanted: &str) -> Result<T, TextError> {
        Err(self.lexer.error(self.at, format!("{wanted} is needed here, not {}", self.token)))
    }

    pub(super) fn word(&mut self) -> Result<&'a str, TextError> {
        let Token::Word(word) = self.token else { return self.wrong("a word") };
        self.take()?;
        Ok(word)
    }

    /// Takes the word if it stands here.
    pub(super) fn eat(&mut self, word: &str) -> Result<bool, TextError> {
        let there = self.token == Token::Word(word);
        if there {
            self.take()?;
        }
        Ok(there)
    }

    /// Takes the sign if it stands here.
    pub(super) fn eat_sign(&mut self, sign: char) -> Result<bool, TextError> {
        let there = self.token == Token::Sign(sign);
        if there {
            self.take()?;
        }
        Ok(there)
    }

    pub(super) fn expect(&mut self, sign: char) -> Result<(), TextError> {
        if self.eat_sign(sign)? { Ok(()) } else { self.wrong(&format!("`{sign}`")) }
    }

    /// What one of some words stands for.
    pub(super) fn choose<T: Copy>(&mut self, choices: &[(&str, T)]) -> Result<T, TextError> {
        if let Token::Word(word) = self.token
            && let Some((_, chosen)) = choices.iter().find(|(it, _)| *it == word)
        {
            self.take()?;
            return Ok(*chosen);
        }
        let words: Vec<_> = choices.iter().map(|(it, _)| *it).collect();
        self.wrong(&words.join(" or "))
    }

    /// A whole number that fits.
    pub(super) fn integer<T: FromStr>(&mut self) -> Result<T, TextError> {
        if let Token::Number(digits) = self.token
            && let Ok(number) = digits.parse()
        {
            self.take()?;
            return Ok(number);
        }
        self.wrong("a whole number that is not too large")
    }

    pub(super) fn number(&mut self) -> Result<u32, TextError> {
        self.integer()
    }

    /// Text in quotes.
    fn text(&mut self) -> Result<Arc<str>, TextError> {
        match &self.token {
            Token::Text(text) => {
                let text = text.as_str().into();
                self.take()?;
                Ok(text)
            }
            _ => self.wrong("a string"),
        }
    }

    /// A word, or text in quotes.
    pub(super) fn name(&mut self) -> Result<Arc<str>, TextError> {
        match self.token {
            Token::Word(word) => {
                self.take()?;
                Ok(word.into())
            }
            Token::Text(_) => self.text(),
            _ => self.wrong("a name"),
        }
    }

    /// Items in brackets.
    pub(super) fn list<T>(
        &mut self,
        item: impl FnMut(&mut Self) -> Result<T, TextError>,
    ) -> Result<Vec<T>, TextError> {
        self.until('[', ']', item)
    }

    /// Items between two signs, with commas or without.
    fn until<T>(
        &mut self,
        open: char,
        close: char,
        mut item: impl FnMut(&mut Self) -> Result<T, TextError>,
    ) -> Result<Vec<T>, TextError> {
        self.expect(open)?;
        let mut items = Vec::new();
        while !self.eat_sign(close)? {
            items.push(item(self)?);
            self.eat_sign(',')?;
        }
        Ok(items)
    }
}
