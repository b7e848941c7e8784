//! Probes from outside: a socket of this process through which its owner can attach programs.
//!
//! Off unless the host opens it with [`serve`]. Only the user who runs the process can connect: the socket's mode is 0600
//! before it has its name. What comes over it is not trusted: frames, clients and time are limited, programs pass the verifier
//! and the budget of the host like any other, and a client that goes away, sleeps or talks nonsense is detached.
//!
//! A frame is four bytes of length, least first, one byte that says what it is, and the rest: see [`Said`].

mod client;
mod server;

pub use client::Client;
pub use server::{Limits, Server, serve, serve_with};

use std::io::{self, Read, Write};

/// Longest frame, its kind included.
const MAX_FRAME: usize = 1 << 20;

/// What one side says to the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// Client: which points are there whose names fit this pattern?
    List(String),
    /// Client: attach this program, a module of the linear profile.
    Attach(Vec<u8>),
    /// Client: detach, and say what the tables hold.
    Detach,
    /// Server: the names of points, a line each.
    Names(String),
    /// Server: the program is attached.
    Attached,
    /// Server: events, a line of JSON each; see [`write_event`](crate::sink::write_event).
    Events(String),
    /// Server: the tables as they are, as an array of JSON.
    Tables(String),
    /// Server: so many events found no room.
    Dropped(u64),
    /// Server: it cannot be done, and why.
    Failed(String),
    /// Server: the program is detached.
    Detached,
}

impl Said {
    fn parts(&self) -> (u8, Vec<u8>) {
        match self {
            Self::List(text) => (1, text.clone().into_bytes()),
            Self::Attach(bytes) => (2, bytes.clone()),
            Self::Detach => (3, Vec::new()),
            Self::Names(text) => (16, text.clone().into_bytes()),
            Self::Attached => (17, Vec::new()),
            Self::Events(text) => (18, text.clone().into_bytes()),
            Self::Tables(text) => (19, text.clone().into_bytes()),
            Self::Dropped(n) => (20, n.to_le_bytes().to_vec()),
            Self::Failed(text) => (21, text.clone().into_bytes()),
            Self::Detached => (22, Vec::new()),
        }
    }

    fn from_parts(kind: u8, rest: &[u8]) -> Option<Self> {
        let text = || String::from_utf8(rest.to_vec()).ok();
        Some(match kind {
            1 => Self::List(text()?),
            2 => Self::Attach(rest.to_vec()),
            3 if rest.is_empty() => Self::Detach,
            16 => Self::Names(text()?),
            17 if rest.is_empty() => Self::Attached,
            18 => Self::Events(text()?),
            19 => Self::Tables(text()?),
            20 => Self::Dropped(u64::from_le_bytes(rest.try_into().ok()?)),
            21 => Self::Failed(text()?),
            22 if rest.is_empty() => Self::Detached,
            _ => return None,
        })
    }

    /// Writes it as a frame. What is longer than a frame may be is left out, and said to be.
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let (mut kind, mut rest) = self.parts();
        if rest.len() >= MAX_FRAME {
            (kind, rest) = Self::Failed("the answer is longer than a frame may be".into()).parts();
        }
        let len = u32::try_from(rest.len() + 1).unwrap_or(u32::MAX);
        let mut frame = Vec::with_capacity(5 + rest.len());
        frame.extend(len.to_le_bytes());
        frame.push(kind);
        frame.extend(rest);
        out.write_all(&frame)
    }
}

/// Frames as their bytes come, however they are cut.
#[derive(Debug, Default)]
struct Frames {
    come: Vec<u8>,
}

impl Frames {
    /// Reads what has come; false at its end.
    fn read(&mut self, from: &mut impl Read) -> io::Result<bool> {
        let mut piece = [0; 16 << 10];
        match from.read(&mut piece) {
            Ok(0) => Ok(false),
            Ok(n) => {
                self.come.extend(piece.iter().take(n));
                Ok(true)
            }
            Err(error) if is_patience(&error) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// The next whole frame, if it has come.
    ///
    /// # Errors
    /// If it is none.
    fn next(&mut self) -> io::Result<Option<Said>> {
        let wrong = |what| io::Error::new(io::ErrorKind::InvalidData, what);
        let Some(head) = self.come.first_chunk::<4>() else { return Ok(None) };
        let len = u32::from_le_bytes(*head) as usize;
        if len == 0 || len > MAX_FRAME {
            return Err(wrong("a frame is from 1 byte to 1 MiB long"));
        }
        let Some(frame) = self.come.get(4..4 + len) else { return Ok(None) };
        let said = match frame.split_first() {
            Some((kind, rest)) => Said::from_parts(*kind, rest),
            None => None,
        };
        self.come.drain(..4 + len);
        said.map(Some).ok_or_else(|| wrong("this is no frame of probes"))
    }
}

/// Whether nothing has come for a while, which is no error.
fn is_patience(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), WouldBlock | TimedOut | Interrupted)
}
