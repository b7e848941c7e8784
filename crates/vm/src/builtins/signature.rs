//! A signature, read once when the registry is made: how many arguments there may be, and what they are called.

/// The parameters of a builtin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// In order.
    pub params: Box<[Param]>,
    /// How many arguments there must be.
    pub min: usize,
    /// How many there may be, if that is bounded.
    pub max: Option<usize>,
}

/// One parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What is expected, in words.
    pub ty: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it takes all arguments that are left.
    pub variadic: bool,
}

impl Signature {
    /// Reads a signature such as `slice(items: array, start: int, end?: int) -> array`.
    #[must_use]
    pub fn read(signature: &'static str) -> Self {
        let inside = signature.split_once('(').map_or("", |(_, rest)| rest);
        let inside = inside.split_once(')').map_or(inside, |(inside, _)| inside);
        let params: Box<[Param]> =
            inside.split(", ").filter(|it| !it.is_empty()).map(Param::read).collect();
        let min = params.iter().filter(|it| !it.optional && !it.variadic).count();
        let variadic = params.iter().any(|it| it.variadic);
        let max = if variadic { None } else { Some(params.len()) };
        Self { params, min, max }
    }

    /// Whether that many arguments are right.
    #[inline]
    #[must_use]
    pub fn accepts(&self, args: usize) -> bool {
        args >= self.min && self.max.is_none_or(|max| args <= max)
    }

    /// How many arguments it wants, less `given` ones that the caller did not write: `2`, `1 to 2`, `at least 1`.
    #[must_use]
    pub fn wants(&self, given: usize) -> String {
        let min = self.min.saturating_sub(given);
        match self.max.map(|max| max.saturating_sub(given)) {
            None => format!("at least {min}"),
            Some(max) if max == min => min.to_string(),
            Some(max) => format!("{min} to {max}"),
        }
    }
}

impl Param {
    fn read(text: &'static str) -> Self {
        let (name, ty) = text.split_once(": ").unwrap_or((text, "any"));
        let (name, variadic) = match name.strip_prefix("...") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (name, optional) = match name.strip_suffix('?') {
            Some(name) => (name, true),
            None => (name, false),
        };
        Self { name, ty, optional, variadic }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_optional_and_variadic_parameters() {
        let slice = Signature::read("slice(items: array | string, start: int, end?: int) -> array");
        assert_eq!((slice.min, slice.max), (2, Some(3)));
        assert_eq!(slice.params[0].ty, "array | string");
        assert_eq!((slice.params[2].name, slice.params[2].optional), ("end", true));
        assert_eq!(slice.wants(0), "2 to 3");
        assert_eq!(slice.wants(1), "1 to 2");

        let print = Signature::read("print(...values: any) -> null");
        assert!(print.accepts(0) && print.accepts(1000));
        assert_eq!(print.wants(0), "at least 0");
        assert_eq!(Signature::read("random() -> float").max, Some(0));
    }
}
