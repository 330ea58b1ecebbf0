//! The page as a text.

mod common;

use std::collections::BTreeSet;

use verbatim_codegen::document::Input;
use verbatim_source::{Limits, Node, Source, Value, write};

/// The values of an attribute in a page.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let begin = format!(" {name}=\"");
    let parts = page.split(begin.as_str()).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

/// A page without its style and script.
fn markup(document: &std::path::Path) -> String {
    let page = common::html(document);
    let (head, rest) = page.split_once("<style>").expect("a style");
    let (_, rest) = rest.split_once("</style>").expect("it ends");
    let (body, rest) = rest.split_once("<script>").expect("a script");
    let (_, rest) = rest.split_once("</script>").expect("it ends");
    format!("{head}{body}{rest}")
}

/// A page without its blocks of code, in which attributes are text.
fn without_code(page: &str) -> String {
    let mut parts = page.split("<pre>");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| {
        page + part.split_once("</pre>").expect("its end").1
    })
}

#[test]
fn links_lead_to_places_that_stand_once() {
    let mut documents = vec![
        common::spec("cloudpanel/openapi.json"),
        common::spec("cloudflow/openapi.yaml"),
        common::spec("cloudsfor/openapi.yaml"),
        common::own("hostile.yaml"),
    ];
    documents.extend(common::corpus());
    for document in documents {
        let page = without_code(&markup(&document));
        let places = attributes(&page, "id");
        let known: BTreeSet<&str> = places.iter().copied().collect();
        assert_eq!(known.len(), places.len(), "{}", document.display());
        for link in attributes(&page, "href") {
            let leads = match link.strip_prefix('#') {
                Some(place) => known.contains(place),
                None => ["http://", "https://", "mailto:"]
                    .iter()
                    .any(|it| link.starts_with(it)),
            };
            assert!(leads, "{}: {link}", document.display());
        }
    }
}

#[test]
fn every_operation_has_its_calls_in_rust_and_by_curl() {
    let page = markup(&common::spec("cloudpanel/openapi.json"));
    let operations = page.matches("<article class=\"op s\" id=\"op-").count()
        + page.matches("<article class=\"op m\" id=\"op-").count()
        + page.matches("<article class=\"op l\" id=\"op-").count();
    assert_eq!(operations, 176);
    let by = |class: &str| page.matches(&format!("<div class=\"in {class}\">")).count();
    assert_eq!(by("in-curl"), operations);
    assert_eq!(by("in-rust"), operations);
    assert_eq!(by("in-command"), operations);
    assert_eq!(page.matches("<code class=\"rust\">").count(), operations);
    assert!(page.contains("client.servers().create(&amp;body).await?"));
    assert!(page.contains("-H \"X-TOKEN: $CLOUDPANEL_TOKEN\""));
    // Names in Rust of what is called otherwise on the wire, bounds, evidence.
    assert!(page.contains(">.per_page(…)</code>"));
    assert!(page.contains("<summary>evidence</summary>"));
    assert!(page.contains("class=\"bound\">"));
}

#[test]
fn every_command_stands_beside_its_operation_and_in_a_list() {
    let document = common::spec("cloudflow/openapi.yaml");
    let described = common::known(&common::input(&document));
    let page = markup(&document);
    let commands = common::commands(&described);
    let (_, list) = page.split_once("id=\"commands\"").expect("a list");
    for command in &commands {
        let words = format!("<code>{} {}</code></a></dt>", command.group, command.name);
        assert!(list.contains(&words), "{words}");
        assert!(
            page.contains(&format!(" {} '&lt;/code&gt;", command.name)) || command.name == "again"
        );
    }
    assert!(page.contains("data-lang=\"command\">command</button>"));
    // Where nothing is known of commands there is none, and nothing leads to any.
    let bare = verbatim_reference::html(&described, &[]);
    assert!(!bare.contains("data-lang=\"command\">") && !bare.contains("href=\"#commands\">"));
}

#[test]
fn a_page_is_the_same_every_time() {
    let document = common::own("hostile.yaml");
    assert_eq!(common::html(&document), common::html(&document));
}

#[test]
fn texts_of_strangers_are_escaped() {
    let page = markup(&common::own("hostile.yaml"));
    assert!(!page.contains("<script"), "a text became a script");
    assert!(page.contains("&lt;script&gt;window.broken"));
    assert!(!page.contains("<img") && !page.contains("<iframe"));
    for policy in [
        "default-src 'none'",
        "script-src 'sha256-",
        "trusted-types 'none'",
    ] {
        assert!(page.contains(policy), "{policy}");
    }
    // What is copied into a shell stands in single quotes.
    assert!(
        page.contains("'\\''$(id)") || page.contains("$(touch%20x)") || page.contains("$(touch x)")
    );
}

#[test]
fn code_samples_change_nothing_else() {
    let mut documents = vec![
        common::spec("cloudpanel/openapi.json"),
        common::spec("cloudflow/openapi.yaml"),
        common::own("hostile.yaml"),
    ];
    documents.extend(common::corpus());
    for document in documents {
        let input = common::input(&document);
        let described = common::known(&input);
        let files =
            verbatim_reference::code_samples(&input, &described, &common::commands(&described));
        let trees: Vec<_> = input.trees().collect();
        assert_eq!(files.len(), trees.len());
        for ((name, text), (_, before)) in files.into_iter().zip(trees) {
            let input = Input::new(Source::new(name, text), Limits::default());
            let (_, after) = input.trees().next().expect("it is JSON");
            let mut after = after.clone();
            let taken = take(&mut after);
            assert_eq!(
                taken,
                described.document.endpoints().count(),
                "{}",
                document.display()
            );
            // Order and literals too.
            let text = write::compact;
            assert!(
                text(&after.value) == text(&before.value),
                "{}",
                document.display()
            );
        }
    }
}

/// Takes our code samples out of the operations, and gives the number of those; what authors wrote themselves stays.
fn take(tree: &mut Node) -> usize {
    let is_ours = |sample: &Node| {
        let label = sample
            .get("label")
            .and_then(Node::as_str)
            .unwrap_or_default();
        label == "curl" || label == "command" || label.starts_with("Rust")
    };
    let mut taken = 0;
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        match &mut node.value {
            Value::Object(object) => {
                let samples = object.get_mut("x-codeSamples").map(|node| &mut node.value);
                if let Some(Value::Array(samples)) = samples {
                    let all = samples.len();
                    samples.retain(|sample| !is_ours(sample));
                    taken += usize::from(samples.len() < all);
                    if samples.is_empty() {
                        object.remove("x-codeSamples");
                    }
                }
                open.extend(object.values_mut());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    taken
}
