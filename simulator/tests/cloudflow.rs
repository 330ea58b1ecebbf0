//! The simulated CloudFlow lives: zones and records, backups that are put back, rules that count when they are
//! applied, statistics that grow with virtual time, states, transactions and their log, the console.

#[path = "support/common.rs"]
mod common;

use common::{Caller, document, get};
use verbatim_contract::value::at;
use verbatim_source::Value;

fn panel() -> Caller {
    Caller::manual(&document("cloudflow/openapi.yaml"))
}

fn read(panel: &Caller, path: &str) -> Value {
    let (status, value) = panel.send("GET", path, "");
    assert_eq!(status, 200, "{path}: {value:?}");
    value
}

fn length(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        other => panic!("{other:?} is no list"),
    }
}

fn sent(panel: &Caller, method: &str, path: &str, body: &str) -> Value {
    let (status, value) = panel.send(method, path, body);
    assert!(status < 300, "{method} {path}: {status} {value:?}");
    value
}

/// A new machine, its identifier.
fn machine(panel: &Caller) -> String {
    let body = r#"{"virtual_machine": {"label": "web", "hostname": "web", "memory": 512, "cpus": 1, "cpu_shares": 10,
        "template_id": 1, "primary_disk_size": 5, "required_virtual_machine_build": 1}}"#;
    let made = sent(panel, "POST", "/virtual_machines.json", body);
    get(&made, "/virtual_machine/id")
}

#[test]
fn zones_show_their_records_by_type() {
    let panel = panel();
    let zone = sent(
        &panel,
        "POST",
        "/dns_zones.json",
        r#"{"dns_zone": {"name": "a.example"}}"#,
    );
    let zone = get(&zone, "/dns_zone/id");
    let records = format!("/dns_zones/{zone}/records");
    let add = |body: &str| {
        let made = sent(&panel, "POST", &format!("{records}.json"), body);
        get(&made, "/dns_record/id")
    };
    let one = add(r#"{"dns_record": {"name": "www", "type": "A", "ttl": 60, "ip": "192.0.2.1"}}"#);
    add(r#"{"dns_record": {"name": "www2", "type": "A", "ip": "192.0.2.2"}}"#);
    add(
        r#"{"dns_record": {"name": "@", "type": "MX", "hostname": "mail.example", "priority": 10}}"#,
    );
    let shown = read(&panel, &format!("{records}.json"));
    assert_eq!(get(&shown, "/dns_zone/name"), "a.example");
    let of = |value: &Value, list: &str| at(value, list).map_or(0, length);
    assert_eq!(of(&shown, "/dns_zone/records/A"), 2);
    assert_eq!(
        get(&shown, "/dns_zone/records/MX/0/dns_record/priority"),
        "10"
    );
    let change = r#"{"dns_record": {"name": "www", "type": "A", "ip": "192.0.2.9"}}"#;
    sent(&panel, "PUT", &format!("{records}/{one}.json"), change);
    let read_again = read(&panel, &format!("{records}/{one}.json"));
    assert_eq!(get(&read_again, "/dns_record/ip"), "192.0.2.9");
    sent(&panel, "DELETE", &format!("{records}/{one}.json"), "");
    let shown = read(&panel, &format!("{records}.json"));
    assert_eq!(of(&shown, "/dns_zone/records/A"), 1);
    // Another list of the same zones, and another zone that has none of the records.
    let zones = read(&panel, "/dns_zones/user.json");
    assert_eq!(length(&zones), length(&read(&panel, "/dns_zones.json")));
    let other = read(&panel, "/dns_zones/1/records.json");
    assert_eq!(of(&other, "/dns_zone/records/A"), 0);
    sent(&panel, "DELETE", &format!("/dns_zones/{zone}.json"), "");
    assert_eq!(panel.send("GET", &format!("{records}.json"), "").0, 404);
}

#[test]
fn a_machine_comes_with_its_disk_and_is_built_when_the_transaction_is_done() {
    let panel = panel();
    let machine = machine(&panel);
    let status = format!("/virtual_machines/{machine}/status.json");
    let transactions = format!("/virtual_machines/{machine}/transactions.json");
    assert_eq!(
        get(&read(&panel, &status), "/virtual_machine/built"),
        "false"
    );
    let before = read(&panel, &transactions);
    assert_eq!(get(&before, "/0/transaction/status"), "pending");
    assert_eq!(get(&before, "/0/transaction/parent_id"), machine);
    panel.advance(60);
    assert_eq!(
        get(&read(&panel, &transactions), "/0/transaction/status"),
        "complete"
    );
    assert_eq!(
        get(&read(&panel, &status), "/virtual_machine/booted"),
        "true"
    );
    let disks = read(&panel, &format!("/virtual_machines/{machine}/disks.json"));
    assert_eq!(get(&disks, "/0/disk/disk_size"), "5");
    // The list of all states has it, and what is stopped shows it there.
    sent(
        &panel,
        "POST",
        &format!("/virtual_machines/{machine}/stop.json"),
        "",
    );
    panel.advance(60);
    let Value::Array(all) = read(&panel, "/virtual_machines/status.json") else {
        panic!("the states are a list")
    };
    let mut all = all.iter().map(|it| &it.value);
    let own = all.find(|it| get(it, "/virtual_machine/id") == machine);
    assert_eq!(
        own.map(|it| get(it, "/virtual_machine/booted")).as_deref(),
        Some("false")
    );
    let log = read(&panel, &format!("/virtual_machines/{machine}/logs.json"));
    assert_eq!(length(&log), 2);
    assert_eq!(get(&log, "/0/log_item/action"), "build_virtual_machine");
    assert_eq!(get(&log, "/0/log_item/status"), "complete");
}

#[test]
fn a_backup_puts_back_what_was() {
    let panel = panel();
    let machine = machine(&panel);
    panel.advance(60);
    let disks = read(&panel, &format!("/virtual_machines/{machine}/disks.json"));
    let disk = get(&disks, "/0/disk/id");
    let taken = format!("/settings/disks/{disk}/backups.json");
    let backup = sent(&panel, "POST", &taken, r#"{"backup": {"note": "before"}}"#);
    let backup = get(&backup, "/backup/id");
    let all = read(&panel, "/transactions.json");
    let last = format!("/{}/transaction", length(&all) - 1);
    assert_eq!(get(&all, &format!("{last}/associated_object_id")), disk);
    assert_eq!(get(&all, &format!("{last}/associated_object_type")), "Disk");
    assert_eq!(get(&read(&panel, &taken), "/0/backup/built"), "false");
    panel.advance(60);
    assert_eq!(get(&read(&panel, &taken), "/0/backup/built"), "true");
    // It is a backup of the machine too.
    let of_machine = read(&panel, &format!("/virtual_machines/{machine}/backups.json"));
    assert_eq!(get(&of_machine, "/0/backup/id"), backup);
    let path = format!("/settings/disks/{disk}.json");
    sent(&panel, "PUT", &path, r#"{"disk": {"disk_size": 50}}"#);
    assert_eq!(get(&read(&panel, &path), "/disk/disk_size"), "50");
    sent(
        &panel,
        "POST",
        &format!("/backups/{backup}/restore.json"),
        "",
    );
    assert_eq!(get(&read(&panel, &path), "/disk/disk_size"), "50");
    // What goes on survives a snapshot of the whole state.
    let (status, state) = panel.send("GET", "/__simulator/snapshot", "");
    assert_eq!(status, 200);
    let state = verbatim_source::write::compact(&state);
    assert_eq!(panel.send("POST", "/__simulator/load", &state).0, 200);
    panel.advance(60);
    assert_eq!(get(&read(&panel, &path), "/disk/disk_size"), "5");
}

#[test]
fn rules_count_from_when_they_are_applied() {
    let panel = panel();
    let machine = machine(&panel);
    let rules = format!("/virtual_machines/{machine}/firewall_rules.json");
    let body = r#"{"firewall_rule": {"command": "ACCEPT", "protocol": "TCP", "network_interface_id": 1, "port": "80"}}"#;
    sent(&panel, "POST", &rules, body);
    let in_force = || {
        let (_, state) = panel.send("GET", "/__simulator/snapshot", "");
        let Some(Value::Object(singles)) = at(&state, "/singles") else {
            panic!("a snapshot has the documents that there are once")
        };
        let path = format!("/virtual_machines/{machine}/firewall_rules/applied");
        singles.get(&path).map(|it| length(&it.value))
    };
    panel.advance(60);
    assert_eq!(in_force(), None);
    let apply = format!("/virtual_machines/{machine}/update_firewall_rules.json");
    sent(&panel, "POST", &apply, "");
    assert_eq!(in_force(), None);
    panel.advance(60);
    read(&panel, &rules);
    assert_eq!(in_force(), Some(1));
}

#[test]
fn statistics_grow_with_virtual_time() {
    let panel = panel();
    let machine = machine(&panel);
    let rows = format!("/virtual_machines/{machine}/vm_stats.json");
    assert_eq!(length(&read(&panel, &rows)), 0);
    panel.advance(3 * 3600);
    let grown = read(&panel, &rows);
    assert_eq!(length(&grown), 3);
    assert_eq!(
        get(&grown, "/0/vm_hourly_stat/stat_time"),
        "2024-01-01T01:00:00Z"
    );
    assert_eq!(get(&grown, "/0/vm_hourly_stat/virtual_machine_id"), machine);
    let from = "period%5Bstartdate%5D=2024-01-01+02:00:00";
    assert_eq!(length(&read(&panel, &format!("{rows}?{from}"))), 2);
    let to = "period%5Benddate%5D=2024-01-01+02:00:00";
    assert_eq!(length(&read(&panel, &format!("{rows}?{from}&{to}"))), 1);
    assert_eq!(
        length(&read(
            &panel,
            &format!("/virtual_machines/{machine}/cpu_usage.json")
        )),
        3
    );
    let of_machine = read(&panel, &format!("/virtual_machines/{machine}.json"));
    let user = get(&of_machine, "/virtual_machine/user_id");
    let of_user = read(&panel, &format!("/users/{user}/vm_stats.json"));
    assert!(length(&of_user) >= 3);
    let row = get(&of_user, "/0/vm_hourly_stat/id");
    read(&panel, &format!("/users/{user}/vm_stats/{row}.json"));
    // What a user cost is what the machines cost in that time.
    let costs = format!("/users/{user}/user_statistics.json");
    let cost = |query: &str| {
        let sums = read(&panel, &format!("{costs}{query}"));
        get(&sums, "/user_stat/total_cost").parse::<f64>().unwrap()
    };
    let (all, from) = (cost(""), cost(&format!("?{from}")));
    assert!(all > from && from > 0.0, "{all} {from}");
    panel.advance(3600);
    assert!(cost("") > all);
    // A month of rows is kept, however long the time.
    panel.advance(400 * 86_400);
    assert_eq!(length(&read(&panel, &rows)), 744);
}

#[test]
fn consoles_are_opened_anew_and_zones_come_under_other_roots() {
    let panel = panel();
    let machine = machine(&panel);
    let console = format!("/virtual_machines/{machine}/console.json");
    let open = || {
        let opened = sent(&panel, "POST", &console, "");
        assert_eq!(
            get(&opened, "/remote_access_session/virtual_machine_id"),
            machine
        );
        get(&opened, "/remote_access_session/remote_key")
    };
    assert_ne!(open(), open());
    for root in ["pack", "hypervisor_group"] {
        let body = format!(r#"{{"{root}": {{"label": "here"}}}}"#);
        let made = sent(&panel, "POST", "/settings/hypervisor_zones.json", &body);
        assert_eq!(get(&made, "/hypervisor_group/label"), "here", "{root}");
    }
    let (status, _) = panel.send(
        "POST",
        "/settings/hypervisor_zones.json",
        r#"{"zone": {"label": "x"}}"#,
    );
    assert_eq!(status, 422);
}
