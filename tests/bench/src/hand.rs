//! The types of a server as one would write them by hand with serde, unknown properties kept.
//!
//! They have the fields of the generated types and the shapes their values may take. They are
//! what derived code can do at best, not more: null and absence are one, and numbers are `f64`.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// Properties that no field names.
pub type Extra = BTreeMap<String, Value>;

/// A server.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct Server {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloudpanel_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_type: Option<ServerType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssh_password: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ServerStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datacenter: Option<Datacenter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hardware: Option<Hardware>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<NamedReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dvd: Option<NamedReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ips: Option<Vec<ServerIp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerts: Option<Alerts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monitoring_policy: Option<NamedReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_networks: Option<Vec<NamedReference>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rsa_key: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipv6_range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// An identifier with a name.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct NamedReference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// A data centre.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct Datacenter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<i64>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// Power state and progress.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct ServerStatus {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ServerState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<i64>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// Processors, memory and disks.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct Hardware {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baremetal_model_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_instance_size_id: Option<FixedInstanceSizeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vcore: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cores_per_processor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hdds: Option<Vec<Hdd>>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// A disk.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct Hdd {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_main: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// A snapshot.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct Snapshot {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_date: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// A public address of a server.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct ServerIp {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firewall_policy: Option<OneOrMany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_balancers: Option<Vec<NamedReference>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverse_dns: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<IpType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firewall_policies: Option<NamedReference>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// Alerts by severity.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct ServerAlerts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<Vec<ServerAlert>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<Vec<ServerAlert>>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// One finding of the monitoring.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct ServerAlert {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// How many alerts of one kind there are.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the generated type describes the same fields")]
pub struct ServerAlertCount {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// The forms of `alerts`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
#[expect(
    missing_docs,
    reason = "the generated type describes the same variants"
)]
pub enum Alerts {
    Lists(ServerAlerts),
    Counts(Vec<ServerAlertCount>),
    Other(Value),
}

/// The forms of `firewall_policy`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
#[expect(
    missing_docs,
    reason = "the generated type describes the same variants"
)]
pub enum OneOrMany {
    One(NamedReference),
    Many(Vec<NamedReference>),
    Other(Value),
}

/// The forms of `fixed_instance_size_id`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
#[expect(
    missing_docs,
    reason = "the generated type describes the same variants"
)]
pub enum FixedInstanceSizeId {
    Integer(i64),
    Text(String),
    Other(Value),
}

/// Kind of a machine.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    missing_docs,
    reason = "the generated type describes the same variants"
)]
pub enum ServerType {
    Cloud,
    Baremetal,
    Dedicated,
    Vps,
    #[serde(untagged)]
    Unknown(String),
}

/// Family of an address.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(
    missing_docs,
    reason = "the generated type describes the same variants"
)]
pub enum IpType {
    Ipv4,
    Ipv6,
    #[serde(untagged)]
    Unknown(String),
}

/// Power state.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the generated type describes the same variants"
)]
pub enum ServerState {
    PoweringOn,
    PoweredOn,
    PoweredOff,
    PoweringOff,
    Deploying,
    Rebooting,
    Removing,
    Configuring,
    OnRecovery,
    #[serde(untagged)]
    Unknown(String),
}
