//! Documents whose schemas refer to one another in every way, put together at random.

use crate::mutate::Dice;

/// How deep schemas are written within one another.
const DEEP: usize = 3;

/// A document of some schemas, each written from the keywords at random, with references among them.
pub fn document(dice: &mut Dice) -> String {
    let count = 2 + dice.below(7);
    let schemas: Vec<String> = (0..count)
        .map(|at| format!("\"S{at}\": {}", schema(dice, count, 0)))
        .collect();
    let content = format!(
        "{{\"application/json\": {{\"schema\": {}}}}}",
        link(dice, count)
    );
    format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \"paths\": {{\"/a\": {{\"post\": \
         {{\"requestBody\": {{\"content\": {content}}}, \"responses\": {{\"200\": {{\"description\": \"d\", \"content\": \
         {content}}}}}}}}}}}, \"components\": {{\"schemas\": {{{}}}}}}}",
        schemas.join(", ")
    )
}

fn link(dice: &mut Dice, count: usize) -> String {
    format!(
        "{{\"$ref\": \"#/components/schemas/S{}\"}}",
        dice.below(count)
    )
}

/// A schema, or a reference to one.
fn inner(dice: &mut Dice, count: usize, depth: usize) -> String {
    if depth >= DEEP || dice.below(3) > 0 {
        link(dice, count)
    } else {
        schema(dice, count, depth + 1)
    }
}

fn list(dice: &mut Dice, count: usize, depth: usize) -> String {
    let items = 1 + dice.below(4);
    let items: Vec<String> = (0..items).map(|_| inner(dice, count, depth)).collect();
    format!("[{}]", items.join(", "))
}

fn schema(dice: &mut Dice, count: usize, depth: usize) -> String {
    let mut members: Vec<String> = Vec::new();
    for _ in 0..=dice.below(4) {
        let name = format!("p{}", dice.below(4));
        let member = match dice.below(20) {
            0..=2 => format!("\"allOf\": {}", list(dice, count, depth)),
            3..=5 => format!("\"oneOf\": {}", list(dice, count, depth)),
            6 | 7 => format!("\"anyOf\": {}", list(dice, count, depth)),
            8..=10 => {
                let other = format!("p{}", dice.below(4));
                let (one, two) = (inner(dice, count, depth), inner(dice, count, depth));
                if name == other {
                    format!("\"properties\": {{\"{name}\": {one}}}")
                } else {
                    format!("\"properties\": {{\"{name}\": {one}, \"{other}\": {two}}}")
                }
            }
            11 => format!("\"required\": [\"{name}\"]"),
            12 => format!("\"items\": {}", inner(dice, count, depth)),
            13 => format!("\"additionalProperties\": {}", inner(dice, count, depth)),
            14 => format!("\"discriminator\": {{\"propertyName\": \"{name}\"}}"),
            15 => [
                "\"type\": \"object\"",
                "\"type\": [\"object\", \"null\"]",
                "\"type\": \"string\"",
            ][dice.below(3)]
            .to_owned(),
            16 => format!("\"prefixItems\": {}", list(dice, count, depth)),
            17 => format!(
                "\"if\": {}, \"then\": {}",
                inner(dice, count, depth),
                inner(dice, count, depth)
            ),
            18 => format!("\"not\": {}", inner(dice, count, depth)),
            _ => format!("\"$ref\": \"#/components/schemas/S{}\"", dice.below(count)),
        };
        // A keyword stands once in a schema.
        let keyword = member.split(':').next().unwrap_or_default().to_owned();
        if !members.iter().any(|known| known.starts_with(&keyword)) {
            members.push(member);
        }
    }
    format!("{{{}}}", members.join(", "))
}
