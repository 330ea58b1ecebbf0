//! What can go wrong, by name.

/// Writes the names and their words once: the enumeration and its table stay the same list.
macro_rules! kinds {
    ($($variant:ident $name:literal $words:literal;)*) => {
        /// What goes wrong. The number that some kinds need is the `amount` of the fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = concat!("`", $name, "`: ", $words, ".")] $variant,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name by which it is planted.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it does.
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)*
                }
            }
        }
    };
}

kinds! {
    Latency "latency" "holds the response back for `amount` milliseconds";
    Lost "lost" "makes the change and closes the connection without an answer";
    Reset "reset" "closes the connection after `amount` bytes of the body";
    Slow "slow" "sends the body in pieces, `amount` milliseconds apart";
    Status "status" "answers with the status `amount` instead of doing anything";
    RetryAfter "retry-after" "tells in every error to come back in `amount` seconds";
    UnknownProperty "unknown-property" "adds a property that is not documented";
    UnknownEnum "unknown-enum" "gives a documented choice a value that is not among them";
    Null "null" "makes a property null that never is";
    MissingProperty "missing-property" "leaves out a property";
    WrongType "wrong-type" "gives a property a value of another type";
    NumberAsText "number-as-text" "writes a number as a text";
    NumberLexeme "number-lexeme" "writes numbers another way: 20 as 20.0";
    DuplicateKey "duplicate-key" "names a property twice";
    WrongStatus "wrong-status" "answers success with the status `amount`";
    WrongContentType "wrong-content-type" "answers success as text/html";
    WrongHeader "wrong-header" "gives a documented header a value that it cannot have";
    EmptyBody "empty-body" "answers success without the body";
    NotJson "not-json" "cuts the JSON text short";
    WrongError "wrong-error" "answers errors with a body of another form";
    HtmlError "html-error" "answers errors with a page of HTML";
    WrongMethodUnknown "no-405" "answers a method that a path does not have as an unknown path";
    NoAuth "no-auth" "does not look at the credentials";
    NoValidation "no-validation" "does not look at parameters and body";
    BoundsIgnored "bounds-ignored" "takes numbers that are too small or too large";
    LengthIgnored "length-ignored" "takes texts and lists that are too short or too long";
    RequiredIgnored "required-ignored" "takes requests in which something is missing";
    EnumIgnored "enum-ignored" "takes values that are not among the documented ones";
    Undead "undead" "does not remove what is deleted";
    DeleteDiffers "delete-differs" "refuses to delete again what is gone, instead of not finding it";
    NotKept "not-kept" "answers a change as if it were made, and keeps nothing";
    NotListed "not-listed" "leaves what was made last out of lists";
    IdReused "id-reused" "gives what is made the identifier of what was made before";
    OffByOne "off-by-one" "begins every page but the first one item too early";
    SortIgnored "sort-ignored" "does not sort";
    SearchIgnored "search-ignored" "does not search";
    FieldsIgnored "fields-ignored" "does not leave out fields";
    PageIgnored "page-ignored" "answers every page with the first";
    SizeIgnored "size-ignored" "answers with the whole list, however short a page was asked for";
}

impl Kind {
    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
