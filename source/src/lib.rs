//! Reading JSON and YAML text precisely: spans, number literals, key order, diagnostics.
