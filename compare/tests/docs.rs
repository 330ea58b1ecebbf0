//! The page about the rules is made from the rules.

use std::fmt::Write as _;
use std::path::Path;

use verbatim_compare::rule::RULES;

const MARK: &str = "<!-- rules -->\n";

#[test]
fn the_page_lists_every_rule() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/compare.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, _) = page.split_once(MARK).expect("the mark above the tables");
    let mut wanted = format!("{head}{MARK}");
    for (group, rules) in RULES {
        let _ = write!(
            wanted,
            "\n### {group}\n\n| code | severity | why |\n|---|---|---|\n"
        );
        for rule in *rules {
            let _ = writeln!(
                wanted,
                "| `{}` | {} | {} |",
                rule.code,
                rule.severity.as_str(),
                rule.why
            );
        }
    }
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &wanted).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(
        page == wanted,
        "docs/compare.md is not current; run this test with BLESS=1"
    );
}
