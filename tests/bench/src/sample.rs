//! The documented payloads that are measured, as they stand in the document.

use anyhow::{Context, Result};
use std::path::Path;
use verbatim_source::{Limits, Node, Source, Sources, Value, parse, pointer, write};

/// The size to which the list is repeated.
const MEBIBYTE: usize = 1024 * 1024;

/// The documented replies of `GET /servers` and `GET /servers/{server_id}`.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The documented list, its servers repeated to 1 MiB of JSON without white space.
    pub list: Vec<u8>,
    /// How many servers it holds.
    pub count: usize,
    /// One server.
    pub server: Vec<u8>,
}

impl Sample {
    /// Takes the examples out of a document.
    ///
    /// # Errors
    /// Where the document cannot be read or has no such examples.
    pub fn read(document: &Path) -> Result<Self> {
        let root = tree(document)?;
        let mut servers = Vec::new();
        for example in examples(&root, "~1servers")? {
            if let Value::Array(items) = &example.value {
                servers.extend(items.iter().map(|item| write::compact(&item.value)));
            }
        }
        let single = examples(&root, "~1servers~1{server_id}")?;
        let single = single.first().context("no example of a single server")?;
        let mut list = String::from("[");
        let mut count = 0;
        for server in servers.iter().cycle() {
            if list.len() + server.len() > MEBIBYTE && count > 0 {
                break;
            }
            list.push_str(if count > 0 { "," } else { "" });
            list.push_str(server);
            count += 1;
        }
        anyhow::ensure!(count > 0, "no example of a list of servers");
        list.push(']');
        Ok(Self {
            list: list.into_bytes(),
            count,
            server: write::compact(&single.value).into_bytes(),
        })
    }
}

fn tree(document: &Path) -> Result<Node> {
    let text = std::fs::read_to_string(document).with_context(|| document.display().to_string())?;
    let mut sources = Sources::default();
    let id = sources.add(Source::new("openapi.json", text));
    parse(&sources, id, &Limits::default())
        .ok()
        .context("the document is no JSON")
}

/// The values of the examples of a path's reply 200 to `GET`.
fn examples<'r>(root: &'r Node, path: &str) -> Result<Vec<&'r Node>> {
    let place = format!("/paths/{path}/get/responses/200/content/application~1json/examples");
    let node = pointer::resolve(root, &place).with_context(|| format!("{place} is missing"))?;
    let Value::Object(examples) = &node.value else {
        anyhow::bail!("{place} is no object");
    };
    let values = examples.iter();
    Ok(values
        .filter_map(|member| pointer::resolve(&member.value, "/value"))
        .collect())
}
