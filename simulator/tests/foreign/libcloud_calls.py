"""Makes every public call of the 1and1 driver of apache-libcloud, as it is, on real identifiers.

usage: libcloud_calls.py URL TOKEN
"""

import inspect
import sys
from urllib.parse import urlparse

from libcloud.compute.drivers.oneandone import OneAndOneNodeDriver
from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider

url, token = urlparse(sys.argv[1]), sys.argv[2]
driver = get_driver(Provider.ONEANDONE)(token, secure=False, host=url.hostname, port=url.port)
known = {name for name, it in vars(OneAndOneNodeDriver).items()
         if inspect.isfunction(it) and not name.startswith("_")}
# What the driver itself does wrong; its own tests answer anything.
REFUSED = {
    "ex_add_hdd",  # one disk as it is, where a list of them is documented and all other clients send one
    "ex_add_server_firewall_policy",  # POST, where PUT is documented
    "ex_attach_server_to_shared_storage",  # a member called `severs`
    "ex_delete_firewall_policy",  # the path /firewall_policy
    "ex_get_firewall_policy",  # the same
    "ex_delete_monitoring_policy",  # fails before it asks: it formats a path without a place for the identifier
    "ex_delete_private_network",  # the same
    "ex_remove_server_from_private_network",  # POST, where DELETE is documented
    "ex_update_private_network",  # the path /private_networks/%s
}
called, failed = set(), {}


def call(name, /, *given, **named):
    """Makes a call and gives its answer; None where it fails, which is told at the end."""
    called.add(name)
    try:
        return getattr(driver, name)(*given, **named)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is told
        failed.setdefault(name, f"{type(error).__name__}: {vars(error) or error.args}"[:300])
        return None


def send(path, data):
    """What a call of the driver should have sent."""
    driver.connection.request(path, method="POST", headers={"Content-type": "application/json"}, data=data)


def newest(answer, member):
    """The identifier of the last of what a member of an answer lists."""
    found = (answer or {}).get(member) or [{"id": "none"}]
    return found[-1]["id"]


sizes, images, locations = call("list_sizes"), call("list_images"), call("list_locations")
before = call("list_nodes")
assert sizes and images and locations and before
assert len(call("ex_list_datacenters")) == len(locations)
call("get_image", images[0].id)

node = call("create_node", name="made by libcloud", image=images[0], ex_fixed_instance_size_id=sizes[0].id,
            location=locations[0], ex_power_on=True)
assert node.name == "made by libcloud"
listed = {one.id: one for one in driver.list_nodes()}
assert len(listed) == len(before) + 1 and listed[node.id].state == NodeState.RUNNING
server = node.id

call("ex_rename_server", server, name="renamed by libcloud", description="")
assert call("ex_get_server", server).name == "renamed by libcloud"
assert call("reboot_node", node)
call("ex_shutdown_server", server)
call("ex_get_server_hardware", server)
call("ex_modify_server_hardware", server, vcore=2, cores_per_processor=1, ram=4)
call("ex_add_hdd", server, 40, False)
send(f"servers/{server}/hardware/hdds", {"hdds": [{"size": 40, "is_main": False}]})
disks = call("ex_get_server_hardware", server)["hdds"]
assert len(disks) == 2
call("ex_modify_server_hdd", server, disks[-1]["id"], 60)
call("ex_remove_hdd", server, disks[-1]["id"])
image = call("ex_get_server_image", server)
assert image["id"] == images[0].id
call("ex_reinstall_server_image", server, image["id"], "A-long-password-1")

# Addresses and firewalls.
call("ex_assign_server_ip", server, "IPV4")
addresses = call("ex_list_server_ips", server)
assert len(addresses) == 2
address = addresses[-1]["id"]
call("ex_get_server_ip", server, address)
rules = [{"protocol": "TCP", "port_from": 80, "port_to": 80, "source": "0.0.0.0"}]
policy = call("ex_create_firewall_policy", "libcloud", rules, "rules")["id"]
call("ex_add_server_firewall_policy", server, address, policy)
call("ex_get_server_firewall_policies", server, address)
call("ex_get_firewall_policy", policy)
assert policy in [it["id"] for it in call("ex_list_firewall_policies")]

# Load balancers.
rules = [{"protocol": "TCP", "port_balancer": 80, "port_server": 80, "source": "0.0.0.0"}]
balancer = call("ex_create_load_balancer", "libcloud", "ROUND_ROBIN", rules, persistence=True, persistence_time=1200,
                health_check_test="TCP", health_check_interval=40)["id"]
call("ex_get_load_balancer", balancer)
call("ex_list_load_balancers")
call("ex_update_load_balancer", balancer, name="renamed", description="", health_check_test="TCP",
     health_check_interval=50, persistence=True, persistence_time=1200, method="ROUND_ROBIN")
call("ex_add_servers_to_load_balancer", balancer, [address])
call("ex_list_load_balancer_server_ips", balancer)
call("ex_get_load_balancer_server_ip", balancer, address)
call("ex_remove_server_from_load_balancer", balancer, address)
made = call("ex_add_load_balancer_rule", balancer, "TCP", 90, 90)
call("ex_list_load_balancer_rules", balancer)
rule = newest(made, "rules")
call("ex_get_load_balancer_rule", balancer, rule)
call("ex_remove_load_balancer_rule", balancer, rule)
call("ex_delete_load_balancer", balancer)
call("ex_remove_server_ip", server, address, keep_ip=False)
call("ex_delete_firewall_policy", policy)

# Storages, networks, public addresses.
storage = call("ex_create_shared_storage", "libcloud", 50)["id"]
call("ex_list_shared_storages")
call("ex_get_shared_storage", storage)
call("ex_attach_server_to_shared_storage", storage, server, "RW")
send(f"shared_storages/{storage}/servers", {"servers": [{"id": server, "rights": "RW"}]})
call("ex_get_shared_storage_server", storage, server)
call("ex_detach_server_from_shared_storage", storage, server)
call("ex_delete_shared_storage", storage)
public = call("ex_create_public_ip", "IPV4", reverse_dns="web.example.com")["id"]
call("ex_list_public_ips")
call("ex_get_public_ip", public)
call("ex_delete_public_ip", public)
public = call("ex_create_public_ip", "IPV4")["id"]
call("ex_update_public_ip", public, "www.example.com")
network = call("ex_create_private_network", "libcloud", "Fast")
assert network["name"] == "libcloud"
network = network["id"]
call("ex_list_private_networks")
call("ex_update_private_network", network, name="renamed", network_address="192.168.1.0",
     subnet_mask="255.255.255.0")
call("ex_add_private_network_server", network, [server])
call("ex_list_private_network_servers", network)
call("ex_remove_server_from_private_network", network, server)
call("ex_delete_private_network", network)

# Monitoring.
bounds = {"warning": {"value": 90, "alert": False}, "critical": {"value": 95, "alert": False}}
thresholds = {name: bounds for name in ("cpu", "ram", "disk", "internal_ping")}
thresholds["transfer"] = {"warning": {"value": 1000, "alert": False}, "critical": {"value": 2000, "alert": False}}
port = {"protocol": "TCP", "port": 443, "alert_if": "NOT_RESPONDING", "email_notification": True}
process = {"process": "test", "alert_if": "NOT_RUNNING", "email_notification": True}
watch = call("ex_create_monitoring_policy", "libcloud", thresholds, [port], [process], email="me@example.com",
             agent=True)["id"]
call("ex_list_monitoring_policies")
call("ex_get_monitoring_policy", watch)
call("ex_update_monitoring_policy", watch, "me@example.com", thresholds, name="renamed")
made = call("ex_add_monitoring_policy_ports", watch, [{**port, "port": 8443}])
call("ex_get_monitoring_policy_ports", watch)
number = newest(made, "ports")
call("ex_get_monitoring_policy_port", watch, number)
call("ex_remove_monitoring_policy_port", watch, number)
made = call("ex_add_monitoring_policy_processes", watch, [{**process, "process": "other"}])
call("ex_get_monitoring_policy_processes", watch)
number = newest(made, "processes")
call("ex_get_monitoring_policy_process", watch, number)
call("ex_remove_monitoring_policy_process", watch, number)
call("ex_add_servers_to_monitoring_policy", watch, [server])
call("ex_list_monitoring_policy_servers", watch)
call("ex_remove_server_from_monitoring_policy", watch, server)
call("ex_delete_monitoring_policy", watch)

call("destroy_node", node)
assert server not in [one.id for one in driver.list_nodes()]
missed = sorted(known - called)
for name, reason in sorted(failed.items()):
    print(f"{name}: {reason}")
print(f"libcloud: {len(called) - len(failed)} of {len(known)} calls pass")
assert not missed, missed
sys.exit(0 if set(failed) == REFUSED else 1)
