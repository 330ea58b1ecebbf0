//! The runtime under every generated client.
