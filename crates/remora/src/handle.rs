//! Values that the host holds on to.

use remora_diagnostics::Code;
use remora_vm::host;
use remora_vm::{Fault, Res, Value as Raw};

use crate::ctx::Ctx;

/// Keeps a value of a VM alive, and can go anywhere. Used with another VM it is the error R0033; after its VM it is good for
/// nothing. Cloning shares.
#[derive(Clone, PartialEq, Debug)]
pub struct Handle(host::Handle);

impl Handle {
    pub(crate) const fn new(handle: host::Handle) -> Self {
        Self(handle)
    }

    /// What `type(x)` calls the value.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.0.kind()
    }

    /// The value, which keeps its count.
    pub(crate) fn find(&self, handles: &host::Handles) -> Res<Raw> {
        handles.find(&self.0).ok_or_else(|| {
            Fault::new(Code::R0033, format!("This {} is of another VM", self.kind()))
                .with_help("copy what is in it, and give the copy to the other VM")
        })
    }

    /// The value, counted for the caller.
    pub(crate) fn to_raw(&self, cx: &Ctx<'_>) -> Res<Raw> {
        let raw = self.find(&cx.cx.host.handles)?;
        cx.cx.heap.retain(raw);
        Ok(raw)
    }
}
