use super::Type;

/// The name of a type as a text: `Vec<Server>`.
pub fn type_name(ty: &Type) -> String {
    match ty {
        Type::Unit => "()".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::String => "String".to_owned(),
        Type::I64 => "i64".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::Bytes => "Bytes".to_owned(),
        Type::SecretString => "SecretString".to_owned(),
        Type::SecretJson => "SecretJson".to_owned(),
        Type::Foreign(path) => path.to_string(),
        Type::File => "FilePart".to_owned(),
        Type::Named(name) | Type::Alias(name, _) => name.to_string(),
        Type::Box(inner) | Type::As(inner) => type_name(inner),
        Type::Vec(inner) => format!("Vec<{}>", type_name(inner)),
        Type::Map(inner) => format!("Map<{}>", type_name(inner)),
        Type::Nullable(inner) => format!("Nullable<{}>", type_name(inner)),
        Type::Option(inner) => format!("Option<{}>", type_name(inner)),
        Type::Root(key, inner) => format!("{{{}: {}}}", key.wire, type_name(inner)),
    }
}
