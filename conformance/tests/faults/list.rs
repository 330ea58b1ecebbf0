//! The planted faults.

use conformance::Kind;

use super::server::Planted;

/// Every fault with a kind of finding and the operation that must be told of it.
pub const FAULTS: [(Planted, Kind, &str); 30] = [
    (Planted::WrongType, Kind::Schema, "getWidget"),
    (Planted::MissingProperty, Kind::Schema, "getWidget"),
    (Planted::ExtraProperty, Kind::Drift, "getWidget"),
    (Planted::BadEnum, Kind::Drift, "getWidget"),
    (Planted::WrongStatus, Kind::Status, "createWidget"),
    (Planted::WrongContentType, Kind::ContentType, "listWidgets"),
    (Planted::NoAuthCheck, Kind::Auth, "listWidgets"),
    (Planted::DeletedStillThere, Kind::Deleted, "deleteWidget"),
    (Planted::OffByOnePaging, Kind::Paging, "listWidgets"),
    (Planted::SortIgnored, Kind::Sorting, "listWidgets"),
    (Planted::NumberAsText, Kind::Schema, "getWidget"),
    (Planted::DuplicateKey, Kind::DuplicateKey, "getWidget"),
    (Planted::LexemeChanged, Kind::NumberLexeme, "getWidget"),
    (Planted::NullNotAllowed, Kind::Schema, "getWidget"),
    (Planted::MissingHeader, Kind::Header, "listWidgets"),
    (Planted::Wrong404Body, Kind::Schema, "getWidget"),
    (Planted::No405, Kind::Method, "listWidgets"),
    (Planted::FieldsIgnored, Kind::Fields, "listWidgets"),
    (Planted::SearchIgnored, Kind::Search, "listWidgets"),
    (Planted::PerPageIgnored, Kind::Paging, "listWidgets"),
    (Planted::PutNotPersisted, Kind::Persistence, "updateWidget"),
    (
        Planted::DeleteNotIdempotent,
        Kind::Idempotence,
        "deleteWidget",
    ),
    (Planted::NotListed, Kind::Listing, "createWidget"),
    (Planted::IdReused, Kind::Identity, "createWidget"),
    (Planted::NegativeAccepted, Kind::Accepted, "createWidget"),
    (Planted::TooLongAccepted, Kind::Accepted, "createWidget"),
    (Planted::MissingAccepted, Kind::Accepted, "createWidget"),
    (Planted::EnumAccepted, Kind::Accepted, "createWidget"),
    (Planted::HtmlError, Kind::ContentType, "createWidget"),
    (Planted::TruncatedJson, Kind::Syntax, "listWidgets"),
];
