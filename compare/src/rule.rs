//! The rules: what can change between two documents, and what that means.

/// What a change does to programs that were written against the old document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A program that obeyed the old document can fail.
    Breaking,
    /// A program fails only if it relied on more than the old document said, or on one reading of it.
    Risky,
    /// Every program that obeyed the old document goes on working.
    Compatible,
}

impl Severity {
    /// The word of reports and exception files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Compatible => "compatible",
        }
    }

    /// The severity of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Breaking, Self::Risky, Self::Compatible]
            .into_iter()
            .find(|severity| severity.as_str() == word)
    }
}

/// One kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable name, by which exceptions and `explain` find it.
    pub code: &'static str,
    /// What it does to programs.
    pub severity: Severity,
    /// Why that is so, in one sentence.
    pub why: &'static str,
}

macro_rules! rules {
    ($($group:literal { $($name:ident = $code:literal, $severity:ident, $why:literal;)* })*) => {
        $($(
            #[doc = $why]
            pub const $name: Rule = Rule { code: $code, severity: Severity::$severity, why: $why };
        )*)*

        /// All rules by what they are about.
        pub const RULES: &[(&str, &[&Rule])] = &[$(($group, &[$(&$name),*])),*];
    };
}

rules! {
    "Paths and operations" {
        PATH_REMOVED = "path-removed", Breaking,
            "Every call of the path answers 404.";
        PATH_ADDED = "path-added", Compatible,
            "Nobody calls a path that was not there.";
        PATH_VARIABLE_RENAMED = "path-variable-renamed", Compatible,
            "The name of a path variable is not sent; generated code may call it otherwise.";
        OPERATION_REMOVED = "operation-removed", Breaking,
            "Every call of the operation is refused.";
        OPERATION_REMOVED_AFTER_DEPRECATION = "operation-removed-after-deprecation", Risky,
            "The operation was announced to go; programs that did not heed it fail.";
        OPERATION_ADDED = "operation-added", Compatible,
            "Nobody calls an operation that was not there.";
        OPERATION_ID_CHANGED = "operation-id-changed", Risky,
            "The wire is the same; the names of generated functions follow the operationId.";
        OPERATION_ID_REMOVED = "operation-id-removed", Risky,
            "Generated functions get names of another making.";
        OPERATION_ID_ADDED = "operation-id-added", Risky,
            "Generated functions get the name that is now given.";
        OPERATION_DEPRECATED = "operation-deprecated", Compatible,
            "The operation still works and is announced to go.";
        OPERATION_REINSTATED = "operation-reinstated", Compatible,
            "The operation is no longer announced to go.";
        OPERATION_TAGS_CHANGED = "operation-tags-changed", Risky,
            "The wire is the same; generated clients group operations by their first tag.";
        CALLBACK_REMOVED = "callback-removed", Breaking,
            "A program that waits for the callback waits for ever.";
        CALLBACK_ADDED = "callback-added", Compatible,
            "Servers send callbacks to those who asked for them.";
        CALLBACK_REQUEST_CHANGED = "callback-request-changed", Risky,
            "A receiver of the callback may meet requests that it does not know.";
        CALLBACK_PARAMETER_REMOVED = "callback-parameter-removed", Breaking,
            "A receiver that needs the header or parameter finds none.";
        CALLBACK_PARAMETER_ADDED = "callback-parameter-added", Compatible,
            "Nobody reads a header or parameter that was not there.";
        CALLBACK_RESPONSE_REMOVED = "callback-response-removed", Risky,
            "The sender may take an answer that it described before for a failure.";
        CALLBACK_RESPONSE_ADDED = "callback-response-added", Compatible,
            "A receiver may answer in one more way.";
        WEBHOOK_REMOVED = "webhook-removed", Breaking,
            "A program that waits for the webhook waits for ever.";
        WEBHOOK_ADDED = "webhook-added", Risky,
            "A receiver may meet an event that it does not know.";
        LINK_REMOVED = "link-removed", Risky,
            "A program that follows the link by its name finds none.";
        LINK_ADDED = "link-added", Compatible,
            "Nobody follows a link that was not there.";
        PAGINATION_CHANGED = "pagination-changed", Risky,
            "Lists are read page by page in another way.";
        WAIT_CHANGED = "wait-changed", Risky,
            "What began is awaited in another way.";
        RATE_LIMIT_LOWERED = "rate-limit-lowered", Risky,
            "A program at the old pace is refused now and then.";
        RATE_LIMIT_RAISED = "rate-limit-raised", Compatible,
            "Programs may go faster.";
    }
    "Parameters" {
        PARAMETER_REMOVED = "parameter-removed", Risky,
            "A server may ignore the parameter that is still sent, or refuse it.";
        PARAMETER_REMOVED_AFTER_DEPRECATION = "parameter-removed-after-deprecation", Compatible,
            "The parameter was announced to go.";
        PARAMETER_ADDED_REQUIRED = "parameter-added-required", Breaking,
            "Calls that do not send it are refused.";
        PARAMETER_ADDED_REQUIRED_WITH_DEFAULT = "parameter-added-required-with-default", Risky,
            "It is required and has a default; whether calls without it are taken depends on the server.";
        PARAMETER_ADDED_OPTIONAL = "parameter-added-optional", Compatible,
            "Calls that do not send it mean what they meant.";
        PARAMETER_BECAME_REQUIRED = "parameter-became-required", Breaking,
            "Calls that do not send it are refused.";
        PARAMETER_BECAME_OPTIONAL = "parameter-became-optional", Compatible,
            "Calls that send it mean what they meant.";
        PARAMETER_MOVED = "parameter-moved", Breaking,
            "The parameter is looked for in another place of the request.";
        PARAMETER_NAME_CASE_CHANGED = "parameter-name-case-changed", Breaking,
            "Names of query, path and cookie parameters are told apart by case.";
        PARAMETER_STYLE_CHANGED = "parameter-style-changed", Breaking,
            "The value is written otherwise on the wire.";
        PARAMETER_EXPLODE_CHANGED = "parameter-explode-changed", Breaking,
            "The parts of the value are written otherwise on the wire.";
        PARAMETER_RESERVED_CHANGED = "parameter-allow-reserved-changed", Risky,
            "Reserved characters are escaped otherwise.";
        PARAMETER_CONTENT_CHANGED = "parameter-content-changed", Breaking,
            "The text of the parameter is of another media type.";
        PARAMETER_EMPTY_FORBIDDEN = "parameter-empty-value-forbidden", Breaking,
            "The parameter may no longer be sent without a value.";
        PARAMETER_EMPTY_ALLOWED = "parameter-empty-value-allowed", Compatible,
            "The parameter may now be sent without a value.";
        PARAMETER_DEPRECATED = "parameter-deprecated", Compatible,
            "The parameter still works and is announced to go.";
        PARAMETER_REINSTATED = "parameter-reinstated", Compatible,
            "The parameter is no longer announced to go.";
    }
    "Request bodies" {
        BODY_ADDED_REQUIRED = "request-body-added-required", Breaking,
            "Calls without a body are refused.";
        BODY_ADDED_OPTIONAL = "request-body-added-optional", Compatible,
            "Calls without a body mean what they meant.";
        BODY_REMOVED = "request-body-removed", Risky,
            "What is still sent is ignored or refused.";
        BODY_BECAME_REQUIRED = "request-body-became-required", Breaking,
            "Calls without a body are refused.";
        BODY_BECAME_OPTIONAL = "request-body-became-optional", Compatible,
            "Calls with a body mean what they meant.";
        REQUEST_MEDIA_REMOVED = "request-media-type-removed", Breaking,
            "Bodies of the media type are refused.";
        REQUEST_MEDIA_ADDED = "request-media-type-added", Compatible,
            "Bodies may be sent in one more media type.";
        FORM_ENCODING_CHANGED = "request-encoding-changed", Breaking,
            "A field of the form is written otherwise on the wire.";
    }
    "Responses" {
        SUCCESS_REMOVED = "response-success-status-removed", Breaking,
            "The answer that programs take for success is gone.";
        SUCCESS_ADDED = "response-success-status-added", Risky,
            "A program that knows one success meets another.";
        ERROR_REMOVED = "response-error-status-removed", Risky,
            "A program that tells errors apart by this status no longer meets it.";
        ERROR_ADDED = "response-error-status-added", Compatible,
            "Programs meet undocumented errors at any time.";
        REDIRECT_REMOVED = "response-redirect-status-removed", Risky,
            "A program that follows the redirect meets something else.";
        REDIRECT_ADDED = "response-redirect-status-added", Risky,
            "A program that does not follow redirects stops at one.";
        DEFAULT_REMOVED = "response-default-removed", Risky,
            "Other statuses are no longer described.";
        DEFAULT_ADDED = "response-default-added", Compatible,
            "Other statuses are described now.";
        RESPONSE_BODY_REMOVED = "response-body-removed", Breaking,
            "Programs read a body that is no longer there.";
        RESPONSE_BODY_ADDED = "response-body-added", Compatible,
            "Programs did not read a body.";
        RESPONSE_MEDIA_REMOVED = "response-media-type-removed", Breaking,
            "Programs that read the media type get another, or are refused.";
        RESPONSE_MEDIA_ADDED = "response-media-type-added", Risky,
            "A program that does not say what it accepts may get the other media type.";
        RESPONSE_HEADER_REMOVED = "response-header-removed", Breaking,
            "A program that needs the header finds none.";
        RESPONSE_HEADER_REMOVED_OPTIONAL = "response-optional-header-removed", Risky,
            "The header may have been absent before, and now always is.";
        RESPONSE_HEADER_ADDED = "response-header-added", Compatible,
            "Nobody reads a header that was not there.";
        RESPONSE_HEADER_BECAME_OPTIONAL = "response-header-became-optional", Breaking,
            "A program that needs the header may find none.";
        RESPONSE_HEADER_BECAME_REQUIRED = "response-header-became-required", Compatible,
            "The header is always there now.";
    }
    "Security and servers" {
        SECURITY_ADDED = "security-added", Breaking,
            "Calls without credentials are refused.";
        SECURITY_REMOVED = "security-removed", Compatible,
            "Credentials are no longer needed.";
        SECURITY_ALTERNATIVE_REMOVED = "security-alternative-removed", Breaking,
            "Programs with these credentials alone are refused.";
        SECURITY_ALTERNATIVE_ADDED = "security-alternative-added", Compatible,
            "There is one more way to prove who calls.";
        SECURITY_SCOPE_ADDED = "security-scope-added", Breaking,
            "Tokens without the scope are refused.";
        SECURITY_SCOPE_REMOVED = "security-scope-removed", Compatible,
            "Tokens need one scope less.";
        SCHEME_REMOVED = "security-scheme-removed", Risky,
            "The scheme is no longer described; operations that use it say so apart.";
        SCHEME_ADDED = "security-scheme-added", Compatible,
            "Nothing uses the scheme until an operation says so.";
        SCHEME_KIND_CHANGED = "security-scheme-type-changed", Breaking,
            "Credentials are sent in another way.";
        SCHEME_PLACE_CHANGED = "security-scheme-location-changed", Breaking,
            "The key is looked for in another place.";
        SCHEME_URL_CHANGED = "security-scheme-url-changed", Risky,
            "Tokens are to be had at another address.";
        SCHEME_FLOW_REMOVED = "security-flow-removed", Breaking,
            "Tokens can no longer be had in this way.";
        SCHEME_FLOW_ADDED = "security-flow-added", Compatible,
            "There is one more way to a token.";
        SCHEME_SCOPE_UNDECLARED = "security-scheme-scope-removed", Risky,
            "The scope is no longer offered.";
        SCHEME_SCOPE_DECLARED = "security-scheme-scope-added", Compatible,
            "One more scope is offered.";
        SERVER_REMOVED = "server-removed", Risky,
            "Programs that call the address must know whether it still answers.";
        SERVER_ADDED = "server-added", Compatible,
            "Nobody calls an address that was not named.";
        FIRST_SERVER_CHANGED = "default-server-changed", Risky,
            "Generated clients call the first address unless told otherwise.";
        SERVER_VARIABLE_DEFAULT = "server-variable-default-changed", Risky,
            "Addresses that leave the variable out change.";
        SERVER_VALUE_REMOVED = "server-variable-value-removed", Risky,
            "Addresses with the value may no longer answer.";
        SERVER_VALUE_ADDED = "server-variable-value-added", Compatible,
            "One more address is named.";
    }
    "Values in requests" {
        REQUEST_SCHEMA_TIGHTER = "request-schema-added", Breaking,
            "A schema holds where any value was taken. Requests that were right are refused.";
        REQUEST_SCHEMA_LOOSER = "request-schema-removed", Compatible,
            "No schema holds any more. Requests that were right still are.";
        REQUEST_TYPE_TIGHTER = "request-type-narrowed", Breaking,
            "The value may be of fewer types. Requests that were right are refused.";
        REQUEST_TYPE_LOOSER = "request-type-widened", Compatible,
            "The value may be of more types. Requests that were right still are.";
        REQUEST_FORMAT_TIGHTER = "request-format-added", Breaking,
            "The text or number must have a form that it needed not have. Requests that were right are refused.";
        REQUEST_FORMAT_LOOSER = "request-format-removed", Compatible,
            "The text or number may have any form. Requests that were right still are.";
        REQUEST_ENUM_TIGHTER = "request-enum-value-removed", Breaking,
            "Fewer values are allowed. Requests that were right are refused.";
        REQUEST_ENUM_LOOSER = "request-enum-value-added", Compatible,
            "More values are allowed. Requests that were right still are.";
        REQUEST_ENUM_LIST_TIGHTER = "request-enum-added", Breaking,
            "Only listed values are allowed, where every value was. Requests that were right are refused.";
        REQUEST_ENUM_LIST_LOOSER = "request-enum-removed", Compatible,
            "Every value is allowed, where only listed ones were. Requests that were right still are.";
        REQUEST_NULL_TIGHTER = "request-became-not-nullable", Breaking,
            "Null is no longer allowed. Requests that were right are refused.";
        REQUEST_NULL_LOOSER = "request-became-nullable", Compatible,
            "Null is allowed. Requests that were right still are.";
        REQUEST_MAXIMUM_TIGHTER = "request-maximum-lowered", Breaking,
            "The greatest value is smaller. Requests that were right are refused.";
        REQUEST_MAXIMUM_LOOSER = "request-maximum-raised", Compatible,
            "The greatest value is larger. Requests that were right still are.";
        REQUEST_MINIMUM_TIGHTER = "request-minimum-raised", Breaking,
            "The least value is larger. Requests that were right are refused.";
        REQUEST_MINIMUM_LOOSER = "request-minimum-lowered", Compatible,
            "The least value is smaller. Requests that were right still are.";
        REQUEST_MULTIPLE_TIGHTER = "request-multiple-of-added", Breaking,
            "Only multiples of a number are allowed. Requests that were right are refused.";
        REQUEST_MULTIPLE_LOOSER = "request-multiple-of-removed", Compatible,
            "Numbers between the multiples are allowed. Requests that were right still are.";
        REQUEST_MAX_LENGTH_TIGHTER = "request-max-length-lowered", Breaking,
            "Long texts are no longer allowed. Requests that were right are refused.";
        REQUEST_MAX_LENGTH_LOOSER = "request-max-length-raised", Compatible,
            "Longer texts are allowed. Requests that were right still are.";
        REQUEST_MIN_LENGTH_TIGHTER = "request-min-length-raised", Breaking,
            "Short texts are no longer allowed. Requests that were right are refused.";
        REQUEST_MIN_LENGTH_LOOSER = "request-min-length-lowered", Compatible,
            "Shorter texts are allowed. Requests that were right still are.";
        REQUEST_PATTERN_TIGHTER = "request-pattern-added", Breaking,
            "Texts must match a pattern. Requests that were right are refused.";
        REQUEST_PATTERN_LOOSER = "request-pattern-removed", Compatible,
            "Texts need no longer match a pattern. Requests that were right still are.";
        REQUEST_MAX_ITEMS_TIGHTER = "request-max-items-lowered", Breaking,
            "Long lists are no longer allowed. Requests that were right are refused.";
        REQUEST_MAX_ITEMS_LOOSER = "request-max-items-raised", Compatible,
            "Longer lists are allowed. Requests that were right still are.";
        REQUEST_MIN_ITEMS_TIGHTER = "request-min-items-raised", Breaking,
            "Short lists are no longer allowed. Requests that were right are refused.";
        REQUEST_MIN_ITEMS_LOOSER = "request-min-items-lowered", Compatible,
            "Shorter lists are allowed. Requests that were right still are.";
        REQUEST_UNIQUE_TIGHTER = "request-unique-items-added", Breaking,
            "Items must differ. Requests that were right are refused.";
        REQUEST_UNIQUE_LOOSER = "request-unique-items-removed", Compatible,
            "Items may be equal. Requests that were right still are.";
        REQUEST_MAX_PROPERTIES_TIGHTER = "request-max-properties-lowered", Breaking,
            "Objects with many members are no longer allowed. Requests that were right are refused.";
        REQUEST_MAX_PROPERTIES_LOOSER = "request-max-properties-raised", Compatible,
            "Objects with more members are allowed. Requests that were right still are.";
        REQUEST_MIN_PROPERTIES_TIGHTER = "request-min-properties-raised", Breaking,
            "Objects with few members are no longer allowed. Requests that were right are refused.";
        REQUEST_MIN_PROPERTIES_LOOSER = "request-min-properties-lowered", Compatible,
            "Objects with fewer members are allowed. Requests that were right still are.";
        REQUEST_ADDITIONAL_TIGHTER = "request-additional-properties-closed", Breaking,
            "Members that the document does not name are no longer allowed. Requests that were right are refused.";
        REQUEST_ADDITIONAL_LOOSER = "request-additional-properties-opened", Compatible,
            "Members that the document does not name are allowed. Requests that were right still are.";
        REQUEST_VARIANT_TIGHTER = "request-alternative-removed", Breaking,
            "One alternative less is allowed. Requests that were right are refused.";
        REQUEST_VARIANT_LOOSER = "request-alternative-added", Compatible,
            "One alternative more is allowed. Requests that were right still are.";
        REQUEST_CONDITION_TIGHTER = "request-condition-added", Breaking,
            "A further condition (`not`, `if`, `contains`, `propertyNames`, a dependency) holds. Requests that were right are refused.";
        REQUEST_CONDITION_LOOSER = "request-condition-removed", Compatible,
            "A condition (`not`, `if`, `contains`, `propertyNames`, a dependency) no longer holds. Requests that were right still are.";
        REQUEST_ENCODING_TIGHTER = "request-content-encoding-added", Breaking,
            "The text must be in an encoding that it needed not have. Requests that were right are refused.";
        REQUEST_ENCODING_LOOSER = "request-content-encoding-removed", Compatible,
            "The text is no longer said to be encoded. Requests that were right still are.";
        REQUEST_TYPE_CHANGED = "request-type-changed", Breaking,
            "Values of the old type are refused.";
        REQUEST_FORMAT_CHANGED = "request-format-changed", Breaking,
            "Values of the old form may be refused.";
        REQUEST_PATTERN_CHANGED = "request-pattern-changed", Risky,
            "Whether every text that matched the old pattern matches the new one cannot be told in general.";
        REQUEST_MULTIPLE_CHANGED = "request-multiple-of-changed", Breaking,
            "Multiples of the old number may be refused.";
        REQUEST_CONST_CHANGED = "request-const-changed", Breaking,
            "The one value that was allowed is refused.";
        REQUEST_ENCODING_CHANGED = "request-content-encoding-changed", Breaking,
            "The text is encoded otherwise.";
        REQUEST_CONDITION_CHANGED = "request-condition-changed", Risky,
            "A condition (`not`, `if`, `contains`, `propertyNames`, a dependency) is another one.";
        REQUEST_PROPERTY_REMOVED = "request-property-removed", Risky,
            "A server may ignore the property that is still sent, or refuse it.";
        REQUEST_REQUIRED_PROPERTY_ADDED = "request-required-property-added", Breaking,
            "Requests that do not send it are refused.";
        REQUEST_DEFAULTED_PROPERTY_ADDED = "request-required-property-added-with-default", Risky,
            "It is required and has a default; whether requests without it are taken depends on the server.";
        REQUEST_PROPERTY_ADDED = "request-optional-property-added", Compatible,
            "Requests that do not send it mean what they meant.";
        REQUEST_PROPERTY_BECAME_REQUIRED = "request-property-became-required", Breaking,
            "Requests that do not send it are refused.";
        REQUEST_PROPERTY_BECAME_OPTIONAL = "request-property-became-optional", Compatible,
            "Requests that send it mean what they meant.";
        REQUEST_PROPERTY_BECAME_READ_ONLY = "request-property-became-read-only", Breaking,
            "The property can no longer be sent.";
        REQUEST_PROPERTY_BECAME_WRITABLE = "request-property-became-writable", Compatible,
            "The property can be sent.";
        REQUEST_DEFAULT_CHANGED = "request-default-changed", Risky,
            "Requests that leave the value out mean something else.";
        REQUEST_DEFAULT_ADDED = "request-default-added", Compatible,
            "What a value left out means is said now.";
        REQUEST_DEFAULT_REMOVED = "request-default-removed", Risky,
            "What a value left out means is no longer said.";
        REQUEST_XML_CHANGED = "request-xml-changed", Breaking,
            "The element or attribute is written otherwise. Requests that were right are not understood.";
        REQUEST_DISCRIMINATOR_CHANGED = "request-discriminator-changed", Breaking,
            "Alternatives are told apart by another property.";
        REQUEST_MAPPING_REMOVED = "request-discriminator-value-removed", Breaking,
            "The value no longer names an alternative.";
        REQUEST_MAPPING_ADDED = "request-discriminator-value-added", Compatible,
            "One more value names an alternative.";
        REQUEST_MAPPING_CHANGED = "request-discriminator-value-changed", Breaking,
            "The value names another alternative.";
        REQUEST_DEPRECATED = "request-property-deprecated", Compatible,
            "The property still works and is announced to go.";
    }
    "Values in responses" {
        RESPONSE_SCHEMA_TIGHTER = "response-schema-added", Compatible,
            "A schema holds where any value was to be met. Programs that read all that was allowed read this too.";
        RESPONSE_SCHEMA_LOOSER = "response-schema-removed", Risky,
            "The value is no longer described. Programs may meet what they were not written for.";
        RESPONSE_TYPE_TIGHTER = "response-type-narrowed", Compatible,
            "The value may be of fewer types. Programs that read all that was allowed read this too.";
        RESPONSE_TYPE_LOOSER = "response-type-widened", Breaking,
            "The value may be of more types. Programs may meet what they were not written for.";
        RESPONSE_FORMAT_TIGHTER = "response-format-added", Compatible,
            "The text or number must have a form that it needed not have. Programs that read all that was allowed read this too.";
        RESPONSE_FORMAT_LOOSER = "response-format-removed", Risky,
            "The text or number may have any form. Programs may meet what they were not written for.";
        RESPONSE_ENUM_TIGHTER = "response-enum-value-removed", Compatible,
            "Fewer values are allowed. Programs that read all that was allowed read this too.";
        RESPONSE_ENUM_LOOSER = "response-enum-value-added", Risky,
            "More values are allowed. Programs may meet what they were not written for.";
        RESPONSE_ENUM_LIST_TIGHTER = "response-enum-added", Compatible,
            "Only listed values are allowed, where every value was. Programs that read all that was allowed read this too.";
        RESPONSE_ENUM_LIST_LOOSER = "response-enum-removed", Risky,
            "Every value is allowed, where only listed ones were. Programs may meet what they were not written for.";
        RESPONSE_NULL_TIGHTER = "response-became-not-nullable", Compatible,
            "Null is no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_NULL_LOOSER = "response-became-nullable", Breaking,
            "Null is allowed. Programs may meet what they were not written for.";
        RESPONSE_MAXIMUM_TIGHTER = "response-maximum-lowered", Compatible,
            "The greatest value is smaller. Programs that read all that was allowed read this too.";
        RESPONSE_MAXIMUM_LOOSER = "response-maximum-raised", Risky,
            "The greatest value is larger. Programs may meet what they were not written for.";
        RESPONSE_MINIMUM_TIGHTER = "response-minimum-raised", Compatible,
            "The least value is larger. Programs that read all that was allowed read this too.";
        RESPONSE_MINIMUM_LOOSER = "response-minimum-lowered", Risky,
            "The least value is smaller. Programs may meet what they were not written for.";
        RESPONSE_MULTIPLE_TIGHTER = "response-multiple-of-added", Compatible,
            "Only multiples of a number are allowed. Programs that read all that was allowed read this too.";
        RESPONSE_MULTIPLE_LOOSER = "response-multiple-of-removed", Risky,
            "Numbers between the multiples are allowed. Programs may meet what they were not written for.";
        RESPONSE_MAX_LENGTH_TIGHTER = "response-max-length-lowered", Compatible,
            "Long texts are no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_MAX_LENGTH_LOOSER = "response-max-length-raised", Risky,
            "Longer texts are allowed. Programs may meet what they were not written for.";
        RESPONSE_MIN_LENGTH_TIGHTER = "response-min-length-raised", Compatible,
            "Short texts are no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_MIN_LENGTH_LOOSER = "response-min-length-lowered", Risky,
            "Shorter texts are allowed. Programs may meet what they were not written for.";
        RESPONSE_PATTERN_TIGHTER = "response-pattern-added", Compatible,
            "Texts must match a pattern. Programs that read all that was allowed read this too.";
        RESPONSE_PATTERN_LOOSER = "response-pattern-removed", Risky,
            "Texts need no longer match a pattern. Programs may meet what they were not written for.";
        RESPONSE_MAX_ITEMS_TIGHTER = "response-max-items-lowered", Compatible,
            "Long lists are no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_MAX_ITEMS_LOOSER = "response-max-items-raised", Risky,
            "Longer lists are allowed. Programs may meet what they were not written for.";
        RESPONSE_MIN_ITEMS_TIGHTER = "response-min-items-raised", Compatible,
            "Short lists are no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_MIN_ITEMS_LOOSER = "response-min-items-lowered", Risky,
            "Shorter lists are allowed. Programs may meet what they were not written for.";
        RESPONSE_UNIQUE_TIGHTER = "response-unique-items-added", Compatible,
            "Items must differ. Programs that read all that was allowed read this too.";
        RESPONSE_UNIQUE_LOOSER = "response-unique-items-removed", Risky,
            "Items may be equal. Programs may meet what they were not written for.";
        RESPONSE_MAX_PROPERTIES_TIGHTER = "response-max-properties-lowered", Compatible,
            "Objects with many members are no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_MAX_PROPERTIES_LOOSER = "response-max-properties-raised", Risky,
            "Objects with more members are allowed. Programs may meet what they were not written for.";
        RESPONSE_MIN_PROPERTIES_TIGHTER = "response-min-properties-raised", Compatible,
            "Objects with few members are no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_MIN_PROPERTIES_LOOSER = "response-min-properties-lowered", Risky,
            "Objects with fewer members are allowed. Programs may meet what they were not written for.";
        RESPONSE_ADDITIONAL_TIGHTER = "response-additional-properties-closed", Compatible,
            "Members that the document does not name are no longer allowed. Programs that read all that was allowed read this too.";
        RESPONSE_ADDITIONAL_LOOSER = "response-additional-properties-opened", Risky,
            "Members that the document does not name are allowed. Programs may meet what they were not written for.";
        RESPONSE_VARIANT_TIGHTER = "response-alternative-removed", Compatible,
            "One alternative less is allowed. Programs that read all that was allowed read this too.";
        RESPONSE_VARIANT_LOOSER = "response-alternative-added", Risky,
            "One alternative more is allowed. Programs may meet what they were not written for.";
        RESPONSE_CONDITION_TIGHTER = "response-condition-added", Compatible,
            "A further condition (`not`, `if`, `contains`, `propertyNames`, a dependency) holds. Programs that read all that was allowed read this too.";
        RESPONSE_CONDITION_LOOSER = "response-condition-removed", Risky,
            "A condition (`not`, `if`, `contains`, `propertyNames`, a dependency) no longer holds. Programs may meet what they were not written for.";
        RESPONSE_ENCODING_TIGHTER = "response-content-encoding-added", Compatible,
            "The text must be in an encoding that it needed not have. Programs that read all that was allowed read this too.";
        RESPONSE_ENCODING_LOOSER = "response-content-encoding-removed", Risky,
            "The text is no longer said to be encoded. Programs may meet what they were not written for.";
        RESPONSE_TYPE_CHANGED = "response-type-changed", Breaking,
            "Programs cannot read values of the new type.";
        RESPONSE_FORMAT_CHANGED = "response-format-changed", Breaking,
            "Programs that read the old form cannot read the new one.";
        RESPONSE_PATTERN_CHANGED = "response-pattern-changed", Risky,
            "Texts may look otherwise.";
        RESPONSE_MULTIPLE_CHANGED = "response-multiple-of-changed", Risky,
            "Numbers may lie between those of before.";
        RESPONSE_CONST_CHANGED = "response-const-changed", Breaking,
            "The value is another one.";
        RESPONSE_ENCODING_CHANGED = "response-content-encoding-changed", Breaking,
            "The text is encoded otherwise.";
        RESPONSE_CONDITION_CHANGED = "response-condition-changed", Risky,
            "A condition (`not`, `if`, `contains`, `propertyNames`, a dependency) is another one.";
        RESPONSE_REQUIRED_PROPERTY_REMOVED = "response-required-property-removed", Breaking,
            "Programs that need the property find none.";
        RESPONSE_PROPERTY_REMOVED = "response-optional-property-removed", Risky,
            "The property may have been absent before, and now always is.";
        RESPONSE_PROPERTY_ADDED = "response-property-added", Compatible,
            "Programs ignore properties that they do not know; those that refuse them break.";
        RESPONSE_PROPERTY_BECAME_REQUIRED = "response-property-became-required", Compatible,
            "The property is always there now.";
        RESPONSE_PROPERTY_BECAME_OPTIONAL = "response-property-became-optional", Breaking,
            "Programs that need the property may find none.";
        RESPONSE_PROPERTY_BECAME_WRITE_ONLY = "response-property-became-write-only", Breaking,
            "The property is no longer in replies.";
        RESPONSE_PROPERTY_BECAME_READABLE = "response-property-became-readable", Compatible,
            "The property is in replies now.";
        RESPONSE_XML_CHANGED = "response-xml-changed", Breaking,
            "The element or attribute is written otherwise. Programs do not find it.";
        RESPONSE_DISCRIMINATOR_CHANGED = "response-discriminator-changed", Breaking,
            "Alternatives are told apart by another property.";
        RESPONSE_MAPPING_REMOVED = "response-discriminator-value-removed", Compatible,
            "The value is no longer met.";
        RESPONSE_MAPPING_ADDED = "response-discriminator-value-added", Risky,
            "Programs meet a value that they do not know.";
        RESPONSE_MAPPING_CHANGED = "response-discriminator-value-changed", Breaking,
            "The value names another alternative.";
        RESPONSE_DEPRECATED = "response-property-deprecated", Compatible,
            "The property is still there and is announced to go.";
    }
}

/// The rule of a code.
pub fn find(code: &str) -> Option<&'static Rule> {
    let all = RULES.iter().flat_map(|(_, rules)| rules.iter().copied());
    all.into_iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(code))
}

/// A rule as text for a terminal.
pub fn explain(rule: &Rule) -> String {
    format!(
        "{} ({})\n\n{}\n",
        rule.code,
        rule.severity.as_str(),
        rule.why
    )
}
