//! The page as a browser sees it: headless Chromium, where it is installed. Pictures are kept in `target/reference`.

mod browser {
    pub mod session;
}
mod common;

use std::path::PathBuf;

use browser::session::{Browser, installed};
use serde_json::json;

/// The window of a desk.
const DESK: (u32, u32) = (1440, 1000);
/// The window of a telephone.
const PHONE: (u32, u32) = (390, 844);

fn browser() -> Option<Browser> {
    let Some(program) = installed() else {
        common::require::skipped(
            "chromium",
            "there is no chromium (apt-get install chromium)",
        );
        return None;
    };
    Some(Browser::start(program))
}

/// Where the pictures are kept.
fn pictures() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/reference"))
}

/// A page of a document, on disk.
fn page(name: &str, document: &std::path::Path) -> PathBuf {
    let folder = pictures();
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let page = folder.join(format!("{name}.html"));
    std::fs::write(&page, common::html(document)).expect("the page can be written");
    page.canonicalize().expect("it was written")
}

/// Links within the page that lead nowhere, and names of places that stand twice.
const BROKEN_LINKS: &str = "(() => {
  const ids = [...document.querySelectorAll('[id]')].map((it) => it.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  const known = new Set(ids);
  const links = [...document.querySelectorAll('a[href^=\"#\"]')].map((it) => it.getAttribute('href').slice(1));
  return twice.concat(links.filter((id) => !known.has(id)));
})()";

/// Whether something is wider than the window.
const IS_TOO_WIDE: &str = "document.documentElement.scrollWidth > innerWidth";

#[test]
fn the_three_apis_are_read_searched_and_printed() {
    let Some(mut browser) = browser() else { return };
    for (name, document, words, found) in [
        (
            "cloudpanel",
            "cloudpanel/openapi.json",
            "create server",
            "createServer",
        ),
        (
            "cloudflow",
            "cloudflow/openapi.yaml",
            "virtual_machines reboot",
            "reboot",
        ),
        ("cloudsfor", "cloudsfor/openapi.yaml", "post", "op-"),
    ] {
        let page = page(name, &common::spec(document));
        browser.open(&page, DESK);
        browser.picture(&pictures().join(format!("{name}-top.png")));
        assert_eq!(browser.value(BROKEN_LINKS), json!([]), "{name}");
        // A long page is searched while it is still read.
        let next = "document.scripts[0].nextElementSibling.id";
        assert_eq!(browser.value(next), json!("main"), "{name}");
        browser.press("/");
        assert_eq!(browser.value("document.activeElement.id"), json!("find"));
        browser.write(words);
        browser.until("document.querySelectorAll('#found [data-to]').length > 0");
        browser.picture(&pictures().join(format!("{name}-search.png")));
        browser.press("Enter");
        browser.until("location.hash.length > 1");
        let hash = browser.value("location.hash");
        let hash = hash.as_str().expect("a text").to_lowercase();
        assert!(
            hash.contains(&found.to_lowercase()),
            "{name}: {words} leads to {hash}"
        );
        browser.until(
            "(() => { const at = document.querySelector(':target').getBoundingClientRect(); \
             return at.top >= 0 && at.top < innerHeight / 2; })()",
        );
        browser.picture(&pictures().join(format!("{name}-operation.png")));
        browser.press("l");
        assert_eq!(
            browser.value("document.documentElement.dataset.lang"),
            json!("curl")
        );
        browser.press("l");
        let shown = "[...document.querySelector('.calls').children].filter(it => \
                     getComputedStyle(it).display !== 'none').map(it => it.className).join()";
        assert_eq!(browser.value(shown), json!("tabs,in in-command"), "{name}");
        browser.press("t");
        assert_eq!(
            browser.value("document.documentElement.dataset.theme"),
            json!("dark")
        );
        browser.picture(&pictures().join(format!("{name}-dark.png")));
        browser.press("l");
        browser.press("t");
        let before = browser.value("location.hash");
        browser.press("j");
        assert_ne!(browser.value("location.hash"), before, "j goes on");
        browser.print(&pictures().join(format!("{name}.pdf")));
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{name}");
        let asked = browser.requests();
        assert!(
            asked.iter().all(|url| url.starts_with("file:")),
            "{asked:?}"
        );
    }
}

#[test]
fn a_telephone_has_all_of_it() {
    let Some(mut browser) = browser() else { return };
    let page = page("telephone", &common::spec("cloudpanel/openapi.json"));
    browser.open(&page, PHONE);
    browser.picture(&pictures().join("telephone-top.png"));
    assert_eq!(browser.value(IS_TOO_WIDE), json!(false));
    browser.value("document.querySelector('.menu').click()");
    browser.until("getComputedStyle(document.querySelector('#contents')).visibility === 'visible'");
    browser.picture(&pictures().join("telephone-contents.png"));
    browser.value("document.querySelector('#contents a[href=\"#op-createServer\"]').click()");
    browser.until("getComputedStyle(document.querySelector('#contents')).visibility === 'hidden'");
    browser.picture(&pictures().join("telephone-operation.png"));
    assert_eq!(browser.value(IS_TOO_WIDE), json!(false));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn texts_of_strangers_do_nothing() {
    let Some(mut browser) = browser() else { return };
    let page = page("hostile", &common::own("hostile.yaml"));
    browser.open(&page, DESK);
    // Everything is unfolded, drawn and searched.
    browser.value("dispatchEvent(new Event('beforeprint'))");
    browser.press("/");
    browser.write("script");
    browser.until("document.querySelectorAll('#found [data-to]').length > 0");
    browser.picture(&pictures().join("hostile.png"));
    assert_eq!(browser.value("typeof window.broken"), json!("undefined"));
    assert_eq!(browser.value("document.scripts.length"), json!(1));
    let foreign = "document.querySelectorAll('img, iframe, object, embed, link, base, [onerror], [onclick], [style], a[href^=\"javascript:\"], a[href^=\"data:\"]').length";
    assert_eq!(browser.value(foreign), json!(0));
    assert_eq!(browser.value(BROKEN_LINKS), json!([]));
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let asked = browser.requests();
    assert!(
        asked.iter().all(|url| url.starts_with("file:")),
        "{asked:?}"
    );
    // Where a text would have become markup, the parser would have mended what stands around it.
    let written = std::fs::read_to_string(&page).expect("it was written");
    for tag in ["article", "details", "section", "table", "pre", "ul", "h3"] {
        let seen = browser.value(&format!("document.querySelectorAll('{tag}').length"));
        let marks = written.matches(&format!("<{tag}>")).count()
            + written.matches(&format!("<{tag} ")).count();
        // The list of what was found is filled by the page, and stands in it all along.
        assert_eq!(seen, json!(marks), "<{tag}>");
    }
}

#[test]
fn public_documents_are_shown_without_complaint() {
    let Some(mut browser) = browser() else { return };
    for document in common::corpus() {
        let name = document
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let page = page(&format!("corpus-{name}"), &document);
        browser.open(&page, DESK);
        assert_eq!(browser.value(BROKEN_LINKS), json!([]), "{name}");
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{name}");
    }
}
