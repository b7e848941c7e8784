//! A file that does not grow without end: when it is full, it gets a number and a new one is begun.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file with earlier ones beside it: `trace.jsonl`, then `trace.jsonl.1`, `trace.jsonl.2`, … the older the higher.
///
/// What is written at once stays together, so with [`JsonLines`](super::JsonLines) no line is cut.
#[derive(Debug)]
pub struct Rotating {
    path: PathBuf,
    file: File,
    len: u64,
    max_bytes: u64,
    max_files: usize,
}

impl Rotating {
    /// Opens a file, or goes on with the one that is there. It gets at most `max_bytes`, unless one write alone is longer; of
    /// the earlier ones `max_files` are kept.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(path: impl AsRef<Path>, max_bytes: u64, max_files: usize) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let len = file.metadata()?.len();
        Ok(Self { path, file, len, max_bytes, max_files })
    }

    fn numbered(&self, nth: usize) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{nth}"));
        name.into()
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.file.flush()?;
        for nth in (1..self.max_files).rev() {
            let (from, to) = (self.numbered(nth), self.numbered(nth + 1));
            if from.exists() {
                fs::rename(from, to)?;
            }
        }
        if self.max_files > 0 {
            fs::rename(&self.path, self.numbered(1))?;
        }
        self.file = OpenOptions::new().create(true).write(true).truncate(true).open(&self.path)?;
        self.len = 0;
        Ok(())
    }
}

impl Write for Rotating {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.len > 0 && self.len.saturating_add(bytes.len() as u64) > self.max_bytes {
            self.rotate()?;
        }
        self.file.write_all(bytes)?;
        self.len += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
