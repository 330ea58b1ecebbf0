//! Callers that send so slowly that others would wait for them. The clock is the runtime's, which
//! goes on by itself when nothing else happens.

#[path = "support/common.rs"]
mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::document;
use tokio::time::Instant as Virtual;
use verbatim_simulator::{Server, Settings, Simulator};

/// Sends a beginning, and gives what comes back until the server hangs up, and after how many seconds
/// of the server's clock.
async fn begun(text: &str) -> (String, u64) {
    let simulator = Simulator::open(
        &document("cloudpanel/openapi.json"),
        None,
        Settings::default(),
    );
    let server = Server::bind(Arc::new(simulator.unwrap()), 0).await.unwrap();
    let mut caller = TcpStream::connect(server.address()).unwrap();
    caller.write_all(text.as_bytes()).unwrap();
    let limit = Some(Duration::from_secs(20));
    caller.set_read_timeout(limit).unwrap();
    caller.set_nonblocking(true).unwrap();
    let serving = tokio::spawn(server.serve());
    let (begun, first) = (Virtual::now(), Instant::now());
    let mut came = Vec::new();
    loop {
        let mut piece = [0; 1024];
        match caller.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => came.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                assert!(first.elapsed() < Duration::from_secs(20), "nobody hangs up");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
    serving.abort();
    let text = String::from_utf8_lossy(&came).into_owned();
    (text, begun.elapsed().as_secs())
}

#[tokio::test]
async fn by_default_this_machine_alone_is_served() {
    let simulator = Simulator::open(
        &document("cloudpanel/openapi.json"),
        None,
        Settings::default(),
    );
    let server = Server::bind(Arc::new(simulator.unwrap()), 0).await.unwrap();
    assert!(server.address().ip().is_loopback(), "{}", server.address());
}

#[tokio::test(start_paused = true)]
async fn a_head_and_a_body_that_never_end_are_given_up() {
    let (reply, after) = begun("GET /v1/servers HTTP/1.1\r\nHost: localhost\r\nX-A: ").await;
    assert!(
        reply.is_empty() || reply.starts_with("HTTP/1.1 408"),
        "{reply}"
    );
    assert!((29..40).contains(&after), "{after} s");
    let (reply, after) = begun(
        "POST /v1/servers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n{\"name\": ",
    )
    .await;
    assert!(reply.starts_with("HTTP/1.1 408 "), "{reply}");
    assert!(reply.ends_with("the body came too slowly\n"), "{reply}");
    assert!((29..40).contains(&after), "{after} s");
}
