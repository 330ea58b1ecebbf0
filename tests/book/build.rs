//! Generates the client of the document that the book begins with.

fn main() -> Result<(), verbatim_build::Error> {
    verbatim_build::Config::new("openapi.yaml").generate()
}
