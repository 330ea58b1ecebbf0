//! Replies to changes that are not what the document says: kept, and told as drift.

use bytes::Bytes;
use cloud_panels::cloudflow::{CloudFlow, api, types};
use cloud_panels::runtime::json::{DriftKind, Expected, Json};
use cloud_panels::runtime::transport::respond;
use cloud_panels::runtime::{Error, RetryPolicy};
use http::Response;
use std::sync::{Arc, Mutex};

const JSON: &str = "application/json";

type Told = Arc<Mutex<Vec<String>>>;

/// A panel that answers everything alike, and what its client tells of drift.
fn panel(format: &str, status: u16, media: &str, body: &str) -> (CloudFlow, Told) {
    let (media, body) = (media.to_owned(), Bytes::from(body.to_owned()));
    let told = Told::default();
    let hook = Arc::clone(&told);
    let client = CloudFlow::builder()
        .base_url("https://onapp.test")
        .basic("user", "userpass")
        .format(format)
        .retry(RetryPolicy::never())
        .on_drift(move |drift| {
            if drift.kind == DriftKind::UnknownBranch {
                let told = format!("{} {}", drift.operation, drift.status);
                hook.lock().expect("no panic").push(told);
            }
        })
        .transport(respond(move |_| {
            let reply = Response::builder().status(status);
            let reply = match media.as_str() {
                "" => reply,
                media => reply.header("content-type", media),
            };
            Ok(reply.body(body.clone()).expect("a reply"))
        }))
        .build()
        .expect("a client");
    (client, told)
}

fn take(told: &Told) -> Vec<String> {
    std::mem::take(&mut told.lock().expect("no panic"))
}

#[tokio::test]
async fn another_root_or_shape_is_kept_after_a_change() {
    for body in [
        r#"{"instance":{"id":7}}"#,
        r#"[{"virtual_machine":{"id":7}}]"#,
        r#"{"virtual_machine":{"id":7},"meta":{}}"#,
        r#"{"virtual_machine":{"label":"no number"}}"#,
        r#"{"id":7.00}"#,
        "null",
    ] {
        let (panel, told) = panel("json", 201, JSON, body);
        let reply = panel.virtual_machines().startup(&7.into()).await;
        let reply = reply.expect("a success is no error");
        assert_eq!(reply.other().map(Json::as_str), Some(body));
        assert_eq!(take(&told), ["startVirtualMachine 201"]);
        let error = reply.into_documented().unwrap_err();
        assert!(!error.to_string().contains("instance"), "{error}");
        assert_eq!(error.0.as_str(), body);
    }
}

#[tokio::test]
async fn what_is_no_json_is_kept_as_a_text() {
    for (media, body, text) in [
        (
            "text/html",
            "<html>Done \"soon\"</html>",
            r#""<html>Done \"soon\"</html>""#,
        ),
        (JSON, "{\"virtual_machine\":", r#""{\"virtual_machine\":""#),
        ("", "", r#""""#),
    ] {
        let (panel, told) = panel("json", 201, media, body);
        let reply = panel.virtual_machines().startup(&7.into()).send().await;
        let reply = reply.expect("a success is no error");
        assert_eq!(reply.value.other().map(Json::as_str), Some(text));
        assert_eq!(reply.body(), body);
        assert_eq!(take(&told), ["startVirtualMachine 201"]);
    }
    let xml = "<instance><id type=\"integer\">7</id></instance>";
    let (panel, told) = panel("xml", 201, "application/xml", xml);
    let reply = panel.virtual_machines().startup(&7.into()).await;
    let other = reply.expect("a success is no error").into_documented();
    let text: String = other.unwrap_err().0.decode().expect("a text");
    assert_eq!(text, xml);
    assert_eq!(take(&told), ["startVirtualMachine 201"]);
}

#[tokio::test]
async fn removals_and_replies_of_several_statuses_are_kept_too() {
    let (panel, told) = panel("json", 200, JSON, "[1]");
    let removed = panel.roles().delete(1).await.expect("no error");
    assert!(matches!(removed, Some(Expected::Other(other)) if other.as_str() == "[1]"));
    let noted = panel.backups().note(1, &types::NoteBackup::new("x")).await;
    let noted = noted.expect("no error");
    assert!(
        matches!(noted, api::backups::NoteBackupReply::Other(other) if other.as_str() == "[1]")
    );
    // The panel takes this order by GET, and it changes something.
    let suspended = panel.users().suspend(1).await.expect("no error");
    assert_eq!(suspended.other().map(Json::as_str), Some("[1]"));
    assert_eq!(
        take(&told),
        ["deleteRole 200", "noteBackup 200", "suspendUser 200"]
    );
}

#[tokio::test]
async fn reading_is_as_strict_as_before_and_refusals_stay_refusals() {
    let (reads, told) = panel("json", 200, JSON, r#"{"instance":{"id":7}}"#);
    let error = reads.virtual_machines().get(&7.into()).await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error:?}");
    assert!(take(&told).is_empty());
    let (refuses, _) = panel("json", 422, JSON, r#"{"errors":["no"]}"#);
    let error = refuses.virtual_machines().startup(&7.into()).await;
    assert!(matches!(error, Err(Error::Api(_))), "{error:?}");
}

#[tokio::test]
async fn replies_that_were_recorded_with_another_root_are_typed() {
    let disks = r#"[{"disk":{"id":78}}]"#;
    let (old, told) = panel("json", 201, JSON, disks);
    let order = types::CreateScheduleRequest::Disk(
        types::CreateDiskSchedule::default()
            .period("days")
            .duration(1),
    );
    let made = old.disks().create_schedule(78, &order).await;
    assert!(matches!(
        made.expect("disks"),
        types::CreatedSchedule::DiskList(disks) if disks[0].id == 78
    ));
    let (new, _) = panel("json", 201, JSON, r#"{"schedule":{"id":3}}"#);
    let made = new.disks().create_schedule(78, &order).await;
    assert!(matches!(
        made.expect("a schedule"),
        types::CreatedSchedule::Schedule(schedule) if schedule.id == 3
    ));
    let join = types::CreateNetworkJoin::default().network_id(1);
    for body in [r#"{"hypervisor":{"id":1}}"#, r#"{"network_join":{"id":2}}"#] {
        let (panel, more) = panel("json", 201, JSON, body);
        let joined = panel.hypervisors().create_network_join(1, &join).await;
        let joined = joined.expect("a join");
        assert!(
            !matches!(joined, types::JoinedHypervisor::Unknown(_)),
            "{joined:?}"
        );
        assert!(take(&more).is_empty());
    }
    let zone = r#"{"hypervisor_group":{"id":1,"label":"zone"}}"#;
    let (panel, _) = panel("json", 201, JSON, zone);
    let joined = panel.hypervisor_zones().create_network_join(1, &join).await;
    assert!(matches!(
        joined.expect("a zone"),
        types::JoinedHypervisorZone::HypervisorGroup(zone) if zone.id == 1
    ));
    assert!(take(&told).is_empty());
}
