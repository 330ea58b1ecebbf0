//! Texts for a page that is kept: on one line, of bounded length, without paths of a machine.

use super::Places;

/// A sentence without the folders of this machine.
pub fn plain(places: &Places, text: &str) -> String {
    let mut text = text.replace(['\n', '\r', '\t'], " ");
    for folder in [&places.documents, &places.work, &places.root] {
        let folder = folder.to_string_lossy().replace('\\', "/");
        text = text.replace(&format!("{folder}/"), "");
        text = text.replace(folder.as_str(), ".");
    }
    without_registry(&text)
}

/// A text in which files of crates are named from the crate on, wherever cargo keeps them:
/// `/…/registry/src/HOST/syn-2.0.1/src/lib.rs` as `syn-2.0.1/src/lib.rs`.
fn without_registry(text: &str) -> String {
    let word = |word: &str| match word.split_once("/registry/src/") {
        Some((_, inside)) => {
            let inside = inside.split_once('/');
            inside.map_or(String::new(), |(_, file)| file.to_owned())
        }
        None => word.to_owned(),
    };
    let words: Vec<String> = text.split(' ').map(word).collect();
    words.join(" ")
}

/// A text cut to a length, with a mark where it was.
pub fn clip(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest).collect();
    format!("{kept} …")
}

#[cfg(test)]
mod tests {
    use super::without_registry;

    #[test]
    fn files_of_crates_are_named_from_the_crate_on() {
        let text =
            "panicked at /home/a/.cargo/registry/src/index.example-1f/syn-2.0.1/src/lib.rs:3:9: no";
        let plain = "panicked at syn-2.0.1/src/lib.rs:3:9: no";
        assert_eq!(without_registry(text), plain);
        assert_eq!(without_registry("a  b/c"), "a  b/c");
    }
}
