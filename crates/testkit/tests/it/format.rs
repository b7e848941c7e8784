//! Random programs, laid out at random, in the formatter: it must keep what they mean and every comment, and must find
//! nothing to do in its own result.

use remora_syntax::ast::dump;
use remora_syntax::{ParseLimits, TokenClass, format, parse, tokenize};
use remora_testkit::generate::{Random, program};

/// The tree of a program without errors.
fn tree(text: &str) -> String {
    let parsed = parse(text, &ParseLimits::default());
    assert!(parsed.diagnostics.is_empty(), "{:?}:\n{text}", parsed.diagnostics);
    dump(&parsed.program)
}

/// The comments of a program, in order.
fn comments(text: &str) -> Vec<&str> {
    let (tokens, _) = tokenize(text);
    tokens
        .iter()
        .filter(|it| it.kind.class() == TokenClass::Comment)
        .map(|it| text[it.span.range()].trim())
        .collect()
}

/// The same tokens with other blanks, newlines and comments between them.
fn untidy(text: &str, random: &mut Random) -> String {
    // No formatted text begins so: a formatter that gives up and returns what it got is seen.
    let mut out = String::from("\n \n");
    let mut end = 0;
    for token in tokenize(text).0 {
        let span = token.span.range();
        let gap = &text[end..span.start];
        let blanks = [" ", "  ", "\t", "    "][random.below(4)];
        match (gap.contains('\n'), random.below(12)) {
            (true, 0) => out.push_str("  # to the end\n"),
            (true, 1) => out.push_str("\n\n// on its own\n"),
            (true, 2) => out.push_str(" \n\n\n\n"),
            (true, _) => out.push('\n'),
            (false, 0) if !gap.is_empty() => out.push_str(" /* between */ "),
            (false, _) if !gap.is_empty() => out.push_str(blanks),
            (false, _) => {}
        }
        if gap.contains('\n') {
            out.push_str(blanks);
        }
        out.push_str(&text[span.clone()]);
        end = span.end;
    }
    out
}

#[test]
fn random_programs_are_formatted_once_and_mean_the_same() {
    const SEEDS: u64 = 20_000;
    let check = |seed: u64| {
        let mut random = Random::new(seed);
        let text = untidy(&program(seed, random.below(4)), &mut random);
        let formatted = format(&text).unwrap_or_else(|it| panic!("seed {seed}: {it:?}\n{text}"));
        assert!(!formatted.starts_with(char::is_whitespace), "seed {seed} is given up:\n{text}");
        // The formatter compares the trees and gives up if they differ, so this is only to watch the watchman.
        if seed.is_multiple_of(16) {
            assert_eq!(tree(&formatted), tree(&text), "seed {seed}:\n{text}\n{formatted}");
        }
        assert_eq!(comments(&formatted), comments(&text), "seed {seed}:\n{text}\n{formatted}");
        let again = format(&formatted).expect("it has just been parsed");
        assert_eq!(again, formatted, "seed {seed}:\n{text}");
    };
    // Two halves beside each other: most machines have more than one core.
    std::thread::scope(|scope| {
        scope.spawn(|| (0..SEEDS / 2).for_each(check));
        (SEEDS / 2..SEEDS).for_each(check);
    });
}
