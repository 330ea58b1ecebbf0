//! A server on loopback that takes bodies of any size, and keeps little of them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How many bytes of a body are kept.
const KEPT: usize = 1 << 20;

/// The status for the request with this number, from 1.
type Answer = dyn Fn(usize) -> u16 + Send + Sync;

/// What is done when the head of a request is there, and nothing of its body was read.
type AtHead = dyn Fn() + Send + Sync;

pub struct Receiver {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    connections: Arc<AtomicUsize>,
}

/// A request, as far as it came.
#[derive(Debug, Clone)]
pub struct Arrived {
    head: String,
    /// Whether the body came to its end.
    pub complete: bool,
    pub length: u64,
    pub digest: Digest,
    /// The beginning of the body.
    pub kept: Vec<u8>,
}

/// Tells whether two long bodies are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest(u64);

impl Digest {
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Arrived {
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Receiver {
    /// A server that reads each request to its end and then answers with a status.
    pub fn new(answer: impl Fn(usize) -> u16 + Send + Sync + 'static) -> Self {
        Self::start(Arc::new(answer), Arc::new(|| {}))
    }

    /// The same that does something before it reads a body.
    pub fn at_head(at_head: impl Fn() + Send + Sync + 'static) -> Self {
        Self::start(Arc::new(|_| 204), Arc::new(at_head))
    }

    fn start(answer: Arc<Answer>, at_head: Arc<AtHead>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let connections = Arc::new(AtomicUsize::new(0));
        let (log, count) = (Arc::clone(&arrived), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                count.fetch_add(1, Ordering::SeqCst);
                let (log, answer, at_head) =
                    (Arc::clone(&log), Arc::clone(&answer), Arc::clone(&at_head));
                thread::spawn(move || serve(&stream, &log, &*answer, &*at_head));
            }
        });
        Self {
            address,
            arrived,
            connections,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests that came, whole or not.
    pub fn all(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// The only request that came.
    #[track_caller]
    pub fn only(&self) -> Arrived {
        let mut all = self.all();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn serve(stream: &TcpStream, log: &Mutex<Vec<Arrived>>, answer: &Answer, at_head: &AtHead) {
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if !matches!(reader.read_line(&mut head), Ok(1..)) {
            return;
        }
    }
    at_head();
    let mut arrived = Arrived {
        head,
        complete: false,
        length: 0,
        digest: Digest::default(),
        kept: Vec::new(),
    };
    arrived.complete = read_body(&mut reader, &mut arrived).is_some();
    let complete = arrived.complete;
    let number = {
        let mut log = log.lock().unwrap();
        log.push(arrived);
        log.len()
    };
    if complete {
        let status = answer(number);
        let body = if status == 204 { "" } else { "{}" };
        let length = if status == 204 {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let reply = format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\n{length}\
             Connection: close\r\n\r\n{body}"
        );
        // The client may have gone.
        let _ = (&mut &*stream).write_all(reply.as_bytes());
    }
}

/// Reads the body; none where the connection ends before it does.
fn read_body(reader: &mut BufReader<&TcpStream>, arrived: &mut Arrived) -> Option<()> {
    if arrived.header("transfer-encoding") == Some("chunked") {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let length = u64::from_str_radix(line.trim(), 16).ok()?;
            read_bytes(reader, length, arrived)?;
            line.clear();
            reader.read_line(&mut line).ok()?;
            if line != "\r\n" {
                return None;
            }
            if length == 0 {
                return Some(());
            }
        }
    }
    let length = arrived.header("content-length").unwrap_or("0");
    let length = length.parse().unwrap();
    read_bytes(reader, length, arrived)
}

fn read_bytes(
    reader: &mut BufReader<&TcpStream>,
    length: u64,
    arrived: &mut Arrived,
) -> Option<()> {
    let mut left = length;
    let mut piece = [0; 16 * 1024];
    while left > 0 {
        let wanted = usize::try_from(left.min(piece.len() as u64)).unwrap();
        let read = reader
            .read(&mut piece[..wanted])
            .ok()
            .filter(|it| *it > 0)?;
        arrived.digest.add(&piece[..read]);
        let room = KEPT - arrived.kept.len();
        arrived.kept.extend_from_slice(&piece[..read.min(room)]);
        arrived.length += read as u64;
        left -= read as u64;
    }
    Some(())
}
