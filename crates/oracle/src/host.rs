//! What a program may ask of the world around it.

/// The capabilities of a script. Each is denied unless an implementation grants it.
pub trait Host {
    /// The whole text of a file.
    ///
    /// # Errors
    /// [`HostError`] when it is not allowed or fails.
    fn read_file(&mut self, _path: &str) -> Result<String, HostError> {
        Err(HostError::Denied)
    }

    /// Writes a whole file.
    ///
    /// # Errors
    /// [`HostError`] when it is not allowed or fails.
    fn write_file(&mut self, _path: &str, _text: &str) -> Result<(), HostError> {
        Err(HostError::Denied)
    }

    /// Whether a file exists.
    ///
    /// # Errors
    /// [`HostError`] when it is not allowed or fails.
    fn file_exists(&mut self, _path: &str) -> Result<bool, HostError> {
        Err(HostError::Denied)
    }

    /// Takes a line that is no output: what `eprint` says.
    fn complaint(&mut self, _line: &str) {}

    /// The next line of the input without its end, or `None` at the end of it.
    ///
    /// # Errors
    /// [`HostError`] when it is not allowed or fails.
    fn input(&mut self) -> Result<Option<String>, HostError> {
        Err(HostError::Denied)
    }

    /// A variable of the environment.
    ///
    /// # Errors
    /// [`HostError`] when it is not allowed or fails.
    fn env(&mut self, _name: &str) -> Result<Option<String>, HostError> {
        Err(HostError::Denied)
    }

    /// Seconds since 1970.
    ///
    /// # Errors
    /// [`HostError`] when it is not allowed or fails.
    fn now(&mut self) -> Result<f64, HostError> {
        Err(HostError::Denied)
    }

    /// Waits that many milliseconds.
    ///
    /// # Errors
    /// [`HostError`] when it is not allowed or fails.
    fn sleep(&mut self, _milliseconds: f64) -> Result<(), HostError> {
        Err(HostError::Denied)
    }
}

/// Why the host did not do what was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HostError {
    /// The script may not (R0030).
    Denied,
    /// It was tried and failed (R0025), with the reason.
    Failed(String),
}

/// A host that denies everything.
#[derive(Clone, Copy, Default, Debug)]
pub struct NoHost;

impl Host for NoHost {}
