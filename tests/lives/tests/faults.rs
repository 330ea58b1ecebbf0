//! Under every kind of fault: nothing is made twice, and the error says whether it was made at all.

use cloud_panels::cloudpanel::types::{
    CreateServer, CreateServerHardware, CreateServerHdd, ErrorBody,
};
use cloud_panels::runtime::Error;
use verbatim_lives::House;
use verbatim_simulator::fault::Kind;

const NAME: &str = "made once";

fn order() -> CreateServer {
    let hardware = CreateServerHardware::default()
        .vcore(1)
        .cores_per_processor(1)
        .ram("2".parse::<cloud_panels::runtime::json::Number>().unwrap())
        .hdds(vec![CreateServerHdd::new(true, 20)]);
    CreateServer::new(NAME, hardware, "81504C620D98BCEBAA5202D145203B4C").power_on(true)
}

/// What an outcome says about whether the server was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Made,
    NotMade,
    Unclear,
}

fn said<T>(outcome: &Result<T, Error<ErrorBody>>) -> Said {
    let status = match outcome {
        Ok(_) => return Said::Made,
        Err(Error::Failed(_) | Error::Invalid(_)) => return Said::NotMade,
        Err(Error::Api(refused)) => refused.received.status,
        Err(Error::Undocumented(other)) => other.received.status,
        // The reply of a success that cannot be read, a lost answer, a wait that ended otherwise.
        Err(_) => return Said::Unclear,
    };
    // A server that fails may have failed before the change or after it.
    if (400..500).contains(&status) {
        Said::NotMade
    } else {
        Said::Unclear
    }
}

/// Whether the simulator does not keep what it says, so that no client can know.
fn lies(kind: Kind) -> bool {
    kind == Kind::NotKept
}

#[tokio::test(start_paused = true)]
async fn nothing_is_made_twice_whatever_goes_wrong() {
    let amounts = |kind: Kind| match kind {
        Kind::Status => vec![429, 500, 503],
        Kind::WrongStatus => vec![200, 206, 299, 500],
        Kind::Latency => vec![1_000, 90_000],
        Kind::Slow => vec![10, 60_000],
        Kind::Reset => vec![0, 20],
        _ => vec![1],
    };
    let mut table = Vec::new();
    for kind in Kind::ALL.iter().copied() {
        for amount in amounts(kind) {
            let house = House::new(9);
            let panel = house.client();
            let fault = format!(
                r#"{{"kind": "{}", "amount": {amount}, "method": "POST"}}"#,
                kind.name()
            );
            house.plant(&fault);
            let outcome = panel.servers().create(&order()).await;
            let said = said(&outcome);
            let made = house.servers_named(NAME);
            let sent = house.sent("POST", "/v1/servers");
            table.push(format!(
                "{:20} {amount:6}: {said:?}, made {made}, sent {sent}",
                kind.name()
            ));
            assert_eq!(sent, 1, "{kind:?} {amount}: an order is sent once");
            assert!(made <= 1, "{kind:?} {amount}: made {made} times");
            if kind == Kind::Status {
                assert_eq!((said == Said::Made, made), (false, 0), "{amount}");
            }
            match said {
                Said::Made if !lies(kind) => assert_eq!(made, 1, "{kind:?} {amount}"),
                Said::NotMade => assert_eq!(made, 0, "{kind:?} {amount}"),
                _ => {}
            }
        }
    }
    println!("{}", table.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_wait_meets_every_fault_of_its_polls() {
    for kind in Kind::ALL.iter().copied() {
        let house = House::new(10);
        let panel = house.client();
        let amount = if kind == Kind::Status { 503 } else { 1_000 };
        let fault = format!(
            r#"{{"kind": "{}", "amount": {amount}, "method": "GET", "times": 2}}"#,
            kind.name()
        );
        let made = panel.servers().create(&order()).await.unwrap();
        house.plant(&fault);
        let began = tokio::time::Instant::now();
        let waited = panel
            .servers()
            .get(&made.id)
            .wait_until(|server| {
                let status = server.status.clone().into_option();
                status.is_some_and(|status| status.percent.into_option().is_none())
            })
            .await;
        let passed = began.elapsed().as_secs();
        match waited {
            Ok(server) => assert_eq!(server.id, made.id, "{kind:?}"),
            // What cannot be understood ends the wait at once, with the reply in the error.
            Err(error) => println!("{kind:?} after {passed} s: {error}"),
        }
        assert!(passed < 600, "{kind:?}: {passed} s");
        assert_eq!(house.servers_named(NAME), 1, "{kind:?}");
    }
}
