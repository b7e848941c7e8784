//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs and inspects Ruff programs and Remora modules.
#[derive(Parser, Debug)]
#[command(
    name = "remora",
    version,
    about,
    max_term_width = 100,
    args_conflicts_with_subcommands = true
)]
#[command(
    after_help = "Exit codes: 0 ok, 1 uncaught script error, 2 usage, 3 source does not compile, 4 module rejected,\n\
    5 limit reached, 6 permission denied, 70 internal bug, 130 interrupted."
)]
pub struct Command {
    /// What to do; without a word, `run`.
    #[command(subcommand)]
    pub verb: Option<Verb>,

    /// What to run when no word is given.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The words of the command.
#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Run a program (.ruff) or a module (.rmod). The default.
    Run(RunArgs),
    /// Report what is wrong with programs, without running them.
    Check(CheckArgs),
    /// Compile a program to a module file.
    Build(BuildArgs),
    /// Print a program or module as wordcode text.
    Dis(DisArgs),
    /// Assemble wordcode text to a module file.
    Asm(AsmArgs),
    /// Say whether a module is well formed.
    Verify(VerifyArgs),
    /// Explain an error code, such as R0007.
    Explain(ExplainArgs),
    /// Print the documentation of a builtin, or list all of them.
    Doc(DocArgs),
    /// Bring programs into the one layout.
    Fmt(FmtArgs),
    /// Read, run and print, one input after the other. The default on a terminal.
    Repl(ReplArgs),
    /// Run the test blocks of programs.
    Test(TestArgs),
    /// Look at functions of a program while it runs, or of another process.
    Trace(TraceArgs),
    /// Make a folder with a program, a module of it and its test.
    New(NewArgs),
    /// Print what a shell needs to complete this command.
    Completions(CompletionsArgs),
}

/// `remora run`
#[derive(Args, Debug, Default)]
pub struct RunArgs {
    /// Run this text instead of a file, and print its value.
    #[arg(short = 'e', long = "eval", value_name = "EXPR")]
    pub eval: Option<String>,

    /// What messages need about a stripped module, as `remora build --debug-file` writes it; by default the file beside
    /// the module with the extension .rdbg, if there is one.
    #[arg(long, value_name = "FILE")]
    pub debug_file: Option<PathBuf>,

    /// Programs for each line of the input.
    #[command(flatten)]
    pub lines: LineArgs,

    /// What is measured.
    #[command(flatten)]
    pub measure: MeasureArgs,

    /// How it is compiled.
    #[command(flatten)]
    pub modules: ModuleArgs,

    /// How it runs, and what it may do.
    #[command(flatten)]
    pub settings: RunSettings,

    /// How errors are shown.
    #[command(flatten)]
    pub output: OutputArgs,

    /// The program or module, then the arguments it gets; `-` reads a program from standard input.
    #[arg(value_name = "FILE [ARGS]", trailing_var_arg = true, allow_hyphen_values = true)]
    pub rest: Vec<String>,
}

/// A program for each line of standard input, or of the files that are named.
#[derive(Args, Debug, Default)]
pub struct LineArgs {
    /// Run this text for each line, which is `line`, and its number `n`; with --json, `it` is what the line says.
    #[arg(short = 'n', long = "each", value_name = "TEXT", conflicts_with = "eval")]
    pub each: Option<String>,

    /// The same, and print its value unless it is null; with --json, as JSON.
    #[arg(short = 'p', long = "print-each", value_name = "TEXT", conflicts_with_all = ["eval", "each"])]
    pub print: Option<String>,

    /// With -n or -p: run this text before the first line.
    #[arg(long, value_name = "TEXT")]
    pub begin: Option<String>,

    /// With -n or -p: run this text after the last line.
    #[arg(long, value_name = "TEXT")]
    pub end: Option<String>,
}

/// How a program is compiled: where the modules are that it imports, and what is checked.
#[derive(Args, Debug, Default)]
pub struct ModuleArgs {
    /// Look for imported modules below this folder as well (repeatable); always below the program's own.
    #[arg(long, value_name = "DIR")]
    pub root: Vec<PathBuf>,

    /// Check values against the type annotations of parameters, results, variables and fields.
    #[arg(long)]
    pub check_types: bool,
}

/// What is measured while a program runs.
#[derive(Args, Debug, Default)]
pub struct MeasureArgs {
    /// Print what the run has used to standard error.
    #[arg(long)]
    pub stats: bool,

    /// Note where fuel is spent: as folded stacks, or as a flame graph if the name ends in .svg.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
}

/// How a program runs, and what it may do.
#[derive(Args, Debug, Default)]
pub struct RunSettings {
    /// What runs the program.
    #[arg(long, value_enum, default_value_t)]
    pub engine: EngineKind,

    /// Stop after this many units of work (calls, turns of loops, and work of builtins).
    #[arg(long, value_name = "N")]
    pub fuel: Option<u64>,

    /// Most memory the program may hold, such as 64M.
    #[arg(long, value_name = "BYTES", value_parser = parse_size)]
    pub mem: Option<u64>,

    /// Stop after this long, such as 2s or 500ms.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub timeout: Option<std::time::Duration>,

    /// Deepest nesting of calls.
    #[arg(long, value_name = "FRAMES")]
    pub stack: Option<u32>,

    /// Let the program read below this path (repeatable).
    #[arg(long, value_name = "PATH")]
    pub allow_read: Vec<PathBuf>,

    /// Let the program write below this path (repeatable).
    #[arg(long, value_name = "PATH")]
    pub allow_write: Vec<PathBuf>,

    /// Let the program read environment variables.
    #[arg(long)]
    pub allow_env: bool,

    /// Seed of `random`; otherwise different in each run.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// How findings are shown.
#[derive(Args, Debug, Default)]
pub struct OutputArgs {
    /// Print diagnostics as JSON, one object a line.
    #[arg(long)]
    pub json: bool,

    /// When to use colours; NO_COLOR is respected.
    #[arg(long, value_enum, default_value_t)]
    pub color: ColorChoice,
}

/// `remora check`
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Programs to check.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,

    /// How it is compiled.
    #[command(flatten)]
    pub modules: ModuleArgs,

    /// How findings are shown.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `remora build`
#[derive(Args, Debug)]
pub struct BuildArgs {
    /// The program.
    pub file: PathBuf,

    /// Where to write the module; by default beside the program, as .rmod.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Leave out names and places that only messages need.
    #[arg(long)]
    pub strip: bool,

    /// Leave them out of the module, and write them and the program's text to this file.
    #[arg(long, value_name = "FILE")]
    pub debug_file: Option<PathBuf>,

    /// How it is compiled.
    #[command(flatten)]
    pub modules: ModuleArgs,

    /// How findings are shown.
    #[command(flatten)]
    pub findings: OutputArgs,
}

/// `remora dis`
#[derive(Args, Debug)]
pub struct DisArgs {
    /// A program or module.
    pub file: PathBuf,

    /// Print what the loop runs (register form) instead of what travels (wordcode).
    #[arg(long)]
    pub registers: bool,

    /// Show what the optimiser did: what went is marked with -, what is new with +.
    #[arg(long)]
    pub before: bool,

    /// How it is compiled.
    #[command(flatten)]
    pub modules: ModuleArgs,

    /// How findings are shown.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `remora asm`
#[derive(Args, Debug)]
pub struct AsmArgs {
    /// Wordcode text, as `remora dis` prints it.
    pub file: PathBuf,

    /// Where to write the module; by default beside the text, as .rmod.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// How findings are shown.
    #[command(flatten)]
    pub findings: OutputArgs,
}

/// `remora verify`
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// Modules to verify.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,

    /// How findings are shown.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `remora explain`
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// The code; without one, all codes are listed.
    pub code: Option<String>,
}

/// `remora doc`
#[derive(Args, Debug)]
pub struct DocArgs {
    /// The builtin; without one, all are listed.
    pub name: Option<String>,
}

/// `remora fmt`
#[derive(Args, Debug)]
pub struct FmtArgs {
    /// Programs to format, in place; of a folder, all below it; `-` formats standard input to standard output.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,

    /// Change nothing; say which files are not formatted, and exit with 1 if there are any.
    #[arg(long)]
    pub check: bool,

    /// Print the result instead of changing the file.
    #[arg(long)]
    pub stdout: bool,

    /// How findings are shown.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `remora test`
#[derive(Args, Debug)]
pub struct TestArgs {
    /// Programs with tests; of a folder, all below it.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Only tests whose name (with its groups, `group / name`) has this text in it.
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,

    /// Also write a report in the form of JUnit.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,

    /// How it is compiled.
    #[command(flatten)]
    pub modules: ModuleArgs,

    /// What each test may use and do.
    #[command(flatten)]
    pub settings: RunSettings,

    /// How results are shown; `--json` prints one object a line, also for each test.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `remora trace`
#[derive(Args, Debug)]
#[command(
    after_help = "remora trace -e 'fn:main.*:exit { @ms = quantize(elapsed() * 1000); }' program.ruff\n\
    remora trace --attach /run/shop.probes -e 'rust:orders.* { capture(args) }' --duration 10s"
)]
pub struct TraceArgs {
    /// A probe, such as 'fn:main.*:entry { capture(args) }' (repeatable); otherwise the first word names a file of probes.
    #[arg(short = 'e', long = "eval", value_name = "PROBE")]
    pub eval: Vec<String>,

    /// List the points whose names fit the pattern, in which * stands for any run of characters.
    #[arg(short = 'l', long, value_name = "PATTERN", conflicts_with_all = ["eval", "dry_run"])]
    pub list: Option<String>,

    /// Print the code of the probes and what they cost at most; run nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Look at another process, which has opened this socket.
    #[arg(long, value_name = "SOCKET")]
    pub attach: Option<PathBuf>,

    /// Stop after this long, such as 10s.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub duration: Option<std::time::Duration>,

    /// Write what the probes say to this file.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// How the program is compiled.
    #[command(flatten)]
    pub modules: ModuleArgs,

    /// How it runs, and what it may do.
    #[command(flatten)]
    pub settings: RunSettings,

    /// How results and errors are shown; `--json` prints one object a line.
    #[command(flatten)]
    pub output: OutputArgs,

    /// The program or module, then the arguments it gets.
    #[arg(value_name = "FILE [ARGS]", trailing_var_arg = true, allow_hyphen_values = true)]
    pub rest: Vec<String>,
}

/// `remora repl`
#[derive(Args, Debug, Default)]
pub struct ReplArgs {
    /// How it is compiled.
    #[command(flatten)]
    pub modules: ModuleArgs,

    /// What inputs may use and do; fuel and timeout hold for each.
    #[command(flatten)]
    pub settings: RunSettings,

    /// How errors are shown.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `remora new`
#[derive(Args, Debug)]
pub struct NewArgs {
    /// The folder to make.
    #[arg(value_name = "NAME")]
    pub path: PathBuf,
}

/// `remora completions`
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// Which shell.
    pub shell: clap_complete::Shell,
}

/// What runs a program.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineKind {
    /// Register form in the interpreter loop.
    #[default]
    Loop,
    /// The same with closures for loops and small functions that call nobody.
    Closure,
    /// The tree-walker that referees the others; slow, without limits on fuel, memory and time.
    Tree,
}

/// When to use colours.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// When standard error is a terminal and NO_COLOR is not set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `64M` → 67108864. Suffixes K, M and G are powers of 1024.
fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..]
        .to_ascii_uppercase()
        .trim_end_matches("IB")
        .trim_end_matches('B')
    {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err("write a number of bytes, such as 1000000, 64K, 64M or 1G".to_owned()),
    };
    let number: u64 =
        digits.parse().map_err(|_| "write a number of bytes, such as 64M".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "too large".to_owned())
}

/// `1.5s` → 1.5 seconds. Units ms, s and m; without one, seconds.
fn parse_time(text: &str) -> Result<std::time::Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        _ => return Err("write a time such as 500ms, 2s or 1m".to_owned()),
    };
    let number: f64 =
        digits.parse().map_err(|_| "write a time such as 500ms, 2s or 1m".to_owned())?;
    std::time::Duration::try_from_secs_f64(number * scale).map_err(|it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_sound() {
        Command::command().debug_assert();
    }

    #[test]
    fn sizes_and_times_read_as_people_write_them() {
        assert_eq!(parse_size("64M"), Ok(64 << 20));
        assert_eq!(parse_size("2KiB"), Ok(2048));
        assert!(parse_size("99999999999G").is_err());
        assert_eq!(parse_time("500ms"), Ok(std::time::Duration::from_millis(500)));
        assert!(parse_time("-1s").is_err() && parse_time("1h").is_err());
    }

    #[test]
    fn what_follows_the_program_belongs_to_it() {
        let command = Command::parse_from(["remora", "--fuel", "9", "a.ruff", "--fuel", "-x"]);
        assert_eq!(command.run.rest, ["a.ruff", "--fuel", "-x"]);
        assert_eq!(command.run.settings.fuel, Some(9));
    }
}
