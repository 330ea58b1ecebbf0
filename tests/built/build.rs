//! Generates a client, the types of a JSON Schema, and a client of a document with what was suggested for it.

use std::path::{Path, PathBuf};

use verbatim_build::{Config, document};
use verbatim_source::{Limits, Node, Source, Sources, write};
use verbatim_suggest::{Proposal, overlay, suggest};

const SHIPPING: &str = "shipping.yaml";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    Config::new("api/openapi.yaml").generate()?;
    Config::new("parcel.schema.json")
        .module("parcel")
        .types_only()
        .set("client = \"Post\"")
        .generate()?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let input = document::whole(Path::new(SHIPPING), None)?;
    let found = suggest(&input).map_err(|problems| format!("{} problems", problems.len()))?;
    let text = overlay(&found, input.sources()).ok_or("nothing is suggested")?;
    std::fs::write(out.join("suggested.yaml"), text)?;
    std::fs::write(out.join("shipping.json"), declared(&found.proposals)?)?;
    Config::new(SHIPPING)
        .module("shipping")
        .overlay(out.join("suggested.yaml"))
        .generate()?;
    Ok(())
}

/// The document with all that is proposed, for the simulator, which takes no overlays.
fn declared(proposals: &[Proposal]) -> Result<String, Box<dyn std::error::Error>> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new(SHIPPING, std::fs::read_to_string(SHIPPING)?));
    let parsed = verbatim_source::parse(&sources, id, &Limits::default());
    let mut root = parsed.map_err(|problems| format!("{} problems", problems.len()))?;
    for proposal in proposals {
        let mut node = &mut root;
        for part in proposal.origin.pointer.split('/').skip(1) {
            let name = part.replace("~1", "/").replace("~0", "~");
            let verbatim_source::Value::Object(object) = &mut node.value else {
                return Err(format!("{} is no object", proposal.origin).into());
            };
            node = object.get_mut(&name).ok_or("a place that is not there")?;
        }
        if let verbatim_source::Value::Object(object) = &mut node.value {
            object.insert(proposal.extension, Node::made(proposal.value.clone()));
        }
    }
    Ok(write::pretty(&root.value))
}
