//! Tokens: what the lexer makes of a text, and what the parser, a formatter and a highlighter read.
//!
//! A token says where it stands, not what it holds: the text is always at hand. Sixteen bytes each.

use remora_diagnostics::Span;

/// A token with its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// True when a newline stands between it and the token before it (comments in between or not).
    pub after_newline: bool,
    /// Where it stands.
    pub span: Span,
    /// The index of the bracket that closes or opens this one, else [`NO_PAIR`].
    pub(crate) pair: u32,
}

/// Stands for "no matching bracket".
pub(crate) const NO_PAIR: u32 = u32::MAX;

macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident $text:literal $class:ident),* $(,)?) => {
        /// The kinds of token.
        ///
        /// Words that mean something only in one place (`case default in from as except finally async spawn test`
        /// and its kin) are [`TokenKind::Name`]s: they stay free for variables and fields.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[non_exhaustive]
        pub enum TokenKind {
            $($(#[$doc])* #[doc = concat!("`", $text, "`")] $name,)*
        }

        impl TokenKind {
            /// The token as written, or a description in angle brackets of those with varying text.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What a highlighter wants to know.
            #[must_use]
            pub const fn class(self) -> TokenClass {
                match self { $(Self::$name => TokenClass::$class),* }
            }
        }
    };
}

/// Groups of token kinds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum TokenClass {
    /// A word with a fixed meaning.
    Keyword,
    /// Any other name.
    Name,
    /// A number, `true`, `false`, `null`.
    Literal,
    /// A string or a part of one.
    Text,
    /// A comment.
    Comment,
    /// An operator.
    Operator,
    /// Brackets and separators.
    Punctuation,
    /// What is no token at all.
    Invalid,
    /// The end of the text.
    End,
}

tokens! {
    Eof "<end of input>" End,
    /// A run of characters that begin no token.
    Unknown "<unexpected character>" Invalid,
    /// A malformed number.
    BadNumber "<malformed number>" Invalid,
    /// `#`, `//` or `/* */`. Only [`crate::tokenize`] gives comments.
    Comment "<comment>" Comment,
    /// `///`. Only [`crate::tokenize`] gives comments.
    DocComment "<documentation>" Comment,
    Name "<name>" Name,
    Int "<number>" Literal,
    Float "<number>" Literal,
    /// A whole string without interpolation, with its quotes.
    Str "<string>" Text,
    /// A string from its quote up to and with its first `${`.
    StrHead "<string>" Text,
    /// From the `}` of an interpolation up to and with the next `${`.
    StrMid "<string>" Text,
    /// From the `}` of the last interpolation up to and with the closing quote.
    StrTail "<string>" Text,
    Let "let" Keyword,
    Const "const" Keyword,
    Mut "mut" Keyword,
    Func "func" Keyword,
    Struct "struct" Keyword,
    Enum "enum" Keyword,
    If "if" Keyword,
    Else "else" Keyword,
    Match "match" Keyword,
    While "while" Keyword,
    Loop "loop" Keyword,
    For "for" Keyword,
    Break "break" Keyword,
    Continue "continue" Keyword,
    Return "return" Keyword,
    Try "try" Keyword,
    Import "import" Keyword,
    Export "export" Keyword,
    Await "await" Keyword,
    Yield "yield" Keyword,
    SelfWord "self" Keyword,
    True "true" Literal,
    False "false" Literal,
    Null "null" Literal,
    LParen "(" Punctuation,
    RParen ")" Punctuation,
    LBracket "[" Punctuation,
    RBracket "]" Punctuation,
    LBrace "{" Punctuation,
    RBrace "}" Punctuation,
    Comma "," Punctuation,
    Semicolon ";" Punctuation,
    Colon ":" Punctuation,
    ColonColon "::" Punctuation,
    Dot "." Operator,
    DotDot ".." Operator,
    DotDotEq "..=" Operator,
    Ellipsis "..." Operator,
    QuestionDot "?." Operator,
    Question "?" Operator,
    QuestionQuestion "??" Operator,
    PipeGt "|>" Operator,
    Pipe "|" Operator,
    OrOr "||" Operator,
    AndAnd "&&" Operator,
    And "&" Operator,
    Caret "^" Operator,
    Tilde "~" Operator,
    Bang "!" Operator,
    Assign ":=" Operator,
    Eq "=" Operator,
    EqEq "==" Operator,
    BangEq "!=" Operator,
    FatArrow "=>" Operator,
    Arrow "->" Operator,
    Plus "+" Operator,
    Minus "-" Operator,
    Star "*" Operator,
    Slash "/" Operator,
    Percent "%" Operator,
    PlusEq "+=" Operator,
    MinusEq "-=" Operator,
    StarEq "*=" Operator,
    SlashEq "/=" Operator,
    PercentEq "%=" Operator,
    Lt "<" Operator,
    LtEq "<=" Operator,
    Gt ">" Operator,
    GtEq ">=" Operator,
}

impl TokenKind {
    /// The keyword spelled `word`, else [`TokenKind::Name`].
    pub(crate) fn of_word(word: &[u8]) -> Self {
        match word {
            b"let" => Self::Let,
            b"const" => Self::Const,
            b"mut" => Self::Mut,
            b"func" => Self::Func,
            b"struct" => Self::Struct,
            b"enum" => Self::Enum,
            b"if" => Self::If,
            b"else" => Self::Else,
            b"match" => Self::Match,
            b"while" => Self::While,
            b"loop" => Self::Loop,
            b"for" => Self::For,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"return" => Self::Return,
            b"try" => Self::Try,
            b"import" => Self::Import,
            b"export" => Self::Export,
            b"await" => Self::Await,
            b"yield" => Self::Yield,
            b"self" => Self::SelfWord,
            b"true" => Self::True,
            b"false" => Self::False,
            b"null" => Self::Null,
            _ => Self::Name,
        }
    }

    /// A name or any keyword: what may stand after `.`, or name a field or an argument.
    pub(crate) const fn is_word(self) -> bool {
        matches!(self, Self::Name | Self::True | Self::False | Self::Null)
            || matches!(self.class(), TokenClass::Keyword)
    }

    /// True for both kinds of comment.
    pub(crate) const fn is_comment(self) -> bool {
        matches!(self, Self::Comment | Self::DocComment)
    }

    /// True for tokens that can begin an expression.
    pub(crate) const fn starts_expr(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Int
                | Self::Float
                | Self::BadNumber
                | Self::Str
                | Self::StrHead
                | Self::Func
                | Self::If
                | Self::Match
                | Self::Await
                | Self::Yield
                | Self::SelfWord
                | Self::True
                | Self::False
                | Self::Null
                | Self::LParen
                | Self::LBracket
                | Self::LBrace
                | Self::Bang
                | Self::Minus
        )
    }

    /// True for tokens that can begin a statement.
    pub(crate) const fn starts_stmt(self) -> bool {
        self.starts_expr()
            || matches!(
                self,
                Self::Let
                    | Self::Const
                    | Self::Mut
                    | Self::Struct
                    | Self::Enum
                    | Self::While
                    | Self::Loop
                    | Self::For
                    | Self::Break
                    | Self::Continue
                    | Self::Return
                    | Self::Try
                    | Self::Import
                    | Self::Export
            )
    }

    /// True where more must follow: an operator with a right side, a comma, an opening bracket.
    pub(crate) const fn wants_more(self) -> bool {
        match self.class() {
            TokenClass::Operator => !matches!(self, Self::Question | Self::Bang),
            _ => matches!(self, Self::Comma | Self::Colon | Self::ColonColon),
        }
    }

    /// `:=`, `=` and the compound ones.
    pub(crate) const fn is_assign(self) -> bool {
        matches!(
            self,
            Self::Assign
                | Self::Eq
                | Self::PlusEq
                | Self::MinusEq
                | Self::StarEq
                | Self::SlashEq
                | Self::PercentEq
        )
    }
}
