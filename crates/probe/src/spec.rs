//! Where a probe is attached: a provider, a pattern of names, a point.

use std::fmt;
use std::sync::Arc;

/// Who offers the points that a probe can be attached to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Provider {
    /// `fn`: functions of the host's own language.
    Fn,
    /// `py`: functions of a Python program.
    Py,
    /// `rust`: static probe points of a Rust program.
    Rust,
    /// `ruff`: functions of a Ruff program.
    Ruff,
}

impl Provider {
    /// All.
    pub const ALL: [Self; 4] = [Self::Fn, Self::Py, Self::Rust, Self::Ruff];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fn => "fn",
            Self::Py => "py",
            Self::Rust => "rust",
            Self::Ruff => "ruff",
        }
    }

    /// The provider that is written so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Which moment of a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Point {
    /// `entry`, or `entry+N`: N lines below the function's first.
    Entry(u32),
    /// `exit`, or `exit+N`.
    Exit(u32),
}

impl Point {
    /// Whether `retval` and `exception` are known there.
    #[must_use]
    pub const fn is_exit(self) -> bool {
        matches!(self, Self::Exit(_))
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, offset) = match self {
            Self::Entry(offset) => ("entry", *offset),
            Self::Exit(offset) => ("exit", *offset),
        };
        if offset == 0 { f.write_str(name) } else { write!(f, "{name}+{offset}") }
    }
}

/// When a probe runs.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Spec {
    /// When control comes to a point of a function whose name fits the pattern.
    Function {
        /// Who offers the function.
        provider: Provider,
        /// Dotted names; `*` stands for any run of characters.
        pattern: Arc<str>,
        /// Which moment.
        point: Point,
    },
    /// When the program is attached.
    Begin,
    /// When the program is detached.
    End,
    /// Again and again, after that many milliseconds.
    Interval(u32),
}

impl Spec {
    /// Whether a probe of this kind is to run at a point of a function. A provider `fn` fits any.
    #[must_use]
    pub fn fits(&self, provider: Provider, name: &str, point: Point) -> bool {
        match self {
            Self::Function { provider: own, pattern, point: at } => {
                (*own == provider || *own == Provider::Fn) && *at == point && matches(pattern, name)
            }
            Self::Begin | Self::End | Self::Interval(_) => false,
        }
    }

    /// The point, for a probe on functions.
    #[must_use]
    pub const fn point(&self) -> Option<Point> {
        match self {
            Self::Function { point, .. } => Some(*point),
            Self::Begin | Self::End | Self::Interval(_) => None,
        }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function { provider, pattern, point } => {
                write!(f, "{}:{pattern}:{point}", provider.name())
            }
            Self::Begin => f.write_str("begin"),
            Self::End => f.write_str("end"),
            Self::Interval(milliseconds) if milliseconds % 1000 == 0 => {
                write!(f, "interval:{}s", milliseconds / 1000)
            }
            Self::Interval(milliseconds) => write!(f, "interval:{milliseconds}ms"),
        }
    }
}

/// Whether `name` fits `pattern`, in which `*` stands for any run of characters, also none.
///
/// # Cost
/// At most the product of the two lengths; no allocation, no recursion.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut retry = None;
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            retry = Some((p + 1, n));
            p += 1;
        } else if pattern.get(p) == Some(&name[n]) {
            p += 1;
            n += 1;
        } else if let Some((after_star, from)) = retry {
            retry = Some((after_star, from + 1));
            (p, n) = (after_star, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|it| *it == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, name, fits) in [
            ("myapp.users.create", "myapp.users.create", true),
            ("myapp.*.create_*", "myapp.a.b.create_user", true),
            ("myapp.*.create_*", "myapp.create_user", false),
            ("*", "", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
