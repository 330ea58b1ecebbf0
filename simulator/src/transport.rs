//! The simulator as a transport of the runtime: no socket, no port, the same answers.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use verbatim_runtime::transport::{Broken, BrokenKind, Limits, Pending, Stage, Transport};

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
    ) -> Result<Response<Bytes>, Broken> {
        let answer = self.simulator.handle(&request);
        let (response, delivery) = (answer.response, answer.delivery);
        let status = response.status().as_u16();
        if delivery.latency >= limits.attempt {
            return Err(Broken::new(
                Stage::Sent,
                BrokenKind::Timeout,
                "no answer within the time of one attempt",
            ));
        }
        if !delivery.latency.is_zero() {
            tokio::time::sleep(delivery.latency).await;
        }
        if delivery.lost {
            return Err(Broken::new(
                Stage::Sent,
                BrokenKind::Closed,
                "the connection was closed before an answer",
            ));
        }
        if delivery.cut.is_some_and(|cut| cut < response.body().len()) {
            return Err(Broken::new(
                Stage::Replying(status),
                BrokenKind::Closed,
                "the connection was closed within the answer",
            ));
        }
        if delivery.drip >= limits.read {
            return Err(Broken::new(
                Stage::Replying(status),
                BrokenKind::Timeout,
                "the answer came too slowly",
            ));
        }
        if !delivery.drip.is_zero() {
            tokio::time::sleep(delivery.drip).await;
        }
        if response.body().len() > limits.body {
            return Err(Broken::new(
                Stage::Replying(status),
                BrokenKind::TooLarge,
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
    ) -> Pending<'a, Result<Response<Bytes>, Broken>> {
        Box::pin(self.carry(request, *limits))
    }
}
