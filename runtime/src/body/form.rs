/// Ties a struct to the multipart body that it stands for.
///
/// Each line names a field, whether it must be given, and the method of
/// [`Multipart`](crate::Multipart) that adds its part. The last line names the field with all other
/// parts, where there is one.
///
/// ```
/// use verbatim_runtime::codegen::{self, FilePart, Form, Multipart};
///
/// pub struct Upload {
///     pub file: FilePart,
///     pub tags: Option<Vec<String>>,
/// }
///
/// codegen::form! {
///     Upload {
///         file: required file_part("file", "image/png"),
///         tags: optional value("tags"),
///     }
/// }
///
/// let parts: Multipart = Upload { file: vec![1].into(), tags: None }.parts();
/// ```
#[macro_export]
macro_rules! form {
    ($ty:ident { $($field:ident: $mode:ident $method:ident($($argument:expr),*),)* $(..$rest:ident)? }) => {
        impl $crate::codegen::Form for $ty {
            fn parts(&self) -> $crate::Multipart {
                let parts = $crate::Multipart::new();
                $(let parts = $crate::__form_part!($mode parts, $method, ($($argument),*), &self.$field);)*
                $(let parts = parts.append(&self.$rest);)?
                parts
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __form_part {
    (required $parts:ident, $method:ident, ($name:expr $(, $argument:expr)*), $value:expr) => {{
        let before = $parts.count();
        $parts.$method($name, $($argument,)* $value).grown(before, $name)
    }};
    (optional $parts:ident, $method:ident, ($($argument:expr),*), $value:expr) => {
        match $value {
            ::core::option::Option::Some(value) => $parts.$method($($argument,)* value),
            ::core::option::Option::None => $parts,
        }
    };
}
