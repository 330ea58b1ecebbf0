//! Where what was made is found.

use bytes::Bytes;
use http::Response;
use verbatim_contract::{Found, Reply, Template};

use crate::act::Made;
use crate::check::ReceivedRequest;
use crate::place::Place;
use crate::respond::put;
use crate::simulator::Simulator;

impl Simulator {
    /// Tells in `Location`, where it is documented, the address of what was made. That it is one that can be read is
    /// seen by looking for it.
    pub(crate) fn locate(
        &self,
        reply: &Reply,
        made: Option<&Made>,
        received: &ReceivedRequest<'_>,
        response: &mut Response<Bytes>,
    ) {
        let mut headers = reply.headers.iter();
        let documented = headers.find(|header| header.name.eq_ignore_ascii_case("location"));
        let (Some(header), Some(Place::Item { id, .. })) = (documented, made.map(|it| &it.place))
        else {
            return;
        };
        let path = received.target.split('?').next().unwrap_or_default();
        let last = Template::parse("/{id}").fill(|_| Some(id.clone()));
        let path = format!("{}{}", path.trim_end_matches('/'), last.unwrap_or_default());
        if !matches!(self.contract.find("GET", &path), Found::Operation(..)) {
            return;
        }
        let shape = header.schema.as_ref().map(|it| self.contract.shape(it));
        let whole = shape.is_some_and(|shape| shape.text("format") == Some("uri"));
        let address = match received.headers.get("host").filter(|_| whole) {
            Some(_) => format!("{}{path}", self.origin(received.headers)),
            None => path,
        };
        put(response.headers_mut(), &header.name, &address);
    }
}
