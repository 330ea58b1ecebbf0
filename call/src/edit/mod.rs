//! Bodies written in the editor of the user.
