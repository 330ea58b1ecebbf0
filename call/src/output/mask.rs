//! Secret values out of sight.

use super::types;
use verbatim_json::is_secret_name;
use verbatim_source::{Node, Value};

/// What stands where a secret stood.
const MASK: &str = "[secret]";

/// Puts a mask in the place of every secret: values of secret names, and those that the document
/// declares by JSON pointers with `*` for items. Null and an empty text tell nothing and stay.
pub fn mask(node: &mut Node, pointers: &[Vec<String>]) {
    let places: Vec<&[String]> = pointers.iter().map(Vec::as_slice).collect();
    walk(node, &places, false);
}

/// The steps of JSON pointers; below the items of a list only what points into them.
pub fn steps(pointers: &[String], items: Option<&str>) -> Vec<Vec<String>> {
    let head = items.map(|pointer| {
        let mut head = types::steps(pointer);
        head.push("*".to_owned());
        head
    });
    let all = pointers.iter().map(|pointer| types::steps(pointer));
    let below = all.filter_map(|steps| match &head {
        None => Some(steps),
        Some(head) => {
            let fits = steps.len() > head.len()
                && steps
                    .iter()
                    .zip(head)
                    .all(|(step, own)| step == "*" || step == own);
            fits.then(|| steps[head.len()..].to_vec())
        }
    });
    below.collect()
}

fn walk(node: &mut Node, places: &[&[String]], is_secret: bool) {
    if is_secret || places.iter().any(|steps| steps.is_empty()) {
        let says_nothing = match &node.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        if !says_nothing {
            node.value = Value::from(MASK);
        }
        return;
    }
    match &mut node.value {
        Value::Array(items) => {
            let below = below(places, "*");
            for item in items {
                walk(item, &below, false);
            }
        }
        Value::Object(object) => {
            let keys: Vec<String> = object.iter().map(|member| member.key.clone()).collect();
            for key in keys {
                let below = below(places, &key);
                if let Some(value) = object.get_mut(&key) {
                    walk(value, &below, is_secret_name(&key));
                }
            }
        }
        _ => {}
    }
}

fn below<'p>(places: &[&'p [String]], step: &str) -> Vec<&'p [String]> {
    let places = places.iter();
    let below = places.filter_map(|steps| match steps.split_first() {
        Some((first, rest)) if first == step || first == "*" => Some(rest),
        _ => None,
    });
    below.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use verbatim_source::write::compact;

    #[test]
    fn secrets_by_name_and_by_place_are_masked() {
        let text =
            r#"{"items":[{"code":1,"rootPassword":{"a":[1]},"token":null,"n":1.50}],"code":2}"#;
        let mut node = crate::value::parse_short(text).expect("JSON");
        let pointers = ["/items/*/code".to_owned()];
        mask(&mut node, &steps(&pointers, None));
        assert_eq!(
            compact(&node.value),
            r#"{"items":[{"code":"[secret]","rootPassword":"[secret]","token":null,"n":1.50}],"code":2}"#
        );
        assert_eq!(steps(&pointers, Some("/items")), [["code"]]);
    }
}
