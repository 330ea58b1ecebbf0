//! The one line for tests of others, against a server behind a port.

#[path = "faults/server.rs"]
#[expect(dead_code, reason = "two of its faults are planted here")]
mod server;
#[path = "faults/socket.rs"]
mod socket;

use conformance::live::Options;
use conformance::{CheckError, assert_conforms, check, check_with};
use server::{Planted, TOKEN};

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/widgets.json");

fn options() -> Options {
    Options {
        token: Some(TOKEN.to_owned()),
        ..Options::default()
    }
}

fn url(planted: Planted) -> String {
    format!("{}/v1", socket::serve(planted))
}

#[test]
fn a_server_that_agrees_passes() -> Result<(), CheckError> {
    let url = url(Planted::Nothing);
    let report = check_with(SPEC, &url, &options())?;
    assert!(report.exchanges > 20, "{report}");
    assert_conforms!(SPEC, &url, &options());
    Ok(())
}

#[test]
#[should_panic(expected = "error[schema]: getWidget: /active is a string where")]
fn a_server_that_disagrees_ends_the_test_with_the_report() {
    assert_conforms!(SPEC, &url(Planted::WrongType), &options());
}

#[test]
#[should_panic(expected = "no server answers")]
fn a_server_that_is_not_there_ends_the_test() {
    assert_conforms!(SPEC, "http://127.0.0.1:9");
}

#[test]
fn errors_say_what_is_wrong_and_what_to_do() {
    let told = |error: CheckError| format!("{error:?}");
    let refused = check(SPEC, &url(Planted::Nothing)).expect_err("no token is given");
    assert!(matches!(refused, CheckError::Server(_)));
    assert!(told(refused).contains("Give credentials"));
    let missing = check("none.yaml", "http://127.0.0.1:9").expect_err("there is no such file");
    assert!(matches!(missing, CheckError::Document(_)));
    assert!(told(missing).contains("none.yaml"));
    let relative = check(SPEC, "127.0.0.1:9").expect_err("there is no scheme");
    assert!(told(relative).contains("base URL"));
}
