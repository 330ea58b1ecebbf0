//! The table of a union: a value that has one of several shapes.

use super::number::kind_of;
use super::value::raw;
use super::{Finding, Inspect, Inspector, Json};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::cell::Cell;
use std::fmt;

/// How many unions may stand inside one another in a text.
const DEPTH_LIMIT: usize = 64;

/// How often the text of the outermost union may be read by the branches inside it.
const WORK_FACTOR: usize = 256;

thread_local! {
    static NESTING: Cell<Nesting> = const { Cell::new(Nesting { depth: 0, work: 0 }) };
}

/// Where the present thread stands in nested unions.
#[derive(Clone, Copy)]
struct Nesting {
    depth: usize,
    /// Bytes that may still be read.
    work: usize,
}

/// Ties an enum to the shapes that its value may have.
///
/// Every branch is tried on the same text. Of those that accept it, the one that knows most of it
/// wins; between equals, the first. A branch whose constant, near its root, is another text in the value
/// comes last, and is not taken at all where unknown values are kept and no tag picks it. With `tag "name"`, the text of that property picks the branch,
/// and every branch is tried where the property is absent, those without a text always; with `, or Branch(Type)` after it, that
/// branch is tried for every other text and for none. With `..Unknown`, a variant `Unknown(Json)` keeps a value that fits no branch; without it
/// such a value is refused, with the complaint of every branch. After a branch may stand `as` and the
/// [form](crate::DeserializeAs) in which it travels.
///
/// ```
/// use verbatim_json as json;
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum Licence {
///     Name(String),
///     Names(Vec<String>),
/// }
///
/// json::union! {
///     Licence {
///         Name(String),
///         Names(Vec<String>),
///     }
/// }
///
/// assert_eq!(json::from_str::<Licence>("\"MIT\"").unwrap(), Licence::Name("MIT".to_owned()));
/// assert!(json::from_str::<Licence>("1").is_err());
/// ```
#[macro_export]
macro_rules! union {
    ($ty:ident { $($variant:ident($branch:ty) $(as $form:ty)?,)* }) => {
        $crate::__union!($ty, (), |candidates| {
            $(candidates.attempt::<$crate::__carrier!($branch $(as $form)?)>($crate::__variant!($ty $variant $(as $form)?));)*
            candidates.best()
        }, $($variant($branch)[$($form)?])*);
    };
    ($ty:ident { $($variant:ident($branch:ty) $(as $form:ty)?,)* ..$unknown:ident }) => {
        $crate::__union!($ty, ($unknown), |candidates| {
            $(candidates.attempt::<$crate::__carrier!($branch $(as $form)?)>($crate::__variant!($ty $variant $(as $form)?));)*
            candidates.best_or_else($ty::$unknown)
        }, $($variant($branch)[$($form)?])*);
    };
    ($ty:ident, tag $tag:literal { $($variant:ident($branch:ty) $(as $form:ty)? $(= $($value:literal)|+)?,)* }) => {
        $crate::__union!($ty, (), |candidates| {
            let mut tag = candidates.tag($tag)?;
            $(if tag.picks(&[$($($value),+)?]) {
                candidates.attempt::<$crate::__carrier!($branch $(as $form)?)>($crate::__variant!($ty $variant $(as $form)?));
            })*
            candidates.best_tagged(tag)
        }, $($variant($branch)[$($form)?])*);
    };
    ($ty:ident, tag $tag:literal, or $other:ident($default:ty) $(as $else:ty)? {
        $($variant:ident($branch:ty) $(as $form:ty)? = $($value:literal)|+,)*
    }) => {
        $crate::__union!($ty, (), |candidates| {
            match candidates.tag::<D_::Error>($tag).as_ref().map($crate::private::Tag::text) {
                $(::core::result::Result::Ok(::core::option::Option::Some($($value)|+)) => candidates.attempt::<$crate::__carrier!($branch $(as $form)?)>($crate::__variant!($ty $variant $(as $form)?)),)*
                _ => candidates.attempt::<$crate::__carrier!($default $(as $else)?)>($crate::__variant!($ty $other $(as $else)?)),
            }
            candidates.best()
        }, $($variant($branch)[$($form)?])*);
    };
    ($ty:ident, tag $tag:literal, or $other:ident($default:ty) $(as $else:ty)? {
        $($variant:ident($branch:ty) $(as $form:ty)? = $($value:literal)|+,)* ..$unknown:ident
    }) => {
        $crate::__union!($ty, ($unknown), |candidates| {
            match candidates.tag::<D_::Error>($tag).as_ref().map($crate::private::Tag::text) {
                $(::core::result::Result::Ok(::core::option::Option::Some($($value)|+)) => candidates.attempt::<$crate::__carrier!($branch $(as $form)?)>($crate::__variant!($ty $variant $(as $form)?)),)*
                _ => candidates.attempt::<$crate::__carrier!($default $(as $else)?)>($crate::__variant!($ty $other $(as $else)?)),
            }
            candidates.best_or_else($ty::$unknown)
        }, $($variant($branch)[$($form)?])*);
    };
    ($ty:ident, tag $tag:literal {
        $($variant:ident($branch:ty) $(as $form:ty)? $(= $($value:literal)|+)?,)* ..$unknown:ident
    }) => {
        $crate::__union!($ty, ($unknown), |candidates| {
            if let ::core::result::Result::Ok(mut tag) = candidates.tag::<D_::Error>($tag) {
                $(if tag.picks(&[$($($value),+)?]) {
                    candidates.attempt::<$crate::__carrier!($branch $(as $form)?)>($crate::__variant!($ty $variant $(as $form)?));
                })*
            }
            candidates.best_or_else($ty::$unknown)
        }, $($variant($branch)[$($form)?])*);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ($ty:ident, ($($unknown:ident)?), |$candidates:ident| $choose:block,
        $($variant:ident($branch:ty)[$($form:ty)?])*) => {
        const _: () = {
            use $crate::private::{self, serde};

            impl<'de> serde::Deserialize<'de> for $ty {
                fn deserialize<D_>(deserializer: D_) -> ::core::result::Result<Self, D_::Error>
                where
                    D_: serde::Deserializer<'de>,
                {
                    let mut $candidates = private::Candidates::read(deserializer)?;
                    $choose
                }
            }

            impl serde::Serialize for $ty {
                fn serialize<S_>(&self, serializer: S_) -> ::core::result::Result<S_::Ok, S_::Error>
                where
                    S_: serde::Serializer,
                {
                    match self {
                        $(Self::$variant(value) => {
                            $crate::__written!(value $(, $branch, $form)?).serialize(serializer)
                        })*
                        $(Self::$unknown(value) => value.serialize(serializer),)?
                    }
                }
            }

            impl $crate::Inspect for $ty {
                fn inspect(&self, at: &mut $crate::Inspector<'_>) {
                    match self {
                        $(Self::$variant(value) => $crate::__written!(value $(, $branch, $form)?).inspect(at),)*
                        $(Self::$unknown(value) => private::unknown_branch(value, at),)?
                    }
                }
            }

            $crate::__union_schema!($ty; $($unknown)?; $(($crate::__carrier!($branch $(as $form)?)))*);
        };
    };
}

/// The type that reads a branch.
#[doc(hidden)]
#[macro_export]
macro_rules! __carrier {
    ($branch:ty) => { $branch };
    ($branch:ty as $form:ty) => { $crate::As<$branch, $form> };
}

/// The variant of a branch, from what reads it.
#[doc(hidden)]
#[macro_export]
macro_rules! __variant {
    ($ty:ident $variant:ident) => {
        $ty::$variant
    };
    ($ty:ident $variant:ident as $form:ty) => {
        |value: $crate::As<_, $form>| $ty::$variant(value.into_inner())
    };
}

/// A branch as it is written.
#[doc(hidden)]
#[macro_export]
macro_rules! __written {
    ($value:ident) => {
        $value
    };
    ($value:ident, $branch:ty, $form:ty) => {
        $crate::Written::<$branch, $form>::new($value)
    };
}

/// The branches of a union that were tried on one text.
#[doc(hidden)]
pub struct Candidates<T> {
    text: Box<RawValue>,
    best: Option<(Score, T)>,
    /// Whether a property was asked which branch it is, and was there.
    tagged: bool,
    complaints: Vec<String>,
}

impl<T> Candidates<T> {
    /// Takes the text of the next value.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            text: raw(deserializer)?,
            best: None,
            tagged: false,
            complaints: Vec::new(),
        })
    }

    /// Tries a branch and keeps it if it knows more of the text than those before.
    pub fn attempt<B: DeserializeOwned + Inspect>(&mut self, variant: fn(B) -> T) {
        if matches!(&self.best, Some((score, _)) if *score == Score::default()) {
            return;
        }
        match decode::<B>(self.text.get()) {
            Ok(value) => {
                let score = Score::of(&value);
                if self.best.as_ref().is_none_or(|(best, _)| score < *best) {
                    self.best = Some((score, variant(value)));
                }
            }
            Err(complaint) => self.complaints.push(complaint),
        }
    }

    /// The property that picks the branch.
    pub fn tag<E: serde::de::Error>(&mut self, name: &'static str) -> Result<Tag, E> {
        let text = tag(self.text.get(), name).map_err(E::custom)?;
        self.tagged = text.is_some();
        Ok(Tag {
            name,
            text,
            known: false,
        })
    }

    /// The best of the branches that the tag picked, or what is wrong.
    pub fn best_tagged<E: serde::de::Error>(mut self, tag: Tag) -> Result<T, E> {
        let Tag { name, text, known } = tag;
        match text {
            Some(text) if !known => {
                let complaint = format!("unknown discriminator value {text:?} in {name:?}");
                self.complaints.push(complaint);
            }
            None if self.best.is_none() => {
                let first = self.text.get().bytes().next();
                return Err(if first == Some(b'{') {
                    E::custom(format_args!(
                        "missing property {name:?}, which selects the type"
                    ))
                } else {
                    let kind = kind_of(first);
                    E::custom(format_args!(
                        "invalid type: {kind}, expected an object with {name:?}"
                    ))
                });
            }
            _ => {}
        }
        self.best()
    }

    /// The best branch, or the complaints of all.
    pub fn best<E: serde::de::Error>(self) -> Result<T, E> {
        match self.best {
            Some((_, value)) => Ok(value),
            None => Err(E::custom(format_args!(
                "no branch of the union fits: {}",
                self.complaints.join("; or ")
            ))),
        }
    }

    /// The best branch, or the text itself.
    pub fn best_or_else<E: serde::de::Error>(self, unknown: fn(Json) -> T) -> Result<T, E> {
        match self.best {
            Some((score, value)) if self.tagged || !score.contradicts => Ok(value),
            _ => Ok(unknown(self.text.into())),
        }
    }
}

/// What the property says that picks the branch.
#[doc(hidden)]
pub struct Tag {
    name: &'static str,
    text: Option<String>,
    /// Whether a branch has the text.
    known: bool,
}

impl Tag {
    /// The text; `None` where the property is absent.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether a branch with these texts is to be tried: one of them is the tag, or there is none of
    /// one or the other.
    pub fn picks(&mut self, values: &[&str]) -> bool {
        let Some(text) = &self.text else {
            return true;
        };
        let picked = values.contains(&text.as_str());
        self.known |= picked;
        picked || values.is_empty()
    }
}

/// Decodes the text of a union as one of its branches.
///
/// Each union starts a decoder of its own, so the depth limit of one decoder does not bound them,
/// and branches that hold unions again multiply: both depth and work have limits here.
fn decode<B: DeserializeOwned>(text: &str) -> Result<B, String> {
    struct Level;

    impl Drop for Level {
        fn drop(&mut self) {
            let nesting = NESTING.get();
            NESTING.set(Nesting {
                depth: nesting.depth - 1,
                ..nesting
            });
        }
    }

    let Nesting { depth, mut work } = NESTING.get();
    if depth == 0 {
        work = text.len().saturating_mul(WORK_FACTOR);
    }
    if depth >= DEPTH_LIMIT {
        return Err(format!("more than {DEPTH_LIMIT} unions inside one another"));
    }
    let Some(work) = work.checked_sub(text.len()) else {
        return Err("too many ways to read nested unions".to_owned());
    };
    NESTING.set(Nesting {
        depth: depth + 1,
        work,
    });
    let _level = Level;
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// How little a branch knows of a text: the least wins.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Whether a constant near the root is another, which the document gives to tell kinds apart.
    contradicts: bool,
    /// How many leaves and values the branch's own shape does not know.
    unknown: usize,
}

/// How many steps from the root a constant tells kinds apart. What lies deeper may have got a further value.
const NEAR: usize = 2;

impl Score {
    fn of(value: &dyn Inspect) -> Self {
        let mut score = Self::default();
        value.inspect(&mut Inspector::new(&mut |place, finding| match finding {
            Finding::Declared => {}
            Finding::FreeForm(leaves) => score.unknown += leaves.max(1),
            Finding::UnknownProperty(leaves) | Finding::UnknownBranch(leaves) => {
                score.unknown += 2 * leaves.max(1);
            }
            Finding::OtherConstant => {
                score.contradicts |= place.depth() <= NEAR;
                score.unknown += 1;
            }
            Finding::UnknownValue | Finding::UndocumentedNull => score.unknown += 1,
        }));
        score
    }
}

/// Reports a value that fits no branch.
#[doc(hidden)]
pub fn unknown_branch(value: &Json, at: &mut Inspector<'_>) {
    at.report(Finding::UnknownBranch(value.leaves()));
}

/// The text of a property of an object in JSON text, where it is there.
fn tag(text: &str, name: &'static str) -> Result<Option<String>, String> {
    struct TagVisitor(&'static str);

    impl<'de> Visitor<'de> for TagVisitor {
        type Value = Option<Box<RawValue>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object with a property {:?}", self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(super::key::Key(key)) = map.next_key()? {
                if key == self.0 {
                    if found.is_some() {
                        return Err(A::Error::duplicate_field(self.0));
                    }
                    found = Some(map.next_value()?);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(found)
        }
    }

    if !text.starts_with('{') {
        return Ok(None);
    }
    let found = serde_json::Deserializer::from_str(text)
        .deserialize_map(TagVisitor(name))
        .map_err(|error| error.to_string())?;
    // A tag is mostly a text, but numbers and booleans pick a branch by their spelling.
    Ok(found.map(|found| match serde_json::from_str(found.get()) {
        Ok(text) => text,
        Err(_) => found.get().to_owned(),
    }))
}
