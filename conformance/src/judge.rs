//! Judges one exchange by the document.

mod content;
mod element;
mod form;
mod header;
mod json;
mod request;
mod shapes;
mod slots;
mod stream;
mod union;
mod walk;

use verbatim_contract::{Contract, Found, Operation, StatusMatch};
use verbatim_source::{Node, Pointer};

use crate::body;
use crate::coverage::{Coverage, OperationCoverage, count};
use crate::evidence::{Gathered, Remedy};
use crate::exchange::{Exchange, essence, is_json};
use crate::finding::{Documented, Finding, Findings, Kind, Severity};
use crate::redact::{MASK, Redactor, Shown, cut};

pub(crate) use form::{Part, parts_of as form_parts};
pub use shapes::Shapes;

/// Disagreements of one exchange that are told one by one.
const MOST: usize = 200;

/// Bytes of a place in a body that are shown.
const LONGEST: usize = 400;

/// Collects what exchanges have to say about a document.
pub struct Judge<'c> {
    contract: &'c Contract,
    shapes: Shapes<'c>,
    redactor: Redactor,
    base: String,
    findings: Findings,
    coverage: Coverage,
    gathered: Gathered,
    exchanges: usize,
}

/// A disagreement before it is tied to its exchange.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What kind it is.
    pub kind: Kind,
    /// How serious it is.
    pub severity: Severity,
    /// Where: `200:/*/name:type`.
    pub place: String,
    /// One sentence.
    pub message: String,
    /// JSON pointer into the body.
    pub pointer: String,
    /// What stands there, secrets removed.
    pub value: String,
    /// What would make the document agree.
    pub remedy: Option<Remedy>,
    /// What of the document it breaks; that of its operation, where it is not known.
    pub document: Option<Pointer>,
}

/// Whether the request of an exchange is judged too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The response only, since the request was ours.
    Response,
    /// The response to a request of ours that was wrong on purpose. A refusal that is not
    /// documented is no more than worth knowing then.
    Provoked,
    /// Both, as in a recording of somebody's client.
    Both,
}

/// What the judge made of a response.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The body, where it is JSON.
    pub json: Option<Node>,
    /// Whether anything was found.
    pub faulty: bool,
}

impl Fault {
    /// A fault without value and remedy.
    pub fn new(
        kind: Kind,
        severity: Severity,
        place: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            severity,
            place: place.into(),
            message: message.into(),
            pointer: String::new(),
            value: String::new(),
            remedy: None,
            document: None,
        }
    }

    /// Adds the place in the body and what stands there.
    #[must_use]
    pub fn value(mut self, pointer: impl Into<String>, value: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self.value = value.into();
        self
    }

    /// Adds what of the document is broken.
    #[must_use]
    pub fn against(mut self, document: impl Into<Option<Pointer>>) -> Self {
        self.document = document.into();
        self
    }

    /// Adds what would make the document agree.
    #[must_use]
    pub fn remedy(mut self, remedy: Option<Remedy>) -> Self {
        self.remedy = remedy;
        self
    }
}

impl<'c> Judge<'c> {
    /// A judge with nothing seen yet. The base is shown in front of requests.
    pub fn new(contract: &'c Contract, base: &str) -> Self {
        let shapes = Shapes::new(contract);
        let mut redactor = Redactor::new();
        for scheme in &contract.schemes {
            use verbatim_contract::contract::SchemeKind;
            if let SchemeKind::Header(name) | SchemeKind::Query(name) | SchemeKind::Cookie(name) =
                &scheme.kind
            {
                redactor.add_name(name);
            }
        }
        let mut coverage = Coverage::default();
        let mut listed = slots::Listed::default();
        for operation in contract.operations() {
            let (documented, secrets) = slots::documented(&shapes, &mut listed, operation);
            for name in secrets {
                redactor.add_name(&name);
            }
            coverage.operations.insert(operation.id.clone(), documented);
        }
        Self {
            contract,
            shapes,
            redactor,
            base: base.to_owned(),
            findings: Findings::default(),
            coverage,
            gathered: Gathered::default(),
            exchanges: 0,
        }
    }

    /// The document.
    pub fn contract(&self) -> &'c Contract {
        self.contract
    }

    /// The schemas of the document, read.
    pub fn shapes(&self) -> &Shapes<'c> {
        &self.shapes
    }

    /// Has formats of texts checked, or not; at first they are not.
    pub fn assert_formats(&mut self, are_asserted: bool) {
        self.shapes.assert_formats(are_asserted);
    }

    /// Shows requests as those to another origin.
    pub fn show_as_of(&mut self, origin: &str) {
        origin.clone_into(&mut self.base);
    }

    /// What is kept out of reports.
    pub fn redactor(&mut self) -> &mut Redactor {
        &mut self.redactor
    }

    /// Judges an exchange of a recording.
    pub fn recorded(&mut self, exchange: &Exchange) -> Answer {
        let method = exchange.request.method.to_ascii_uppercase();
        match self.find(&method, exchange.request.path()) {
            Found::Operation(operation, values) => {
                self.exchange(operation, &values, exchange, Scope::Both)
            }
            Found::Methods(methods) => {
                let message = format!(
                    "the path is documented, the method is not; these are: {}",
                    methods.join(", ")
                );
                self.unknown(exchange, &method, message);
                Answer::default()
            }
            Found::Nothing => {
                self.unknown(
                    exchange,
                    &method,
                    "the document has no such path".to_owned(),
                );
                Answer::default()
            }
        }
    }

    /// The operation of a recorded request. HEAD is answered like GET, where the document does not say otherwise.
    pub fn find(&self, method: &str, path: &str) -> Found<'c> {
        match self.found(method, path) {
            Found::Methods(known) if method == "HEAD" && known.contains(&"GET") => {
                self.found("GET", path)
            }
            found => found,
        }
    }

    /// Recordings often leave out the base path.
    fn found(&self, method: &str, path: &str) -> Found<'c> {
        let found = self.contract.find(method, path);
        if matches!(found, Found::Nothing) && !self.contract.base_path.is_empty() {
            let based = format!("{}{path}", self.contract.base_path);
            return self.contract.find(method, &based);
        }
        found
    }

    /// Judges an exchange of an operation: the response, and by the scope the request. The values
    /// are those of the path parameters.
    pub fn exchange(
        &mut self,
        operation: &'c Operation,
        values: &[(String, String)],
        exchange: &Exchange,
        scope: Scope,
    ) -> Answer {
        self.exchanges += 1;
        let mut faults = Vec::new();
        if let Some(seen) = seen_of(&mut self.coverage, operation, exchange) {
            seen.calls += 1;
            request::count(&self.shapes, seen, operation, values, exchange);
        }
        if scope == Scope::Both {
            faults.extend(request::judge(&self.shapes, operation, values, exchange));
        }
        let one_way = self.sent(operation, exchange);
        if scope == Scope::Both {
            faults.extend(one_way);
        }
        let (answer, found) = self.response(operation, exchange, scope);
        faults.extend(found);
        let mut answer = answer;
        answer.faulty = !faults.is_empty();
        self.add_all(&operation.id, faults, exchange);
        answer
    }

    /// Adds a finding on an exchange.
    pub fn add(&mut self, operation: &str, fault: Fault, exchange: &Exchange) {
        self.add_all(operation, vec![fault], exchange);
    }

    /// Adds what one exchange has to say. What is shown of it is made once, and not at all where
    /// enough examples are known; of very many disagreements the first are told and the rest counted.
    fn add_all(&mut self, operation: &str, mut faults: Vec<Fault>, exchange: &Exchange) {
        if faults.len() > MOST {
            let rest = faults.split_off(MOST);
            if let Some(worst) = rest.iter().min_by_key(|fault| fault.severity) {
                let message = format!(
                    "there are {} more disagreements in one exchange, which are not listed",
                    rest.len()
                );
                faults.push(Fault::new(worst.kind, worst.severity, "more", message));
            }
        }
        let mut shown: Option<Shown> = None;
        for fault in faults {
            let mut finding = Finding {
                kind: fault.kind,
                severity: fault.severity,
                operation: operation.to_owned(),
                place: fault.place,
                message: self.redactor.text(&fault.message),
                document: None,
                count: 1,
                samples: Vec::new(),
            };
            let key = finding.key();
            if let Some(remedy) = fault.remedy {
                self.gathered.add(remedy, &key, &exchange.origin);
            }
            if !self.findings.knows(&key) {
                let whole = self.contract.operation(operation);
                let pointer = fault.document.or_else(|| Some(whole?.pointer.clone()));
                finding.document = pointer.and_then(|pointer| documented(self.contract, &pointer));
            }
            if self.findings.wants_sample(&key) {
                let shown = shown.get_or_insert_with(|| self.redactor.shown(exchange, &self.base));
                let mut sample = shown.clone();
                sample.pointer = cut(&fault.pointer, LONGEST);
                // A value whose place is that of a secret is one, wherever it was taken from.
                let mut words = finding.place.split([':', '/', '[', ']']);
                let secret = words.any(|word| self.redactor.is_secret(word));
                sample.value = if secret && !fault.value.is_empty() {
                    MASK.to_owned()
                } else {
                    self.redactor.text(&fault.value)
                };
                finding.samples.push(sample);
            }
            self.findings.add(finding);
        }
    }

    /// Everything seen, taken apart: findings, coverage, proposals, number of exchanges.
    pub fn finish(
        self,
    ) -> (
        Vec<Finding>,
        Coverage,
        Vec<crate::evidence::Proposal>,
        usize,
    ) {
        (
            self.findings.sorted(),
            self.coverage,
            self.gathered.proposals(),
            self.exchanges,
        )
    }

    /// The findings so far in the order they were made, without the first ones.
    pub fn findings_after(&self, known: usize) -> &[Finding] {
        self.findings.after(known)
    }

    /// What a request of an operation breaks.
    pub fn broken(
        &self,
        operation: &Operation,
        values: &[(String, String)],
        exchange: &Exchange,
    ) -> Vec<Fault> {
        request::judge(&self.shapes, operation, values, exchange)
    }

    /// What a request breaks, one sentence each, before it is sent. What it breaks is a finding.
    pub fn refusals(&mut self, exchange: &Exchange) -> Vec<String> {
        let method = exchange.request.method.to_ascii_uppercase();
        let (name, faults) = match self.find(&method, exchange.request.path()) {
            Found::Operation(operation, values) => {
                let faults = request::judge(&self.shapes, operation, &values, exchange);
                (operation.id.clone(), faults)
            }
            Found::Methods(_) | Found::Nothing => {
                let path = slots::without_ids(exchange.request.path());
                let message = "the document has no such operation";
                let fault = Fault::new(Kind::Operation, Severity::Warning, "request:path", message);
                (format!("{method}:{path}"), vec![fault])
            }
        };
        let told = faults
            .iter()
            .take(MOST)
            .map(|fault| self.redactor.text(&fault.message));
        let told: Vec<String> = told.collect();
        if !faults.is_empty() {
            self.exchanges += 1;
            self.add_all(&name, faults, exchange);
        }
        told
    }

    /// Exchanges judged so far.
    pub fn exchanges(&self) -> usize {
        self.exchanges
    }

    /// The coverage so far.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    fn unknown(&mut self, exchange: &Exchange, method: &str, message: String) {
        self.exchanges += 1;
        let path = slots::without_ids(exchange.request.path());
        let operation = format!("{method}:{path}");
        let fault = Fault::new(Kind::Operation, Severity::Warning, "request:path", message).remedy(
            Some(Remedy::operation(method, &path, exchange.response.status)),
        );
        self.add(&operation, fault, exchange);
    }

    /// Counts the properties of the request body, and gives those that are not the sender's to set.
    fn sent(&mut self, operation: &Operation, exchange: &Exchange) -> Vec<Fault> {
        let Some((schema, tree)) = request::body(&self.shapes, operation, exchange) else {
            return Vec::new();
        };
        let walked = walk::walk(&self.shapes, schema, &tree, "request", &self.redactor);
        if let Some(seen) = seen_of(&mut self.coverage, operation, exchange) {
            for slot in walked.slots {
                count(&mut seen.sent, &slot);
            }
        }
        walked.one_way
    }

    fn response(
        &mut self,
        operation: &'c Operation,
        exchange: &Exchange,
        scope: Scope,
    ) -> (Answer, Vec<Fault>) {
        let response = &exchange.response;
        let status = response.status;
        let mut faults = Vec::new();
        let seen = seen_of(&mut self.coverage, operation, exchange);
        let Some(reply) = operation.reply(status) else {
            if let Some(seen) = seen {
                *seen.undocumented.entry(status).or_default() += 1;
            }
            faults.push(undocumented(operation, status, scope));
            return (Self::unjudged(exchange), faults);
        };
        let name = status_name(reply.status);
        if let Some(seen) = seen {
            count(&mut seen.statuses, &name);
        }
        faults.extend(header::judge(&self.shapes, reply, response));
        let is_head = exchange.request.method.eq_ignore_ascii_case("HEAD");
        if is_head || response.body.is_none() {
            return (Answer::default(), faults);
        }
        let input = json::Input {
            operation,
            exchange,
            reply,
        };
        let (judged, found) = json::judge(&self.shapes, &self.redactor, &input);
        faults.extend(found);
        if let Some(seen) = self.coverage.operations.get_mut(&operation.id) {
            for slot in judged.slots {
                count(&mut seen.received, &format!("{name} {slot}"));
            }
        }
        let answer = Answer {
            json: judged.tree,
            faulty: false,
        };
        (answer, faults)
    }

    /// The body of a response that nothing is documented for.
    fn unjudged(exchange: &Exchange) -> Answer {
        let media = exchange.response.media();
        let bytes = exchange.response.body.as_deref().unwrap_or(&[]);
        let json = media.is_none_or(|media| is_json(&media));
        Answer {
            json: if json { body::read(bytes).tree } else { None },
            faulty: false,
        }
    }
}

/// Where an exchange of an operation is counted. One of HEAD does not cover the GET that answers it.
fn seen_of<'a>(
    coverage: &'a mut Coverage,
    operation: &Operation,
    exchange: &Exchange,
) -> Option<&'a mut OperationCoverage> {
    let is_own = exchange
        .request
        .method
        .eq_ignore_ascii_case(&operation.method);
    let seen = coverage.operations.get_mut(&operation.id);
    seen.filter(|_| is_own)
}

fn documented(contract: &Contract, pointer: &Pointer) -> Option<Documented> {
    Some(Documented {
        pointer: pointer.to_string(),
        place: contract.place(pointer)?,
    })
}

fn undocumented(operation: &Operation, status: u16, scope: Scope) -> Fault {
    let severity = match status {
        400..=499 if scope == Scope::Provoked => Severity::Note,
        400..=499 => Severity::Warning,
        _ => Severity::Error,
    };
    let known: Vec<String> = operation
        .replies
        .iter()
        .map(|reply| status_name(reply.status))
        .collect();
    let message = format!(
        "answered with {status}, which is not among the documented statuses {}",
        known.join(", ")
    );
    Fault::new(Kind::Status, severity, format!("{status}"), message)
        .against(operation.pointer.join("responses"))
        .remedy(Some(Remedy::status(operation, status)))
}

/// The name of documented statuses as in the document.
pub fn status_name(status: StatusMatch) -> String {
    match status {
        StatusMatch::Code(code) => code.to_string(),
        StatusMatch::Range(hundred) => format!("{hundred}XX"),
        StatusMatch::Default => "default".to_owned(),
    }
}

/// Coverage of an operation with nothing seen.
pub fn empty_coverage(operation: &Operation) -> OperationCoverage {
    OperationCoverage {
        method: operation.method.clone(),
        path: operation.path.clone(),
        statuses: operation
            .replies
            .iter()
            .map(|reply| (status_name(reply.status), 0))
            .collect(),
        ..OperationCoverage::default()
    }
}

/// Whether a media type of the document covers one that was sent.
fn covers(documented: &str, sent: &str) -> bool {
    let documented = essence(documented);
    if documented == "*/*" || documented == sent {
        return true;
    }
    match documented.strip_suffix("/*") {
        Some(family) => sent.split('/').next() == Some(family),
        None => false,
    }
}
