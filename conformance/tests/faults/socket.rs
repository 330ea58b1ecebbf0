//! The server of widgets behind a port.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use conformance::{Headers, Request, Response};

use super::server::{Planted, Server};

/// Serves widgets at the address it gives, one connection after another.
pub fn serve(planted: Planted) -> String {
    let socket = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = socket.local_addr().expect("it has an address");
    thread::spawn(move || {
        let server = Server::new(planted);
        for stream in socket.incoming().flatten() {
            if let Some(request) = read(&stream) {
                let answer = server
                    .send(&request)
                    .into_inner()
                    .expect("it always answers");
                respond(&stream, &request, &answer);
            }
        }
    });
    format!("http://{address}")
}

/// The request of a connection; `None` where the client went away.
fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut request = Request::new(words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        request = request.header(name, value.trim());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = Some(body);
    Some(request)
}

fn respond(mut stream: &TcpStream, request: &Request, answer: &Response) {
    let body = answer.body.as_deref().unwrap_or_default();
    let mut out = format!("HTTP/1.1 {} Answer\r\nConnection: close\r\n", answer.status);
    for (name, value) in answer.headers.iter().flat_map(Headers::iter) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{name}: {value}\r\n");
    }
    if answer.status != 204 {
        let _ = write!(out, "Content-Length: {}\r\n", body.len());
    }
    out.push_str("\r\n");
    let mut bytes = out.into_bytes();
    if request.method != "HEAD" {
        bytes.extend_from_slice(body);
    }
    // A client that went away has no use for it.
    let _ = stream.write_all(&bytes);
}
