//! The media type of what is sent as it is: the one that is named, or by the ending of the name of its file.

use crate::failure::Failure;
use crate::table::Body;
use std::path::Path;

/// The media type that a body names; none where the document names the one that there is.
///
/// # Errors
/// Where the document has a choice and nothing tells which is meant.
pub fn of_body(
    body: &Body,
    named: Option<&str>,
    file: Option<&Path>,
) -> Result<Option<String>, Failure> {
    if let Some(named) = named {
        // Whether the operation takes it is judged where it is sent.
        return Ok(Some(named.to_owned()));
    }
    if !body.has_choice() {
        return Ok(None);
    }
    let all: Vec<&str> = body.all_media().collect();
    let by_name = file.and_then(|file| by_name(file, &all));
    let is_known =
        |media: &str| !media.contains('*') || PLAIN.iter().any(|plain| fits(media, plain));
    if by_name.is_some() || is_known(&body.media) {
        return Ok(by_name);
    }
    let what = file.map_or_else(
        || "the standard input".to_owned(),
        |it| it.display().to_string(),
    );
    Err(Failure::usage(format!(
        "--body: of what media type {what} is cannot be told"
    ))
    .remedy(format!("name one of {} by --content-type", all.join(", "))))
}

/// What is sent where a range has it and nothing else is known.
const PLAIN: [&str; 2] = ["application/octet-stream", "text/plain"];

/// The media type of a part that is a file; none where the document names the one that there is.
pub fn of_part(documented: &str, file: &Path) -> Option<String> {
    let all: Vec<&str> = documented.split(',').map(str::trim).collect();
    let is_plain = all.as_slice() == [PLAIN[0]];
    if !is_plain && all.len() == 1 && !documented.contains('*') {
        return None;
    }
    let fitting = if is_plain { &["*/*"][..] } else { &all[..] };
    by_name(file, fitting).or_else(|| (!is_plain).then(|| PLAIN[0].to_owned()))
}

/// The media type of a file by the ending of its name, where it is one of these.
fn by_name(file: &Path, all: &[&str]) -> Option<String> {
    let guessed = mime_guess::from_path(file).into_iter();
    let mut guessed = guessed.map(|it| it.essence_str().to_owned());
    guessed.find(|media| all.iter().any(|documented| fits(documented, media)))
}

/// Whether a media type is a documented one, or in a documented range.
fn fits(documented: &str, media: &str) -> bool {
    let essence = documented.split(';').next().unwrap_or_default().trim();
    match essence.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => media
            .split('/')
            .next()
            .is_some_and(|it| it.eq_ignore_ascii_case(kind)),
        _ => essence.eq_ignore_ascii_case(media),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::BodyKind;

    fn body(all: &[&str]) -> Body {
        Body {
            media: all[0].to_owned(),
            others: all[1..].iter().map(|&it| it.to_owned()).collect(),
            kind: BodyKind::Raw,
            required: true,
            ty: None,
            example: None,
            styles: Vec::new(),
        }
    }

    #[test]
    fn the_name_of_a_file_tells_its_media_type_where_there_is_a_choice() {
        let of = |all: &[&str], file: &str| {
            of_body(&body(all), None, Some(Path::new(file))).map_err(|failure| failure.to_string())
        };
        let some = |media: &str| Ok(Some(media.to_owned()));
        assert_eq!(of(&["image/*"], "cat.PNG"), some("image/png"));
        assert_eq!(
            of(&["image/png", "image/jpeg"], "cat.jpg"),
            some("image/jpeg")
        );
        assert_eq!(of(&["image/png", "image/jpeg"], "cat"), Ok(None));
        assert_eq!(of(&["image/png"], "cat.jpg"), Ok(None));
        assert_eq!(of(&["*/*"], "cat"), Ok(None));
        let unknown = of(&["image/*"], "cat.txt").expect_err("no image");
        assert!(unknown.contains("image/* by --content-type"), "{unknown}");
    }

    #[test]
    fn a_part_that_is_a_file_is_told_by_its_name() {
        let of = |documented: &str, file: &str| of_part(documented, Path::new(file));
        assert_eq!(
            of("image/png, image/jpeg", "a.jpg").as_deref(),
            Some("image/jpeg")
        );
        assert_eq!(
            of("image/*", "a").as_deref(),
            Some("application/octet-stream")
        );
        assert_eq!(
            of("application/octet-stream", "a.png").as_deref(),
            Some("image/png")
        );
        assert_eq!(of("application/octet-stream", "a"), None);
        assert_eq!(of("text/csv", "a.png"), None);
    }
}
