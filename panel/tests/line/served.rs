//! A simulator behind a port.

use std::sync::Arc;
use tokio::runtime::Runtime;
use verbatim_simulator::{Pace, Server, Settings, Simulator};

/// A simulator of Cloud Panel behind a port, which ends with the runtime: its address and its token.
pub fn served(pace: Pace) -> (Runtime, String, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let settings = Settings {
        rate_limit: false,
        pace,
        ..Settings::default()
    };
    let folder = verbatim_proof::workspace().join("spec/cloudpanel");
    let simulator = Simulator::open(&folder.join("openapi.json"), None, settings);
    let simulator = Arc::new(simulator.expect("a simulator"));
    let token = simulator.token().to_owned();
    let server = runtime
        .block_on(Server::bind(simulator, 0))
        .expect("a port");
    let url = server.url();
    runtime.spawn(server.serve());
    (runtime, url, token)
}
