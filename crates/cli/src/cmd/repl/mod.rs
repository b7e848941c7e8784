//! `remora repl`: reads an input, runs it, prints its value, and begins again.
//!
//! Inputs share one session: what one declares, later ones see. A script that runs too long is stopped with Ctrl-C, which
//! leaves the session as it is; Ctrl-D ends it.

mod editor;
mod words;

use std::io::IsTerminal;
use std::path::PathBuf;

use remora::{Engine, Session, SessionError};
use remora_diagnostics::Severity;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{ColorMode, Config, Editor};

use self::editor::Helper;
use super::run;
use crate::Cli;
use crate::args::{OutputArgs, ReplArgs};
use crate::exit::Exit;
use crate::terminal::{complain, print, show, wants_color};

const PROMPT: &str = "> ";

pub(crate) fn repl(cli: &Cli, args: &ReplArgs) -> Exit {
    let cli = &cli.with_engine(args.settings.engine);
    let engine = match super::input::engine(cli, None, &args.modules) {
        Ok(engine) => engine,
        Err(exit) => return exit,
    };
    let settings = run::not_tree(&args.settings).and_then(|()| run::settings(&args.settings, &[]));
    let settings = match settings {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let Ok(mut session) = Session::new(&engine, settings) else { return Exit::Bug };
    cli.prepare(session.vm_mut());
    let interrupt = session.interrupt();
    // Without a handler Ctrl-C ends the process, which is the next best thing.
    drop(ctrlc::set_handler(move || interrupt.interrupt()));
    let mut editor = match editor(&engine, &args.output) {
        Ok(editor) => editor,
        Err(error) => {
            complain(&format!("error: cannot read the terminal: {error}\n"));
            return Exit::Usage;
        }
    };
    let history = history_file(cli.name);
    if let Some(path) = &history {
        // The first time there is none.
        drop(editor.load_history(path));
    }
    if std::io::stdin().is_terminal() {
        print(&format!("{}. :help lists the commands, Ctrl-D ends.\n", cli.title()));
    }
    let mut repl = Repl { cli, session, output: &args.output };
    let exit = repl.read_all(&mut editor);
    if let Some(path) = &history {
        save(&mut editor, path);
    }
    exit
}

type Lines = Editor<Helper, DefaultHistory>;

fn editor(engine: &Engine, output: &OutputArgs) -> rustyline::Result<Lines> {
    let color = if wants_color(output.color) { ColorMode::Enabled } else { ColorMode::Disabled };
    let config = Config::builder()
        .history_ignore_dups(true)?
        .completion_type(rustyline::CompletionType::List)
        .color_mode(color)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Helper::new(engine)));
    Ok(editor)
}

/// `$XDG_STATE_HOME/NAME/history`, else below the home folder.
fn history_file(command: &str) -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME")
        .or_else(|| set("LOCALAPPDATA"))
        .or_else(|| Some(set("HOME")?.join(".local/state")))?;
    Some(state.join(command).join("history"))
}

fn save(editor: &mut Lines, path: &std::path::Path) {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let saved = made.map_err(ReadlineError::from).and_then(|()| editor.save_history(path));
    if let Err(error) = saved {
        complain(&format!("warning: the history is not kept: {error}\n"));
    }
}

struct Repl<'a> {
    cli: &'a Cli,
    session: Session,
    output: &'a OutputArgs,
}

impl Repl<'_> {
    fn read_all(&mut self, editor: &mut Lines) -> Exit {
        loop {
            match editor.readline(PROMPT) {
                Ok(input) => {
                    // A history that cannot grow is no reason to stop.
                    drop(editor.add_history_entry(input.trim_end()));
                    if let Some(exit) = self.input(input.trim()) {
                        return exit;
                    }
                    if let Some(helper) = editor.helper_mut() {
                        helper.learn(&self.session);
                    }
                }
                // Ctrl-C on a line that is being written gives it up.
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Exit::Ok,
                Err(error) => {
                    complain(&format!("error: cannot read the terminal: {error}\n"));
                    return Exit::Usage;
                }
            }
        }
    }

    /// Does what one input says; gives the exit code if it was the last.
    fn input(&mut self, input: &str) -> Option<Exit> {
        if input.is_empty() {
            return None;
        }
        match input.strip_prefix(':') {
            Some(command) => self.command(command),
            None => self.run(input),
        }
    }

    /// Runs an input and prints its value.
    fn run(&mut self, input: &str) -> Option<Exit> {
        let result = self.cli.run_input(&mut self.session, input);
        if !matches!(result, Err(SessionError::Rejected(_))) {
            let module = self.session.module();
            let warnings: Vec<_> = module.warnings().to_vec();
            debug_assert!(warnings.iter().all(|it| it.severity == Severity::Warning));
            show(&warnings, module.sources(), self.output);
        }
        match result {
            Ok(Some(value)) => {
                print(&(value + "\n"));
            }
            Ok(None) => {}
            Err(SessionError::Rejected(it)) => show(&it.diagnostics, &it.sources, self.output),
            Err(SessionError::Failed(error)) => {
                let exit = run::failed(&error, self.session.module(), self.output);
                if error.exit_code().is_some() {
                    return Some(exit);
                }
            }
        }
        None
    }
}
