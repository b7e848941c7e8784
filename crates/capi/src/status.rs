//! How a call went, and the gate that all calls run behind.
#![expect(unsafe_code, reason = "exports a function to C")]

use core::ffi::c_char;
use std::cell::RefCell;
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use remora::{Error, ErrorKind, Rejected};

use crate::raw;

/// How a call went. `remora_last_error` says more if it is not `REMORA_OK`.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RemoraStatus {
    /// All went well.
    Ok = 0,
    /// The program does not compile, or the bytes are no sound module.
    Rejected = 1,
    /// The script failed with an error that it did not catch.
    Failed = 2,
    /// The run reached a limit, or was interrupted. The VM can be used again.
    Limit = 3,
    /// The script called `exit`: no failure. The code is `exit_code` of the last error.
    Exit = 4,
    /// The call was wrong: a null pointer, a handle that is none, text that is not UTF-8. Nothing has happened.
    Misuse = 5,
    /// A defect of Remora. What was being used should be freed.
    Panic = 6,
}

/// What went wrong. All texts end with a zero and are good until the next call of a function of Remora on the same thread.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RemoraError {
    /// What the failing call gave.
    pub status: RemoraStatus,
    /// What `exit` was called with; 0 otherwise.
    pub exit_code: i32,
    /// The code of the error, such as `R0007`; empty for a misuse.
    pub code: *const c_char,
    /// The message, in a line.
    pub message: *const c_char,
    /// The error with an excerpt of the source, in several lines.
    pub rendered: *const c_char,
    /// The line of the program where it happened, from 1; 0 if unknown.
    pub line: u32,
}

/// An error as it is kept for the thread.
pub(crate) struct Fail {
    status: RemoraStatus,
    exit_code: i32,
    code: CString,
    message: CString,
    rendered: CString,
    line: u32,
}

thread_local! {
    static LAST: RefCell<Option<Fail>> = const { RefCell::new(None) };
}

/// A text for C. A zero in it would end it early.
fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

/// The caller has made a mistake.
pub(crate) fn misuse(message: String) -> Fail {
    let message = c_text(&message);
    Fail {
        status: RemoraStatus::Misuse,
        exit_code: 0,
        code: CString::default(),
        rendered: message.clone(),
        message,
        line: 0,
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Limit => RemoraStatus::Limit,
            ErrorKind::Exit => RemoraStatus::Exit,
            _ => RemoraStatus::Failed,
        };
        Self {
            status,
            exit_code: error.exit_code().unwrap_or(0),
            code: c_text(error.code().as_str()),
            message: c_text(error.message()),
            rendered: c_text(&error.render()),
            line: error.frames().map(|it| it.line).find(|it| *it > 0).unwrap_or(0),
        }
    }
}

impl From<Rejected> for Fail {
    fn from(rejected: Rejected) -> Self {
        let first = rejected.diagnostics.first();
        let line = first.and_then(|it| {
            let label = it.labels.first()?;
            let (line, _) = rejected.sources.source(label.source)?.line_column(label.span.start);
            u32::try_from(line).ok()
        });
        Self {
            status: RemoraStatus::Rejected,
            exit_code: 0,
            code: c_text(first.map_or("", |it| it.code.as_str())),
            message: c_text(&rejected.to_string()),
            rendered: c_text(&rejected.render()),
            line: line.unwrap_or(0),
        }
    }
}

/// The gate: does the work, keeps what went wrong for the thread, and stops a panic.
pub(crate) fn guard(work: impl FnOnce() -> Result<(), Fail>) -> RemoraStatus {
    let fail = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => return RemoraStatus::Ok,
        Ok(Err(fail)) => fail,
        Err(_) => Fail {
            status: RemoraStatus::Panic,
            ..misuse("Remora panicked: this is a defect of Remora, please report it".to_owned())
        },
    };
    let status = fail.status;
    LAST.with(|last| *last.borrow_mut() = Some(fail));
    status
}

/// What went wrong in the last call on this thread that gave anything but `REMORA_OK`; all zero if none did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_last_error(error: *mut RemoraError) -> RemoraStatus {
    LAST.with(|last| {
        let last = last.borrow();
        let found = match &*last {
            Some(fail) => RemoraError {
                status: fail.status,
                exit_code: fail.exit_code,
                code: fail.code.as_ptr(),
                message: fail.message.as_ptr(),
                rendered: fail.rendered.as_ptr(),
                line: fail.line,
            },
            None => RemoraError {
                status: RemoraStatus::Ok,
                exit_code: 0,
                code: c"".as_ptr(),
                message: c"".as_ptr(),
                rendered: c"".as_ptr(),
                line: 0,
            },
        };
        match raw::put(error, found, "error") {
            Ok(()) => RemoraStatus::Ok,
            Err(_) => RemoraStatus::Misuse,
        }
    })
}
