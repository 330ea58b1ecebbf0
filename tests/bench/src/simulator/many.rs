//! A hundred thousand items that requests have made.

use super::{TOKEN, request, start_ours};
use crate::generation::Setting;
use crate::measure::median;
use crate::served::{Connection, Request, Served};
use crate::table::Row;
use anyhow::{Result, ensure};
use std::time::Instant;

/// Items that are made.
const ITEMS: usize = 100_000;

/// Pages that are read, of which the median counts.
const PAGES: usize = 101;

/// Makes the items; then how much memory is resident, and how long a page takes.
pub(super) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    eprintln!("simulator: {ITEMS} items");
    let served = start_ours(setting)?;
    let mut connection = Connection::open(served.address)?;
    let began = Instant::now();
    for number in 0..ITEMS {
        let body = format!(r#"{{"name": "key {number}", "description": "of the bench"}}"#);
        let (status, _) = connection.send(&request("POST", "/v1/ssh_keys".to_owned(), &body))?;
        ensure!(status == 201, "making a key is answered with {status}");
    }
    let made = began.elapsed().as_secs_f64();
    let page = pages(&mut connection)?;
    let mut rows = vec![
        Row::plain(
            format!("a page of 50 of {ITEMS} items that were made in {made:.0} s"),
            format!("{page:.2} ms"),
        )
        .aiming("<= 5 ms", page <= 5.0),
    ];
    rows.extend(memory(&served));
    Ok(rows)
}

fn memory(served: &Served) -> Option<Row> {
    let mebibytes = served.mebibytes()?;
    let row = Row::plain(
        format!("resident memory with {ITEMS} items"),
        format!("{mebibytes:.0} MiB"),
    );
    Some(row.aiming("<= 400 MB", mebibytes * 1.048_576 <= 400.0))
}

/// Milliseconds for a page, each page another and each after a change, so that none was kept.
fn pages(connection: &mut Connection) -> Result<f64> {
    let mut times = Vec::new();
    for number in 0..PAGES {
        let change = Request {
            method: "POST",
            target: "/v1/ssh_keys".to_owned(),
            token: TOKEN,
            body: r#"{"name": "one more"}"#,
        };
        connection.send(&change)?;
        let page = 1 + number * (ITEMS / 50 / PAGES);
        let list = request("GET", format!("/v1/ssh_keys?page={page}&per_page=50"), "");
        let began = Instant::now();
        let (status, body) = connection.send(&list)?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        // Servers beside a key have names as well.
        let named = String::from_utf8_lossy(&body).matches("\"name\"").count();
        ensure!(
            status == 200 && named >= 50,
            "page {page}: {status}, {named} names"
        );
    }
    Ok(median(times))
}
