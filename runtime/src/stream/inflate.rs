use crate::transport::{Stage, TransportError, TransportErrorKind};
use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use std::io::Write;

/// Decompresses a body piece by piece.
pub(super) struct Inflater {
    decoder: MultiGzDecoder<Vec<u8>>,
    begun: bool,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self {
            decoder: MultiGzDecoder::new(Vec::new()),
            begun: false,
        }
    }

    /// What a further piece decompresses to, as far as it is known.
    pub(super) fn push(&mut self, piece: &[u8], status: u16) -> Result<Bytes, TransportError> {
        self.begun |= !piece.is_empty();
        let written = self.decoder.write_all(piece);
        let written = written.and_then(|()| self.decoder.flush());
        written.map_err(|error| damaged(error, status))?;
        Ok(Bytes::from(std::mem::take(self.decoder.get_mut())))
    }

    /// Says whether the compressed body is complete.
    pub(super) fn finish(&mut self, status: u16) -> Result<(), TransportError> {
        if !self.begun {
            return Ok(());
        }
        let finished = self.decoder.try_finish();
        finished.map_err(|error| damaged(error, status))
    }
}

fn damaged(error: std::io::Error, status: u16) -> TransportError {
    TransportError::new(
        Stage::Replying(status),
        TransportErrorKind::Malformed,
        "the compressed reply is damaged or broke off",
    )
    .with_source(error)
}
