//! What happens beside the program: events are written as they come, tables are drawn, and time is looked at.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use remora::Interrupt;
use remora::probe::Trace;
use remora::probe::sink::{write_event, write_tables};
use serde_json::Value as Json;

use super::show;
use crate::args::TraceArgs;
use crate::exit::Exit;
use crate::terminal::complain;

/// How often is looked.
const TURN: Duration = Duration::from_millis(20);
/// How often tables are drawn anew on a terminal.
const REDRAW: Duration = Duration::from_millis(500);

/// Where results go.
pub(super) enum Out {
    /// Standard output.
    Standard,
    /// Standard error.
    Error,
    /// A file.
    File(File),
}

impl Out {
    /// The file of `-o`, or what there is otherwise.
    pub(super) fn open(args: &TraceArgs, otherwise: Self) -> Result<Self, Exit> {
        let Some(path) = &args.out else { return Ok(otherwise) };
        File::create(path).map(Self::File).map_err(|error| {
            complain(&format!("error: cannot write `{}`: {error}\n", path.display()));
            Exit::Usage
        })
    }

    pub(super) fn is_terminal(&self) -> bool {
        match self {
            Self::Standard => io::stdout().is_terminal(),
            Self::Error => io::stderr().is_terminal(),
            Self::File(_) => false,
        }
    }

    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Standard => io::stdout().lock().write_all(text.as_bytes()),
            Self::Error => io::stderr().lock().write_all(text.as_bytes()),
            Self::File(file) => file.write_all(text.as_bytes()),
        }
    }
}

/// How results are written: as lines of JSON, or for people, with the tables below.
pub(super) struct Writer<'a> {
    out: &'a mut Out,
    json: bool,
    live: bool,
    /// Lines of tables that stand on the terminal.
    drawn: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(args: &TraceArgs, out: &'a mut Out) -> Self {
        let live = !args.output.json && out.is_terminal();
        Self { out, json: args.output.json, live, drawn: 0 }
    }

    /// Events, a line of JSON each.
    pub(super) fn events(&mut self, lines: &str) -> io::Result<()> {
        if self.json {
            return self.out.write(lines);
        }
        let mut text = self.erased();
        for line in lines.lines() {
            let event = serde_json::from_str(line).unwrap_or(Json::Null);
            text.push_str(&show::event(&event));
        }
        self.out.write(&text)
    }

    pub(super) fn dropped(&mut self, n: u64) -> io::Result<()> {
        let text = if self.json {
            format!("{{\"dropped\":{n}}}\n")
        } else {
            format!("{}({n} events found no room)\n", self.erased())
        };
        self.out.write(&text)
    }

    /// The tables as they are meanwhile.
    pub(super) fn draw(&mut self, tables: &str) -> io::Result<()> {
        if !self.live {
            return Ok(());
        }
        let tables = serde_json::from_str(tables).unwrap_or(Json::Null);
        let drawn = show::tables(&tables);
        let text = self.erased() + &drawn;
        self.drawn = drawn.lines().count();
        self.out.write(&text)
    }

    /// The tables at the end.
    pub(super) fn last(&mut self, tables: &str) -> io::Result<()> {
        let tables: Json = serde_json::from_str(tables).unwrap_or(Json::Null);
        let text = if self.json {
            tables.as_array().into_iter().flatten().map(|it| format!("{it}\n")).collect()
        } else {
            self.erased() + &show::tables(&tables)
        };
        self.out.write(&text)
    }

    /// Takes the tables away that stand on the terminal.
    fn erased(&mut self) -> String {
        match std::mem::take(&mut self.drawn) {
            0 => String::new(),
            n => format!("\x1b[{n}A\x1b[J"),
        }
    }
}

/// When it is over.
#[derive(Clone)]
pub(super) struct Watch {
    interrupt: Option<Interrupt>,
    began: Instant,
    duration: Option<Duration>,
    json: bool,
    /// The program has ended.
    ended: Arc<AtomicBool>,
    /// Somebody has pressed Ctrl-C.
    stopped: Arc<AtomicBool>,
    /// The time of `--duration` has passed.
    over: Arc<AtomicBool>,
}

impl Watch {
    pub(super) fn new(args: &TraceArgs, interrupt: impl Into<Option<Interrupt>>) -> Self {
        Self {
            interrupt: interrupt.into(),
            began: Instant::now(),
            duration: args.duration,
            json: args.output.json,
            ended: Arc::default(),
            stopped: Arc::default(),
            over: Arc::default(),
        }
    }

    /// Stops the program.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        if let Some(interrupt) = &self.interrupt {
            interrupt.interrupt();
        }
    }

    /// The program has ended.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Whether the time has passed.
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Whether there is nothing more to wait for.
    pub(super) fn is_done(&self) -> bool {
        if self.duration.is_some_and(|it| self.began.elapsed() >= it) {
            self.over.store(true, Ordering::Relaxed);
            if let Some(interrupt) = &self.interrupt {
                interrupt.interrupt();
            }
        }
        let stopped =
            self.interrupt.is_none() && (self.stopped.load(Ordering::Relaxed) || self.is_over());
        stopped || self.ended.load(Ordering::Relaxed)
    }

    /// Writes what a program in this process records, until it has ended.
    pub(super) fn follow(&self, mut trace: Trace, out: &mut Out) -> io::Result<()> {
        let live = !self.json && out.is_terminal();
        let mut writer = Writer { out, json: self.json, live, drawn: 0 };
        let mut drawn = Instant::now();
        loop {
            let done = self.is_done();
            if done {
                trace.detach();
            }
            let (events, dropped) = trace.drain();
            let mut lines = String::new();
            for event in &events {
                write_event(&mut lines, event);
                lines.push('\n');
            }
            if !lines.is_empty() {
                writer.events(&lines)?;
            }
            if dropped > 0 {
                writer.dropped(dropped)?;
            }
            let mut tables = String::new();
            write_tables(&mut tables, &trace.tables());
            if done {
                return writer.last(&tables);
            }
            if drawn.elapsed() >= REDRAW {
                drawn = Instant::now();
                writer.draw(&tables)?;
            }
            std::thread::sleep(TURN);
        }
    }
}
