//! Replies: which type a good reply and a documented error have.

use std::collections::BTreeSet;

use super::endpoint::{Decode, Replies, ReplyVariant, StatusMatch};
use super::name::{Ident, Scope, Usage};
use super::types::Types;
use super::wording::wanted_names;
use super::{Docs, Item, Mode, Type};
use crate::ir::{Api, Content, Kind, Operation, Pagination, Reply, Shape, Status, media_word};
use crate::origin::Origin;

/// The types of a call.
pub struct Outcome {
    /// Of a good reply.
    pub success: Decode,
    /// Of a documented error.
    pub refusal: Decode,
    /// Of a good reply that is a sequence, where it may be a value as well.
    pub events: Option<Decode>,
}

/// The contents of a reply that are told apart: JSON where there is any, and what says something else beside it;
/// else a sequence, else all.
pub fn preferred(reply: &Reply, extent: Extent) -> Vec<&Content> {
    let contents = || reply.contents.iter();
    let json = contents().filter(|content| content.kind == Kind::Json);
    let mut chosen: Vec<&Content> = json.collect();
    if chosen.is_empty() {
        let sequence = contents().find(|content| content.is_sequence());
        return match sequence {
            Some(sequence) => vec![sequence],
            None => contents().collect(),
        };
    }
    if extent == Extent::All {
        chosen.extend(contents().filter(|content| content.is_raw() && !content.alternate));
    }
    chosen
}

/// Which contents of replies are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All that say something of their own.
    All,
    /// JSON alone, where there is some: pages are made of it, and states are read from it.
    Json,
}

/// Which contents of the replies of an operation are read.
pub fn extent(operation: &Operation) -> Extent {
    if operation.pagination.is_some() || operation.wait.is_some() {
        Extent::Json
    } else {
        Extent::All
    }
}

/// Where the contents stand that no call asks for.
pub fn unasked(api: &Api) -> Vec<Origin> {
    let replies = api.operations.iter().flat_map(|operation| {
        let extent = extent(operation);
        operation.replies.iter().map(move |reply| (reply, extent))
    });
    let unasked = replies.flat_map(|(reply, extent)| {
        let named = named(reply, extent);
        let is_named = move |content: &&Content| named.iter().any(|it| std::ptr::eq(*it, *content));
        reply
            .contents
            .iter()
            .filter(move |content| !is_named(content))
    });
    unasked.map(|content| content.origin.clone()).collect()
}

/// The contents of a reply that the table names: those that are told apart, and the sequence that a call may ask for.
pub fn named(reply: &Reply, extent: Extent) -> Vec<&Content> {
    let mut contents = preferred(reply, extent);
    let sequence = alternative(reply).filter(|_| is_good(reply));
    contents.extend(sequence);
    contents
}

/// The sequence that a server may send instead of JSON.
fn alternative(reply: &Reply) -> Option<&Content> {
    let has_json = reply
        .contents
        .iter()
        .any(|content| content.kind == Kind::Json);
    let mut sequences = reply
        .contents
        .iter()
        .filter(|content| content.is_sequence());
    sequences.next().filter(|_| has_json)
}

/// Whether a reply says success.
fn is_good(reply: &Reply) -> bool {
    matches!(reply.status, Status::Code(200..=299) | Status::Range(2))
}

/// The status as the table has it.
pub fn status(status: Status) -> StatusMatch {
    match status {
        Status::Code(code) => StatusMatch::Code(code),
        Status::Range(class) => StatusMatch::Range(class),
        Status::Default => StatusMatch::Default,
    }
}

/// One documented reply: its statuses, its media type, and its type.
struct Case<'a> {
    reply: &'a Reply,
    media: &'a str,
    decode: Decode,
}

impl Case<'_> {
    /// Whether the status alone does not name it: it stands beside another content of its reply, and is not the
    /// first, or differs from another in its parameters alone.
    fn needs_media(&self) -> bool {
        let essence = |media: &str| {
            media
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let contents = &self.reply.contents;
        let others = contents
            .iter()
            .filter(|content| content.media != self.media);
        let like = |content: &&Content| essence(&content.media) == essence(self.media);
        let first = contents
            .iter()
            .find(|it| it.kind == Kind::Json)
            .or(contents.first());
        let is_first = first.is_some_and(|first| first.media == self.media);
        others.filter(like).count() > 0 || (contents.len() > 1 && !is_first)
    }
}

impl Types<'_> {
    /// The types of a call of an operation; enums that this needs are added to the items.
    pub fn outcome(
        &self,
        (operation, extent): (&Operation, Extent),
        group: &str,
        names: &mut Scope,
        items: &mut Vec<Item>,
    ) -> Outcome {
        let mut good: Vec<&Reply> = operation.replies.iter().filter(|it| is_good(it)).collect();
        let others = operation.replies.iter().filter(|reply| !is_good(reply));
        let bad: Vec<&Reply> = others
            .filter(|reply| !matches!(reply.status, Status::Code(..=199) | Status::Range(1)))
            .collect();
        if good.is_empty() {
            good.extend(bad.iter().filter(|reply| reply.status == Status::Default));
        }
        let is_head = operation.method == "HEAD";
        let wanted = |word| wanted_names(group, operation, word);
        let keeps = self.keeps_unexpected(operation, &good, extent);
        let success = decided(
            (&self.cases(&good, is_head, extent), keeps),
            &wanted("reply"),
            names,
            items,
        );
        let refusal = decided(
            (&self.cases(&bad, is_head, extent), false),
            &wanted("error"),
            names,
            items,
        );
        let sequence = good.iter().find_map(|reply| alternative(reply));
        Outcome {
            events: sequence
                .filter(|_| !is_head)
                .and_then(|it| self.sequence(it)),
            success: success.unwrap_or(Decode::Empty),
            refusal: refusal.unwrap_or(Decode::Undocumented),
        }
    }

    /// How the body of a request that the service sends is decoded; an enum that this needs is added to the items.
    pub fn delivered(
        &self,
        body: &Reply,
        wanted: &[String],
        names: &mut Scope,
        items: &mut Vec<Item>,
    ) -> Decode {
        let cases = self.cases(&[body], false, Extent::All);
        let before = items.len();
        let decode = decided((&cases, false), wanted, names, items);
        for item in &mut items[before..] {
            let Item::Replies(item) = item else { continue };
            item.docs = Docs::own("The bodies, told apart by content type.");
            let mut scope = Scope::new();
            for variant in &mut item.variants {
                let media = variant
                    .matches
                    .first()
                    .map_or("", |(_, media)| media.as_str());
                variant.name = scope.claim(&media_word(media), Usage::Variant, &item.origin);
                variant.docs = Docs::own(format!("`{}`", super::plain_words(media)));
            }
        }
        decode.unwrap_or(Decode::Empty)
    }

    /// Whether good replies are kept whatever they are: where that is declared, the call changes
    /// something, and their types do not keep anything by themselves.
    fn keeps_unexpected(&self, operation: &Operation, good: &[&Reply], extent: Extent) -> bool {
        let is_safe = || {
            matches!(
                operation.method.as_str(),
                "GET" | "HEAD" | "OPTIONS" | "TRACE"
            )
        };
        let declared = operation.keeps_unexpected;
        if !declared.unwrap_or(self.api.keeps_unexpected) || operation.safe.unwrap_or_else(is_safe)
        {
            return false;
        }
        let contents = good.iter().flat_map(|reply| preferred(reply, extent));
        let mut types = contents.filter_map(|content| content.ty.as_ref());
        types.any(|ty| {
            let def = self.api.get(self.resolved(ty.id).0);
            let takes_all = matches!(def.shape, Shape::Any(_) | Shape::Union(_));
            !takes_all || def.open == Some(false)
        })
    }

    fn cases<'r>(&self, replies: &[&'r Reply], is_head: bool, extent: Extent) -> Vec<Case<'r>> {
        let mut cases = Vec::new();
        for reply in replies {
            let contents = preferred(reply, extent);
            if contents.is_empty() || is_head {
                cases.push(Case {
                    reply,
                    media: "",
                    decode: Decode::Empty,
                });
                continue;
            }
            cases.extend(contents.into_iter().map(|content| {
                let decode = self.decode(reply, content);
                Case {
                    reply,
                    media: &content.media,
                    decode,
                }
            }));
        }
        cases
    }

    fn decode(&self, reply: &Reply, content: &Content) -> Decode {
        // A stream of errors is read as a whole: an error has to be told at once.
        let sequence = self.sequence(content);
        if let Some(decode) = sequence.filter(|_| is_good(reply)) {
            return decode;
        }
        match content.kind {
            Kind::Json => Decode::Json(content.ty.as_ref().map_or(Type::Json, |ty| self.used(ty))),
            Kind::Text | Kind::Events | Kind::Lines => Decode::Text,
            Kind::Form | Kind::Multipart | Kind::Bytes => Decode::Bytes,
        }
    }

    /// The type of one item of a list that is paged, where the page has one at the declared place.
    pub fn paged_item(
        &self,
        rule: &Pagination,
        success: &Decode,
    ) -> Option<(Type, Vec<(Ident, Mode)>)> {
        let Decode::Json(page) = success else {
            return None;
        };
        let mut at = page.plain().clone();
        let mut way = Vec::new();
        for token in rule.items.split('/').skip(1) {
            if let Type::Root(key, inner) = &at
                && key.wire == token
            {
                at = inner.plain().clone();
                continue;
            }
            let (ident, mode, ty) = self.field_of(&at, token)?;
            way.push((ident, mode));
            at = ty.plain().clone();
        }
        match at {
            Type::Vec(item) => Some((*item, way)),
            _ => None,
        }
    }
}

/// The one type of several cases, or an enum of them.
fn decided(
    (cases, keeps): (&[Case<'_>], bool),
    wanted: &[String],
    names: &mut Scope,
    items: &mut Vec<Item>,
) -> Option<Decode> {
    let mut kinds: Vec<&Decode> = Vec::new();
    for case in cases {
        if !kinds.contains(&&case.decode) {
            kinds.push(&case.decode);
        }
    }
    match kinds.as_slice() {
        [] => None,
        [Decode::Json(ty)] if keeps => Some(Decode::Lossless(ty.clone())),
        [only] => Some((*only).clone()),
        [Decode::Json(ty), Decode::Empty] | [Decode::Empty, Decode::Json(ty)] if keeps => {
            Some(Decode::OptionalLossless(ty.clone()))
        }
        [Decode::Json(ty), Decode::Empty] | [Decode::Empty, Decode::Json(ty)] => {
            Some(Decode::OptionalJson(ty.clone()))
        }
        several => {
            let first = &cases[0].reply.origin;
            let name = names.claim_any(wanted, Usage::Type, first);
            let (variants, other) = variants(cases, several);
            let docs = Docs::own("The replies, told apart by status and content type.");
            let replies = Replies {
                origin: first.clone(),
                docs,
                name: name.clone(),
                variants,
                other: keeps.then_some(other),
            };
            items.push(Item::Replies(replies));
            Some(Decode::Replies(name))
        }
    }
}

/// A variant for each kind of reply, and the name of one for whatever else came.
fn variants(cases: &[Case<'_>], kinds: &[&Decode]) -> (Vec<ReplyVariant>, Ident) {
    let mut scope = Scope::new();
    let variants = kinds.iter().map(|decode| {
        let same: Vec<&Case<'_>> = cases
            .iter()
            .filter(|case| case.decode == **decode)
            .collect();
        let matches: BTreeSet<(StatusMatch, String)> = same
            .iter()
            .map(|case| (status(case.reply.status), case.media.to_owned()))
            .collect();
        let texts = same.iter().map(|case| case.reply.description.as_str());
        let mut statuses: Vec<String> = same
            .iter()
            .map(|case| status_words(case.reply.status))
            .collect();
        statuses.dedup();
        let docs = if same.len() == 1 {
            Docs::foreign(texts)
        } else {
            Docs::own(format!("For {}.", statuses.join(", ")))
        };
        let words = variant_words(&same, decode);
        ReplyVariant {
            docs,
            name: scope.claim_any(&words, Usage::Variant, &same[0].reply.origin),
            decode: (*decode).clone(),
            matches: matches.into_iter().collect(),
        }
    });
    let variants = variants.collect();
    let words = ["other", "anything else"].map(str::to_owned);
    let other = scope.claim_any(&words, Usage::Variant, &cases[0].reply.origin);
    (variants, other)
}

/// The words for a variant, the best first: the name of its one status, with its media type where the reply has
/// several, or its type.
fn variant_words(cases: &[&Case<'_>], decode: &Decode) -> Vec<String> {
    let kind = type_word(decode);
    let word = match cases {
        [only] => status_word(only),
        _ => kind.clone(),
    };
    let media = cases[0].media;
    let whole = media.replace(['/', '+', ';', '='], " ");
    let with = |media: &str| format!("{word} {media}");
    let statuses: Vec<String> = cases.iter().map(|case| status_word(case)).collect();
    let mut words = match cases {
        [only] if only.needs_media() => vec![
            with(&media_word(media)),
            with(&whole),
            with(&format!("{kind} {whole}")),
        ],
        _ => vec![word.clone(), with(&media_word(media)), with(&whole)],
    };
    words.push(with(&kind));
    words.push(format!("{} {kind}", statuses.join(" or ")));
    words
}

/// The name of a status.
fn status_word(case: &Case<'_>) -> String {
    match case.reply.status {
        Status::Code(code) => reason(code).map_or_else(|| format!("status {code}"), str::to_owned),
        Status::Range(class) => format!("status {class}xx"),
        Status::Default => "other".to_owned(),
    }
}

/// The name of a type.
fn type_word(decode: &Decode) -> String {
    match decode {
        Decode::Json(Type::Root(_, inner)) if matches!(inner.bare(), Type::Named(_)) => {
            super::type_name::type_name(inner.bare())
        }
        Decode::Json(Type::Json)
        | Decode::OptionalJson(_)
        | Decode::Lossless(_)
        | Decode::OptionalLossless(_) => "json".to_owned(),
        Decode::Json(ty) => super::variants::type_word(ty),
        Decode::Empty => "empty".to_owned(),
        Decode::Text => "text".to_owned(),
        Decode::Bytes => "bytes".to_owned(),
        Decode::Events(..) => "events".to_owned(),
        Decode::Lines(..) => "lines".to_owned(),
        Decode::Undocumented | Decode::Replies(_) => "other".to_owned(),
    }
}

/// The statuses of a reply in words.
pub fn status_words(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(class) => format!("{class}xx"),
        Status::Default => "any other status".to_owned(),
    }
}

/// What HTTP calls a status.
fn reason(code: u16) -> Option<&'static str> {
    Some(match code {
        200 => "ok",
        201 => "created",
        202 => "accepted",
        203 => "non authoritative",
        204 => "no content",
        205 => "reset content",
        206 => "partial content",
        207 => "multi status",
        301 => "moved permanently",
        302 => "found",
        303 => "see other",
        304 => "not modified",
        307 => "temporary redirect",
        308 => "permanent redirect",
        400 => "bad request",
        401 => "unauthorized",
        402 => "payment required",
        403 => "forbidden",
        404 => "not found",
        405 => "method not allowed",
        406 => "not acceptable",
        408 => "request timeout",
        409 => "conflict",
        410 => "gone",
        411 => "length required",
        412 => "precondition failed",
        413 => "payload too large",
        415 => "unsupported media type",
        416 => "range not satisfiable",
        422 => "unprocessable",
        423 => "locked",
        424 => "failed dependency",
        428 => "precondition required",
        429 => "too many requests",
        500 => "internal error",
        501 => "not implemented",
        502 => "bad gateway",
        503 => "unavailable",
        504 => "gateway timeout",
        507 => "insufficient storage",
        _ => return None,
    })
}

impl super::types::Types<'_> {
    /// The field of a struct that stands for a property: name, mode and type.
    fn field_of(&self, ty: &Type, wire: &str) -> Option<(Ident, Mode, Type)> {
        let Type::Named(name) = ty else { return None };
        let id = self.names.find(name)?;
        let super::Item::Struct(item) = self.item(id, &mut Vec::new())? else {
            return None;
        };
        let field = item.fields.into_iter().find(|field| field.wire == wire)?;
        Some((field.name, field.mode, field.ty))
    }
}
