//! From a request to an answer.

mod body;
mod methods;
mod received;

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::{Found, Operation};
use verbatim_source::Value;

use crate::accept;
use crate::act::{Made, Turn};
use crate::check::{self, ReceivedRequest};
use crate::expression::Scene;
use crate::fault::{InjectedFaults, Kind};
use crate::form::Form;
use crate::held::held_under;
use crate::map;
use crate::place::{NodePath, Place, resolve};
use crate::refuse::Refusal;
use crate::respond::put;
use crate::simulator::{Answer, Simulator, State};
use crate::stub::Fitting;
use crate::world::World;

use methods::asks_for_methods;

/// An operation that is being asked for, and what its path leads to.
struct Asked<'a> {
    operation: &'a Operation,
    received: &'a ReceivedRequest<'a>,
    injected: &'a InjectedFaults,
    node: usize,
    nodes: Vec<NodePath>,
    form: Form,
    /// Whether what the operation is about has been made for it.
    made: bool,
}

impl Simulator {
    /// Answers a request. The target is the path with its query; the host is checked by its
    /// header, where there is one.
    pub fn handle(&self, request: &Request<Bytes>) -> Answer {
        let mut state = self.lock();
        state.requests += 1;
        let path = request.uri().path();
        if let Some(answer) = self.control(&mut state, request, path) {
            return answer;
        }
        if !state.world.tasks.is_empty() {
            state.replies.clear();
        }
        let gone = state.world.settle();
        state.changes += u64::from(!gone.is_empty());
        for (collection, id) in gone {
            self.remove_item(&mut state.world, collection, &id);
        }
        let (path, other_format) = self.plain_path(path);
        let path = path.as_str();
        let method = request.method().as_str();
        let mut found = self.contract.find(method, path);
        if let (Found::Methods(_), "HEAD") = (&found, method) {
            found = self.contract.find("GET", path);
        }
        let operation = match &found {
            Found::Operation(operation, _) => Some(*operation),
            _ => None,
        };
        let injected = state
            .faults
            .choose(request.method().as_str(), path, operation);
        let id = operation.map(|operation| operation.id.as_str());
        let mut stub = self.stubbed(&mut state.stubs, request, id);
        if stub.as_ref().is_some_and(|stub| stub.check)
            && let Found::Operation(operation, values) = &found
            && let Err(refusal) = self.admitted(&mut state, operation, values, request, &injected)
        {
            let response = self.refusal(Some(operation), &refusal);
            stub = stub.map(|stub| Fitting { response, ..stub });
        }
        let delay = stub.as_ref().map_or(0, |stub| stub.delay);
        let mut response = match (stub, injected.instead()) {
            (Some(stub), _) => stub.response,
            _ if asks_for_methods(request, &found) => self.methods(request, path),
            (None, Some(status)) => self.refusal(
                operation,
                &Refusal::new(status, "the service failed on request"),
            ),
            (None, None) => self.answer(&mut state, request, &found, &injected),
        };
        injected.spoil(&self.contract, operation, &mut response);
        if let (Some(media), Some(operation)) = (other_format, operation) {
            self.reformat(operation, media, &mut response);
        }
        state.world.tidy();
        self.common_headers(&mut state, &mut response);
        injected.spoil_headers(&self.contract, operation, &mut response);
        let (number, id) = (state.requests, operation.map(|it| it.id.as_str()));
        state
            .journal
            .keep(number, id, request, &response, &self.token);
        self.settings.cors.expose(request.headers(), &mut response);
        if request.method() == http::Method::HEAD {
            let length = response.body().len().to_string();
            if length != "0" {
                put(response.headers_mut(), "content-length", &length);
            }
            *response.body_mut() = Bytes::new();
        }
        let mut delivery = injected.delivery();
        delivery.latency += Duration::from_millis(u64::from(delay));
        Answer { response, delivery }
    }

    /// Whether a request is one that is let in and that the document allows.
    fn admitted(
        &self,
        state: &mut State,
        operation: &Operation,
        values: &[(String, String)],
        request: &Request<Bytes>,
        injected: &InjectedFaults,
    ) -> Result<(), Refusal> {
        let received = self.received(operation, values.to_vec(), request);
        self.admit(state, operation, &received, injected)?;
        check::request(&self.contract, operation, &received, injected).map(|_| ())
    }

    fn answer(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        found: &Found<'_>,
        injected: &InjectedFaults,
    ) -> Response<Bytes> {
        let (operation, path) = match found {
            Found::Nothing => return self.unknown_path(),
            Found::Methods(_) if injected.has(Kind::WrongMethodUnknown) => {
                return self.unknown_path();
            }
            Found::Methods(_) => {
                let mut response = self.refusal(
                    self.of_path(request),
                    &Refusal::new(405, "the path does not support this method"),
                );
                let (path, _) = self.plain_path(request.uri().path());
                let methods = self.allowed(&path).join(", ");
                put(response.headers_mut(), "allow", &methods);
                return response;
            }
            Found::Operation(operation, path) => (*operation, path.clone()),
        };
        let received = self.received(operation, path, request);
        let mut outcome = self.carry_out(state, operation, &received, injected);
        if operation.method == "DELETE" && injected.has(Kind::DeleteDiffers) {
            let path = request.uri().path();
            match &outcome {
                Ok(_) => state.faults.remember_removed(path),
                Err(refusal) if refusal.status == 404 && state.faults.was_removed(path) => {
                    let message = "it was removed before";
                    outcome = Err(Refusal::of(operation, &[409, 400, 422], message));
                }
                Err(_) => {}
            }
        }
        match outcome {
            Ok(response) => {
                if !operation.safe {
                    self.tell_callers(state, operation, request, &received.path, &response);
                }
                response
            }
            Err(refusal) => self.refusal(Some(operation), &refusal),
        }
    }

    /// Plans the callbacks of what has been done.
    fn tell_callers(
        &self,
        state: &mut State,
        operation: &Operation,
        request: &Request<Bytes>,
        path: &[(String, String)],
        response: &Response<Bytes>,
    ) {
        let body = crate::json::json(request.body()).ok();
        let reply = crate::json::json(response.body()).ok();
        let scene = Scene {
            method: request.method(),
            uri: request.uri(),
            url: &self.url(request),
            headers: request.headers(),
            path,
            body: body.as_ref(),
            reply: Some((
                response.status().as_u16(),
                response.headers(),
                reply.as_ref(),
            )),
        };
        self.call_back(state, operation, &scene);
    }

    fn carry_out(
        &self,
        state: &mut State,
        operation: &Operation,
        received: &ReceivedRequest<'_>,
        injected: &InjectedFaults,
    ) -> Result<Response<Bytes>, Refusal> {
        self.admit(state, operation, received, injected)?;
        let body = check::request(&self.contract, operation, received, injected)?;
        if let Some(response) = self.preferred(operation, received) {
            return Ok(response);
        }
        self.acceptable(operation, received)?;
        // What was answered before decides nothing about whether this request is in order.
        let reads = operation.method == "GET" && operation.safe;
        let holds = injected.is_none() && !self.grows(operation);
        let held = (reads && holds).then(|| held_under(received));
        if let Some(response) = held.as_ref().and_then(|target| state.replies.get(target)) {
            return Ok(response);
        }
        let asked = self.asked(state, operation, received, injected)?;
        if matches!(operation.method.as_str(), "GET" | "HEAD") && operation.safe {
            let response = self.reading(
                &state.world,
                operation,
                &asked.form,
                &asked.nodes,
                received,
                injected,
            )?;
            if let Some(target) = held {
                state.replies.keep(target, &response);
            }
            return Ok(response);
        }
        state.replies.clear();
        state.changes += 1;
        let before = injected.has(Kind::NotKept).then(|| state.world.clone());
        let response = self.change(state, &asked, body);
        if let Some(before) = before {
            state.world.stores = before.stores;
            state.world.singles = before.singles;
            state.world.tasks = before.tasks;
        }
        response
    }

    /// Refuses a caller that takes no form of the usual reply, where the form is not chosen by the
    /// path.
    fn acceptable(
        &self,
        operation: &Operation,
        received: &ReceivedRequest<'_>,
    ) -> Result<(), Refusal> {
        let usual = operation.usual().map(|(_, reply)| reply);
        let Some(reply) = usual.filter(|_| self.contract.formats.is_empty()) else {
            return Ok(());
        };
        if accept::chosen(received.headers, reply).is_some() {
            return Ok(());
        }
        let media = reply.media.iter().map(|media| media.name.as_str());
        let media: Vec<&str> = media.collect();
        let message = format!("the reply is there as {}", media.join(", "));
        Err(Refusal::new(406, message).about("Accept"))
    }

    /// Lets a request in that shows a token and comes within the rate limit.
    fn admit(
        &self,
        state: &mut State,
        operation: &Operation,
        received: &ReceivedRequest<'_>,
        injected: &InjectedFaults,
    ) -> Result<(), Refusal> {
        if !injected.has(Kind::NoAuth)
            && !check::is_authorized(&self.contract, operation, received, &self.token)
        {
            let known = |status: &u16| operation.reply(*status).is_some();
            let status = [401, 403].into_iter().find(known).unwrap_or(401);
            return Err(Refusal::new(
                status,
                "the credentials are missing or not known",
            ));
        }
        let now = state.world.clock.now();
        match &self.contract.rate_limit {
            Some(limit) if self.settings.rate_limit && !state.rate.admit(limit, now) => {
                let message = "too many requests; wait until the limit is reset";
                Err(Refusal::new(429, message))
            }
            _ => Ok(()),
        }
    }

    /// Finds what the path leads to.
    fn asked<'a>(
        &self,
        state: &mut State,
        operation: &'a Operation,
        received: &'a ReceivedRequest<'a>,
        injected: &'a InjectedFaults,
    ) -> Result<Asked<'a>, Refusal> {
        let node = self
            .map
            .of_operation
            .get(&operation.id)
            .copied()
            .unwrap_or_default();
        if !self.rules.mirrors.is_empty() {
            self.mirror(&mut state.world, node);
        }
        self.grow(&mut state.world, node);
        let made = self.meet(&mut state.world, operation, node, &received.path);
        let nodes = resolve(&self.map, &state.world, node, &received.path).map_err(|gone| {
            let name = self.parameter_name(node, gone.level);
            let message = format!(
                "there is no such {}",
                name.trim_end_matches("_id").replace('_', " ")
            );
            let cause = name.trim_end_matches("_id").replace('_', " ");
            Refusal::of(operation, &[404, 400], message)
                .because(&cause)
                .example(gone.level)
        })?;
        self.awaken(&mut state.world, &nodes);
        let form =
            Form::of_success(&self.contract, operation, self.literal(node)).unwrap_or_default();
        Ok(Asked {
            operation,
            received,
            injected,
            node,
            nodes,
            form,
            made,
        })
    }

    /// Carries out a request that changes something.
    fn change(
        &self,
        state: &mut State,
        asked: &Asked<'_>,
        body: Option<Value>,
    ) -> Result<Response<Bytes>, Refusal> {
        let (operation, form, nodes) = (asked.operation, &asked.form, asked.nodes.as_slice());
        // What a removal answers with is looked at while it is still there.
        let may_remove =
            operation.method == "DELETE" || self.map.nodes[asked.node].kind == map::Kind::Action;
        let before = may_remove.then(|| self.shown(&state.world, operation, form, nodes, None));
        let mut turn = Turn {
            simulator: self,
            world: &mut state.world,
            operation,
            node: asked.node,
            nodes,
            body: body.map(|body| self.unwrapped(operation, &self.taken(operation, body))),
            query: &asked.received.query,
            injected: asked.injected,
        };
        let mut done = turn
            .perform()
            .inspect_err(|_| self.unmake(&mut state.world, asked))?;
        if asked.made && done.made.is_none() {
            done.made = made_for(asked);
        }
        if !asked.injected.has(Kind::Undead) || !done.removes {
            self.begin(&mut state.world, operation, &done, nodes);
        }
        let still_there = done
            .root
            .as_ref()
            .is_some_and(|(collection, id)| state.world.item(*collection, id).is_some());
        let shown = match before.filter(|_| done.removes && !still_there) {
            Some(before) => before,
            None => self.shown(&state.world, operation, form, nodes, done.made.as_ref()),
        };
        let received = asked.received;
        Ok(self.reply(operation, form, shown, None, done.made.as_ref(), received))
    }

    /// Takes out again what was made for a request that is refused.
    fn unmake(&self, world: &mut World, asked: &Asked<'_>) {
        let last = asked.nodes.last().map(|last| &last.place);
        if let Some(Place::Item { collection, id, .. }) = last.filter(|_| asked.made) {
            self.remove_item(world, *collection, id);
        }
    }

    fn common_headers(&self, state: &mut State, response: &mut Response<Bytes>) {
        let id = format!("{:016x}{:016x}", self.settings.seed, state.requests);
        put(response.headers_mut(), "x-request-id", &id);
        if let Some(limit) = self
            .contract
            .rate_limit
            .as_ref()
            .filter(|_| self.settings.rate_limit)
        {
            let now = state.world.clock.now();
            for (name, value) in state.rate.headers(limit, now) {
                put(response.headers_mut(), &name, &value);
            }
        }
    }
}

/// What was made for a request that names it.
fn made_for(asked: &Asked<'_>) -> Option<Made> {
    let place = asked.nodes.last()?.place.clone();
    let name = asked.form.name();
    Some(Made { place, name })
}
