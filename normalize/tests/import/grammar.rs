//! Each production of the grammar, on small texts.

use super::toy::{LEDGER, TEXT, facts, run, with};

#[test]
fn everything_that_is_a_fact_is_kept() {
    insta::assert_snapshot!(facts(TEXT, LEDGER));
}

#[test]
fn counts_are_given_by_status() {
    let counts = run(TEXT, LEDGER).expect("the text is complete").counts;
    assert_eq!(
        (
            counts.operations,
            counts.paths,
            counts.schemas,
            counts.examples
        ),
        (3, 2, 2, 5)
    );
    assert_eq!(counts.request_examples, 1);
    assert_eq!(
        counts.response_examples.into_iter().collect::<Vec<_>>(),
        [(200, 2), (400, 2), (404, 0)]
    );
}

#[test]
fn prose_does_not_reach_the_output() {
    let documented = facts(TEXT, LEDGER);
    for prose in [
        "Names the caller",
        "Lists the toys",
        "All toys",
        "What it is",
        "No such toy",
        "order=name",
        "With words",
    ] {
        assert!(
            TEXT.contains(prose) && !documented.contains(prose),
            "{prose}"
        );
    }
}

#[test]
fn properties_called_description_or_title_stay() {
    let documented = facts(TEXT, LEDGER);
    let open = |name: &str| documented.matches(&format!("\"{name}\": {{")).count();
    assert_eq!((open("description"), open("title")), (1, 1));
}

#[test]
fn line_ends_indentation_and_empty_lines_do_not_matter() {
    let spread = TEXT.replace('\n', "\r\n");
    let expected = facts(TEXT, LEDGER);
    let without_source = |text: &str| {
        let (before, rest) = text.split_once("\"source\"").expect("has a source");
        let (_, after) = rest.split_once("\"counts\"").expect("has counts");
        format!("{before}{after}")
    };
    assert_eq!(
        without_source(&facts(&spread, LEDGER)),
        without_source(&expected)
    );
    let indented = TEXT.replace('\n', "\n\t ");
    assert_eq!(
        without_source(&facts(&indented, LEDGER)),
        without_source(&expected)
    );
    let blank = with("Security\n", "\n\nSecurity\n");
    assert!(facts(&blank, LEDGER).contains("\"line\": 18,\n      \"section\""));
}

#[test]
fn groups_may_stand_in_any_order() {
    let groups = "- toy_id: required (string)\nWhich toy.\n";
    let text = with(
        groups,
        &format!("{groups}Query Parameters\n- deep: (boolean)\nHeaders\n- X-KEY: (string)\n"),
    );
    let documented = facts(&text, LEDGER);
    let place = |name: &str| {
        documented
            .rfind(&format!("\"name\": \"{name}\""))
            .expect("is there")
    };
    assert!(place("toy_id") < place("deep"));
    assert!(documented.contains("\"type\": \"boolean\""));
}

#[test]
fn examples_may_stand_under_one_heading_or_several() {
    let text = with(
        "}\n{\n\"Type\": \"WORSE\"",
        "}\nExample:\n{\n\"Type\": \"WORSE\"",
    );
    let documented = facts(&text, LEDGER);
    assert!(documented.contains("\"WRONG\"") && documented.contains("\"WORSE\""));
}

#[test]
fn the_same_text_gives_the_same_facts() {
    assert_eq!(facts(TEXT, LEDGER), facts(TEXT, LEDGER));
}
