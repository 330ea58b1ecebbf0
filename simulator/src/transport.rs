//! The simulator as a transport of the runtime: no socket, no port, the same answers.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use verbatim_runtime::transport::{
    BoxFuture, Limits, Stage, Transport, TransportError, TransportErrorKind,
};

use crate::simulator::Simulator;

/// Carries the requests of a client to a simulator in the same process.
///
/// Faults on the way are carried out as far as there is a way: a lost response is an error after
/// the change was made, a cut body breaks the reply, latency is waited for unless it is longer
/// than the attempt may take, which is an error at once.
#[derive(Debug, Clone)]
pub struct InProcess {
    simulator: Arc<Simulator>,
}

impl InProcess {
    /// A transport to a simulator, which others may call at the same time.
    pub fn new(simulator: Arc<Simulator>) -> Self {
        Self { simulator }
    }

    async fn carry(
        &self,
        request: Request<Bytes>,
        limits: Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let answer = self.simulator.handle(&request);
        let (response, delivery) = (answer.response, answer.delivery);
        let status = response.status().as_u16();
        if delivery.latency >= limits.attempt {
            return Err(TransportError::new(
                Stage::Sent,
                TransportErrorKind::Timeout,
                "no answer within the time of one attempt",
            ));
        }
        if !delivery.latency.is_zero() {
            tokio::time::sleep(delivery.latency).await;
        }
        if delivery.lost {
            return Err(TransportError::new(
                Stage::Sent,
                TransportErrorKind::Closed,
                "the connection was closed before an answer",
            ));
        }
        if delivery.cut.is_some_and(|cut| cut < response.body().len()) {
            return Err(TransportError::new(
                Stage::Replying(status),
                TransportErrorKind::Closed,
                "the connection was closed within the answer",
            ));
        }
        if delivery.drip >= limits.read {
            return Err(TransportError::new(
                Stage::Replying(status),
                TransportErrorKind::Timeout,
                "the answer came too slowly",
            ));
        }
        if !delivery.drip.is_zero() {
            tokio::time::sleep(delivery.drip).await;
        }
        if response.body().len() > limits.body {
            return Err(TransportError::new(
                Stage::Replying(status),
                TransportErrorKind::TooLarge,
                "the answer is larger than the limit",
            ));
        }
        Ok(response)
    }
}

impl Transport for InProcess {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.carry(request, *limits))
    }
}
