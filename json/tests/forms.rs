//! Values under root keys: plain types, and nothing that is lost.

use verbatim_json::{self as json, As, Each, Extra, Map, Maybe, Nullable, OrNull, Under};

json::roots! {
    /// The root key `user`.
    pub UserRoot = "user";
    /// The root key `role`.
    pub RoleRoot = "role";
}

#[derive(Clone, Debug, PartialEq)]
struct Role {
    id: i64,
    extra: Extra,
}

json::object! { Role { id: required "id", ..extra } }

type Roles = Each<Under<RoleRoot>>;

#[derive(Clone, Debug, PartialEq)]
struct User {
    first: Role,
    last: Nullable<Role>,
    roles: Option<Vec<Role>>,
    former: Maybe<Vec<Role>>,
    later: Maybe<Vec<Role>>,
    by_name: Maybe<Map<Role>>,
    boxed: Maybe<Box<Role>>,
    label: Option<String>,
    extra: Extra,
}

json::object! {
    User {
        first: required "first" as Under<RoleRoot>,
        last: nullable "last" as Under<RoleRoot>,
        roles: optional "roles" as Roles,
        former: maybe "former" as Roles,
        later: tolerant "later" as Roles,
        by_name: maybe "by_name" as json::Values<Under<RoleRoot>>,
        boxed: maybe "boxed" as json::Boxed<Under<RoleRoot>>,
        label: optional "label",
        ..extra
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Changed {
    User(User),
    Ids(Vec<i64>),
}

json::union! {
    Changed {
        User(User) as Under<UserRoot>,
        Ids(Vec<i64>),
    }
}

fn same<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> T {
    let value: T = json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(json::to_string(&value).unwrap(), text);
    value
}

const LEAST: &str = r#"{"first":{"role":{"id":1}},"last":null}"#;

const ALL: &str = concat!(
    r#"{"first":{"role":{"id":1,"new":[1.50]}},"last":{"role":{"id":2}},"#,
    r#""roles":[{"role":{"id":3}},{"role":{"id":4}}],"former":null,"later":[],"#,
    r#""by_name":{"a":{"role":{"id":5}}},"boxed":{"role":{"id":6}},"label":"x","more":{"a":null}}"#
);

#[test]
fn values_are_plain_and_texts_come_back() {
    let user: User = same(ALL);
    assert_eq!(user.roles.unwrap()[1].id, 4);
    assert_eq!(user.boxed.as_deref().unwrap().id, 6);
    let least: User = same(LEAST);
    assert_eq!(least.last, Nullable::Null);
    assert!(least.former.is_absent());
    let list: As<Vec<User>, Each<Under<UserRoot>>> = same(&format!(r#"[{{"user":{LEAST}}}]"#));
    assert_eq!(list[0].first.id, 1);
    same::<As<Vec<User>, Each<Under<UserRoot>>>>("[]");
    same::<As<Nullable<Role>, OrNull<Under<RoleRoot>>>>("null");
    let changed: Changed = same(&format!(r#"{{"user":{LEAST}}}"#));
    assert!(matches!(changed, Changed::User(user) if user.first.id == 1));
    assert_eq!(same::<Changed>("[1,2]"), Changed::Ids(vec![1, 2]));
}

#[test]
fn what_the_plain_type_could_not_give_back_is_refused_with_its_place() {
    let cases = [
        (
            r#"{"first":{"id":1},"last":null}"#,
            r#"at /first: expected the root "role", found "id" (line 1, column 14)"#,
        ),
        (
            r#"{"first":{"role":{"id":1},"beside":2},"last":null}"#,
            r#"at /first: unexpected key "beside" beside the root key "role" (line 1, column 34)"#,
        ),
        (
            r#"{"first":{"role":{"id":1},"role":{"id":1}},"last":null}"#,
            r#"at /first: unexpected key "role" beside the root key "role" (line 1, column 32)"#,
        ),
        (
            r#"{"first":{},"last":null}"#,
            r#"at /first: expected the root "role", the object is empty (line 1, column 11)"#,
        ),
        (
            r#"{"first":7,"last":null}"#,
            r#"at /first: invalid type: integer `7`, expected the root "role" around the value (line 1, column 10)"#,
        ),
        (
            r#"{"first":{"role":{"id":1}},"last":null,"roles":[{"role":{"id":1}},{"id":2}]}"#,
            r#"at /roles/1: expected the root "role", found "id" (line 1, column 71)"#,
        ),
        (
            r#"{"first":{"role":{"id":1}},"last":null,"former":[{"role":{"id":"x"}}]}"#,
            r#"at /former/0/role/id: invalid type: string "x", expected i64 (line 1, column 66)"#,
        ),
        (
            r#"{"first":{"role":{"id":1}},"first":{"role":{"id":1}},"last":null}"#,
            "at /: duplicate field `first` (line 1, column 34)",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(
            json::from_str::<User>(text).unwrap_err().to_string(),
            message,
            "{text}"
        );
    }
}

#[test]
fn drift_is_told_with_the_places_of_the_document() {
    let user: User = json::from_str(ALL).unwrap();
    let survey = json::survey(&user);
    let places: Vec<&str> = survey
        .drift
        .iter()
        .map(|(place, _)| place.as_str())
        .collect();
    assert_eq!(places, ["/first/role/new", "/more"]);
    let null = r#"{"first":{"role":{"id":1}},"last":null,"later":null}"#;
    let survey = json::survey(&json::from_str::<User>(null).unwrap());
    assert_eq!(
        survey.drift,
        [("/later".to_owned(), json::Finding::UndocumentedNull)]
    );
}
