//! Pointers of C, read and written: null is an error, and all else is what the header asks of the caller.
#![expect(unsafe_code, reason = "reads and writes what C points to")]

use core::ffi::{CStr, c_char};

use crate::status::{Fail, misuse};

/// So many things in a row; none for a length of 0, whatever the pointer.
pub(crate) fn slice<'a, T>(at: *const T, len: usize, what: &str) -> Result<&'a [T], Fail> {
    if len == 0 {
        return Ok(&[]);
    }
    if at.is_null() {
        return Err(misuse(format!("{what} is null")));
    }
    if len > isize::MAX.unsigned_abs() / size_of::<T>().max(1) {
        return Err(misuse(format!("{what} is longer than memory")));
    }
    // SAFETY: not null, and the header asks for `len` things there that nobody changes during the call.
    Ok(unsafe { core::slice::from_raw_parts(at, len) })
}

/// Text of that length.
pub(crate) fn text<'a>(at: *const c_char, len: usize, what: &str) -> Result<&'a str, Fail> {
    std::str::from_utf8(slice(at.cast::<u8>(), len, what)?)
        .map_err(|it| misuse(format!("{what} is not UTF-8 at byte {}", it.valid_up_to())))
}

/// A name that ends with a zero.
pub(crate) fn name<'a>(at: *const c_char, what: &str) -> Result<&'a str, Fail> {
    if at.is_null() {
        return Err(misuse(format!("{what} is null")));
    }
    // SAFETY: not null, and the header asks for a text there that ends with a zero.
    let name = unsafe { CStr::from_ptr(at) };
    name.to_str().map_err(|it| misuse(format!("{what} is not UTF-8 at byte {}", it.valid_up_to())))
}

/// One thing.
pub(crate) fn one<'a, T>(at: *const T, what: &str) -> Result<&'a T, Fail> {
    optional(at).ok_or_else(|| misuse(format!("{what} is null")))
}

/// Something that may be left out.
pub(crate) fn optional<'a, T>(at: *const T) -> Option<&'a T> {
    // SAFETY: null or, as the header asks, one `T` that nobody changes during the call.
    unsafe { at.as_ref() }
}

/// Writes a result.
pub(crate) fn put<T>(at: *mut T, it: T, what: &str) -> Result<(), Fail> {
    check(at, what)?;
    // SAFETY: not null, and the header asks for room for one `T` there; what was there needs no dropping.
    unsafe { at.write(it) };
    Ok(())
}

/// Says so before the work is done, if its result has no place.
pub(crate) fn check<T>(at: *const T, what: &str) -> Result<(), Fail> {
    if at.is_null() { Err(misuse(format!("{what} is null"))) } else { Ok(()) }
}
