//! Reading members of objects, with a diagnostic for whatever is not as it should be.

use verbatim_source::{Diagnostic, Member, Node, Object};

/// The code of a part of `documented.json` or the overlay that has not the right form.
pub const FORM: &str = "N2001";

/// What one reading step gives.
pub type Reading<T> = Result<T, Diagnostic>;

/// A diagnostic about the form of a value.
pub fn form(node: &Node, message: impl Into<String>, label: &str) -> Diagnostic {
    Diagnostic::error(FORM, message).at(node.span, label)
}

/// The object that a value has to be.
pub fn object<'a>(node: &'a Node, what: &str) -> Reading<&'a Object> {
    node.as_object()
        .ok_or_else(|| wrong(node, what, "an object"))
}

/// The array that a value has to be.
pub fn array<'a>(node: &'a Node, what: &str) -> Reading<&'a [Node]> {
    node.as_array().ok_or_else(|| wrong(node, what, "an array"))
}

/// The text that a value has to be.
pub fn text<'a>(node: &'a Node, what: &str) -> Reading<&'a str> {
    node.as_str().ok_or_else(|| wrong(node, what, "a text"))
}

/// The truth value that a value has to be.
pub fn boolean(node: &Node, what: &str) -> Reading<bool> {
    node.as_bool()
        .ok_or_else(|| wrong(node, what, "true or false"))
}

/// The small whole number that a value has to be.
pub fn whole<T: std::str::FromStr>(node: &Node, what: &str) -> Reading<T> {
    let number = node.as_number().and_then(|lexeme| lexeme.parse().ok());
    number.ok_or_else(|| wrong(node, what, "a whole number"))
}

/// A member that has to be there.
pub fn member<'a>(parent: &'a Node, key: &str, what: &str) -> Reading<&'a Node> {
    object(parent, what)?.get(key).ok_or_else(|| {
        form(
            parent,
            format!("{what} has no `{key}`"),
            "it is missing here",
        )
    })
}

/// Refuses members whose names are not expected, so that a slip of the pen is not ignored.
pub fn only(object: &Object, allowed: &[&str], what: &str) -> Reading<()> {
    match object
        .iter()
        .find(|member| !allowed.contains(&member.key.as_str()))
    {
        None => Ok(()),
        Some(stranger) => Err(unknown_key(stranger, allowed, what)),
    }
}

fn unknown_key(stranger: &Member, allowed: &[&str], what: &str) -> Diagnostic {
    Diagnostic::error(FORM, format!("{what} has no member `{}`", stranger.key))
        .at(stranger.key_span, "not known")
        .help(format!("known are {}", allowed.join(", ")))
}

fn wrong(node: &Node, what: &str, wanted: &str) -> Diagnostic {
    let found = node.value.kind();
    form(
        node,
        format!("{what} has to be {wanted}, and this is {found}"),
        "found here",
    )
}
