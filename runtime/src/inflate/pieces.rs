use super::{EMPTY_MEMBERS, too_many_empty};
use crate::transport::{Stage, TransportError, TransportErrorKind};
use bytes::Bytes;
use flate2::write::GzDecoder;
use std::io::Write;

/// Decompresses a body piece by piece.
pub(crate) struct Inflater {
    decoder: GzDecoder<Vec<u8>>,
    /// Bytes that came out of this member and were taken already.
    given: usize,
    empty: usize,
    begun: bool,
}

impl Inflater {
    pub(crate) fn new() -> Self {
        Self {
            decoder: GzDecoder::new(Vec::new()),
            given: 0,
            empty: 0,
            begun: false,
        }
    }

    /// What a further piece decompresses to, as far as it is known.
    pub(crate) fn push(&mut self, piece: &[u8], status: u16) -> Result<Bytes, TransportError> {
        self.begun |= !piece.is_empty();
        let mut out = Vec::new();
        let mut rest = piece;
        while !rest.is_empty() {
            let written = self.decoder.write(rest);
            let written = written.map_err(|error| damaged(error, status))?;
            if written == 0 {
                self.next_member(&mut out, status)?;
            }
            rest = &rest[written..];
        }
        self.decoder
            .flush()
            .map_err(|error| damaged(error, status))?;
        let came = std::mem::take(self.decoder.get_mut());
        self.given += came.len();
        out.extend_from_slice(&came);
        Ok(Bytes::from(out))
    }

    /// A member takes nothing more: another one follows it.
    fn next_member(&mut self, out: &mut Vec<u8>, status: u16) -> Result<(), TransportError> {
        let finished = self.decoder.try_finish();
        finished.map_err(|error| damaged(error, status))?;
        let came = std::mem::take(self.decoder.get_mut());
        self.empty += usize::from(self.given + came.len() == 0);
        self.given = 0;
        out.extend_from_slice(&came);
        if self.empty > EMPTY_MEMBERS {
            return Err(too_many_empty(status));
        }
        self.decoder = GzDecoder::new(Vec::new());
        Ok(())
    }

    /// Says whether the compressed body is complete.
    pub(crate) fn finish(&mut self, status: u16) -> Result<(), TransportError> {
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
