//! The clients of all accept cases, compiled together with warnings denied.
