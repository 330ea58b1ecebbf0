//! The program as people start it: addresses, HTTPS, several documents, a state over restarts.

#[path = "support/running.rs"]
mod running;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use running::Running;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use verbatim_simulator::{Listen, Server, Settings, Simulator, Tls};

const JSON: &str = "Content-Type: application/json\r\n";

/// A document of one collection below a base path.
fn shop(title: &str, server: &str) -> String {
    let text = include_str!("documents/shop.yaml");
    text.replace("TITLE", title).replace("SERVER", server)
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn complaint(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_simulate"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Asks once over TLS, trusting one certificate.
fn by_tls(address: &str, name: &str, certificate: CertificateDer<'static>, path: &str) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let server = ServerName::try_from(name.to_owned()).unwrap();
    let connection = rustls::ClientConnection::new(Arc::new(config), server).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut stream = rustls::StreamOwned::new(connection, socket);
    let request = format!("GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_certificate_of_files_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = file(folder.path(), "certificate.pem", &made.cert.pem());
    let key = file(folder.path(), "key.pem", &made.signing_key.serialize_pem());
    let spec = file(folder.path(), "a.yaml", &shop("A", "/a"));
    let running = Running::start(&["--spec", &spec, "--tls", &certificate, &key]);
    assert!(
        running.urls[0].starts_with("https://127.0.0.1:"),
        "{:?}",
        running.urls
    );
    let answer = by_tls(
        &running.address,
        "localhost",
        made.cert.der().clone(),
        "/a/pets",
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // A caller that forgot the `s` is told.
    let answer = running.send("GET", "/a/pets", "", "");
    assert!(
        answer.starts_with("HTTP/1.1 400") && answer.contains("HTTPS"),
        "{answer}"
    );
}

#[test]
fn certificates_that_cannot_be_used_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let one = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = file(folder.path(), "certificate.pem", &one.cert.pem());
    let key = file(folder.path(), "key.pem", &one.signing_key.serialize_pem());
    let foreign = file(
        folder.path(),
        "other.pem",
        &other.signing_key.serialize_pem(),
    );
    let nonsense = file(folder.path(), "nonsense.pem", "nonsense");
    let spec = file(folder.path(), "a.yaml", &shop("A", "/a"));
    for (tls, wanted) in [
        (vec!["/no/such.pem", &key], "cannot read /no/such.pem"),
        (
            vec![&certificate, "/no/such.pem"],
            "cannot read /no/such.pem",
        ),
        (vec![&nonsense, &key], "nonsense.pem holds no certificate"),
        (
            vec![&certificate, &certificate],
            "certificate.pem holds no private key",
        ),
        (
            vec![&certificate, &foreign],
            "the key that it was made with",
        ),
        (vec![&certificate], "--tls takes two files"),
        (vec![&certificate, "--port"], "--tls takes two files"),
    ] {
        let mut arguments = vec!["--spec", &spec, "--tls"];
        arguments.extend(tls);
        let message = complaint(&arguments);
        assert!(message.contains(wanted), "{arguments:?}: {message}");
    }
}

#[test]
fn a_certificate_made_at_the_start_is_given_away() {
    let folder = tempfile::tempdir().unwrap();
    let spec = PathBuf::from(file(folder.path(), "a.yaml", &shop("A", "/a")));
    let simulator = Simulator::open(&spec, None, Settings::default()).unwrap();
    let tls = Tls::self_signed(vec!["panel.test".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let pem = tls.certificate().unwrap().to_owned();
    let listen = Listen {
        names: vec!["panel.test".to_owned()],
        tls: Some(tls),
        ..Listen::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime
        .block_on(Server::bind_all(vec![Arc::new(simulator)], listen))
        .unwrap();
    let address = server.address().to_string();
    runtime.spawn(server.serve());
    let trusted = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    for name in ["panel.test", "127.0.0.1"] {
        let answer = by_tls(&address, name, trusted.clone(), "/a/pets");
        assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
    }
    let answer = by_tls(&address, "127.0.0.1", trusted, "/__simulator/certificate");
    assert!(answer.ends_with(&pem), "{answer}");
}

#[test]
fn hosts_are_bound_and_names_are_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let spec = file(folder.path(), "a.yaml", &shop("A", "/a"));
    let all = [
        "--spec",
        &spec,
        "--host",
        "0.0.0.0",
        "--allow-host",
        "panel.test",
    ];
    let running = Running::start(&all);
    assert!(
        running.urls[0].starts_with("http://127.0.0.1:"),
        "{:?}",
        running.urls
    );
    for (host, wanted) in [
        ("panel.test:99", "HTTP/1.1 200"),
        ("192.0.2.7", "HTTP/1.1 200"),
        ("[2001:db8::1]:80", "HTTP/1.1 200"),
        ("other.test", "HTTP/1.1 421"),
    ] {
        let request = format!("GET /a/pets HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = running.exchange(request.as_bytes());
        assert!(answer.starts_with(wanted), "{host}: {answer}");
    }
    let message = complaint(&["--spec", &spec, "--host", "192.0.2.7"]);
    assert!(
        message.contains("name an address of this machine"),
        "{message}"
    );
}

#[test]
fn several_documents_are_told_apart_by_their_base_paths() {
    let folder = tempfile::tempdir().unwrap();
    let one = file(
        folder.path(),
        "one.yaml",
        &shop("One", "https://one.test/v1"),
    );
    let two = file(folder.path(), "two.yaml", &shop("Two", "/v1/inner"));
    let running = Running::start(&[
        "--spec", &one, "--spec", &two, "--spec", &one, "--base", "/again",
    ]);
    assert_eq!(running.urls.len(), 3);
    assert!(running.urls[1].ends_with("/v1/inner") && running.urls[2].ends_with("/again"));
    for base in ["/v1", "/v1/inner", "/again"] {
        let about = running.send("GET", &format!("{base}/__simulator"), "", "");
        assert!(about.contains(&format!(r#""base":"{base}""#)), "{about}");
        assert_eq!(running.status("GET", &format!("{base}/pets"), "", ""), 200);
    }
    // What is made in one is not in the others.
    let made = running.send("POST", "/v1/pets", JSON, r#"{"name": "Rex"}"#);
    assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    assert!(running.send("GET", "/v1/pets", "", "").contains("Rex"));
    for base in ["/v1/inner", "/again"] {
        assert!(
            !running
                .send("GET", &format!("{base}/pets"), "", "")
                .contains("Rex")
        );
    }
    let list = running.send("GET", "/__simulator", "", "");
    assert!(
        list.contains(r#""control":"/v1/inner/__simulator""#),
        "{list}"
    );
    let nowhere = running.send("GET", "/v2/pets", "", "");
    assert!(
        nowhere.starts_with("HTTP/1.1 404") && nowhere.contains(r#""base":"/v1""#),
        "{nowhere}"
    );
    // Each control path is closed to others alike.
    let foreign = format!("{JSON}Origin: https://example.com\r\n");
    assert_eq!(
        running.status("POST", "/again/__simulator/reset", &foreign, "{}"),
        403
    );

    let message = complaint(&["--spec", &one, "--spec", &one]);
    assert!(
        message.contains("both stand below the path `/v1/`") && message.contains("--base"),
        "{message}"
    );
    let message = complaint(&["--spec", &one, "--base", "v1"]);
    assert!(message.contains("a path such as /v1"), "{message}");
}

#[test]
fn a_state_is_kept_over_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let spec = file(folder.path(), "a.yaml", &shop("A", "/a"));
    let state = folder.path().join("state.json").display().to_string();
    let arguments = ["--spec", &spec, "--state", &state];
    let running = Running::start(&arguments);
    assert_eq!(
        running.status("POST", "/a/pets", JSON, r#"{"name": "Rex"}"#),
        201
    );
    let message = complaint(&arguments);
    assert!(message.contains("in use by another simulator"), "{message}");
    running.interrupt();

    let running = Running::start(&arguments);
    let list = running.send("GET", "/a/pets", "", "");
    assert!(list.contains("Rex"), "{list}");
    // A program that is killed has kept what it did a moment ago.
    assert_eq!(
        running.status("POST", "/a/pets", JSON, r#"{"name": "Fido"}"#),
        201
    );
    let saved = || std::fs::read_to_string(&state).unwrap().contains("Fido");
    let mut tries = 0;
    while !saved() {
        tries += 1;
        assert!(tries < 200, "nothing was saved");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(running);
    let list = Running::start(&arguments).send("GET", "/a/pets", "", "");
    assert!(list.contains("Rex") && list.contains("Fido"), "{list}");
}

#[test]
fn states_that_cannot_be_used_are_explained_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let spec = file(folder.path(), "a.yaml", &shop("A", "/a"));
    for (text, wanted) in [
        ("{", "not JSON"),
        ("[]", "no list `documents`"),
        (
            r#"{"documents": [{"title": "B", "base": "/b", "state": {}}]}"#,
            "`B`, which is not served",
        ),
        (
            r#"{"documents": [{"title": "A", "base": "/a", "state": {}}]}"#,
            "`collections`",
        ),
    ] {
        let state = file(folder.path(), "state.json", text);
        let message = complaint(&["--spec", &spec, "--state", &state]);
        assert!(
            message.contains(wanted) && message.contains("remove this one"),
            "{message}"
        );
        assert_eq!(std::fs::read_to_string(&state).unwrap(), text);
    }
    let nowhere = folder.path().join("none/state.json").display().to_string();
    let message = complaint(&["--spec", &spec, "--state", &nowhere]);
    assert!(
        message.contains("a folder that can be written"),
        "{message}"
    );
}
