//! What things share shows on both sides: networks, addresses, policies, balancers.

#[path = "support/common.rs"]
mod common;
#[path = "support/panel.rs"]
mod panel;

use common::get;
use panel::{first, length, new_server, panel, read};

#[test]
fn private_networks_show_on_both_sides() {
    let panel = panel();
    let id = new_server(&panel, "networked");
    let (_, network) = panel.send("POST", "/private_networks", r#"{"name": "inner"}"#);
    let network = get(&network, "/id");
    let (status, _) = panel.send(
        "POST",
        &format!("/servers/{id}/private_networks"),
        &format!(r#"{{"id": "{network}"}}"#),
    );
    assert_eq!(status, 202);
    let of_server = read(&panel, &format!("/servers/{id}/private_networks"));
    assert_eq!(
        (get(&of_server, "/0/id"), get(&of_server, "/0/name")),
        (network.clone(), "inner".to_owned())
    );
    let of_network = read(&panel, &format!("/private_networks/{network}/servers"));
    assert_eq!(
        (get(&of_network, "/0/id"), get(&of_network, "/0/name")),
        (id.clone(), "networked".to_owned())
    );
    // A new name shows on the other side, too.
    assert_eq!(
        panel
            .send(
                "PUT",
                &format!("/servers/{id}"),
                r#"{"name": "renamed", "description": ""}"#
            )
            .0,
        200
    );
    assert_eq!(
        get(
            &read(&panel, &format!("/private_networks/{network}")),
            "/servers/0/name"
        ),
        "renamed"
    );
    // Taken apart from the other side.
    assert_eq!(
        panel
            .send(
                "DELETE",
                &format!("/private_networks/{network}/servers/{id}"),
                ""
            )
            .0,
        202
    );
    assert_eq!(
        length(&read(&panel, &format!("/servers/{id}/private_networks"))),
        0
    );
    // Joined from the other side, and gone with the network.
    let (status, _) = panel.send(
        "POST",
        &format!("/private_networks/{network}/servers"),
        &format!(r#"{{"servers": ["{id}"]}}"#),
    );
    assert_eq!(status, 202);
    assert_eq!(
        length(&read(&panel, &format!("/servers/{id}/private_networks"))),
        1
    );
    assert_eq!(
        panel
            .send("DELETE", &format!("/private_networks/{network}"), "")
            .0,
        202
    );
    panel.advance(100);
    assert_eq!(
        panel
            .send("GET", &format!("/private_networks/{network}"), "")
            .0,
        404
    );
    assert_eq!(
        length(&read(&panel, &format!("/servers/{id}/private_networks"))),
        0
    );
}

#[test]
fn addresses_policies_and_balancers_are_one_web() {
    let panel = panel();
    let id = new_server(&panel, "addressed");
    let path = format!("/servers/{id}");
    panel.advance(100);
    let (status, _) = panel.send("POST", &format!("{path}/ips"), r#"{"type_ip": "IPV4"}"#);
    assert_eq!(status, 201);
    let ips = read(&panel, &format!("{path}/ips"));
    let ip = get(&ips, "/0/id");
    let public = read(&panel, &format!("/public_ips/{ip}"));
    assert_eq!(get(&public, "/assigned_to/id"), id);
    assert_eq!(get(&public, "/ip"), get(&ips, "/0/ip"));

    let policy = first(&panel, "/firewall_policies");
    let (status, _) = panel.send(
        "PUT",
        &format!("{path}/ips/{ip}/firewall_policy"),
        &format!(r#"{{"id": "{policy}"}}"#),
    );
    assert_eq!(status, 202);
    let of_ip = read(&panel, &format!("{path}/ips/{ip}/firewall_policy"));
    assert_eq!(get(&of_ip, "/id"), policy);
    let of_policy = read(
        &panel,
        &format!("/firewall_policies/{policy}/server_ips/{ip}"),
    );
    assert_eq!(
        (get(&of_policy, "/server_name"), get(&of_policy, "/ip")),
        ("addressed".to_owned(), get(&public, "/ip"))
    );

    let balancer = first(&panel, "/load_balancers");
    let assigned = format!(r#"{{"server_ips": ["{ip}"]}}"#);
    assert_eq!(
        panel
            .send(
                "POST",
                &format!("/load_balancers/{balancer}/server_ips"),
                &assigned
            )
            .0,
        202
    );
    assert_eq!(
        get(
            &read(&panel, &format!("{path}/ips/{ip}/load_balancers")),
            "/0/id"
        ),
        balancer
    );
    assert_eq!(
        panel
            .send(
                "DELETE",
                &format!("{path}/ips/{ip}/load_balancers/{balancer}"),
                ""
            )
            .0,
        202
    );
    assert_eq!(
        panel
            .send(
                "GET",
                &format!("/load_balancers/{balancer}/server_ips/{ip}"),
                ""
            )
            .0,
        404
    );
}

#[test]
fn a_second_policy_replaces_the_first_and_addresses_can_be_kept() {
    let panel = panel();
    let id = new_server(&panel, "kept");
    let path = format!("/servers/{id}");
    assert_eq!(
        panel
            .send("POST", &format!("{path}/ips"), r#"{"type_ip": "IPV4"}"#)
            .0,
        201
    );
    let ip = get(&read(&panel, &format!("{path}/ips")), "/0/id");
    let assigned = format!(r#"{{"server_ips": ["{ip}"]}}"#);
    let policy = first(&panel, "/firewall_policies");
    assert_eq!(
        panel
            .send(
                "POST",
                &format!("/firewall_policies/{policy}/server_ips"),
                &assigned
            )
            .0,
        202
    );

    // Another policy takes the place of the first, on all sides.
    let (_, other) = panel.send("POST", "/firewall_policies", r#"{"name": "other", "rules": [{"protocol": "TCP", "port_from": 80, "port_to": 80, "source": "0.0.0.0"}]}"#);
    let other = get(&other, "/id");
    assert_eq!(
        panel
            .send(
                "POST",
                &format!("/firewall_policies/{other}/server_ips"),
                &assigned
            )
            .0,
        202
    );
    assert_eq!(
        panel
            .send(
                "GET",
                &format!("/firewall_policies/{policy}/server_ips/{ip}"),
                ""
            )
            .0,
        404
    );
    assert_eq!(
        get(
            &read(&panel, &format!("{path}/ips/{ip}/firewall_policy")),
            "/id"
        ),
        other
    );

    // The address goes with the assignment, unless it is to be kept.
    assert_eq!(
        panel
            .send(
                "DELETE",
                &format!("{path}/ips/{ip}"),
                r#"{"keep_ip": true}"#
            )
            .0,
        202
    );
    assert_eq!(
        get(&read(&panel, &format!("/public_ips/{ip}")), "/assigned_to"),
        "null"
    );
    assert_eq!(
        length(&read(
            &panel,
            &format!("/firewall_policies/{other}/server_ips")
        )),
        0
    );
    panel.send("POST", &format!("{path}/ips"), r#"{"type_ip": "IPV4"}"#);
    let second = get(&read(&panel, &format!("{path}/ips")), "/0/id");
    assert_eq!(
        panel.send("DELETE", &format!("{path}/ips/{second}"), "").0,
        202
    );
    assert_eq!(
        panel.send("GET", &format!("/public_ips/{second}"), "").0,
        404
    );
}
