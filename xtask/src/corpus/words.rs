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
    text
}

/// A text cut to a length, with a mark where it was.
pub fn clip(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest).collect();
    format!("{kept} …")
}
