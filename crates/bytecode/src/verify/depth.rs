//! What is on a stack: how many items, and which of them are more than plain values.
//!
//! Nearly all items are plain values, so a stack is a depth and a list of the few others, the topmost first. Lists
//! share their tails and never change: a [`Stack`] is copied in no time, wherever control goes. Two lists that were
//! made on different ways are compared link by link; links found equal are united, so that none is looked at twice
//! in all comparisons together. Each link also has a second, longer one (after Myers, 1983, "An applicative random-access
//! stack"), so that the item at a depth is found in logarithmic time.

use remora_diagnostics::Code as ErrorCode;

use super::rule::{Checked, Fault};
use crate::ids::ImportIdx;

/// A stack item that is more than a plain value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Special {
    Source,
    Place,
    Host(ImportIdx),
}

/// A stack, as far as the verifier tells items apart.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stack {
    pub(super) depth: u32,
    /// One more than the depth of the topmost special item; 0 if there is none.
    special_end: u32,
    top: Link,
}

impl Stack {
    /// With that many plain values more.
    #[inline]
    pub(super) const fn pushed(self, n: u32) -> Self {
        Self { depth: self.depth.saturating_add(n), ..self }
    }
}

/// The index of a [`Node`]; 0 is the end of every list.
type Link = usize;

#[derive(Clone, Copy, Debug)]
struct Node {
    /// At which depth the item lies.
    at: u32,
    item: Special,
    /// One more than the depth of the topmost item from here down that is part of an iteration; 0 if there is none.
    iteration_end: u32,
    below: Link,
    /// A link further down.
    jump: Link,
    /// How many nodes are below.
    height: u32,
    /// A node that was found equal; itself if there is none.
    same: Link,
}

/// All lists of one function.
#[derive(Debug)]
pub(super) struct Stacks {
    nodes: Vec<Node>,
    /// Links that were followed.
    pub(super) work: u64,
}

const END: Node =
    Node { at: 0, item: Special::Source, iteration_end: 0, below: 0, jump: 0, height: 0, same: 0 };

impl Default for Stacks {
    fn default() -> Self {
        Self { nodes: vec![END], work: 0 }
    }
}

impl Stacks {
    /// Forgets all lists.
    pub(super) fn clear(&mut self) {
        self.nodes.truncate(1);
    }

    fn node(&self, link: Link) -> Node {
        self.nodes.get(link).copied().unwrap_or(END)
    }

    /// Takes plain values; host functions count as such. Nothing below `floor` may be taken.
    #[inline(always)]
    pub(super) fn pop(&mut self, stack: &mut Stack, n: u32, floor: u32) -> Checked {
        let Some(left) = stack.depth.checked_sub(n).filter(|left| *left >= floor) else {
            return Err(underflow());
        };
        stack.depth = left;
        if left < stack.special_end { self.drop_hosts(stack) } else { Ok(()) }
    }

    /// Drops special items above the depth, if all of them are host functions.
    #[inline(never)]
    fn drop_hosts(&mut self, stack: &mut Stack) -> Checked {
        if self.node(stack.top).iteration_end > stack.depth {
            return Err(Fault::new(ErrorCode::V0008, "an iteration is used as a value"));
        }
        *stack = self.cut(*stack, stack.depth);
        Ok(())
    }

    /// Takes an item of a special kind.
    pub(super) fn pop_special(&mut self, stack: &mut Stack, floor: u32) -> Checked<Special> {
        if stack.depth <= floor {
            return Err(underflow());
        }
        if stack.special_end != stack.depth {
            let message = "a plain value stands where an iteration or a host function is needed";
            return Err(Fault::new(ErrorCode::V0008, message));
        }
        let node = self.node(stack.top);
        *stack = self.with_top(stack.depth - 1, node.below);
        Ok(node.item)
    }

    /// Pushes an item of a special kind.
    pub(super) fn push_special(&mut self, stack: &mut Stack, item: Special) {
        let (below, top) = (stack.top, self.node(stack.top));
        let jump = self.node(top.jump);
        // As far as the next two jumps together if they are equally long, else one step.
        let balanced = top.height - jump.height == jump.height - self.node(jump.jump).height;
        let jump = if balanced && below != 0 { jump.jump } else { below };
        let end = stack.depth.saturating_add(1);
        let iteration_end = if matches!(item, Special::Host(_)) { top.iteration_end } else { end };
        let link = self.nodes.len();
        let height = top.height + 1;
        self.nodes.push(Node {
            at: stack.depth,
            item,
            iteration_end,
            below,
            jump,
            height,
            same: link,
        });
        *stack = Stack { depth: end, special_end: end, top: link };
    }

    /// Whether the item that far below the top is part of an iteration; `None` if there is no such item.
    pub(super) fn is_iteration(&mut self, stack: Stack, below: u32) -> Option<bool> {
        let at = stack.depth.checked_sub(below)?.checked_sub(1)?;
        let top = self.cut(stack, at + 1).top;
        Some(self.node(top).iteration_end == at + 1)
    }

    /// The lowest `depth` items.
    pub(super) fn cut(&mut self, stack: Stack, depth: u32) -> Stack {
        let mut link = stack.top;
        while link != 0 && self.node(link).at >= depth {
            self.work += 1;
            let node = self.node(link);
            link = if node.jump != 0 && self.node(node.jump).at >= depth {
                node.jump
            } else {
                node.below
            };
        }
        self.with_top(depth, link)
    }

    fn with_top(&self, depth: u32, top: Link) -> Stack {
        let special_end = if top == 0 { 0 } else { self.node(top).at + 1 };
        Stack { depth, special_end, top }
    }

    /// Whether the topmost item is the first half of an iteration.
    pub(super) fn splits_iteration(&self, stack: Stack) -> bool {
        stack.special_end == stack.depth
            && stack.top != 0
            && self.node(stack.top).item == Special::Source
    }

    /// Two ways to a place must agree about the stack.
    #[inline]
    pub(super) fn agree(&mut self, left: Stack, right: Stack) -> Checked {
        if left.depth == right.depth && (left.top == right.top || self.unite(left.top, right.top)) {
            return Ok(());
        }
        let (left, right) = (left.depth, right.depth);
        let message = if left == right {
            "ways to here disagree about the kinds of items on the stack".to_owned()
        } else {
            format!("ways to here disagree about the stack: {left} items or {right}")
        };
        Err(Fault::new(ErrorCode::V0009, message))
    }

    /// Whether two lists are equal; what is found equal is united. After a "no" the lists are of no more use.
    fn unite(&mut self, left: Link, right: Link) -> bool {
        let (mut left, mut right) = (left, right);
        loop {
            (left, right) = (self.find(left), self.find(right));
            if left == right {
                return true;
            }
            let (a, b) = (self.node(left), self.node(right));
            if left == 0 || right == 0 || a.at != b.at || a.item != b.item {
                return false;
            }
            self.work += 1;
            if let Some(node) = self.nodes.get_mut(left) {
                node.same = right;
            }
            (left, right) = (a.below, b.below);
        }
    }

    fn find(&mut self, mut link: Link) -> Link {
        loop {
            self.work += 1;
            let same = self.node(link).same;
            if same == link {
                return link;
            }
            let next = self.node(same).same;
            if let Some(node) = self.nodes.get_mut(link) {
                node.same = next;
            }
            link = next;
        }
    }
}

#[cold]
fn underflow() -> Fault {
    Fault::new(ErrorCode::V0007, "it takes more than the stack holds here")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_item_at_a_depth_is_found_in_few_steps() {
        let mut stacks = Stacks::default();
        let mut stack = Stack::default();
        for n in 0..10_000 {
            stacks.push_special(&mut stack, Special::Host(ImportIdx(n)));
            stack.depth += 1;
        }
        for at in [0, 1, 77, 4_321, 9_999] {
            let before = stacks.work;
            let cut = stacks.cut(stack, 2 * at + 1);
            assert_eq!(stacks.node(cut.top).item, Special::Host(ImportIdx(at)));
            assert!(stacks.work - before < 60, "{} steps", stacks.work - before);
        }
    }

    #[test]
    fn lists_made_apart_are_compared_once() {
        let mut stacks = Stacks::default();
        let mut both = [Stack::default(); 2];
        for stack in &mut both {
            for n in 0..1_000 {
                stacks.push_special(stack, Special::Host(ImportIdx(n)));
            }
        }
        stacks.agree(both[0], both[1]).unwrap();
        let before = stacks.work;
        for _ in 0..100 {
            stacks.agree(both[0], both[1]).unwrap();
        }
        assert!(stacks.work - before < 1_000);
    }
}
