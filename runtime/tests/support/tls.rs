//! Servers on loopback that speak TLS, with certificates of any kind.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// An authority that a client may be told to trust.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a server presents.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // One that is called as what it issues is taken for self-signed by OpenSSL.
        params
            .distinguished_name
            .push(DnType::CommonName, "an authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn der(&self) -> &[u8] {
        self.0.der()
    }

    pub fn pem(&self) -> String {
        pem("CERTIFICATE", self.der())
    }

    /// A certificate for a name, valid from 2020 to the year.
    pub fn issue(&self, name: &str, until: i32) -> Identity {
        let key = KeyPair::generate().unwrap();
        let params = params(name, until);
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Identity {
            certificate: certificate.into(),
            key,
        }
    }
}

impl Identity {
    /// Certificate and key.
    pub fn pem(&self) -> (String, String) {
        let key = pem("PRIVATE KEY", &self.key.serialize_der());
        (pem("CERTIFICATE", &self.certificate), key)
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len())
        .step_by(64)
        .map(|at| &text[at..text.len().min(at + 64)])
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// A certificate that nobody else signed.
pub fn self_signed(name: &str) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate = params(name, 2090).self_signed(&key).unwrap();
    Identity {
        certificate: certificate.into(),
        key,
    }
}

fn params(name: &str, until: i32) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params
}

/// What reached a server.
#[derive(Clone, Default)]
pub struct Seen {
    /// Every byte of every connection, as it came.
    raw: Arc<Mutex<Vec<Vec<u8>>>>,
    /// Requests, decrypted.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Seen {
    pub fn connections(&self) -> usize {
        self.raw.lock().unwrap().len()
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Whether a text stands in what came, decrypted or not.
    pub fn holds(&self, text: &str) -> bool {
        let raw = self.raw.lock().unwrap();
        let in_raw = |bytes: &Vec<u8>| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        raw.iter().any(in_raw) || self.requests().iter().any(|request| request.contains(text))
    }
}

/// A server that speaks TLS, and answers every request with `reply`.
pub fn serve(identity: Identity, reply: &[u8]) -> (String, Seen) {
    serve_to(identity, None, reply)
}

/// The same, which answers only clients whose certificate an authority issued.
pub fn serve_known(identity: Identity, clients: &Authority, reply: &[u8]) -> (String, Seen) {
    serve_to(identity, Some(clients), reply)
}

fn serve_to(identity: Identity, clients: Option<&Authority>, reply: &[u8]) -> (String, Seen) {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let mut roots = rustls::RootCertStore::empty();
            let root = CertificateDer::from(authority.der().to_vec());
            roots.add(root).unwrap();
            let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
                Arc::new(roots),
                provider,
            );
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let config = config
        .with_single_cert(vec![identity.certificate], key)
        .unwrap();
    let (config, reply) = (Arc::new(config), reply.to_vec());
    listen(move |socket, requests| {
        let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = Stream::new(&mut session, socket);
        let mut request = Vec::new();
        let mut piece = [0; 4096];
        while !request.windows(4).any(|window| window == b"\r\n\r\n") {
            match stream.read(&mut piece) {
                Ok(0) | Err(_) => return,
                Ok(read) => request.extend_from_slice(&piece[..read]),
            }
        }
        let text = String::from_utf8_lossy(&request).into_owned();
        requests.lock().unwrap().push(text);
        // The client may have gone.
        let _ = stream.write_all(&reply);
        session.send_close_notify();
        let _ = session.complete_io(socket);
    })
}

/// A server that knows no TLS later than 1.1, and answers a greeting with these records.
pub fn outdated(records: &'static [u8]) -> (String, Seen) {
    listen(move |socket, _| {
        let mut piece = [0; 4096];
        let _ = socket.read(&mut piece);
        let _ = socket.write_all(records);
        // What the client says to it, until it goes.
        while matches!(socket.read(&mut piece), Ok(1..)) {}
    })
}

/// A server that goes after the greeting of the client.
pub fn broken_off() -> (String, Seen) {
    listen(|socket, _| {
        let _ = socket.read(&mut [0; 4096]);
    })
}

/// Accepts connections, each in its own thread, and keeps what comes.
fn listen(
    behave: impl Fn(&mut Tapped, &Mutex<Vec<String>>) + Send + Sync + 'static,
) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1", listener.local_addr().unwrap());
    let seen = Seen::default();
    let copy = seen.clone();
    let behave = Arc::new(behave);
    thread::spawn(move || {
        for socket in listener.incoming() {
            let Ok(socket) = socket else { continue };
            socket
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            let number = {
                let mut raw = copy.raw.lock().unwrap();
                raw.push(Vec::new());
                raw.len() - 1
            };
            let (raw, requests) = (Arc::clone(&copy.raw), Arc::clone(&copy.requests));
            let behave = Arc::clone(&behave);
            thread::spawn(move || {
                let mut socket = Tapped {
                    socket,
                    raw,
                    number,
                };
                behave(&mut socket, &requests);
            });
        }
    });
    (url, seen)
}

/// A socket that keeps what is read from it.
struct Tapped {
    socket: TcpStream,
    raw: Arc<Mutex<Vec<Vec<u8>>>>,
    number: usize,
}

impl Read for Tapped {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let read = self.socket.read(piece)?;
        self.raw.lock().unwrap()[self.number].extend_from_slice(&piece[..read]);
        Ok(read)
    }
}

impl Write for Tapped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}
