//! The checking proxy beside nginx as a plain proxy, and beside Prism's, all in front of the simulator.

use crate::generation::Setting;
use crate::measure::median;
use crate::served::{Connection, Request, Served, free_port};
use crate::simulator::{first_of, installed, request, start_ours};
use crate::table::{Row, Section};
use anyhow::{Context, Result, ensure};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Rounds in which all are driven in turn.
const ROUNDS: usize = 5;

/// Requests of a round.
const REQUESTS: usize = 1_000;

/// Connections that are open at once.
const CONNECTIONS: usize = 1_000;

/// Threads that drive them.
const THREADS: usize = 10;

/// What the proxy may add to what nginx adds, in milliseconds.
const MAY_ADD: f64 = 0.5;

/// Measures what is added to a request, many connections at once, and memory.
///
/// # Errors
/// Where a server cannot be started or stops answering.
pub fn section(setting: &Setting) -> Result<Section> {
    let mut section = Section::new("The checking proxy (Cloud Panel, in front of the simulator)");
    let folder = tempfile::tempdir()?;
    let server = start_ours(setting)?;
    let reading = request(
        "GET",
        format!("/v1/servers/{}", first_of(&server, "servers")?),
        "",
    );
    let ours = start_conform(setting, &server, &reading)?;
    let nginx = start_nginx(folder.path(), &server, &reading)?;
    if nginx.is_none() {
        let note = "nginx is not installed, so its column is empty; NGINX may name the program";
        section.notes.push(note.to_owned());
    }
    let prism = start_prism(setting, &server)?;
    if prism.is_none() {
        let note = "Prism is not installed; PRISM may name the program";
        section.notes.push(note.to_owned());
    }
    eprintln!("proxy: one connection");
    latency(
        &mut section,
        &reading,
        &server,
        &ours,
        nginx.as_ref(),
        prism.as_ref(),
    )?;
    eprintln!("proxy: {CONNECTIONS} connections");
    let began = Instant::now();
    let answered = crowd(ours.address, &reading)?;
    let row = Row::plain(
        format!("answers of {CONNECTIONS} connections at once, two each"),
        format!("{answered} in {:.1} s", began.elapsed().as_secs_f64()),
    );
    let all = CONNECTIONS * 2;
    section
        .rows
        .push(row.aiming(format!("{all}"), answered == all));
    eprintln!("proxy: memory");
    memory(setting, &mut section, &reading, &ours)?;
    section.notes.push(format!(
        "times are medians of {REQUESTS} requests over one connection, the middle of {ROUNDS} rounds in turn"
    ));
    Ok(section)
}

fn start_conform(setting: &Setting, server: &Served, first: &Request<'_>) -> Result<Served> {
    let port = free_port()?;
    let mut command = Command::new(&setting.verbatim);
    command
        .arg("conform")
        .args(["--proxy", &format!("http://{}", server.address)])
        .args(["--listen", &format!("127.0.0.1:{port}"), "--spec"])
        .arg(&setting.document);
    Served::start(&mut command, port, first)
}

/// nginx, where it is installed: what `NGINX` names, else what the system has.
fn start_nginx(folder: &Path, server: &Served, first: &Request<'_>) -> Result<Option<Served>> {
    let Some(program) = installed("NGINX", "nginx") else {
        return Ok(None);
    };
    let port = free_port()?;
    let at = folder.display();
    let settings = format!(
        "daemon off; worker_processes 1; pid {at}/pid; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/fastcgi;
    uwsgi_temp_path {at}/uwsgi; scgi_temp_path {at}/scgi;
    keepalive_requests 1000000;
    upstream server {{ server {}; keepalive 64; keepalive_requests 1000000; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://server; proxy_http_version 1.1;
            proxy_set_header Connection \"\"; proxy_set_header Host $http_host;
        }}
    }}
}}
",
        server.address
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, settings)?;
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).arg("-c").arg(file);
    // One process, so that it ends with this one.
    command.args(["-g", "master_process off;"]);
    Served::start(&mut command, port, first).map(Some)
}

/// Prism as a proxy. It leaves the base path of the document to its upstream.
fn start_prism(setting: &Setting, server: &Served) -> Result<Option<Served>> {
    let Some(program) = installed("PRISM", "prism") else {
        return Ok(None);
    };
    let port = free_port()?;
    let mut command = Command::new(program);
    command
        .args(["proxy", "--host", "127.0.0.1", "--port", &port.to_string()])
        .arg(&setting.document)
        .arg(format!("http://{}/v1", server.address));
    let first = request("GET", "/servers".to_owned(), "");
    Served::start(&mut command, port, &first).map(Some)
}

/// The median time of a request over one connection, in milliseconds.
fn round(address: SocketAddr, request: &Request<'_>) -> Result<f64> {
    let mut connection = Connection::open(address)?;
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        let began = Instant::now();
        let (status, _) = connection.send(request)?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        ensure!(
            status == 200,
            "{} is answered with {status}",
            request.target
        );
    }
    Ok(median(times))
}

fn latency(
    section: &mut Section,
    request: &Request<'_>,
    server: &Served,
    ours: &Served,
    nginx: Option<&Served>,
    prism: Option<&Served>,
) -> Result<()> {
    let bare = Request {
        target: request.target.replacen("/v1", "", 1),
        ..request.clone()
    };
    let mut times: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(round(server.address, request)?);
        times[1].push(round(ours.address, request)?);
        if let Some(nginx) = nginx {
            times[2].push(round(nginx.address, request)?);
        }
        if let Some(prism) = prism {
            times[3].push(round(prism.address, &bare)?);
        }
    }
    let [direct, own, plain, checked] = times.map(median);
    let shown = |time: f64| format!("{time:.3} ms");
    section
        .rows
        .push(Row::plain("a request without a proxy", shown(direct)));
    let row = Row::plain("a request, beside nginx", shown(own));
    section.rows.push(if nginx.is_some() {
        row.beside(shown(plain), own / plain)
            .aiming(format!("+ {MAY_ADD} ms"), own - plain <= MAY_ADD)
    } else {
        row
    });
    if prism.is_some() {
        let row = Row::plain("a request, beside Prism's proxy", shown(own));
        section.rows.push(row.beside(shown(checked), own / checked));
    }
    Ok(())
}

/// How many answers come where many connections are open at once and each asks twice.
fn crowd(address: SocketAddr, request: &Request<'_>) -> Result<usize> {
    thread::scope(|scope| {
        let drive = || -> Result<usize> {
            let open = (0..CONNECTIONS / THREADS).map(|_| Connection::open(address));
            let mut connections = open.collect::<Result<Vec<_>>>()?;
            let mut answered = 0;
            for _ in 0..2 {
                for connection in &mut connections {
                    answered += usize::from(connection.send(request)?.0 == 200);
                }
            }
            Ok(answered)
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(drive)).collect();
        let mut answered = 0;
        for thread in threads {
            let own = thread.join().ok().context("a thread ended early")?;
            answered += own?;
        }
        Ok(answered)
    })
}

/// Memory after some requests, and after many more.
fn memory(
    setting: &Setting,
    section: &mut Section,
    request: &Request<'_>,
    ours: &Served,
) -> Result<()> {
    let Some(before) = ours.mebibytes() else {
        return Ok(());
    };
    let mut connection = Connection::open(ours.address)?;
    let (began, mut sent) = (Instant::now(), 0_u32);
    while began.elapsed() < setting.soak {
        ensure!(connection.send(request)?.0 == 200, "the proxy fails");
        sent += 1;
    }
    // What was passed on is judged a little later.
    thread::sleep(Duration::from_secs(1));
    let after = ours.mebibytes().unwrap_or(before);
    let row = Row::plain(
        format!("resident memory after {sent} more requests"),
        format!("{after:.0} MiB"),
    );
    let row = row.beside(format!("{before:.0} MiB before"), after / before);
    section
        .rows
        .push(row.aiming("<= 1.20", after <= before * 1.2));
    Ok(())
}
