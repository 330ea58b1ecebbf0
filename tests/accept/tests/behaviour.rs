//! What the clients of the accept cases do: on the wire, and with JSON texts.
//!
//! Where other generators are known to give a wrong result, a test here shows the right one.

#[path = "behaviour/bodies.rs"]
mod bodies;
#[path = "behaviour/bounds.rs"]
mod bounds;
#[path = "behaviour/forms.rs"]
mod forms;
#[path = "behaviour/further.rs"]
mod further;
#[path = "behaviour/kinds.rs"]
mod kinds;
#[path = "behaviour/law.rs"]
mod law;
#[path = "behaviour/media_types.rs"]
mod media_types;
#[path = "behaviour/parameters.rs"]
mod parameters;
#[path = "behaviour/policies.rs"]
mod policies;
#[path = "behaviour/replies.rs"]
mod replies;
#[path = "behaviour/streams.rs"]
mod streams;
#[path = "behaviour/types.rs"]
mod types;
#[path = "behaviour/wire.rs"]
mod wire;
#[path = "behaviour/wrong_elsewhere.rs"]
mod wrong_elsewhere;
