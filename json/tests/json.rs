//! What the tables accept they give back; what they cannot give back they refuse.

use verbatim_json::{
    self as json, Extra, Finding, Inspect, Json, Map, Maybe, Nullable, Number, SecretString, survey,
};

#[derive(Clone, Debug, PartialEq)]
struct Server {
    id: String,
    name: Maybe<String>,
    ram: Option<Number>,
    percent: Nullable<i64>,
    state: Maybe<State>,
    alerts: Maybe<Alerts>,
    password: Maybe<SecretString>,
    parent: Maybe<Box<Server>>,
    extra: Extra,
}

json::object! {
    Server {
        id: required "id",
        name: maybe "name",
        ram: optional "ram",
        percent: nullable "percent",
        state: tolerant "state",
        alerts: maybe "alerts",
        password: tolerant "password",
        parent: tolerant "parent",
        ..extra
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    On,
    Off,
    Unknown(String),
}

json::string_enum! {
    State, open {
        On = "ON",
        Off = "OFF",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

json::string_enum! {
    Direction, closed {
        Up = "up",
        Down = "down",
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Count {
    count: i64,
    extra: Extra,
}

json::object! {
    Count {
        count: required "count",
        ..extra
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Alerts {
    One(Box<Count>),
    Many(Vec<Count>),
    Unknown(Json),
}

json::union! {
    Alerts {
        One(Box<Count>),
        Many(Vec<Count>),
        ..Unknown
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Resize {
    direction: Direction,
    labels: Option<Map<String>>,
}

json::object! {
    Resize {
        direction: required "direction",
        labels: optional "labels",
        ..closed
    }
}

json::setters! {
    Resize {
        /// Labels.
        labels: Map<String>,
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Cat {
    kind: String,
    lives: Maybe<i64>,
    extra: Extra,
}

json::object! {
    Cat {
        kind: required "kind",
        lives: tolerant "lives",
        ..extra
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Dog {
    kind: String,
    extra: Extra,
}

json::object! {
    Dog {
        kind: required "kind",
        ..extra
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Pet {
    Cat(Cat),
    Dog(Dog),
}

json::union! {
    Pet, tag "kind" {
        Cat(Cat) = "cat",
        Dog(Dog) = "dog" | "puppy",
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Lodger {
    Cat(Cat),
    Ghost(Map<i64>),
}

json::union! {
    Lodger, tag "kind" {
        Cat(Cat) = "cat",
        Ghost(Map<i64>) = "7",
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Small(Dog),
    Large(Cat),
}

json::union! {
    Shape {
        Small(Dog),
        Large(Cat),
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Nothing {}

json::object! {
    Nothing {
        ..closed
    }
}

fn comes_back<T>(text: &str)
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let value: T = json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(json::to_string(&value).unwrap(), text);
}

fn refused<T: serde::de::DeserializeOwned>(text: &str) -> String {
    match json::from_str::<T>(text) {
        Ok(_) => panic!("{text} was accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_object_comes_back() {
    for text in [
        r#"{"id":"1","percent":null}"#,
        r#"{"id":"1","name":null,"ram":60.50,"percent":3,"state":"ON"}"#,
        r#"{"id":"1","percent":null,"state":"SLEEPING","alerts":[]}"#,
        r#"{"id":"1","percent":null,"alerts":{"count":1,"x":{}}}"#,
        r#"{"id":"1","percent":null,"alerts":"none","password":null}"#,
        r#"{"id":"1","percent":null,"parent":{"id":"2","percent":1e2,"q":2.0}}"#
            .replace("1e2", "100")
            .as_str(),
        r#"{"id":"1","percent":null,"a":1e400,"b":123456789012345678901234567890,"c":{"d":1,"d":2}}"#,
    ] {
        comes_back::<Server>(text);
    }
}

#[test]
fn what_cannot_come_back_is_refused_with_its_place() {
    let refused = refused::<Server>;
    assert_eq!(
        refused("[]"),
        "at /: invalid type: sequence, expected an object (Server) (line 1, column 0)"
    );
    assert_eq!(
        refused(r#"{"id":"1","percent":null,"ram":null}"#),
        "at /ram: invalid type: null, expected a number (line 1, column 36)"
    );
    assert!(refused(r#"{"id":"1"}"#).contains("missing field `percent`"));
    assert!(refused(r#"{"id":"1","percent":null,"id":"1"}"#).contains("duplicate field `id`"));
    assert!(refused(r#"{"id":"1","percent":null,"\u0069d":"1"}"#).contains("duplicate"));
    assert!(refused(r#"{"id":"1","percent":null,"x":1,"x":1}"#).contains("stands twice"));
    assert!(refused(r#"{"id":"1","percent":"3"}"#).starts_with("at /percent: invalid type"));
    assert!(refused(r#"{"id":"1","percent":2.5}"#).starts_with("at /percent: invalid type"));
    assert!(refused("{\"id\":\"\\ud800\",\"percent\":1}").contains("/id"));
    assert!(refused(r#"{"id":"1","percent":1} x"#).contains("trailing characters"));
    let secret = refused(r#"{"id":"1","percent":1,"password":[12345]}"#);
    assert!(!secret.contains("12345"), "{secret}");
}

#[test]
fn a_closed_request_refuses_what_it_does_not_name() {
    comes_back::<Resize>(r#"{"direction":"up","labels":{}}"#);
    let refused = refused::<Resize>;
    assert!(refused(r#"{"direction":"sideways"}"#).contains("expected one of \"up\" \"down\""));
    assert!(refused(r#"{"direction":"up","labels":null}"#).starts_with("at /labels"));
    assert!(refused(r#"{"direction":"up","label":{}}"#).contains("not one of this request"));
    assert!(refused(r#"{"direction":"up","labels":{"a":"","a":""}}"#).contains("stands twice"));
    let resize = Resize {
        direction: Direction::Down,
        labels: None,
    };
    let labels: Map<String> = [("a", "b".to_owned())].into_iter().collect();
    assert_eq!(
        json::to_string(&resize.labels(labels)).unwrap(),
        r#"{"direction":"down","labels":{"a":"b"}}"#
    );
}

#[test]
fn unions_pick_the_branch_that_knows_most() {
    let shape = |text: &str| json::from_str::<Shape>(text).unwrap();
    assert!(matches!(
        shape(r#"{"kind":"x","lives":9}"#),
        Shape::Large(_)
    ));
    assert!(matches!(shape(r#"{"kind":"x"}"#), Shape::Small(_)));
    comes_back::<Shape>(r#"{"kind":"x","lives":9,"y":1}"#);

    let pet = |text: &str| json::from_str::<Pet>(text).unwrap();
    assert!(matches!(pet(r#"{"kind":"puppy","lives":9}"#), Pet::Dog(_)));
    let refused = refused::<Pet>;
    assert!(
        refused(r#"{"kind":"cow"}"#).contains("unknown discriminator value \"cow\" in \"kind\"")
    );
    assert!(refused(r#"{"lives":1}"#).contains("missing property \"kind\""));
    assert!(refused("[\"cat\"]").contains("invalid type: array"));
    assert!(refused(r#"{"kind":"cat","kind":"dog"}"#).contains("duplicate"));

    // A schema does not ask for the property; what fits without it is taken.
    let lodger = |text: &str| json::from_str::<Lodger>(text).unwrap();
    assert!(matches!(lodger(r#"{"rooms":3}"#), Lodger::Ghost(_)));
    assert!(matches!(lodger(r#"{"kind":7}"#), Lodger::Ghost(_)));
    assert!(matches!(lodger(r#"{"kind":"cat"}"#), Lodger::Cat(_)));
    comes_back::<Lodger>(r#"{"rooms":3}"#);
    let refused = crate::refused::<Lodger>;
    assert!(refused(r#"{"kind":8}"#).contains("unknown discriminator value \"8\" in \"kind\""));
    assert!(refused(r#"{"rooms":"x"}"#).contains("missing property \"kind\""));
}

#[test]
fn an_extra_property_cannot_repeat_a_declared_one() {
    let mut count = Count {
        count: 1,
        extra: Extra::new(),
    };
    count.extra.insert("count", "2".parse().unwrap());
    let error = json::to_string(&count).unwrap_err();
    assert!(error.to_string().contains("repeats a declared one"));
    count.extra.remove("count");
    assert!(count.extra.is_empty());
    assert_eq!(json::to_string(&count).unwrap(), r#"{"count":1}"#);
}

#[test]
fn nested_unions_end() {
    #[derive(Clone, Debug, PartialEq)]
    enum Tree {
        Leaf(i64),
        Node(Vec<Tree>),
    }

    json::union! {
        Tree {
            Leaf(i64),
            Node(Vec<Tree>),
        }
    }

    /// Every level can be read in two ways, so a naive reader needs 2^depth steps.
    #[derive(Clone, Debug, PartialEq)]
    enum Twice {
        This(Vec<Twice>),
        That(Vec<Twice>),
        Leaf(bool),
    }

    json::union! {
        Twice {
            This(Vec<Twice>),
            That(Vec<Twice>),
            Leaf(bool),
        }
    }

    let ambiguous = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    refused::<Twice>(&ambiguous);
    comes_back::<Tree>("[[1,[2]],[]]");
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    assert!(refused::<Tree>(&deep).contains("64 unions"));
    comes_back::<Json>(&deep);
    comes_back::<Count>(&format!(r#"{{"count":1,"x":{deep}}}"#));
}

#[test]
fn a_survey_tells_typed_from_unknown() {
    let server: Server = json::from_str(
        r#"{"id":"1","percent":1,"state":"??","password":null,"new/":[1,2],"alerts":7}"#,
    )
    .unwrap();
    let survey = survey(&server as &dyn Inspect);
    assert_eq!(survey.declared, 4);
    assert_eq!(survey.leaves(), 7);
    assert_eq!(
        survey.drift,
        [
            ("/state".to_owned(), Finding::UnknownValue),
            ("/alerts".to_owned(), Finding::UnknownBranch(1)),
            ("/password".to_owned(), Finding::UndocumentedNull),
            ("/new~1".to_owned(), Finding::UnknownProperty(2)),
        ]
    );
}

#[test]
fn an_empty_closed_object_is_only_that() {
    comes_back::<Nothing>("{}");
    assert!(refused::<Nothing>("{\"a\":1}").contains("not one of this request"));
    assert!(refused::<Nothing>("null").contains("invalid type: null"));
}

#[test]
fn secrets_stay_out_of_debug() {
    let server: Server =
        json::from_str(r#"{"id":"1","percent":1,"password":"canary","token":"canary"}"#).unwrap();
    assert!(!format!("{server:#?}").contains("canary"));
    comes_back::<Server>(r#"{"id":"1","percent":1,"password":"canary","token":"canary"}"#);
}
