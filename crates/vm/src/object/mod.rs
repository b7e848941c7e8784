//! What lives on the heap: the bodies behind the values.
//!
//! Each type here is plain data over [`Buf`](crate::heap::Buf), safe code throughout, and knows nothing of headers or counts:
//! elements that go in are counted already, elements that come out are the caller's to release.

pub mod array;
pub(crate) mod channel;
pub mod error;
pub(crate) mod generator;
pub mod host;
pub mod inline;
pub mod key;
pub mod queue;
pub mod range;
pub mod table;
pub(crate) mod task;

pub use self::array::{Array, Items};
pub(crate) use self::channel::Channel;
pub use self::error::ErrorObject;
pub(crate) use self::generator::{Generator, Stage};
pub use self::host::{HostObject, Refused};
pub use self::inline::{Closure, Record, Str, Variant};
pub use self::key::{HashSeed, Key};
pub use self::queue::Queue;
pub use self::range::Range;
pub use self::table::{Dict, Set, Table};
pub use self::task::TaskId;
pub(crate) use self::task::{Ended, Task};
