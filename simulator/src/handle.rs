//! From a request to an answer.

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use verbatim_contract::{Found, Operation, Place, wire};
use verbatim_source::Value;

use crate::act::Turn;
use crate::check::{self, Received};
use crate::fault::{Kind, Mischief};
use crate::form::Form;
use crate::held::held_under;
use crate::map;
use crate::place::{Spot, resolve};
use crate::refuse::Refusal;
use crate::simulator::{Answer, Simulator, State, put};

/// An operation that is being asked for, and what its path leads to.
struct Asked<'a> {
    operation: &'a Operation,
    received: &'a Received<'a>,
    mischief: &'a Mischief,
    node: usize,
    spots: Vec<Spot>,
    form: Form,
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
        for (collection, id) in gone {
            self.remove_item(&mut state.world, collection, &id);
        }
        let (path, other_format) = self.plain_path(path);
        let path = path.as_str();
        let found = self.contract.find(request.method().as_str(), path);
        let operation = match &found {
            Found::Operation(operation, _) => Some(*operation),
            _ => None,
        };
        let mischief = state
            .faults
            .choose(request.method().as_str(), path, operation);
        let mut response = match mischief.instead() {
            Some(status) => self.refusal(
                operation,
                &Refusal::new(status, "the service failed on request"),
            ),
            None => self.answer(&mut state, request, &found, &mischief),
        };
        mischief.spoil(&self.contract, operation, &mut response);
        if let (Some(media), Some(operation)) = (other_format, operation) {
            self.reformat(operation, media, &mut response);
        }
        self.common_headers(&mut state, &mut response);
        mischief.spoil_headers(&self.contract, operation, &mut response);
        if request.method() == http::Method::HEAD {
            *response.body_mut() = Bytes::new();
        }
        Answer {
            response,
            delivery: mischief.delivery(),
        }
    }

    fn answer(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        found: &Found<'_>,
        mischief: &Mischief,
    ) -> Response<Bytes> {
        let (operation, path) = match found {
            Found::Nothing => return self.unknown_path(),
            Found::Methods(_) if mischief.has(Kind::WrongMethodUnknown) => {
                return self.unknown_path();
            }
            Found::Methods(methods) => {
                let mut response = self.refusal(
                    self.of_path(request),
                    &Refusal::new(405, "the path does not support this method"),
                );
                if let Ok(allowed) = HeaderValue::from_str(&methods.join(", ")) {
                    response.headers_mut().insert(http::header::ALLOW, allowed);
                }
                return response;
            }
            Found::Operation(operation, path) => (*operation, path.clone()),
        };
        let received = Received {
            headers: request.headers(),
            target: request
                .uri()
                .path_and_query()
                .map_or("", http::uri::PathAndQuery::as_str),
            query: self.query(operation, request),
            path,
            body: request.body(),
        };
        let mut outcome = self.carry_out(state, operation, &received, mischief);
        if operation.method == "DELETE" && mischief.has(Kind::DeleteDiffers) {
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
            Ok(response) => response,
            Err(refusal) => self.refusal(Some(operation), &refusal),
        }
    }

    /// The query, with the texts that count as others where a boolean is asked for.
    fn query(&self, operation: &Operation, request: &Request<Bytes>) -> Vec<(String, String)> {
        let mut query = wire::read_query(request.uri().query().unwrap_or_default());
        for (name, value) in &mut query {
            let is_boolean = || {
                operation.parameters_in(Place::Query).any(|parameter| {
                    let schema = parameter
                        .schema
                        .as_ref()
                        .filter(|_| parameter.name == *name);
                    schema.is_some_and(|schema| self.contract.shape(schema).is("boolean"))
                })
            };
            if let Some(meant) = self.rules.spellings.get(value).filter(|_| is_boolean()) {
                value.clone_from(meant);
            }
        }
        query
    }

    fn unknown_path(&self) -> Response<Bytes> {
        self.refusal(None, &Refusal::new(404, "there is no such path"))
    }

    /// An operation of a path whose method is not documented.
    fn of_path(&self, request: &Request<Bytes>) -> Option<&Operation> {
        let (path, _) = self.plain_path(request.uri().path());
        let path = self.contract.below_base(&path)?;
        self.contract
            .operations()
            .iter()
            .find(|operation| operation.template.matches(path).is_some())
    }

    fn carry_out(
        &self,
        state: &mut State,
        operation: &Operation,
        received: &Received<'_>,
        mischief: &Mischief,
    ) -> Result<Response<Bytes>, Refusal> {
        self.admit(state, operation, received, mischief)?;
        if let Some(response) = self.preferred(operation, received)? {
            return Ok(response);
        }
        let reads = operation.method == "GET" && operation.safe;
        let held = (reads && mischief.is_none()).then(|| held_under(received));
        if let Some(response) = held.as_ref().and_then(|target| state.replies.get(target)) {
            return Ok(response);
        }
        let body = check::request(&self.contract, operation, received, mischief)?;
        let asked = self.asked(state, operation, received, mischief)?;
        if matches!(operation.method.as_str(), "GET" | "HEAD") && operation.safe {
            let response = self.reading(
                &state.world,
                operation,
                &asked.form,
                &asked.spots,
                received,
                mischief,
            )?;
            if let Some(target) = held {
                state.replies.keep(target, &response);
            }
            return Ok(response);
        }
        state.replies.clear();
        let before = mischief.has(Kind::NotKept).then(|| state.world.clone());
        let response = self.change(state, &asked, body);
        if let Some(before) = before {
            state.world.stores = before.stores;
            state.world.singles = before.singles;
            state.world.tasks = before.tasks;
        }
        response
    }

    /// Lets a request in that shows a token and comes within the rate limit.
    fn admit(
        &self,
        state: &mut State,
        operation: &Operation,
        received: &Received<'_>,
        mischief: &Mischief,
    ) -> Result<(), Refusal> {
        if !mischief.has(Kind::NoAuth)
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
        received: &'a Received<'a>,
        mischief: &'a Mischief,
    ) -> Result<Asked<'a>, Refusal> {
        let node = self
            .map
            .of_operation
            .get(&operation.id)
            .copied()
            .unwrap_or_default();
        let spots = resolve(&self.map, &state.world, node, &received.path).map_err(|gone| {
            let name = self.parameter_name(node, gone.level);
            let message = format!(
                "there is no such {}",
                name.trim_end_matches("_id").replace('_', " ")
            );
            Refusal::of(operation, &[404, 400], message).example(gone.level)
        })?;
        self.awaken(&mut state.world, &spots);
        let form =
            Form::of_success(&self.contract, operation, self.literal(node)).unwrap_or_default();
        Ok(Asked {
            operation,
            received,
            mischief,
            node,
            spots,
            form,
        })
    }

    /// Carries out a request that changes something.
    fn change(
        &self,
        state: &mut State,
        asked: &Asked<'_>,
        body: Option<Value>,
    ) -> Result<Response<Bytes>, Refusal> {
        let (operation, form, spots) = (asked.operation, &asked.form, asked.spots.as_slice());
        // What a removal answers with is looked at while it is still there.
        let may_remove =
            operation.method == "DELETE" || self.map.nodes[asked.node].kind == map::Kind::Action;
        let before = may_remove.then(|| self.shown(&state.world, operation, form, spots, None));
        let mut turn = Turn {
            simulator: self,
            world: &mut state.world,
            operation,
            node: asked.node,
            spots,
            body: body.map(|body| self.unwrapped(operation, &body)),
            query: &asked.received.query,
            mischief: asked.mischief,
        };
        let done = turn.perform()?;
        if !asked.mischief.has(Kind::Undead) || !done.removes {
            self.begin(&mut state.world, operation, &done);
        }
        let still_there = done
            .root
            .as_ref()
            .is_some_and(|(collection, id)| state.world.item(*collection, id).is_some());
        let shown = match before.filter(|_| done.removes && !still_there) {
            Some(before) => before,
            None => self.shown(&state.world, operation, form, spots, done.made.as_ref()),
        };
        Ok(self.reply(operation, form, shown, None, done.made.as_ref()))
    }

    /// The body of a request behind its root key.
    fn unwrapped(&self, operation: &Operation, body: &Value) -> Value {
        let schema = operation
            .body
            .as_ref()
            .and_then(|body| self.contract.json_schema(body));
        let form = schema
            .map(|schema| Form::read(&self.contract, schema, None, ""))
            .unwrap_or_default();
        let body = if form.list { body } else { form.unwrap(body) };
        if self.rules.null_is_absent {
            without_nulls(body)
        } else {
            body.clone()
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

/// A value without the members of objects that are null. Bodies are as deep as their reader allows.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|member| !matches!(member.value.value, Value::Null));
            let kept = kept.map(|member| (member.key.clone(), without_nulls(&member.value.value)));
            Value::Object(kept.collect())
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| without_nulls(&item.value));
            Value::from(items.collect::<Vec<Value>>())
        }
        other => other.clone(),
    }
}
