//! The side that is asked: a few threads that attach what a client sends and hand over what it records.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Frames, Said};
use crate::cost::Budget;
use crate::program::Program;
use crate::sink::{write_event, write_tables};
use crate::trace::{Room, Targets, Trace, list};

/// What clients get.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once.
    pub clients: usize,
    /// What a probe may cost.
    pub budget: Budget,
    /// How much waits for a client.
    pub room: Room,
    /// How long a client may take to say what it wants, or to take what it is told.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            clients: 8,
            budget: Budget::default(),
            room: Room::default(),
            patience: Duration::from_secs(10),
        }
    }
}

/// How often a client is told what has been recorded.
const TURN: Duration = Duration::from_millis(20);
/// How often it is told what its tables hold.
const TABLES: Duration = Duration::from_millis(500);
/// Bytes of events in one frame, about.
const BATCH: usize = 64 << 10;

/// An open socket. It is closed, and all that came through it is detached, when this is dropped.
#[derive(Debug)]
pub struct Server {
    path: PathBuf,
    closed: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Opens a socket with default limits.
///
/// # Errors
/// As [`serve_with`].
pub fn serve(path: impl AsRef<Path>, targets: Targets) -> io::Result<Server> {
    serve_with(path, targets, Limits::default())
}

/// Opens a socket through which the user who runs this process can attach programs to `targets`.
///
/// # Errors
/// If there is something else of that name, somebody listens there already, or it cannot be made.
///
/// # Cost
/// A thread that sleeps, and one for each client.
pub fn serve_with(path: impl AsRef<Path>, targets: Targets, limits: Limits) -> io::Result<Server> {
    let path = path.as_ref().to_owned();
    let listener = bind(&path)?;
    let closed = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&closed);
    let accept = move || accept(&listener, &flag, &targets, &limits);
    let thread = std::thread::Builder::new().name("probes".into()).spawn(accept)?;
    Ok(Server { path, closed, thread: Some(thread) })
}

/// Makes the socket where nobody else can see it, and then gives it its name.
fn bind(path: &Path) -> io::Result<UnixListener> {
    if let Ok(found) = fs::symlink_metadata(path) {
        if !found.file_type().is_socket() || UnixStream::connect(path).is_ok() {
            let taken = format!("{} is taken", path.display());
            return Err(io::Error::new(io::ErrorKind::AddrInUse, taken));
        }
        // It was left by a process that has ended.
        fs::remove_file(path)?;
    }
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    let hidden = parent.unwrap_or(Path::new(".")).join(format!(".p{}", std::process::id()));
    fs::DirBuilder::new().mode(0o700).create(&hidden)?;
    let own = hidden.join("s");
    let made = UnixListener::bind(&own).and_then(|listener| {
        fs::set_permissions(&own, fs::Permissions::from_mode(0o600))?;
        fs::rename(&own, path)?;
        Ok(listener)
    });
    drop(fs::remove_file(&own));
    fs::remove_dir(&hidden)?;
    made
}

fn accept(listener: &UnixListener, closed: &Arc<AtomicBool>, targets: &Targets, limits: &Limits) {
    let n_clients = Arc::new(AtomicUsize::new(0));
    loop {
        let stream = listener.accept();
        if closed.load(Ordering::Relaxed) {
            return;
        }
        let Ok((stream, _)) = stream else {
            std::thread::sleep(TURN);
            continue;
        };
        if n_clients.fetch_add(1, Ordering::Relaxed) >= limits.clients {
            n_clients.fetch_sub(1, Ordering::Relaxed);
            drop(Said::Failed("too many clients".into()).write(&mut &stream));
            continue;
        }
        let leaves = Leaves(Arc::clone(&n_clients));
        let (targets, limits, closed) = (Arc::clone(targets), limits.clone(), Arc::clone(closed));
        let talk = move || {
            let _leaves = leaves;
            // However it ends, nobody is left to be told.
            drop(Talk::new(stream, &targets, &limits).and_then(|mut it| it.run(&closed)));
        };
        drop(std::thread::Builder::new().name("probes".into()).spawn(talk));
    }
}

/// Counts a client down.
struct Leaves(Arc<AtomicUsize>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is said with one client.
struct Talk<'a> {
    stream: UnixStream,
    frames: Frames,
    targets: &'a Targets,
    limits: &'a Limits,
    trace: Option<Trace>,
    /// When the client has said or taken something last.
    heard: Instant,
    told: Instant,
}

impl<'a> Talk<'a> {
    fn new(stream: UnixStream, targets: &'a Targets, limits: &'a Limits) -> io::Result<Self> {
        stream.set_read_timeout(Some(TURN))?;
        stream.set_write_timeout(Some(limits.patience))?;
        let now = Instant::now();
        let frames = Frames::default();
        Ok(Self { stream, frames, targets, limits, trace: None, heard: now, told: now })
    }

    fn run(&mut self, closed: &AtomicBool) -> io::Result<()> {
        while !closed.load(Ordering::Relaxed) {
            if !self.frames.read(&mut self.stream)? {
                return Ok(());
            }
            loop {
                match self.frames.next() {
                    Ok(Some(said)) => {
                        self.heard = Instant::now();
                        self.answer(said)?;
                    }
                    Ok(None) => break,
                    Err(error) => {
                        Said::Failed(error.to_string()).write(&mut self.stream)?;
                        return Err(error);
                    }
                }
            }
            if self.trace.is_some() {
                self.tell()?;
            } else if self.heard.elapsed() > self.limits.patience {
                return Ok(());
            }
        }
        Ok(())
    }

    fn say(&mut self, said: &Said) -> io::Result<()> {
        said.write(&mut self.stream)
    }

    fn answer(&mut self, said: Said) -> io::Result<()> {
        match said {
            Said::List(pattern) => {
                let names = list(self.targets, &pattern).join("\n");
                self.say(&Said::Names(names))
            }
            Said::Attach(bytes) => {
                let said = match self.attach(&bytes) {
                    Ok(trace) => {
                        self.trace = Some(trace);
                        Said::Attached
                    }
                    Err(why) => Said::Failed(why),
                };
                self.say(&said)
            }
            Said::Detach => {
                let Some(mut trace) = self.trace.take() else {
                    return self.say(&Said::Failed("nothing is attached".into()));
                };
                trace.detach();
                self.hand_over(&trace)?;
                self.tables(&trace)?;
                self.say(&Said::Detached)
            }
            _ => self.say(&Said::Failed("a client asks".into())),
        }
    }

    fn attach(&self, bytes: &[u8]) -> Result<Trace, String> {
        if self.trace.is_some() {
            return Err("a program is attached already".to_owned());
        }
        let program = Program::from_bytes(bytes, &self.limits.budget);
        let program = program.map_err(|it| it.to_string())?;
        let trace = Trace::attach(&Arc::new(program), self.targets, self.limits.room);
        trace.map_err(|it| it.to_string())
    }

    /// Hands over what was recorded since the last time.
    fn tell(&mut self) -> io::Result<()> {
        let Some(trace) = self.trace.take() else { return Ok(()) };
        self.hand_over(&trace)?;
        if self.told.elapsed() >= TABLES {
            self.told = Instant::now();
            self.tables(&trace)?;
        }
        self.trace = Some(trace);
        Ok(())
    }

    fn hand_over(&mut self, trace: &Trace) -> io::Result<()> {
        let (events, dropped) = trace.drain();
        let mut lines = String::new();
        for event in &events {
            write_event(&mut lines, event);
            lines.push('\n');
            if lines.len() >= BATCH {
                self.say(&Said::Events(std::mem::take(&mut lines)))?;
            }
        }
        if !lines.is_empty() {
            self.say(&Said::Events(lines))?;
        }
        if dropped > 0 {
            self.say(&Said::Dropped(dropped))?;
        }
        Ok(())
    }

    fn tables(&mut self, trace: &Trace) -> io::Result<()> {
        let mut text = String::new();
        write_tables(&mut text, &trace.tables());
        self.say(&Said::Tables(text))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // The thread that waits for clients looks up when one comes.
        if UnixStream::connect(&self.path).is_ok()
            && let Some(thread) = self.thread.take()
        {
            drop(thread.join());
        }
        drop(fs::remove_file(&self.path));
    }
}
