//! The life of a server in the hands of the generated client, and many servers at once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::cloudpanel::types::{
    AttachBlockStorage, CreateBlockStorage, CreatePrivateNetwork, CreateServer,
    CreateServerHardware, CreateServerHdd, ResizeServer, ResourceId, Server, ServerAction,
    ServerActionAction, ServerActionMethod, ServerState,
};
use verbatim_lives::House;

async fn order(panel: &CloudPanel, name: &str) -> CreateServer {
    let appliances = panel.server_appliances().list().await.unwrap();
    let hardware = CreateServerHardware::default()
        .vcore(2)
        .cores_per_processor(1)
        .ram("4".parse::<cloud_panels::runtime::json::Number>().unwrap())
        .hdds(vec![CreateServerHdd::new(true, 40)]);
    CreateServer::new(name, hardware, &appliances[0].id)
}

fn state(server: Server) -> Option<ServerState> {
    server.status.into_option()?.state.into_option()
}

/// Progress as it was told: states and percentages.
type Seen = Arc<Mutex<Vec<(String, Option<f64>)>>>;

#[tokio::test(start_paused = true)]
async fn a_server_lives_from_order_to_removal() {
    let house = House::new(1);
    let panel = house.client();
    let servers = panel.servers();
    let request = order(&panel, "life").await.power_on(true);

    let seen = Seen::default();
    let noted = Arc::clone(&seen);
    let server = servers
        .create(&request)
        .wait()
        .progress(move |progress| {
            let state = progress.state.clone().unwrap_or_default();
            noted.lock().unwrap().push((state, progress.percent));
        })
        .await
        .unwrap();
    let id = server.id.clone();
    assert_eq!(state(server), Some(ServerState::PoweredOn));
    let seen = seen.lock().unwrap().clone();
    let percents: Vec<f64> = seen.iter().filter_map(|(_, percent)| *percent).collect();
    assert!(percents.len() >= 2 && percents.is_sorted(), "{seen:?}");
    assert_eq!(seen.first().unwrap().0, "DEPLOYING");

    let off = ServerAction::new(ServerActionAction::PowerOff).method(ServerActionMethod::Software);
    let server = servers.set_power(&id, &off).wait().await.unwrap();
    assert_eq!(state(server), Some(ServerState::PoweredOff));
    let larger = ResizeServer::default()
        .vcore(4)
        .cores_per_processor(1)
        .ram("8".parse::<cloud_panels::runtime::json::Number>().unwrap());
    let server = servers.resize_hardware(&id, &larger).wait().await.unwrap();
    let hardware = server.hardware.clone().into_option().unwrap();
    assert_eq!(hardware.vcore.into_option(), Some(4));
    assert_eq!(state(server), Some(ServerState::PoweredOff));

    let server = servers.create_snapshot(&id).wait().await.unwrap();
    let snapshot = server
        .snapshot
        .into_option()
        .and_then(|snapshot| snapshot.id.into_option())
        .expect("the server shows its snapshot");
    servers
        .restore_snapshot(&id, &snapshot)
        .wait()
        .await
        .unwrap();
    servers
        .delete_snapshot(&id, &snapshot)
        .wait()
        .await
        .unwrap();

    let on = ServerAction::new(ServerActionAction::PowerOn);
    servers.set_power(&id, &on).wait().await.unwrap();
    let reboot = ServerAction::new(ServerActionAction::Reboot).method(ServerActionMethod::Hardware);
    let server = servers.set_power(&id, &reboot).wait().await.unwrap();
    assert_eq!(state(server), Some(ServerState::PoweredOn));

    attach_and_detach(&panel, &id).await;

    servers.delete(&id).wait().await.unwrap();
    let gone = servers.get(&id).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    assert_eq!(house.servers_named("life"), 0);
    assert_eq!(house.sent("POST", "/v1/servers"), 1);
    assert_eq!(house.answered(429), 0, "the client keeps within the rate");
}

/// A private network and a storage, which show the server as long as it is joined to them.
async fn attach_and_detach(panel: &CloudPanel, id: &str) {
    let servers = panel.servers();
    let network = CreatePrivateNetwork::new("net")
        .network_address("192.168.7.0")
        .subnet_mask("255.255.255.0");
    let network = panel
        .private_networks()
        .create(&network)
        .wait()
        .await
        .unwrap();
    let joined = ResourceId::new(&network.id);
    servers
        .assign_private_network(id, &joined)
        .wait()
        .await
        .unwrap();
    let networks = servers.list_private_networks(id).await.unwrap();
    assert!(
        networks
            .iter()
            .any(|one| one.id.as_deref() == Some(network.id.as_str()))
    );
    let members = panel
        .private_networks()
        .list_servers(&network.id)
        .await
        .unwrap();
    assert!(members.iter().any(|one| one.id.as_deref() == Some(id)));

    let storages = panel.block_storages();
    let storage = CreateBlockStorage::new("data", 20);
    let storage = storages.create(&storage).wait().await.unwrap();
    let to = AttachBlockStorage::default().server_id(id);
    let attached = storages
        .attach_server(&storage.id, &to)
        .wait()
        .await
        .unwrap();
    let joined = attached.server.into_option().expect("it shows the server");
    assert_eq!(joined.id.as_deref(), Some(id));
    storages.detach_server(&storage.id).wait().await.unwrap();
    storages.delete(&storage.id).wait().await.unwrap();
    servers
        .remove_private_network(id, &network.id)
        .wait()
        .await
        .unwrap();
    let members = panel
        .private_networks()
        .list_servers(&network.id)
        .await
        .unwrap();
    assert!(members.is_empty());
    panel
        .private_networks()
        .delete(&network.id)
        .wait()
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_thousand_servers_are_listed_by_pages() {
    let house = House::new(2);
    let panel = house.client();
    let request = order(&panel, "one of many").await;
    // Ordering is not what is tested here, so that it is not paced.
    let fast = house.client_with(cloud_panels::runtime::ClientBuilder::without_pacing);
    let mut known = BTreeSet::new();
    while house.servers_named("one of many") < 1000 {
        house.plant(r#"{"kind": "latency", "amount": 3000}"#);
        for _ in 0..50 {
            let server = fast.servers().create(&request).await.unwrap();
            assert!(known.insert(server.id), "no identifier is given twice");
        }
    }
    house.plant("[]");
    let mut listed = BTreeSet::new();
    let mut items = panel.servers().list().per_page(100).sort("name").items();
    while let Some(server) = items.next().await {
        assert!(listed.insert(server.unwrap().id), "each is given once");
    }
    assert!(known.is_subset(&listed));
    assert!(house.sent("GET", "/v1/servers") >= 10);
}

#[tokio::test(start_paused = true)]
async fn twenty_wait_at_the_same_time() {
    let house = House::new(3);
    let panel = Arc::new(house.client());
    let request = order(&panel, "waited for").await.power_on(true);
    let waits: Vec<_> = (0..20)
        .map(|_| {
            let (panel, request) = (Arc::clone(&panel), request.clone());
            tokio::spawn(async move { panel.servers().create(&request).wait().await })
        })
        .collect();
    let mut ids = BTreeSet::new();
    for wait in waits {
        let server = wait.await.unwrap().unwrap();
        ids.insert(server.id.clone());
        assert_eq!(state(server), Some(ServerState::PoweredOn));
    }
    assert_eq!(ids.len(), 20);
    assert_eq!(house.servers_named("waited for"), 20);
    assert_eq!(house.sent("POST", "/v1/servers"), 20);
    assert_eq!(house.answered(429), 0);
    let polls = house.traffic().len() - 21;
    assert!(polls < 20 * 8, "waits share their polls: {polls}");
}

#[tokio::test(start_paused = true)]
async fn an_unreliable_panel_is_survived() {
    let (mut tried, mut broken, mut unavailable) = (0, 0, 0);
    for seed in 1..=5 {
        let house = House::new(seed);
        let panel = Arc::new(house.client());
        let request = order(&panel, "stormy").await.power_on(true);
        // Reading fails in every way that passes; changes are slow and answered with more than is
        // documented.
        house.plant(
            r#"[
                {"kind": "status", "amount": 503, "method": "GET", "probability": 0.2, "burst": 2},
                {"kind": "retry-after", "amount": 4},
                {"kind": "lost", "method": "GET", "probability": 0.1},
                {"kind": "reset", "amount": 40, "method": "GET", "probability": 0.1},
                {"kind": "latency", "amount": 2500, "probability": 0.3},
                {"kind": "slow", "amount": 20, "probability": 0.2},
                {"kind": "unknown-property", "probability": 0.3},
                {"kind": "unknown-enum", "method": "GET", "probability": 0.1}
            ]"#,
        );
        let waits: Vec<_> = (0..5)
            .map(|_| {
                let (panel, request) = (Arc::clone(&panel), request.clone());
                tokio::spawn(async move {
                    let server = panel.servers().create(&request).wait().await?;
                    let kept = server.id.clone();
                    panel.servers().delete(&server.id).wait().await?;
                    Ok::<_, cloud_panels::runtime::Error<_>>(kept)
                })
            })
            .collect();
        for wait in waits {
            wait.await.unwrap().unwrap();
            tried += 1;
        }
        assert_eq!(house.servers_named("stormy"), 0, "seed {seed}");
        assert_eq!(house.sent("POST", "/v1/servers"), 5, "seed {seed}");
        let traffic = house.traffic();
        broken += traffic.iter().filter(|sent| sent.status.is_none()).count();
        unavailable += house.answered(503);
    }
    assert!(broken > 0 && unavailable > 0, "nothing went wrong");
    assert_eq!(tried, 25);
}
