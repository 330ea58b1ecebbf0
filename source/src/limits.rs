//! How much a reader takes in before it refuses.

/// Bounds on one text, so that no input can exhaust the stack or the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Objects and arrays open at once. Values above [`Limits::DEEPEST`] count as that.
    pub depth: usize,
    /// Values in the tree, those copied by YAML aliases included. A long text copied by an alias
    /// counts as one value more for each 64 bytes.
    pub nodes: usize,
    /// Length of the text in bytes.
    pub bytes: usize,
}

impl Limits {
    /// The nesting beyond which no reader goes, whatever is asked for.
    ///
    /// Dropping and cloning a tree use the stack once per level, so the bound holds always.
    pub const DEEPEST: usize = 1024;

    /// The depth in force: what is asked for, at most [`Limits::DEEPEST`].
    pub fn effective_depth(&self) -> usize {
        self.depth.min(Self::DEEPEST)
    }
}

impl Default for Limits {
    /// Room for the largest public API descriptions: 512 levels, 1.5 million values, 96 MiB.
    fn default() -> Self {
        Self {
            depth: 512,
            nodes: 1_500_000,
            bytes: 96 << 20,
        }
    }
}
