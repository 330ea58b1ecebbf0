//! Replies as streams: server-sent events, one JSON text on each line, plain bytes.

mod bytes;
// part: sequences
mod decode;
// part: sequences
mod sequence;
// part: sequences
mod split;
// part: sequences
mod sse;

pub use bytes::ByteStream;
// part: sequences
pub(crate) use decode::{decode_json, decode_text, decode_whole, decode_whole_text};
// part: sequences
pub use sequence::{Event, EventStream, LineStream};
