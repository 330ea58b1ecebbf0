//! Kinds of complaints of reading a document.

use super::Entry;

macro_rules! entries {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal, $meaning:literal, $remedy:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: Entry =
                Entry { code: $code, title: $title, meaning: $meaning, remedy: $remedy };
        )*

        /// All entries in the order of their codes.
        pub const ENTRIES: &[Entry] = &[$($name),*];
    };
}

pub(super) use entries;

entries! {
    /// The root is no `OpenAPI` document.
    NOT_OPENAPI = "E0101", "this is not an OpenAPI document",
        "The root object names its specification with the member `openapi` (\"3.1.0\") or `swagger` \
         (\"2.0\"). Without it nothing in the file can be understood.",
        "Check that this is the root file of the document, and that `openapi` stands at its top level.";

    /// The specification's version is not one of those read.
    UNKNOWN_VERSION = "E0102", "the version of the specification is not supported",
        "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read. Other versions give other meanings to the \
         same words.",
        "Convert the document to OpenAPI 3.1, or correct the version if it is a mistake.";

    /// A member's value is of the wrong JSON type.
    WRONG_KIND = "E0103", "a value has the wrong type",
        "The specification says which JSON type stands here: an object, an array, a text, a number or a \
         boolean. The part that holds the value cannot be understood and is left out.",
        "Write the value as the type that the message names.";

    /// A member that must be there is not.
    MISSING = "E0104", "a required member is missing",
        "The part cannot be understood without the member, and it is not guessed.",
        "Add the member that the message names.";

    /// A member is not known to the specification.
    UNKNOWN_MEMBER = "E0105", "a member is not known to the specification",
        "The member has no meaning in the version of the specification that the document follows. It is \
         kept, but nothing is made of it. Often it is a misspelling, or stands one level too high or too \
         low.",
        "Correct its spelling or place; call members of your own `x-…`.";

    /// A value is none of those allowed.
    UNKNOWN_VALUE = "E0106", "a value is none of those allowed",
        "The specification lists the values that may stand here.",
        "Use one of the values that the message lists.";

    /// A reference names something on the network.
    REMOTE_REFERENCE = "E0107", "a reference names a remote file",
        "The generator does not use the network: a remote file may change or vanish between two runs, so \
         the same document would give different code.",
        "Download the file into the folder of the document and refer to it by a relative path.";

    /// A reference names a file that is not there.
    ABSENT_FILE = "E0108", "a reference names a file that cannot be read",
        "References to other files are relative to the file in which they stand. Files outside the folder \
         of the document are read only if that is asked for.",
        "Correct the path, add the file, or give the common folder of all files with `--root`.";

    /// A reference names nothing.
    DANGLING_REFERENCE = "E0109", "a reference names nothing",
        "The file that the reference names has nothing at the place that it names.",
        "Correct the spelling. In a JSON Pointer `/` within a name is written `~1` and `~` is `~0`.";

    /// References lead back to themselves.
    REFERENCE_CIRCLE = "E0110", "references lead in a circle",
        "Each reference names another one and none of them names anything else, so there is nothing that \
         they all stand for.",
        "Replace one of the references by the part that is meant.";

    /// A referenced file cannot be understood.
    BROKEN_FILE = "E0111", "a reference names a file that is neither JSON nor YAML",
        "The file was found, but its text cannot be read. What is wrong with it is reported on its own.",
        "Correct the file.";

    /// A variable of a path template has no parameter.
    PATH_VARIABLE = "E0112", "a variable of a path has no parameter",
        "Each `{variable}` of a path template needs a parameter with `in: path` and the same name, with \
         the same case. Without it the type of the variable is not known, and it is taken as a text, as \
         every part of a path is one.",
        "Add the parameter to the operation or to its path item.";

    /// A path parameter has no variable.
    PATH_PARAMETER = "E0113", "a path parameter does not stand in the path",
        "The path template has no `{variable}` of this name, so there is no place for the value. The \
         parameter is left out.",
        "Add the variable to the path, correct the name, or change `in`.";

    /// A parameter is named twice.
    REPEATED_PARAMETER = "E0114", "a parameter is named twice",
        "The name and the place (`in`) of a parameter identify it, and may stand only once in a list. The \
         first one counts.",
        "Remove or rename one of the two.";

    /// Two operations have one id.
    REPEATED_OPERATION_ID = "E0115", "two operations have the same operationId",
        "The operationId names the function that calls the operation, so it must be unique. The second is \
         called after its method and path.",
        "Rename one of the two.";

    /// A parameter has neither schema nor content, or both.
    PARAMETER_SHAPE = "E0116", "a parameter needs either `schema` or `content`",
        "`schema` describes a value written in a style; `content` describes a value written in one media \
         type. Exactly one of them says what the parameter is shaped like. Where there are both, `schema` \
         counts; where there is neither, the value is a text.",
        "Add a `schema`, or leave only one of the two; `content` has exactly one media type.";

    /// A key of `responses` is no status.
    BAD_STATUS = "E0117", "a key of `responses` is not a status",
        "Responses are named by a status from 100 to 599, by a range such as `4XX`, or by `default`.",
        "Correct the key; quote it in YAML.";

    /// A requirement names no scheme.
    UNKNOWN_SCHEME = "E0118", "a security requirement names no security scheme",
        "Each name in `security` must be that of a security scheme among the components.",
        "Add the scheme to the components or correct the name.";

    /// A server's URL and variables do not agree.
    SERVER_VARIABLE = "E0119", "the variables of a server do not agree with its URL",
        "Each `{variable}` in the URL needs an entry in `variables` with a default that is one of its \
         `enum` values.",
        "Add the entry, or correct the default.";

    /// A style does not fit a place.
    STYLE = "E0120", "a style cannot be used in this place",
        "Paths take `simple`, `label` and `matrix`; queries `form`, `spaceDelimited`, `pipeDelimited` and \
         `deepObject`; headers `simple`; cookies `form` and `cookie`.",
        "Use a style that fits, or remove `style`.";

    /// A count is no count.
    BAD_COUNT = "E0121", "a limit is not a whole number from zero up",
        "Lengths and numbers of items or properties are counted in whole numbers.",
        "Correct the number.";

    /// A path template cannot be used.
    BAD_PATH = "E0122", "a path cannot be used as a template",
        "A path starts with `/`, has its variables in pairs of braces, each once, and has neither query \
         nor fragment. Where the braces do not pair, the operations of the path are left out. Elsewhere \
         they are kept: a query is sent with every request, except for what a parameter describes; a \
         fragment is never sent, and only tells operations of one path apart.",
        "Correct the path; describe the query with parameters.";

    /// A header parameter has a meaning of its own.
    RESERVED_HEADER = "E0123", "a header parameter is described elsewhere",
        "By the specification, parameters for the headers `Accept` and `Content-Type` are ignored, and so are \
         those for `Authorization` where the operation has a security requirement: media types and \
         security schemes describe them. The parameter is left out.",
        "Remove the parameter; describe `Authorization` by a security scheme.";

    /// A Swagger 2.0 operation has two bodies.
    TWO_BODIES = "E0124", "an operation has more than one body",
        "A request has one body: one parameter with `in: body`, or form parameters, not both.",
        "Keep one of them.";

    /// A Swagger 2.0 collection format has no style.
    COLLECTION_FORMAT = "E0125", "a collection format cannot be kept",
        "`tsv` and lists within lists have no counterpart among the styles of OpenAPI 3, so the value \
         cannot be written as the document asks.",
        "Use `csv`, `ssv`, `pipes` or `multi` on the outer list alone.";

    /// Two paths are the same.
    SAME_PATHS = "E0126", "two paths differ only in the names of their variables",
        "Servers cannot tell the two apart, so one of them is probably a mistake.",
        "Merge the two, or make a fixed part differ.";

    /// A mapping of a discriminator names no schema.
    MAPPING = "E0127", "a discriminator's mapping names no schema",
        "Each value of `mapping` is the name of a schema among the components or a reference to one.",
        "Correct the name or the reference.";

    /// A list that must not be empty is.
    EMPTY_LIST = "E0128", "a list is empty where it must not be",
        "`allOf`, `anyOf`, `oneOf`, `prefixItems`, `type` and `enum` say something only with at least one \
         item.",
        "Add an item or remove the keyword.";

    /// A keyword belongs to another version.
    OTHER_VERSION = "E0129", "a keyword belongs to another version of the specification",
        "The keyword has another form or no meaning in the version that the document follows. It is taken \
         as its author most likely means it.",
        "Write it as the document's version does: `type: [string, \"null\"]` in place of `nullable` since \
         3.1, a boolean `exclusiveMinimum` before 3.1 and a number since.";

    /// A dialect of JSON Schema is not known.
    DIALECT = "E0130", "a schema names a dialect that is not known",
        "Schemas are read by the rules of JSON Schema 2020-12 with the keywords of OpenAPI, whatever \
         dialect is named.",
        "Remove `$schema` or `jsonSchemaDialect`, or check that the schema means the same in 2020-12.";

    /// A declared extension cannot be followed.
    DECLARATION = "E0131", "a declared extension cannot be followed",
        "Members called `x-verbatim-…` declare how an API behaves: which objects are only the root around another \
         one, how lists are paged, what is polled until something is done. The declaration does not fit where it \
         stands, or names something that the document does not have. What is shown is not followed; everything \
         else is as it would be without it.",
        "Correct what the message names, or take the declaration out.";

    /// A document is too large.
    TOO_LARGE = "E0132", "the document is too large",
        "The number of parts, the length of their places and the number of errors are bounded, so that no \
         document can use up the memory. Public documents stay far below these bounds.",
        "Check that this is the document you mean, and split it if it is.";

    /// A reply that has no body is given a content.
    BODILESS = "E0133", "a reply without a body is given a content",
        "By HTTP, replies of status 1xx, 204, 205 and 304 have no body, so the content that is described never \
         arrives. The reply is read as one without a value.",
        "Remove `content`, or correct the status.";
}
