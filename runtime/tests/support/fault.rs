//! A server on loopback that misbehaves as it is told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What is done with the connection of the request with this number and text.
type Behaviour = dyn Fn(usize, &str, &mut TcpStream) + Send + Sync;

pub struct Fault {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Fault {
    /// A server that reads a request and then behaves so.
    pub fn new(behaviour: impl Fn(usize, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::with_request(move |number, _, stream| behaviour(number, stream))
    }

    /// The same, which is told the request.
    pub fn with_request(
        behaviour: impl Fn(usize, &str, &mut TcpStream) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let connections = Arc::new(AtomicUsize::new(0));
        let behaviour: Arc<Behaviour> = Arc::new(behaviour);
        let (log, count) = (Arc::clone(&seen), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                count.fetch_add(1, Ordering::SeqCst);
                let (log, behaviour) = (Arc::clone(&log), Arc::clone(&behaviour));
                thread::spawn(move || {
                    if let Some(request) = read_request(&mut stream) {
                        let number = {
                            let mut log = log.lock().unwrap();
                            log.push(request.clone());
                            log.len()
                        };
                        behaviour(number, &request, &mut stream);
                    }
                });
            }
        });
        Self {
            address,
            seen,
            connections,
        }
    }

    /// A server that gives one reply to every request.
    pub fn reply(reply: impl Into<Vec<u8>>) -> Self {
        let reply = reply.into();
        Self::new(move |_, stream| send(stream, &reply))
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests that were read, heads and bodies.
    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

pub fn send(stream: &mut TcpStream, bytes: &[u8]) {
    // The client may have gone, which is what some of the tests are about.
    let _ = stream.write_all(bytes);
    let _ = stream.flush();
}

/// A whole reply.
pub fn reply(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n{headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Ends a connection with a reset instead of an orderly end.
pub fn reset(stream: &TcpStream) {
    let socket = socket2::SockRef::from(stream);
    // The sender's side is dropped with what is still in it, and the peer sees a reset.
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}

/// Reads head and body; none where the connection ends before.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap_or(0));
            if bytes.len() >= end + 4 + length {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}
