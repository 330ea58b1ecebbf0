//! A server in a process of its own, and one connection to it that stays open.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest a server may take to start, and a reply to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it ends with this value.
#[derive(Debug)]
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub start: Duration,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of loopback that nobody listens on now.
///
/// # Errors
/// Where there is no loopback.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Served {
    /// Starts a server that is told to listen on a port, and waits until it answers a request.
    ///
    /// # Errors
    /// Where it cannot be started, ends, or does not answer in a minute.
    pub fn start(command: &mut Command, port: u16, first: &Request<'_>) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let began = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        loop {
            let answer = Connection::open(address).and_then(|mut one| one.send(first));
            if answer.is_ok() {
                let start = began.elapsed();
                return Ok(Self {
                    child,
                    address,
                    start,
                });
            }
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended at once: {status}");
            }
            if began.elapsed() > PATIENCE {
                let _ = child.kill();
                bail!("{name} does not answer");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Resident memory in MiB, of the process and of those it started; `None` where the system does
    /// not tell.
    pub fn mebibytes(&self) -> Option<f64> {
        let own = self.child.id();
        let mut family = vec![own];
        let mut resident = 0;
        let listed = std::fs::read_dir("/proc").ok()?;
        let mut parents = Vec::new();
        for entry in listed.flatten() {
            if let Some(process) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
                && let Some((parent, kibibytes)) = status_of(process)
            {
                parents.push((process, parent, kibibytes));
            }
        }
        // Children are found from their parents, however they are listed.
        let mut at = 0;
        while let Some(parent) = family.get(at).copied() {
            let children = parents.iter().filter(|(_, of, _)| *of == parent);
            family.extend(children.map(|(process, _, _)| *process));
            at += 1;
        }
        for (process, _, kibibytes) in &parents {
            if family.contains(process) {
                resident += kibibytes;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "memory of a process")]
        Some(resident as f64 / 1024.0)
    }
}

/// The parent of a process and its resident memory in KiB.
fn status_of(process: u32) -> Option<(u32, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let number = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let parent = u32::try_from(number("PPid:")?).ok()?;
    Some((parent, number("VmRSS:").unwrap_or_default()))
}

/// A request with a body of JSON, or with none.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path with its query.
    pub target: String,
    /// The value of `X-TOKEN`.
    pub token: &'a str,
    /// The body; empty for none.
    pub body: &'a str,
}

/// A connection that stays open.
#[derive(Debug)]
pub struct Connection {
    reader: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Where nobody listens.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            reader: BufReader::new(stream),
            address,
        })
    }

    /// Sends a request and reads its whole answer: the status and the body.
    ///
    /// # Errors
    /// Where the connection breaks, or what comes is not HTTP.
    pub fn send(&mut self, request: &Request<'_>) -> Result<(u16, Vec<u8>)> {
        let media = if request.body.is_empty() {
            ""
        } else {
            "Content-Type: application/json\r\n"
        };
        let text = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nX-TOKEN: {}\r\nAccept: application/json\r\n{media}Content-Length: {}\r\n\r\n{}",
            request.method,
            request.target,
            self.address,
            request.token,
            request.body.len(),
            request.body
        );
        self.reader.get_mut().write_all(text.as_bytes())?;
        self.answer()
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        Ok(line.trim_end().to_owned())
    }

    fn answer(&mut self) -> Result<(u16, Vec<u8>)> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.with_context(|| format!("`{first}` is no status line"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            chunked |= line.starts_with("transfer-encoding:") && line.contains("chunked");
        }
        let mut body = Vec::new();
        if !chunked {
            body.resize(length, 0);
            self.reader.read_exact(&mut body)?;
            return Ok((status, body));
        }
        loop {
            let length = usize::from_str_radix(&self.line()?, 16)?;
            let start = body.len();
            body.resize(start + length, 0);
            self.reader.read_exact(&mut body[start..])?;
            self.line()?;
            if length == 0 {
                return Ok((status, body));
            }
        }
    }
}
