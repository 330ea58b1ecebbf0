//! Repairs of the ledger: what they change, and that nothing else changes.

use super::toy::{LEDGER, TEXT, complaints, facts, with};

fn trailing(line: u32) -> String {
    format!(
        "{LEDGER}repairs:\n- {{line: {line}, kind: trailing-comma, rule: drop-comma, why: a slip}}\n"
    )
}

fn repeated(rule: &str, first: &str, last: &str) -> String {
    let readings = format!("[{{line: 88, value: {first}}}, {{line: 89, value: {last}}}]");
    format!(
        "{LEDGER}repairs:\n- {{line: 89, kind: repeated-key, key: Type, readings: {readings}, rule: {rule}, why: a slip}}\n"
    )
}

/// The error example of the toy text with a second `Type`; the first stands on line 88.
fn twice() -> String {
    let text = with(
        "\"Type\": \"WRONG\"",
        "\"Type\": \"WRONG\",\n\"Type\": 60.50",
    );
    assert_eq!(text.lines().nth(87), Some("\"Type\": \"WRONG\","));
    text
}

#[test]
fn a_trailing_comma_is_dropped_and_noted() {
    let text = with("\"Type\": \"WRONG\"\n", "\"Type\": \"WRONG\",\n");
    let documented = facts(&text, &trailing(88));
    let noted = "\"repairs\": [\n                {\n                  \"line\": 88,\n                  \"kind\": \"trailing-comma\",";
    assert!(documented.contains(noted), "{documented}");
    assert_eq!(documented.matches("\"repairs\"").count(), 1);
}

#[test]
fn either_reading_of_a_repeated_key_can_be_kept() {
    let first = facts(&twice(), &repeated("keep-first", "WRONG", "60.50"));
    assert!(first.contains("\"Type\": \"WRONG\"\n") && !first.contains("\"Type\": 60.50"));
    let last = facts(&twice(), &repeated("keep-last", "WRONG", "60.50"));
    assert!(last.contains("\"Type\": 60.50\n") && !last.contains("\"Type\": \"WRONG\""));
}

#[test]
fn a_repair_that_finds_nothing_to_do_is_refused() {
    insta::assert_snapshot!("repair_idle_comma", complaints(TEXT, &trailing(88)));
    insta::assert_snapshot!(
        "repair_other_line",
        complaints(
            &with("\"Type\": \"WRONG\"\n", "\"Type\": \"WRONG\",\n"),
            &trailing(87)
        )
    );
    insta::assert_snapshot!(
        "repair_other_reading",
        complaints(&twice(), &repeated("keep-first", "WRONG", "60.5"))
    );
}

#[test]
fn words_of_the_ledger_are_left_out_or_kept() {
    let text = with("\"title\": \"Toy\"", "\"titel\": \"Toy\"").replacen(
        "\"multipleOf\"",
        "\"multipelOf\"",
        1,
    );
    let ledger = format!(
        "{LEDGER}keywords:\n\
         - {{keyword: titel, kind: misspelt-description, rule: leave-out, lines: [42], why: prose}}\n\
         - {{keyword: multipelOf, kind: misspelt-keyword, rule: keep, lines: [50], why: a fact}}\n"
    );
    let documented = facts(&text, &ledger);
    assert!(!documented.contains("titel") && documented.contains("\"multipelOf\": 0.50"));
    insta::assert_snapshot!(
        "repair_idle_word",
        complaints(&text, &ledger.replace("[42]", "[42, 43]"))
    );
}
