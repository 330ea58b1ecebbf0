//! The faults that are planted in the simulator.

use conformance::Kind;

const FAULTS: &str = include_str!("faults.txt");

/// A fault of the list and the finding that must tell of it.
pub struct Planted {
    pub name: &'static str,
    pub fault: &'static str,
    pub kind: Kind,
    pub operation: &'static str,
}

/// All of them, in the order of the list.
pub fn faults() -> Vec<Planted> {
    let lines = FAULTS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &'static str| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, fault, kind, operation] = parts[..] else {
            panic!("`{line}` has not four parts");
        };
        Planted {
            name,
            fault,
            kind: Kind::from_name(kind).unwrap_or_else(|| panic!("`{kind}` is no kind of finding")),
            operation,
        }
    };
    lines.map(read).collect()
}
