//! How much readers take in before they refuse.

/// Bounds on one text, so that no input can exhaust the stack or the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Objects and arrays open at once. Values above [`Limits::DEEPEST`] count as that.
    pub depth: usize,
    /// Values in the tree, those copied by YAML aliases included. A long text copied by an alias
    /// counts as one value more for each 64 bytes.
    pub nodes: usize,
    /// Values among them that YAML aliases copied, and those that an anchor keeps for its aliases.
    pub copies: usize,
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
    /// Room for the largest public API descriptions: 512 levels, 1.5 million values, of which a fifth
    /// are copies, 96 MiB.
    fn default() -> Self {
        Self {
            depth: 512,
            nodes: 1_500_000,
            copies: 300_000,
            bytes: 96 << 20,
        }
    }
}

/// What the texts of one document may hold together, and how much of that is used up.
///
/// A text that is refused counts as far as it was read, so that no number of them costs more than the whole.
#[derive(Debug, Clone)]
pub struct Budget {
    pub(crate) limits: Limits,
    nodes: usize,
    copies: usize,
    bytes: usize,
}

/// Which bound a text would pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exceeded {
    Nodes,
    Copies,
}

impl Budget {
    /// A budget of which nothing is used up.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            nodes: 0,
            copies: 0,
            bytes: 0,
        }
    }

    /// Takes the bytes of a text, unless that is more than is left; then nothing is taken.
    pub(crate) fn take_bytes(&mut self, bytes: usize) -> bool {
        let sum = self.bytes.saturating_add(bytes);
        let fits = sum <= self.limits.bytes;
        if fits {
            self.bytes = sum;
        }
        fits
    }

    /// Takes values that stand in a text.
    pub(crate) fn take(&mut self, nodes: usize) -> Result<(), Exceeded> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > self.limits.nodes {
            return Err(Exceeded::Nodes);
        }
        Ok(())
    }

    /// Takes values that are copies of others.
    pub(crate) fn take_copies(&mut self, nodes: usize) -> Result<(), Exceeded> {
        self.copies = self.copies.saturating_add(nodes);
        if self.copies > self.limits.copies {
            return Err(Exceeded::Copies);
        }
        self.take(nodes)
    }
}
