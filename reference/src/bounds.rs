//! What a schema demands of a value beyond its type, in words.

use verbatim_codegen::document::{Schema, Text};

/// The demands, each as a few words.
pub fn words(schema: &Schema) -> Vec<String> {
    let mut words = Vec::new();
    numbers(schema, &mut words);
    strings(schema, &mut words);
    arrays(schema, &mut words);
    objects(schema, &mut words);
    words
}

fn numbers(schema: &Schema, words: &mut Vec<String>) {
    let rules = &*schema.number;
    let text = |rule: &Option<Text>| rule.as_ref().map(|rule| rule.value.clone());
    match (text(&rules.minimum), text(&rules.maximum)) {
        (Some(least), Some(most)) => words.push(format!("{least} to {most}")),
        (Some(least), None) => words.push(format!("at least {least}")),
        (None, Some(most)) => words.push(format!("at most {most}")),
        (None, None) => {}
    }
    if let Some(least) = text(&rules.exclusive_minimum) {
        words.push(format!("more than {least}"));
    }
    if let Some(most) = text(&rules.exclusive_maximum) {
        words.push(format!("less than {most}"));
    }
    if let Some(step) = text(&rules.multiple_of) {
        words.push(format!("a multiple of {step}"));
    }
}

fn strings(schema: &Schema, words: &mut Vec<String>) {
    let rules = &*schema.string;
    let least = rules.min_length.as_ref().map(|least| least.value);
    let most = rules.max_length.as_ref().map(|most| most.value);
    words.extend(count(least, most, "character", "characters"));
    if let Some(encoding) = &rules.content_encoding {
        words.push(format!("encoded as {}", encoding.value));
    }
    if let Some(media) = &rules.content_media_type {
        words.push(format!("holds {}", media.value));
    }
}

fn arrays(schema: &Schema, words: &mut Vec<String>) {
    let rules = &*schema.array;
    let least = rules.min_items.as_ref().map(|least| least.value);
    let most = rules.max_items.as_ref().map(|most| most.value);
    words.extend(count(least, most, "item", "items"));
    if rules.unique_items.as_ref().is_some_and(|it| it.value) {
        words.push("no item twice".to_owned());
    }
}

fn objects(schema: &Schema, words: &mut Vec<String>) {
    let rules = &*schema.object;
    let least = rules.min_properties.as_ref().map(|least| least.value);
    let most = rules.max_properties.as_ref().map(|most| most.value);
    words.extend(count(least, most, "property", "properties"));
}

/// How many of something there may be.
fn count(least: Option<u64>, most: Option<u64>, one: &str, many: &str) -> Option<String> {
    let noun = |number: u64| if number == 1 { one } else { many };
    Some(match (least.filter(|least| *least > 0), most) {
        (Some(least), Some(most)) if least == most => format!("exactly {least} {}", noun(least)),
        (Some(least), Some(most)) => format!("{least} to {most} {}", noun(most)),
        (Some(least), None) => format!("at least {least} {}", noun(least)),
        (None, Some(most)) => format!("at most {most} {}", noun(most)),
        (None, None) => return None,
    })
}
