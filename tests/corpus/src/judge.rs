//! What the judge does with each JSON body of a document.

use crate::figures::Figures;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction, Media, Operation, Schema, StatusMatch};
use verbatim_proof::mutate::mutations;
use verbatim_proof::round::{Outcome, payload_of, round, stable, typed};
use verbatim_runtime::json::{Finding, Payload};
use verbatim_source::{Limits, Pointer, Source, Sources, Value, write};

/// Samples of each body.
const SAMPLES: usize = 100;
/// Attempts that may fail before a body is given up.
const SKIPS: usize = 100;
/// The same where nothing was made yet: such a schema is probably fitted by nothing.
const HOPELESS: usize = 10;
/// Samples of each body that are mutated.
const MUTATED: usize = 2;
/// Length of a text beyond which it is not mutated, in bytes: the work grows with its square.
const LONGEST: usize = 32 * 1024;

/// Time after which no more samples are made; examples are always judged.
const FOR_SAMPLES: Duration = Duration::from_secs(240);
/// Time after which nothing more is mutated.
const FOR_MUTATIONS: Duration = Duration::from_secs(180);

/// What a request says of a property that the document does not name.
const STRICT: &str = "is not one of this request";

/// Method and path of an operation, and the name that the generated crate has for it.
pub type Names = BTreeMap<(String, String), String>;

/// Judges the bodies of all operations.
pub fn judge(contract: &Contract, names: &Names, payloads: &[Payload]) -> Figures {
    let mut court = Court {
        contract,
        payloads,
        figures: Figures::default(),
        sampled: BTreeSet::new(),
        began: Instant::now(),
    };
    for operation in contract.operations() {
        court.figures.add("operations", 1);
        let key = (operation.method.clone(), operation.path.clone());
        let Some(name) = names.get(&key) else {
            let place = format!("{} {}", operation.method, operation.path);
            court.figures.note("operation not emitted", &place, "", "");
            continue;
        };
        court.operation(operation, name);
    }
    court.figures
}

/// A JSON body of a document, with the type that was generated for it.
struct Body<'b> {
    schema: &'b Schema,
    direction: Direction,
    payload: &'b Payload,
    /// How remarks name it.
    place: String,
}

struct Court<'c> {
    contract: &'c Contract,
    payloads: &'c [Payload],
    figures: Figures,
    /// The schemas that were sampled, for requests or for replies.
    sampled: BTreeSet<(Pointer, bool)>,
    began: Instant,
}

impl Court<'_> {
    fn operation(&mut self, operation: &Operation, name: &str) {
        let request = operation.body.iter().flat_map(|body| &body.media);
        for media in request.filter(|media| media.is_json()) {
            self.body(name, None, media);
        }
        for reply in &operation.replies {
            let status = match reply.status {
                StatusMatch::Code(code) => code.to_string(),
                StatusMatch::Range(class) => format!("{class}XX"),
                StatusMatch::Default => "default".to_owned(),
            };
            for media in reply.media.iter().filter(|media| media.is_json()) {
                self.body(name, Some(&status), media);
            }
        }
    }

    fn body(&mut self, name: &str, status: Option<&str>, media: &Media) {
        let place = format!("{name} {} {}", status.unwrap_or("request"), media.name);
        let Some(schema) = &media.schema else {
            self.figures.note("body without schema", &place, "", "");
            return;
        };
        self.figures.add("bodies", 1);
        let wanted = verbatim_proof::example::Example {
            operation: name.to_owned(),
            status: status.map(str::to_owned),
            media: media.name.clone(),
            name: String::new(),
            not_evidence: None,
            text: String::new(),
            schema: String::new(),
        };
        let Some(payload) = payload_of(self.payloads, &wanted) else {
            self.figures.note("body without type", &place, "", "");
            return;
        };
        let direction = match status {
            None => Direction::Request,
            Some(_) => Direction::Reply,
        };
        let body = Body {
            schema,
            direction,
            payload,
            place,
        };
        if let Some(reason) = self.contract.unusable(schema) {
            self.figures
                .note("schema without judge", &body.place, &reason, "");
            return;
        }
        for example in &media.examples {
            self.example(&body, &example.value);
        }
        for example in self.contract.shape(schema).examples {
            self.example(&body, example);
        }
        let key = (schema.target.clone(), direction == Direction::Request);
        if self.began.elapsed() > FOR_SAMPLES {
            self.figures.note("no time to sample", "", "", "");
        } else if self.sampled.insert(key) {
            self.samples(&body);
        }
    }

    fn example(&mut self, body: &Body<'_>, value: &Value) {
        self.figures.add("examples", 1);
        let text = write::compact(value);
        let violations = self.contract.check(body.schema, value, body.direction);
        if let Some(violation) = violations.first() {
            self.figures.note(
                "example against its schema",
                &body.place,
                &violation.to_string(),
                &text,
            );
        } else {
            self.figures.add("valid examples", 1);
        }
        let valid = violations.is_empty();
        match attempt(body.payload, &text) {
            Ok(Outcome::Equal(held)) if valid => {
                self.figures.add("equal examples", 1);
                if stable(body.payload, &*held) {
                    self.figures.add("stable examples", 1);
                } else {
                    self.figures
                        .note("example not stable", &body.place, "", &text);
                }
                let survey = typed(&*held);
                self.figures.add("example leaves", survey.leaves());
                self.figures.add("typed example leaves", survey.declared);
            }
            Ok(Outcome::Equal(_)) => self.figures.add("equal invalid examples", 1),
            Ok(Outcome::Refused(complaint)) if valid => {
                self.figures
                    .note("valid example refused", &body.place, &complaint, &text);
            }
            Ok(Outcome::Refused(_)) => {}
            Ok(Outcome::Changed(written)) => {
                self.figures.add("changed", 1);
                self.figures.note("changed", &body.place, &written, &text);
            }
            Err(panic) => self.figures.note("changed", &body.place, &panic, &text),
        }
        self.mutate(body, &text);
    }

    fn samples(&mut self, body: &Body<'_>) {
        self.figures.add("sampled bodies", 1);
        let mut sampler = Sampler::new(self.contract, body.direction, 1);
        let (mut made, mut skipped) = (0, 0);
        while made < SAMPLES && skipped < if made == 0 { HOPELESS } else { SKIPS } {
            let fullness = match made % 10 {
                0 => Fullness::Least,
                1 | 2 => Fullness::All,
                _ => Fullness::Some,
            };
            let Some(value) = sampler.valid(body.schema, fullness) else {
                skipped += 1;
                continue;
            };
            let text = write::compact(&value);
            made += 1;
            self.sample(body, &text);
            // The second is a full one.
            if made <= MUTATED {
                self.mutate(body, &text);
            }
        }
        self.figures.add("samples", made);
        self.figures.add("skipped samples", skipped);
        if made < SAMPLES {
            self.figures.add("short bodies", 1);
            self.figures
                .note("fewer samples", &body.place, &format!("{made} samples"), "");
        }
    }

    fn sample(&mut self, body: &Body<'_>, text: &str) {
        match attempt(body.payload, text) {
            Ok(Outcome::Equal(held)) => {
                self.figures.add("equal samples", 1);
                let survey = typed(&*held);
                let free: usize = survey.free_form.iter().map(|(_, leaves)| leaves).sum();
                self.figures.add("leaves", survey.leaves());
                self.figures.add("free leaves", free);
                let unknown = |finding: &Finding| !matches!(finding, Finding::UnknownProperty(_));
                let drift = survey.drift.into_iter();
                for (place, finding) in drift.filter(|(_, finding)| unknown(finding)) {
                    let sentence = format!("{finding:?} {text}");
                    self.figures
                        .note("drift in a sample", &body.place, &sentence, &place);
                }
            }
            Ok(Outcome::Refused(complaint)) => {
                self.figures.add("refused samples", 1);
                self.figures
                    .note("sample refused", &body.place, &complaint, text);
            }
            Ok(Outcome::Changed(written)) => {
                self.figures.add("changed", 1);
                self.figures.note("changed", &body.place, &written, text);
            }
            Err(panic) => {
                self.figures.add("changed", 1);
                self.figures.note("changed", &body.place, &panic, text);
            }
        }
    }

    /// The law on every single-step mutation of a text.
    fn mutate(&mut self, body: &Body<'_>, text: &str) {
        if text.len() > LONGEST {
            self.figures.note("too long to mutate", &body.place, "", "");
            return;
        }
        if self.began.elapsed() > FOR_MUTATIONS {
            self.figures.note("no time to mutate", "", "", "");
            return;
        }
        for mutation in mutations(text) {
            self.figures.add("mutations", 1);
            match attempt(body.payload, &mutation.text) {
                Ok(Outcome::Equal(_)) => self.figures.add("equal mutations", 1),
                Ok(Outcome::Refused(complaint)) => {
                    self.figures.add("refused mutations", 1);
                    if self.is_valid(body, &mutation.text) {
                        if complaint.contains(STRICT) {
                            // Requests are strict by choice; see the settings of the generator.
                            self.figures.add("strict requests", 1);
                            continue;
                        }
                        self.figures.add("valid mutations refused", 1);
                        let sentence = format!("{}: {complaint}", mutation.operator);
                        self.figures.note(
                            "valid mutation refused",
                            &body.place,
                            &sentence,
                            &mutation.text,
                        );
                    }
                }
                Ok(Outcome::Changed(written)) => {
                    self.figures.add("changed", 1);
                    self.figures
                        .note("changed", &body.place, &written, &mutation.text);
                }
                Err(panic) => {
                    self.figures.add("changed", 1);
                    self.figures
                        .note("changed", &body.place, &panic, &mutation.text);
                }
            }
        }
    }

    /// Whether a text is JSON that the schema accepts.
    fn is_valid(&self, body: &Body<'_>, text: &str) -> bool {
        // Readers may forgive a byte order mark; JSON has none.
        if text.starts_with('\u{feff}') {
            return false;
        }
        let mut sources = Sources::new();
        let id = sources.add(Source::new("mutation", text.to_owned()));
        let Ok(node) = verbatim_source::json::parse(&sources, id, &Limits::default()) else {
            return false;
        };
        self.contract
            .accepts(body.schema, &node.value, body.direction)
    }
}

/// Reads a text and writes it back; a value that was read and cannot be written is no less a breach
/// than a changed one.
fn attempt(payload: &Payload, text: &str) -> Result<Outcome, String> {
    catch_unwind(AssertUnwindSafe(|| round(payload, text))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.unwrap_or_else(|| "a panic".to_owned())
    })
}
