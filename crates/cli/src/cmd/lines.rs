//! `-n` and `-p`: a program for each line of the input, as perl, awk and jq have it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use remora::{Lines, Module, Value, Vm};

use super::measure::Measure;
use super::{input, run};
use crate::Cli;
use crate::args::{OutputArgs, RunArgs};
use crate::exit::Exit;
use crate::terminal::{complain, print};

/// Longest line that is read.
const MAX_LINE: u64 = 64 << 20;

/// Runs the program for lines, if the command line has one.
pub(super) fn run(cli: &Cli, args: &RunArgs) -> Option<Exit> {
    let lines = &args.lines;
    let (each, prints) = match (&lines.each, &lines.print) {
        (Some(each), _) => (each, false),
        (None, Some(each)) => (each, true),
        (None, None) if lines.begin.is_some() || lines.end.is_some() => {
            complain("error: --begin and --end need -n or -p\n");
            return Some(Exit::Usage);
        }
        (None, None) => return None,
    };
    if let Err(exit) = run::not_tree(&args.settings) {
        return Some(exit);
    }
    let mut measure = Measure::new(&args.measure);
    let program = Lines {
        begin: lines.begin.as_deref().unwrap_or_default(),
        each,
        end: lines.end.as_deref().unwrap_or_default(),
    };
    // `--json` says what the lines are; errors are for people.
    let output = OutputArgs { json: false, color: args.output.color };
    let made = input::engine(cli, None, &args.modules)
        .map(|engine| engine.compile_lines("<command line>", program));
    Some(match made.and_then(|made| input::accepted(made, &output)) {
        Ok(module) => {
            execute(cli, &module, args, prints, &output, &mut measure).err().unwrap_or(Exit::Ok)
        }
        Err(exit) => exit,
    })
}

fn execute(
    cli: &Cli,
    module: &Module,
    args: &RunArgs,
    prints: bool,
    output: &OutputArgs,
    measure: &mut Measure<'_>,
) -> Result<(), Exit> {
    let mut vm = cli.vm(module, run::settings(&args.settings, &[])?);
    let reading = Arc::new(AtomicBool::new(false));
    stop_on_control_c(&vm, Arc::clone(&reading));
    measure.begin(&mut vm);
    let mut program =
        Program { cli, vm, module, output, prints, json: args.output.json, n: 0, reading };
    let done = program.all(&args.rest);
    let measured = measure.end(&mut program.vm);
    done?;
    if measured == Exit::Ok { Ok(()) } else { Err(measured) }
}

/// Ctrl-C stops the program, and also the waiting for a line that may never come.
fn stop_on_control_c(vm: &Vm, reading: Arc<AtomicBool>) {
    let interrupt = vm.interrupt();
    #[expect(clippy::exit, reason = "nothing runs that could be told to end")]
    let stop = move || {
        interrupt.interrupt();
        if reading.load(Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    // Without a handler Ctrl-C ends the process at once, which is the next best thing.
    drop(ctrlc::set_handler(stop));
}

struct Program<'a> {
    cli: &'a Cli,
    vm: Vm,
    module: &'a Module,
    output: &'a OutputArgs,
    prints: bool,
    json: bool,
    /// Lines read so far, of all files.
    n: i64,
    /// Whether it waits for a line.
    reading: Arc<AtomicBool>,
}

impl Program<'_> {
    fn all(&mut self, files: &[String]) -> Result<(), Exit> {
        let begun = self.cli.run_shown(&mut self.vm);
        begun.map_err(|it| run::failed(&it, self.module, self.output))?;
        if files.is_empty() {
            self.file(Path::new("-"), std::io::stdin().lock())?;
        }
        for file in files {
            let path = PathBuf::from(file);
            if file == "-" {
                self.file(&path, std::io::stdin().lock())?;
            } else {
                let opened = std::fs::File::open(&path).map_err(|it| unreadable(&path, &it))?;
                self.file(&path, BufReader::new(opened))?;
            }
        }
        let ended = self.cli.call(&mut self.vm, Lines::END, &[]);
        ended.map_err(|it| run::failed(&it, self.module, self.output))?;
        Ok(())
    }

    fn file(&mut self, path: &Path, mut lines: impl BufRead) -> Result<(), Exit> {
        let mut bytes = Vec::new();
        let mut n_here = 0;
        loop {
            bytes.clear();
            self.reading.store(true, Ordering::Relaxed);
            let read = (&mut lines).take(MAX_LINE).read_until(b'\n', &mut bytes);
            self.reading.store(false, Ordering::Relaxed);
            if read.map_err(|it| unreadable(path, &it))? == 0 {
                return Ok(());
            }
            (self.n, n_here) = (self.n + 1, n_here + 1);
            let text = String::from_utf8_lossy(&bytes);
            let line = text.strip_suffix('\n').unwrap_or(&text);
            let line = line.strip_suffix('\r').unwrap_or(line);
            let place = || format!("line {n_here} of {}", input::name(path));
            let it = if !self.json {
                Value::Null
            } else if line.trim().is_empty() {
                continue;
            } else {
                from_json(line).map_err(|error| {
                    complain(&format!("error: {} is not JSON: {error}\n", place()));
                    Exit::Script
                })?
            };
            if !self.line(line, it, &place)? {
                return Ok(());
            }
        }
    }

    /// Runs the program for one line; false if nobody reads its output any more.
    fn line(&mut self, line: &str, it: Value, place: &dyn Fn() -> String) -> Result<bool, Exit> {
        let args = [Value::Str(line.to_owned()), Value::Int(self.n), it];
        let shown = if self.json && self.prints {
            match self.cli.call(&mut self.vm, Lines::EACH, &args) {
                Ok(Value::Null) => Ok(None),
                Ok(it) => Ok(Some(to_json(&it, &mut self.vm))),
                Err(error) => Err(error),
            }
        } else {
            self.cli.call_shown(&mut self.vm, Lines::EACH, &args)
        };
        match shown {
            Ok(Some(text)) if self.prints => Ok(print(&(text + "\n"))),
            Ok(_) => Ok(true),
            Err(error) => {
                let exit = run::failed(&error, self.module, self.output);
                if error.exit_code().is_none() {
                    complain(&format!("  = note: at {}\n", place()));
                }
                Err(exit)
            }
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Exit {
    let name = input::name(path);
    let name = remora_diagnostics::escape_controls(&name);
    complain(&format!("error: cannot read `{name}`: {error}\n"));
    Exit::Usage
}

fn from_json(text: &str) -> serde_json::Result<Value> {
    fn value(json: serde_json::Value) -> Value {
        use serde_json::Value as Json;
        match json {
            Json::Null => Value::Null,
            Json::Bool(it) => Value::Bool(it),
            Json::Number(it) => match it.as_i64() {
                Some(int) => Value::Int(int),
                None => Value::Float(it.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(it) => Value::Str(it),
            Json::Array(items) => Value::Array(items.into_iter().map(value).collect()),
            Json::Object(entries) => {
                let entries = entries.into_iter().map(|(key, it)| (Value::Str(key), value(it)));
                Value::Dict(entries.collect())
            }
        }
    }
    serde_json::from_str(text).map(value)
}

/// What has no form in JSON is written as its printed text.
fn to_json(value: &Value, vm: &mut Vm) -> String {
    fn json(value: &Value, vm: &mut Vm) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(it) => (*it).into(),
            Value::Int(it) => (*it).into(),
            Value::Float(it) => (*it).into(),
            Value::Str(text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(|it| json(it, vm)).collect(),
            Value::Dict(entries) => entries
                .iter()
                .map(|(key, it)| {
                    let key = match key {
                        Value::Str(text) => text.clone(),
                        other => json(other, vm).to_string(),
                    };
                    (key, json(it, vm))
                })
                .collect(),
            other => vm.display(other).unwrap_or_default().into(),
        }
    }
    json(value, vm).to_string()
}
