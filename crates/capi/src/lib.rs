//! Remora for C, and for whatever calls C: engines, modules, VMs, values, functions of the host, errors, limits.
//!
//! What C holds are numbers, not pointers: one that is wrong, of another kind, or was given back is an error with the status
//! `REMORA_MISUSE`, never undefined behaviour. So is a null pointer. What is left to the caller is what C cannot say: that a
//! pointer which is not null points to as much as its length says, and that a function of the host is one.
//!
//! No panic crosses the boundary: each function runs behind one gate (`status::guard`) that makes an error of it.
//! `include/remora.h` is written from these sources; a test says when it is stale.
#![expect(clippy::missing_safety_doc, reason = "what the caller keeps to is said once, above")]

mod engine;
mod handles;
mod host;
mod raw;
mod status;
mod value;
mod vm;

pub use engine::{
    remora_compile, remora_engine_free, remora_engine_new, remora_load, remora_module_bytes,
    remora_module_free,
};
pub use host::{RemoraFunction, RemoraHostFunction, remora_fail};
pub use status::{RemoraError, RemoraStatus, remora_last_error};
pub use value::{
    RemoraKind, RemoraValue, remora_array, remora_array_push, remora_at, remora_bool, remora_dict,
    remora_dict_set, remora_field, remora_float, remora_int, remora_key, remora_length,
    remora_null, remora_release, remora_string,
};
pub use vm::{
    RemoraSettings, RemoraWrite, remora_call, remora_interrupt, remora_run, remora_show,
    remora_vm_free, remora_vm_fuel_used, remora_vm_live_bytes, remora_vm_new,
};
