//! What a script may use: memory, fuel, depth, time.

pub mod fuel;
pub mod memory;

use crate::fault::Res;

/// Pays for work that grows with script-sized data.
pub trait Charge {
    /// Pays `units` of fuel, before the work is done.
    ///
    /// # Errors
    /// L0001 if there is not as much left, L0004 or L0007 if it is time to stop.
    fn charge(&mut self, units: u64) -> Res<()>;
}

/// Pays for everything: tests, and work that was paid for otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Free;

impl Charge for Free {
    fn charge(&mut self, _units: u64) -> Res<()> {
        Ok(())
    }
}
