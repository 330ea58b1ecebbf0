//! Types of replies and of requests become one another, member by member.

use verbatim_json::{self as json, Extra, Json, Map, Maybe, Nullable, Number};

json::string_enum! {
    /// What replies say.
    pub open enum State {
        On = "on",
        Off = "off",
    }
}

json::string_enum! {
    /// What requests may say.
    pub closed enum NewState {
        On = "on",
        Off = "off",
    }
}

json::object! {
    /// A part, as replies have it.
    pub struct Part {
        /// Its number.
        pub number: Number = required "number",
        /// Its state.
        pub state: Maybe<State> = tolerant "state",
        /// Parts of it.
        pub parts: Option<Vec<Part>> = optional "parts",
        ..extra: Extra
    } new(number: impl Into<Number>)
}

json::object! {
    /// A part, as requests have it.
    pub struct NewPart {
        /// Its number.
        pub number: Number = required "number",
        /// Its state.
        pub state: Option<NewState> = optional "state",
        /// Parts of it.
        pub parts: Option<Vec<NewPart>> = optional "parts",
        ..closed
    } new(number: impl Into<Number>)
}

json::object! {
    /// All modes, as replies have them.
    pub struct Modes {
        /// Always there, or null.
        pub always: Nullable<i64> = nullable "always",
        /// May be missing or null.
        pub perhaps: Maybe<i64> = maybe "perhaps",
        /// By name.
        pub named: Maybe<Map<Box<Part>>> = maybe "named",
        ..extra: Map<Number>
    } new(always: impl Into<Nullable<i64>>)
}

json::object! {
    /// All modes, as requests have them.
    pub struct NewModes {
        /// Always there.
        pub always: i64 = required "always",
        /// Always there, or null.
        pub perhaps: Nullable<i64> = nullable "perhaps",
        /// By name.
        pub named: Maybe<Map<Box<NewPart>>> = maybe "named",
        ..further: Map<Number>
    } new(always: i64, perhaps: impl Into<Nullable<i64>>)
}

/// One of several, as replies have it.
#[derive(Clone, Debug, PartialEq)]
pub enum Either {
    /// A part.
    Part(Part),
    /// A text.
    Text(String),
    /// Something else.
    Unknown(Json),
}

json::union! { Either { Part(Part), Text(String), ..Unknown } }

/// One of several, as requests have it.
#[derive(Clone, Debug, PartialEq)]
pub enum NewEither {
    /// A part.
    Whole(NewPart),
    /// A text.
    Text(String),
}

json::union! { NewEither { Whole(NewPart), Text(String), } }

json::twins! {
    text TryFrom<State> for NewState {},
    text From<NewState> for State {},
    struct TryFrom<Part> for NewPart [extra => _] {
        number required => number required "number", state tolerant => state optional "state" [twin],
        parts optional => parts optional "parts" [inner twin],
    },
    struct From<NewPart> for Part [_ => extra] {
        number required => number required "number", state optional => state tolerant "state" [twin],
        parts optional => parts optional "parts" [inner twin],
    },
    struct TryFrom<Modes> for NewModes [extra => further] {
        always nullable => always required "always", perhaps maybe => perhaps nullable "perhaps",
        named maybe => named maybe "named" [inner inner twin],
    },
    struct From<NewModes> for Modes [further => extra] {
        always required => always nullable "always", perhaps nullable => perhaps maybe "perhaps",
        named maybe => named maybe "named" [inner inner twin],
    },
    enum TryFrom<Either> for NewEither [Unknown => _] { Part => Whole [twin], Text => Text },
    enum From<NewEither> for Either { Whole => Part [twin], Text => Text },
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
    json::from_str(text).unwrap()
}

/// The complaint of a conversion of what this text says.
fn refused<A, B>(text: &str) -> String
where
    A: serde::de::DeserializeOwned,
    B: TryFrom<A, Error = json::Error> + std::fmt::Debug,
{
    B::try_from(read::<A>(text)).unwrap_err().to_string()
}

/// A text comes back equal after it went through a request's type and returned.
fn returns<A, B>(text: &str)
where
    A: serde::de::DeserializeOwned + serde::Serialize + From<B>,
    B: TryFrom<A, Error = json::Error> + serde::Serialize,
{
    let request = B::try_from(read::<A>(text)).unwrap();
    assert_eq!(json::to_string(&request).unwrap(), text);
    assert_eq!(json::to_string(&A::from(request)).unwrap(), text);
}

#[test]
fn what_fits_goes_over_and_comes_back() {
    returns::<Part, NewPart>(r#"{"number":1.500,"state":"on","parts":[{"number":2}]}"#);
    returns::<Modes, NewModes>(
        r#"{"always":1,"perhaps":null,"named":{"a":{"number":1e2}},"more":0.10}"#,
    );
    returns::<Either, NewEither>(r#"{"number":-0.0}"#);
    returns::<Either, NewEither>(r#""text""#);
}

#[test]
fn what_does_not_fit_is_named() {
    let deep = r#"{"number":1,"parts":[{"number":2},{"number":3,"state":"asleep"}]}"#;
    assert_eq!(
        refused::<Part, NewPart>(deep),
        r#"at /parts/1/state: unknown value "asleep", expected one of "on", "off""#
    );
    assert_eq!(
        refused::<Part, NewPart>(r#"{"number":1,"state":null}"#),
        "at /state: null is not allowed"
    );
    assert_eq!(
        refused::<Part, NewPart>(r#"{"number":1,"new/one":[1.50]}"#),
        r#"at /new~1one: NewPart has no property "new/one""#
    );
    assert_eq!(
        refused::<Modes, NewModes>(r#"{"always":null,"perhaps":1}"#),
        "at /always: null is not allowed"
    );
    assert_eq!(
        refused::<Modes, NewModes>(r#"{"always":1}"#),
        "at /: missing field `perhaps`"
    );
    assert_eq!(
        refused::<Modes, NewModes>(r#"{"always":1,"perhaps":2,"named":{"a":{"number":1,"b":2}}}"#),
        r#"at /named/a/b: NewPart has no property "b""#
    );
    assert_eq!(
        refused::<Either, NewEither>("[1.50]"),
        "at /: no variant of NewEither takes the value"
    );
}

#[test]
fn a_borrowed_value_is_converted_likewise() {
    let part = Part::new(1).state(State::Off);
    assert_eq!(
        NewPart::try_from(&part).unwrap(),
        NewPart::new(1).state(NewState::Off)
    );
    assert_eq!(Part::from(&NewPart::new(2)), Part::new(2));
    assert!(NewState::try_from(&State::from("asleep")).is_err());
}
