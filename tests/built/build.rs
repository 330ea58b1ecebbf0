//! Generates a client, and the types of a JSON Schema.

use verbatim_build::{Config, Error};

fn main() -> Result<(), Error> {
    Config::new("api/openapi.yaml").generate()?;
    Config::new("parcel.schema.json")
        .module("parcel")
        .types_only()
        .set("client = \"Post\"")
        .generate()
}
