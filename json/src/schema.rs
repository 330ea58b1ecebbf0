//! `JsonSchema` of the tables, behind the feature `schemars`.
//!
//! Without the feature the macros of this module expand to nothing.

#[cfg(feature = "schemars")]
pub use on::{FormSchema, null_or, object, property, property_as, tuple, tuple_item, union};

#[cfg(feature = "schemars")]
mod on {
    use crate::convert::{As, Boxed, Each, OrNull, Plain, Root, Under, Values};
    use crate::{Extra, Json, Lossless, Map, Maybe, Nullable, Number, Secret};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde_json::Value;
    use std::borrow::Cow;

    /// The schema of the type of a field; the closure only fixes the type.
    pub fn property<S, T: JsonSchema>(
        generator: &mut SchemaGenerator,
        _field: fn(&S) -> &T,
    ) -> Schema {
        generator.subschema_for::<T>()
    }

    /// The schema of the type of a field in a form of its own; see [`property`].
    pub fn property_as<F: FormSchema<T>, S, T>(
        generator: &mut SchemaGenerator,
        _field: fn(&S) -> &T,
    ) -> Schema {
        F::schema(generator)
    }

    /// A form whose schema is known.
    pub trait FormSchema<T> {
        /// The schema of a value in this form.
        fn schema(generator: &mut SchemaGenerator) -> Schema;
    }

    impl<T: JsonSchema> FormSchema<T> for Plain {
        fn schema(generator: &mut SchemaGenerator) -> Schema {
            generator.subschema_for::<T>()
        }
    }

    impl<T, R: Root, F: FormSchema<T>> FormSchema<T> for Under<R, F> {
        fn schema(generator: &mut SchemaGenerator) -> Schema {
            object(vec![(R::KEY, true, F::schema(generator))], false)
        }
    }

    impl<T, F: FormSchema<T>> FormSchema<Vec<T>> for Each<F> {
        fn schema(generator: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "array", "items": F::schema(generator)})
        }
    }

    impl<T, F: FormSchema<T>> FormSchema<Map<T>> for Values<F> {
        fn schema(generator: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "object", "additionalProperties": F::schema(generator)})
        }
    }

    impl<T, F: FormSchema<T>> FormSchema<Box<T>> for Boxed<F> {
        fn schema(generator: &mut SchemaGenerator) -> Schema {
            F::schema(generator)
        }
    }

    macro_rules! or_null {
        ($($holder:ident)*) => {$(
            impl<T, F: FormSchema<T>> FormSchema<$holder<T>> for OrNull<F> {
                fn schema(generator: &mut SchemaGenerator) -> Schema {
                    json_schema!({"anyOf": [F::schema(generator), {"type": "null"}]})
                }
            }
        )*};
    }

    or_null!(Option Maybe Nullable);

    impl<T, F: FormSchema<T>> JsonSchema for As<T, F> {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> Cow<'static, str> {
            std::any::type_name::<F>().into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            F::schema(generator)
        }
    }

    /// The schema of an object with the properties given.
    pub fn object(properties: Vec<(&str, bool, Schema)>, open: bool) -> Schema {
        let required: Vec<&str> = properties.iter().filter(|p| p.1).map(|p| p.0).collect();
        let mut schema = json_schema!({"type": "object", "required": required});
        let properties = properties
            .into_iter()
            .map(|(name, _, schema)| (name.to_owned(), Value::from(schema)));
        schema.insert("properties".to_owned(), Value::Object(properties.collect()));
        if !open {
            schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        schema
    }

    /// The schema of a value that has one of several shapes.
    pub fn union(mut branches: Vec<Schema>, open: bool) -> Schema {
        if open {
            branches.push(Schema::default());
        }
        json_schema!({"anyOf": branches})
    }

    /// The schema of a tuple's item; see [`property`].
    pub fn tuple_item<S, T: JsonSchema>(
        generator: &mut SchemaGenerator,
        field: fn(&S) -> &T,
    ) -> Schema {
        property(generator, field)
    }

    /// The schema of an array with a fixed beginning.
    pub fn tuple(items: &[Schema], open: bool) -> Schema {
        let least = items.len();
        let mut schema = json_schema!({"type": "array", "prefixItems": items, "minItems": least});
        if !open {
            schema.insert("items".to_owned(), Value::Bool(false));
        }
        schema
    }

    /// The schema of `T` or null.
    pub fn null_or<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [generator.subschema_for::<T>(), {"type": "null"}]})
    }

    macro_rules! schema_of {
        ($([$($generics:tt)*] $ty:ty, $name:expr, |$generator:ident| $schema:expr;)*) => {$(
            impl<$($generics)*> JsonSchema for $ty {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    $name.into()
                }

                fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        )*};
    }

    schema_of! {
        [T: JsonSchema] Maybe<T>, format!("Maybe_{}", T::schema_name()), |g| null_or::<T>(g);
        [T: JsonSchema] Nullable<T>, format!("Nullable_{}", T::schema_name()), |g| null_or::<T>(g);
        [T] Lossless<T>, "Lossless", |_g| Schema::from(true);
        [T: JsonSchema] Secret<T>, T::schema_name(), |g| T::json_schema(g);
        [T: JsonSchema] Map<T>, format!("Map_{}", T::schema_name()), |g| json_schema!({
            "type": "object", "additionalProperties": g.subschema_for::<T>()
        });
        [] Number, "Number", |_g| json_schema!({"type": "number"});
        [] Json, "Json", |_g| json_schema!({});
        [] Extra, "Extra", |_g| json_schema!({"type": "object"});
    }
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __schema {
    ($ty:ident, |$generator:ident| $schema:expr) => {
        impl $crate::private::schemars::JsonSchema for $ty {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($ty).into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($ty)).into()
            }

            fn json_schema(
                $generator: &mut $crate::private::schemars::SchemaGenerator,
            ) -> $crate::private::schemars::Schema {
                $schema
            }
        }
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __object_schema {
    ($ty:ident; $($rest:ident)?; $($field:ident $mode:ident $name:literal [$($form:ty)?])*) => {
        $crate::__schema!($ty, |generator| {
            let _ = &generator;
            $crate::private::schema::object(
                ::std::vec![$((
                    $name,
                    $crate::__is_required!($mode),
                    $crate::__property_schema!($mode $ty $field generator $($form)?),
                )),*],
                $crate::__is_open!($($rest)?),
            )
        });
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __property_schema {
    ($mode:ident $ty:ident $field:ident $generator:ident) => {
        $crate::private::schema::property($generator, |value: &$ty| &value.$field)
    };
    ($mode:ident $ty:ident $field:ident $generator:ident $form:ty) => {
        $crate::private::schema::property_as::<$crate::private::mode::$mode::Whole<$form>, _, _>(
            $generator,
            |value: &$ty| &value.$field,
        )
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __is_required {
    (required) => {
        true
    };
    (nullable) => {
        true
    };
    ($mode:ident) => {
        false
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __is_open {
    () => {
        false
    };
    ($rest:ident) => {
        true
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum_schema {
    ($ty:ident, [$($text:literal),*]) => {
        $crate::__schema!($ty, |_generator| {
            $crate::private::schemars::json_schema!({
                "type": "string", "examples": [$($text),*]
            })
        });
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __union_schema {
    ($ty:ident; $($unknown:ident)?; $(($branch:ty))*) => {
        $crate::__schema!($ty, |generator| {
            $crate::private::schema::union(
                ::std::vec![$(generator.subschema_for::<$branch>()),*],
                $crate::__is_open!($($unknown)?),
            )
        });
    };
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __tuple_schema {
    ($ty:ident; $($rest:ident)?; $($field:ident)*) => {
        $crate::__schema!($ty, |generator| {
            $crate::private::schema::tuple(
                &[$($crate::private::schema::tuple_item(
                    generator,
                    |value: &$ty| &value.$field,
                )),*],
                $crate::__is_open!($($rest)?),
            )
        });
    };
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __object_schema {
    ($($tokens:tt)*) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum_schema {
    ($($tokens:tt)*) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __union_schema {
    ($($tokens:tt)*) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __tuple_schema {
    ($($tokens:tt)*) => {};
}
