//! Fuel and the moments at which a run looks up from its work.
//!
//! One counter serves both: it counts a slice of fuel down, and when the slice is used the slow path takes the next one and
//! asks the host whether to go on. So a turn of a loop costs one subtraction and one branch, and the fuel a program uses
//! does not depend on when anybody asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use remora_diagnostics::Code;

use super::Charge;
use crate::fault::{Fault, Res};

/// Units between two looks up: about 20 microseconds of interpreted code.
const SLICE: u64 = 4093;

/// Asks the host whether a run may go on; the error says why not. Called a few ten thousand times a second.
pub type Watch = Box<dyn FnMut() -> Result<(), Code> + Send>;

/// What is left to use.
pub struct Fuel {
    /// Left of this slice; below zero when it was passed.
    slice: i64,
    /// Beyond this slice.
    reserve: u64,
    limit: u64,
    /// Slices begun since somebody asked.
    slices: u64,
    /// Left before the run pauses; `u64::MAX` if it is not to.
    round: u64,
    interrupted: Arc<AtomicBool>,
    watch: Option<Watch>,
}

impl Fuel {
    /// That many units; `u64::MAX` is without limit.
    #[must_use]
    pub fn new(limit: u64, watch: Option<Watch>) -> Self {
        Self {
            slice: 0,
            reserve: limit,
            limit,
            slices: 0,
            round: u64::MAX,
            interrupted: Arc::default(),
            watch,
        }
    }

    /// Lets a run pause after so many units from now, where nothing is half done: at a back-edge or a call. Work of a
    /// builtin is done to its end first. `None`: it does not pause.
    pub fn pause_after(&mut self, units: Option<u64>) {
        if units.is_none() && self.round == u64::MAX {
            return;
        }
        // What is left of the slice goes back, so that the next one is cut to the round.
        let left = self.slice.max(0).unsigned_abs();
        self.slice = self.slice.min(0);
        self.reserve = self.reserve.saturating_add(left);
        self.round = units.unwrap_or(u64::MAX);
    }

    /// Whether the round is used up, so that the run pauses now.
    pub(crate) const fn is_round_over(&self) -> bool {
        self.round == 0
    }

    /// Set from any thread, it ends the run at the next look up.
    #[must_use]
    pub fn interrupt_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupted)
    }

    /// Units used so far.
    #[must_use]
    pub fn used(&self) -> u64 {
        let left = self.reserve.saturating_add_signed(self.slice);
        self.limit.saturating_sub(left)
    }

    /// How many slices were begun since the last time that this was asked.
    pub(crate) const fn take_slices(&mut self) -> u64 {
        std::mem::replace(&mut self.slices, 0)
    }

    /// Whom to ask from now on.
    pub fn set_watch(&mut self, watch: Option<Watch>) {
        self.watch = watch;
    }

    /// Fills up to that many units.
    pub fn refill(&mut self, limit: u64) {
        (self.slice, self.reserve, self.limit) = (0, limit, limit);
    }

    /// Takes one unit of the slice, if there is one left.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> bool {
        let left = self.slice > 0;
        if left {
            self.slice -= 1;
        }
        left
    }

    /// Takes back a unit that was just taken, for nothing.
    pub(crate) const fn give_back(&mut self) {
        self.slice += 1;
    }

    /// One unit, when the slice is used up.
    ///
    /// # Errors
    /// L0001, L0004, L0007.
    #[cold]
    #[inline(never)]
    pub(crate) fn one(&mut self) -> Res<()> {
        self.charge(1)
    }

    /// Asks whether to go on, without using any.
    ///
    /// # Errors
    /// L0004, L0007.
    pub fn look_up(&mut self) -> Res<()> {
        // Writing is what costs: most of the time there is nothing to take back.
        if self.interrupted.load(Ordering::Relaxed)
            && self.interrupted.swap(false, Ordering::Relaxed)
        {
            return Err(Fault::new(Code::L0007, "Interrupted"));
        }
        match self.watch.as_mut().map_or(Ok(()), |watch| watch()) {
            Ok(()) => Ok(()),
            Err(code) => Err(Fault::new(code, "Deadline passed")),
        }
    }

    /// Takes the next slice, and asks whether to go on.
    ///
    /// # Errors
    /// L0001, L0004, L0007.
    #[cold]
    #[inline(never)]
    pub(crate) fn next_slice(&mut self) -> Res<()> {
        self.slices += 1;
        let owed = self.slice.min(0).unsigned_abs();
        if owed > self.reserve {
            (self.slice, self.reserve) = (0, 0);
            let message = format!("Fuel used up: the limit is {}", self.limit);
            return Err(
                Fault::new(Code::L0001, message).with_help("give it more fuel, or make it do less")
            );
        }
        self.reserve -= owed;
        let mut grant = self.reserve.min(SLICE);
        if self.round != u64::MAX {
            self.round = self.round.saturating_sub(owed);
            grant = grant.min(self.round);
            self.round -= grant;
        }
        self.reserve -= grant;
        self.slice = self.slice.max(0).saturating_add_unsigned(grant);
        self.look_up()
    }
}

impl Charge for Fuel {
    #[inline]
    fn charge(&mut self, units: u64) -> Res<()> {
        self.slice = self.slice.saturating_sub_unsigned(units.min(i64::MAX.unsigned_abs()));
        if self.slice >= 0 { Ok(()) } else { self.next_slice() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_as_many_units_as_given_can_be_used() {
        for limit in [0, 1, 4095, 4096, 4097, 10_000] {
            let mut fuel = Fuel::new(limit, None);
            let mut n = 0;
            while fuel.charge(1).is_ok() {
                n += 1;
            }
            assert_eq!(n, limit);
            assert!(fuel.charge(1).is_err(), "once used up it stays so");
        }
        let mut fuel = Fuel::new(10_000, None);
        fuel.charge(9_000).unwrap();
        assert_eq!(fuel.used(), 9_000);
        assert!(fuel.charge(1_001).is_err());
    }
}
