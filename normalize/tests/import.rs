//! The importer of documentation texts.

#[path = "import/cloudpanel.rs"]
mod cloudpanel;
#[path = "import/grammar.rs"]
mod grammar;
#[path = "import/refuse.rs"]
mod refuse;
#[path = "import/repair.rs"]
mod repair;
#[path = "import/toy.rs"]
mod toy;
