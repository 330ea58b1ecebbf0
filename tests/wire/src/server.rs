//! A server that writes down what it is asked and answers what it is told.

use crate::expect::Reply;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers, names in small letters, in their order.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(has, _)| has == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A server on a port of its own, which answers one request for each answer it is given.
pub struct Server {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    answers: Sender<Reply>,
    requests: Receiver<Request>,
}

impl Server {
    /// Starts a server; it ends with the value.
    ///
    /// # Errors
    /// No port is free.
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (answers, to_give) = channel();
        let (seen, requests) = channel();
        thread::spawn(move || serve(&listener, &to_give, &seen));
        Ok(Self {
            url,
            answers,
            requests,
        })
    }

    /// Says what the next request is answered.
    pub fn answer(&self, answer: Reply) {
        // The thread ends with the value, so it takes answers as long as this can be called.
        let _ = self.answers.send(answer);
    }

    /// The requests that arrived since the last call.
    pub fn seen(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

fn serve(listener: &TcpListener, answers: &Receiver<Reply>, seen: &Sender<Request>) {
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        while let Ok(Some(request)) = read(&mut stream) {
            let is_head = request.method == "HEAD";
            if seen.send(request).is_err() {
                return;
            }
            let Ok(answer) = answers.recv() else { return };
            if write(&mut stream, &answer, is_head).is_err() {
                break;
            }
        }
    }
}

fn read(stream: &mut TcpStream) -> std::io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        match stream.read(&mut piece)? {
            0 => return Ok(None),
            length => bytes.extend_from_slice(&piece[..length]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().splitn(3, ' ');
    let mut word = || first.next().unwrap_or_default().to_owned();
    let (method, target) = (word(), word());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        match stream.read(&mut piece)? {
            0 => break,
            more => body.extend_from_slice(&piece[..more]),
        }
    }
    Ok(Some(Request {
        method,
        target,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }))
}

fn write(stream: &mut TcpStream, answer: &Reply, is_head: bool) -> std::io::Result<()> {
    let Reply {
        status,
        media,
        body,
    } = answer;
    let content = if media.is_empty() {
        String::new()
    } else {
        format!("Content-Type: {media}\r\n")
    };
    let length = body.len();
    let length = if *status == 204 {
        String::new()
    } else {
        format!("Content-Length: {length}\r\n")
    };
    let body = if is_head { "" } else { body.as_str() };
    // In one piece: a second small write would wait for the other side's delayed acknowledgement.
    let whole = format!("HTTP/1.1 {status} Reply\r\n{content}{length}\r\n{body}");
    stream.write_all(whole.as_bytes())
}
