//! The side that asks: `remora trace --attach`.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::{Frames, Said};
use crate::program::Program;

/// A connection to a process that has opened a socket with [`serve`](super::serve). What it has attached is detached when it is
/// dropped.
#[derive(Debug)]
pub struct Client {
    stream: UnixStream,
    frames: Frames,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// If nobody listens there, or not to this user.
    pub fn connect(path: impl AsRef<Path>) -> io::Result<Self> {
        let stream = UnixStream::connect(path)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, frames: Frames::default() })
    }

    /// The points whose names fit a pattern.
    ///
    /// # Errors
    /// If the other side cannot say, or has gone.
    pub fn list(&mut self, pattern: &str) -> io::Result<Vec<String>> {
        Said::List(pattern.to_owned()).write(&mut self.stream)?;
        match self.answer()? {
            Said::Names(names) => Ok(names.lines().map(str::to_owned).collect()),
            other => Err(unexpected(other)),
        }
    }

    /// Attaches a program. One at a time.
    ///
    /// # Errors
    /// If the other side refuses it, with its reason, or has gone.
    pub fn attach(&mut self, program: &Program) -> io::Result<()> {
        Said::Attach(program.to_bytes()).write(&mut self.stream)?;
        match self.answer()? {
            Said::Attached => Ok(()),
            other => Err(unexpected(other)),
        }
    }

    /// Asks for the end: what is still said before [`Said::Detached`] belongs to it.
    ///
    /// # Errors
    /// If the other side has gone.
    pub fn detach(&mut self) -> io::Result<()> {
        Said::Detach.write(&mut self.stream)
    }

    /// What comes next, if anything does within that time.
    ///
    /// # Errors
    /// If the other side has gone, or says what nobody understands.
    pub fn next(&mut self, patience: Duration) -> io::Result<Option<Said>> {
        if let Some(said) = self.frames.next()? {
            return Ok(Some(said));
        }
        self.stream.set_read_timeout(Some(patience.max(Duration::from_millis(1))))?;
        if !self.frames.read(&mut self.stream)? {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the process has gone"));
        }
        self.frames.next()
    }

    fn answer(&mut self) -> io::Result<Said> {
        let end = std::time::Instant::now() + PATIENCE;
        while std::time::Instant::now() < end {
            if let Some(said) = self.next(PATIENCE)? {
                return Ok(said);
            }
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "the process does not answer"))
    }
}

fn unexpected(said: Said) -> io::Error {
    match said {
        Said::Failed(why) => io::Error::new(io::ErrorKind::InvalidInput, why),
        _ => io::Error::new(io::ErrorKind::InvalidData, "the process says something else"),
    }
}
