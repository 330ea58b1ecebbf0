//! Generated clients against the simulator: both formats, waits among transactions, idempotence.

use cloud_panels::cloudflow::{self, CloudFlow, types};
use cloud_panels::cloudsfor::{self, CloudsFor};
use cloud_panels::runtime::codegen::{Client, ClientBuilder};
use cloud_panels::runtime::{Error, RetryPolicy};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use verbatim_contract::Contract;
use verbatim_proof::{document, workspace};
use verbatim_simulator::{InProcess, Pace, Settings, Simulator};
use verbatim_wire::calls;
use verbatim_wire::expect;
use verbatim_wire::given::Outcome;

fn simulator(api: &str, pace: Pace) -> Arc<Simulator> {
    let path = workspace().join("spec").join(api).join("openapi.yaml");
    let settings = Settings {
        rate_limit: false,
        pace,
        ..Settings::default()
    };
    let simulator = Simulator::open(Path::new(&path), None, settings);
    Arc::new(simulator.unwrap_or_else(|error| panic!("{error}")))
}

fn over<C>(builder: ClientBuilder<C>, simulator: &Arc<Simulator>) -> ClientBuilder<C> {
    builder
        .base_url("https://panel.example")
        .basic("me", simulator.token())
        .retry(RetryPolicy::never())
        .transport(InProcess::new(Arc::clone(simulator)))
}

fn flow(simulator: &Arc<Simulator>, format: &str) -> CloudFlow {
    let builder = over(CloudFlow::builder(), simulator).format(format);
    builder.build().expect("a client")
}

#[tokio::test]
async fn every_operation_does_the_same_in_both_formats() {
    let contract = Contract::parse("cloudflow", &document("cloudflow")).expect("a document");
    let (in_json, in_xml) = (
        simulator("cloudflow", Pace::Instant),
        simulator("cloudflow", Pace::Instant),
    );
    let (json, xml) = (flow(&in_json, "json"), flow(&in_xml, "xml"));
    let (mut successes, mut failures) = (0, Vec::new());
    for operation in contract.operations() {
        let probe = calls::cloudflow::PROBES
            .iter()
            .find(|probe| probe.operation.id == operation.id)
            .expect("a generated operation");
        let expected = expect::expected(&contract, operation);
        let wanted = probe.call(json.client(), &expected.given).await;
        let is = probe.call(xml.client(), &expected.given).await;
        successes += usize::from(matches!(is, Outcome::Success(_)));
        if is != wanted {
            failures.push(format!(
                "{}: {is:?} in XML, {wanted:?} in JSON",
                operation.id
            ));
        }
    }
    println!(
        "{} operations, {successes} successes",
        contract.operations().len()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(successes > 20, "{successes}");
}

#[tokio::test]
async fn types_are_the_same_in_both_formats() {
    let simulator = simulator("cloudflow", Pace::Instant);
    let json = flow(&simulator, "json");
    let xml = flow(&simulator, "xml");
    let machines = xml.virtual_machines().list().await.expect("machines");
    assert_eq!(
        json.virtual_machines().list().await.expect("machines"),
        machines
    );
    assert!(!machines.is_empty());
    let role = xml
        .roles()
        .create(&types::CreateRole::new("a <b> & \"c\" é"))
        .await;
    let role = role.expect("an answer").into_documented().expect("a role");
    let shown = json.roles().get(role.id).await.expect("a role");
    assert_eq!(shown.label.as_deref(), Some("a <b> & \"c\" é"));
    assert_eq!(xml.roles().get(role.id).await.expect("a role"), shown);
    let update = types::UpdateRole::default().label("new");
    xml.roles()
        .update(role.id, &update)
        .await
        .expect("a change");
    let all = xml
        .roles()
        .list()
        .per_page(1)
        .items()
        .collect()
        .await
        .expect("roles");
    assert_eq!(
        all,
        json.roles().list().items().collect().await.expect("roles")
    );
    assert!(all.iter().any(|role| role.label.as_deref() == Some("new")));
    xml.roles().delete(role.id).await.expect("a removal");
    // Documented errors are decoded from XML, too.
    let error = xml.roles().get(role.id).await.unwrap_err();
    let Error::Api(refused) = error else {
        panic!("{error:?}")
    };
    assert!(
        refused
            .received
            .header("content-type")
            .unwrap_or_default()
            .contains("xml")
    );
}

#[tokio::test(start_paused = true)]
async fn an_action_is_followed_through_its_transactions() {
    for format in ["json", "xml"] {
        let simulator = simulator("cloudflow", Pace::Instant);
        let panel = flow(&simulator, format);
        let machines = panel.virtual_machines().list().await.expect("machines");
        let id = types::VirtualMachineKey::from(machines[0].id);
        let before = panel
            .virtual_machines()
            .transactions(&id)
            .await
            .expect("transactions");
        let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        let after = panel
            .virtual_machines()
            .startup(&id)
            .wait()
            .progress(move |progress| sink.lock().unwrap().push(progress.state.clone()))
            .await
            .unwrap_or_else(|error| panic!("{format}: {error}"));
        assert_eq!(after.len(), before.len() + 1, "{format}");
        let new = after
            .iter()
            .find(|it| !before.iter().any(|old| old.id == it.id));
        let new = new.expect("a new transaction");
        assert_eq!(new.status.to_string(), "complete");
        assert!(!seen.lock().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_action_that_is_never_carried_out_ends_with_the_deadline() {
    let simulator = simulator("cloudflow", Pace::Manual);
    let panel = flow(&simulator, "json");
    let machines = panel.virtual_machines().list().await.expect("machines");
    let id = types::VirtualMachineKey::from(machines[0].id);
    let wait = panel.virtual_machines().startup(&id).wait();
    let error = wait.deadline(Duration::from_secs(60)).await.unwrap_err();
    let Error::Wait(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.state.as_deref(), Some("pending"));
}

#[tokio::test(start_paused = true)]
async fn machines_of_the_other_panel_are_made_and_removed() {
    let simulator = simulator("cloudsfor", Pace::Instant);
    let client =
        over(CloudsFor::builder(), &simulator).base_url("https://cloudsfor.example/api/v1");
    let cloud = client.build().expect("a client");
    let new = cloudsfor::types::CreateVm::default().name("web");
    let made = cloud.vms().create(&new).await.expect("a machine");
    let id = made.id.as_deref().expect("an identifier").to_owned();
    let headers = cloud.vms().head(&id).send().await.expect("headers");
    assert_eq!((headers.status(), headers.body().len()), (200, 0));
    assert!(!headers.headers().is_empty());
    let update = cloudsfor::types::UpdateVm::default().name("new");
    for _ in 0..2 {
        let changed = cloud.vms().update(&id, &update).await.expect("a change");
        assert_eq!(changed.name.as_deref(), Some("new"));
    }
    let vms = cloud
        .vms()
        .list()
        .per_page(1)
        .items()
        .collect()
        .await
        .expect("machines");
    assert!(vms.iter().any(|vm| vm.id.as_deref() == Some(id.as_str())));
    let page = cloud.vms().list().await.expect("a page");
    assert!(
        page.meta
            .as_ref()
            .is_some_and(|meta| meta.total.copied().is_some())
    );
    let reboot = cloudsfor::types::CreateAction::new("reboot");
    cloud
        .vm_actions()
        .create(&id, &reboot)
        .wait()
        .await
        .expect("an action that completes");
    // Removed, and gone already: the same to one who wants it gone.
    assert_eq!(
        cloud.vms().delete(&id).or_gone().await.expect("a removal"),
        Some(())
    );
    assert_eq!(
        cloud
            .vms()
            .delete(&id)
            .or_gone()
            .await
            .expect("nothing there"),
        None
    );
    let error = cloud.vms().delete(&id).await.unwrap_err();
    assert!(matches!(error, Error::Api(refused) if refused.received.status == 404));
    let error = cloud.vms().get(&id).or_gone().await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
}

#[test]
fn formats_are_those_that_the_document_declares() {
    let service = &cloudflow::SERVICE;
    let build = |format: &str| {
        Client::builder(service)
            .basic("a", "b")
            .format(format)
            .build()
    };
    let error = build("yaml").unwrap_err().to_string();
    assert_eq!(error, "the API speaks no `yaml`; it speaks json, xml");
    assert!(build("json").is_ok() && build("xml").is_ok());
    let other = Client::builder(&cloudsfor::SERVICE)
        .basic("a", "b")
        .format("xml");
    let error = other.build().unwrap_err().to_string();
    assert_eq!(error, "the API speaks no `xml`; it speaks json");
}
