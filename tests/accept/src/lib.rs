//! The clients of all accept cases, compiled together with warnings denied.
//!
//! Written by `BLESS=1 cargo test -p verbatim-golden --test goldens`; do not edit.

#![deny(warnings)]
#![allow(clippy::pedantic, reason = "emitted files answer to the usual rules")]
#![allow(
    clippy::large_enum_variant,
    reason = "variants are as large as the documented replies"
)]

/// What the clients are made of.
pub use verbatim_runtime as runtime;

#[path = "../additional_keys/expected"]
mod of_additional_keys {
    #[rustfmt::skip]
    pub mod additional_keys;
}
pub use of_additional_keys::additional_keys;

#[path = "../alike/expected"]
mod of_alike {
    #[rustfmt::skip]
    pub mod alike;
}
pub use of_alike::alike;

#[path = "../all_of/expected"]
mod of_all_of {
    #[rustfmt::skip]
    pub mod all_of;
}
pub use of_all_of::all_of;

#[path = "../any_of/expected"]
mod of_any_of {
    #[rustfmt::skip]
    pub mod any_of;
}
pub use of_any_of::any_of;

#[path = "../bound_on_both_sides/expected"]
mod of_bound_on_both_sides {
    #[rustfmt::skip]
    pub mod bound_on_both_sides;
}
pub use of_bound_on_both_sides::bound_on_both_sides;

#[path = "../bounds/expected"]
mod of_bounds {
    #[rustfmt::skip]
    pub mod bounds;
}
pub use of_bounds::bounds;

#[path = "../callbacks_and_webhooks/expected"]
mod of_callbacks_and_webhooks {
    #[rustfmt::skip]
    pub mod callbacks_and_webhooks;
}
pub use of_callbacks_and_webhooks::callbacks_and_webhooks;

#[path = "../constants/expected"]
mod of_constants {
    #[rustfmt::skip]
    pub mod constants;
}
pub use of_constants::constants;

#[path = "../cookies_and_headers/expected"]
mod of_cookies_and_headers {
    #[rustfmt::skip]
    pub mod cookies_and_headers;
}
pub use of_cookies_and_headers::cookies_and_headers;

#[path = "../declared_secrets/expected"]
mod of_declared_secrets {
    #[rustfmt::skip]
    pub mod declared_secrets;
}
pub use of_declared_secrets::declared_secrets;

#[path = "../defaults/expected"]
mod of_defaults {
    #[rustfmt::skip]
    pub mod defaults;
}
pub use of_defaults::defaults;

#[path = "../defs_and_anchors/expected"]
mod of_defs_and_anchors {
    #[rustfmt::skip]
    pub mod defs_and_anchors;
}
pub use of_defs_and_anchors::defs_and_anchors;

#[path = "../deprecated/expected"]
mod of_deprecated {
    #[rustfmt::skip]
    pub mod deprecated;
}
pub use of_deprecated::deprecated;

#[path = "../errors_by_status/expected"]
mod of_errors_by_status {
    #[rustfmt::skip]
    pub mod errors_by_status;
}
pub use of_errors_by_status::errors_by_status;

#[path = "../exact_numbers/expected"]
mod of_exact_numbers {
    #[rustfmt::skip]
    pub mod exact_numbers;
}
pub use of_exact_numbers::exact_numbers;

#[path = "../external_refs/expected"]
mod of_external_refs {
    #[rustfmt::skip]
    pub mod external_refs;
}
pub use of_external_refs::external_refs;

#[path = "../form_body/expected"]
mod of_form_body {
    #[rustfmt::skip]
    pub mod form_body;
}
pub use of_form_body::form_body;

#[path = "../form_fields/expected"]
mod of_form_fields {
    #[rustfmt::skip]
    pub mod form_fields;
}
pub use of_form_fields::form_fields;

#[path = "../formats/expected"]
mod of_formats {
    #[rustfmt::skip]
    pub mod formats;
}
pub use of_formats::formats;

#[path = "../further_bounds/expected"]
mod of_further_bounds {
    #[rustfmt::skip]
    pub mod further_bounds;
}
pub use of_further_bounds::further_bounds;

#[path = "../further_kinds/expected"]
mod of_further_kinds {
    #[rustfmt::skip]
    pub mod further_kinds;
}
pub use of_further_kinds::further_kinds;

#[path = "../further_places/expected"]
mod of_further_places {
    #[rustfmt::skip]
    pub mod further_places;
}
pub use of_further_places::further_places;

#[path = "../idle_members/expected"]
mod of_idle_members {
    #[rustfmt::skip]
    pub mod idle_members;
}
pub use of_idle_members::idle_members;

#[path = "../inheritance/expected"]
mod of_inheritance {
    #[rustfmt::skip]
    pub mod inheritance;
}
pub use of_inheritance::inheritance;

#[path = "../kept_replies/expected"]
mod of_kept_replies {
    #[rustfmt::skip]
    pub mod kept_replies;
}
pub use of_kept_replies::kept_replies;

#[path = "../keywords/expected"]
mod of_keywords {
    #[rustfmt::skip]
    pub mod keywords;
}
pub use of_keywords::keywords;

#[path = "../kinds_by_constant/expected"]
mod of_kinds_by_constant {
    #[rustfmt::skip]
    pub mod kinds_by_constant;
}
pub use of_kinds_by_constant::kinds_by_constant;

#[path = "../kinds_of_a_base/expected"]
mod of_kinds_of_a_base {
    #[rustfmt::skip]
    pub mod kinds_of_a_base;
}
pub use of_kinds_of_a_base::kinds_of_a_base;

#[path = "../listed_values/expected"]
mod of_listed_values {
    #[rustfmt::skip]
    pub mod listed_values;
}
pub use of_listed_values::listed_values;

#[path = "../media_parameters/expected"]
mod of_media_parameters {
    #[rustfmt::skip]
    pub mod media_parameters;
}
pub use of_media_parameters::media_parameters;

#[path = "../methods_and_empty_bodies/expected"]
mod of_methods_and_empty_bodies {
    #[rustfmt::skip]
    pub mod methods_and_empty_bodies;
}
pub use of_methods_and_empty_bodies::methods_and_empty_bodies;

#[path = "../mistakes/expected"]
mod of_mistakes {
    #[rustfmt::skip]
    pub mod mistakes;
}
pub use of_mistakes::mistakes;

#[path = "../multipart/expected"]
mod of_multipart {
    #[rustfmt::skip]
    pub mod multipart;
}
pub use of_multipart::multipart;

#[path = "../name_clashes/expected"]
mod of_name_clashes {
    #[rustfmt::skip]
    pub mod name_clashes;
}
pub use of_name_clashes::name_clashes;

#[path = "../no_operation_ids/expected"]
mod of_no_operation_ids {
    #[rustfmt::skip]
    pub mod no_operation_ids;
}
pub use of_no_operation_ids::no_operation_ids;

#[path = "../octets_and_text/expected"]
mod of_octets_and_text {
    #[rustfmt::skip]
    pub mod octets_and_text;
}
pub use of_octets_and_text::octets_and_text;

#[path = "../odd_enums/expected"]
mod of_odd_enums {
    #[rustfmt::skip]
    pub mod odd_enums;
}
pub use of_odd_enums::odd_enums;

#[path = "../odd_paths/expected"]
mod of_odd_paths {
    #[rustfmt::skip]
    pub mod odd_paths;
}
pub use of_odd_paths::odd_paths;

#[path = "../odd_schemas/expected"]
mod of_odd_schemas {
    #[rustfmt::skip]
    pub mod odd_schemas;
}
pub use of_odd_schemas::odd_schemas;

#[path = "../one_of_discriminator/expected"]
mod of_one_of_discriminator {
    #[rustfmt::skip]
    pub mod one_of_discriminator;
}
pub use of_one_of_discriminator::one_of_discriminator;

#[path = "../one_of_plain/expected"]
mod of_one_of_plain {
    #[rustfmt::skip]
    pub mod one_of_plain;
}
pub use of_one_of_plain::one_of_plain;

#[path = "../open_enums/expected"]
mod of_open_enums {
    #[rustfmt::skip]
    pub mod open_enums;
}
pub use of_open_enums::open_enums;

#[path = "../openapi_3_0/expected"]
mod of_openapi_3_0 {
    #[rustfmt::skip]
    pub mod openapi_3_0;
}
pub use of_openapi_3_0::openapi_3_0;

#[path = "../openapi_3_1/expected"]
mod of_openapi_3_1 {
    #[rustfmt::skip]
    pub mod openapi_3_1;
}
pub use of_openapi_3_1::openapi_3_1;

#[path = "../openapi_3_2/expected"]
mod of_openapi_3_2 {
    #[rustfmt::skip]
    pub mod openapi_3_2;
}
pub use of_openapi_3_2::openapi_3_2;

#[path = "../overlay/expected"]
mod of_overlay {
    #[rustfmt::skip]
    pub mod overlay;
}
pub use of_overlay::overlay;

#[path = "../pagination/expected"]
mod of_pagination {
    #[rustfmt::skip]
    pub mod pagination;
}
pub use of_pagination::pagination;

#[path = "../parameter_styles/expected"]
mod of_parameter_styles {
    #[rustfmt::skip]
    pub mod parameter_styles;
}
pub use of_parameter_styles::parameter_styles;

#[path = "../path_item_refs/expected"]
mod of_path_item_refs {
    #[rustfmt::skip]
    pub mod path_item_refs;
}
pub use of_path_item_refs::path_item_refs;

#[path = "../prefix_items/expected"]
mod of_prefix_items {
    #[rustfmt::skip]
    pub mod prefix_items;
}
pub use of_prefix_items::prefix_items;

#[path = "../read_write_only/expected"]
mod of_read_write_only {
    #[rustfmt::skip]
    pub mod read_write_only;
}
pub use of_read_write_only::read_write_only;

#[path = "../recursion/expected"]
mod of_recursion {
    #[rustfmt::skip]
    pub mod recursion;
}
pub use of_recursion::recursion;

#[path = "../repeated_keys/expected"]
mod of_repeated_keys {
    #[rustfmt::skip]
    pub mod repeated_keys;
}
pub use of_repeated_keys::repeated_keys;

#[path = "../response_headers/expected"]
mod of_response_headers {
    #[rustfmt::skip]
    pub mod response_headers;
}
pub use of_response_headers::response_headers;

#[path = "../secret_names/expected"]
mod of_secret_names {
    #[rustfmt::skip]
    pub mod secret_names;
}
pub use of_secret_names::secret_names;

#[path = "../secrets/expected"]
mod of_secrets {
    #[rustfmt::skip]
    pub mod secrets;
}
pub use of_secrets::secrets;

#[path = "../security_schemes/expected"]
mod of_security_schemes {
    #[rustfmt::skip]
    pub mod security_schemes;
}
pub use of_security_schemes::security_schemes;

#[path = "../server_variables/expected"]
mod of_server_variables {
    #[rustfmt::skip]
    pub mod server_variables;
}
pub use of_server_variables::server_variables;

#[path = "../settings/expected"]
mod of_settings {
    #[rustfmt::skip]
    pub mod settings;
}
pub use of_settings::settings;

#[path = "../several_media_types/expected"]
mod of_several_media_types {
    #[rustfmt::skip]
    pub mod several_media_types;
}
pub use of_several_media_types::several_media_types;

#[path = "../several_successes/expected"]
mod of_several_successes {
    #[rustfmt::skip]
    pub mod several_successes;
}
pub use of_several_successes::several_successes;

#[path = "../short_names/expected"]
mod of_short_names {
    #[rustfmt::skip]
    pub mod short_names;
}
pub use of_short_names::short_names;

#[path = "../streams/expected"]
mod of_streams {
    #[rustfmt::skip]
    pub mod streams;
}
pub use of_streams::streams;

#[path = "../swagger_2_0/expected"]
mod of_swagger_2_0 {
    #[rustfmt::skip]
    pub mod swagger_2_0;
}
pub use of_swagger_2_0::swagger_2_0;

#[path = "../three_states/expected"]
mod of_three_states {
    #[rustfmt::skip]
    pub mod three_states;
}
pub use of_three_states::three_states;

#[path = "../type_arrays/expected"]
mod of_type_arrays {
    #[rustfmt::skip]
    pub mod type_arrays;
}
pub use of_type_arrays::type_arrays;

#[path = "../untyped/expected"]
mod of_untyped {
    #[rustfmt::skip]
    pub mod untyped;
}
pub use of_untyped::untyped;

#[path = "../vendor_json/expected"]
mod of_vendor_json {
    #[rustfmt::skip]
    pub mod vendor_json;
}
pub use of_vendor_json::vendor_json;

#[path = "../waiting/expected"]
mod of_waiting {
    #[rustfmt::skip]
    pub mod waiting;
}
pub use of_waiting::waiting;

#[path = "../wrapped_roots/expected"]
mod of_wrapped_roots {
    #[rustfmt::skip]
    pub mod wrapped_roots;
}
pub use of_wrapped_roots::wrapped_roots;

#[path = "../yaml_core/expected"]
mod of_yaml_core {
    #[rustfmt::skip]
    pub mod yaml_core;
}
pub use of_yaml_core::yaml_core;
