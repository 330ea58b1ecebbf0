//! Streams on the calling thread.

use super::Blocking;
use crate::error::Failure;
use crate::stream::ByteStream;
// part: sequences
use crate::stream::{Event, EventStream, LineStream};
use crate::thread::block_on;
use bytes::Bytes;

// part: sequences
impl<T> EventStream<T> {
    /// The events as an iterator, which blocks the thread for each.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

// part: sequences
impl<T> LineStream<T> {
    /// The values as an iterator, which blocks the thread for each.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl ByteStream {
    /// The pieces as an iterator, which blocks the thread for each.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

// part: sequences
impl<T> Iterator for Blocking<EventStream<T>> {
    type Item = Result<Event<T>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = &mut self.0;
        if let Some(error) = stream.refuse_blocking() {
            return Some(Err(error));
        }
        block_on(stream.next())
    }
}

// part: sequences
impl<T> Iterator for Blocking<LineStream<T>> {
    type Item = Result<T, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = &mut self.0;
        if let Some(error) = stream.refuse_blocking() {
            return Some(Err(error));
        }
        block_on(stream.next())
    }
}

impl Iterator for Blocking<ByteStream> {
    type Item = Result<Bytes, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = &mut self.0;
        if let Some(error) = stream.refuse_blocking() {
            return Some(Err(error));
        }
        block_on(stream.next())
    }
}
