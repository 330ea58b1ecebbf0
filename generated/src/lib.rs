//! Clients of cloud hosting panels.
