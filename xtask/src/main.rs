//! The only room with hands.

fn main() {}
