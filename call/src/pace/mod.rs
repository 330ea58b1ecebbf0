//! The pace of one account, shared between the processes that use it.
