"""Makes every public call of the PyPI package 1and1 on real identifiers, and counts those that pass.

usage: oneandone_calls.py URL TOKEN. The package is written for Python 2; two modules that it imports by their old
names are given here.
"""

import http.client
import inspect
import io
import sys
import tempfile
import types

sys.modules["httplib"] = http.client
strings = types.ModuleType("StringIO")
strings.StringIO = io.BytesIO
sys.modules["StringIO"] = strings

from oneandone import client as one  # noqa: E402

url, token = sys.argv[1:3]
api = one.OneAndOneService(api_token=token, api_url=url)
known = {name for name, _ in inspect.getmembers(api, inspect.ismethod) if not name.startswith("_")}
called, passed, failed = set(), set(), {}


def call(name, /, **named):
    """Makes a call and gives its answer; None where it fails, which is told at the end."""
    called.add(name)
    try:
        answer = getattr(api, name)(**named)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is told
        failed.setdefault(name, str(error)[:300])
        return None
    passed.add(name)
    return answer


def first(name, /, **named):
    answer = call(name, **named)
    return answer[0] if answer else {"id": "none"}


# What can be read without anything else.
for name in ("ping", "ping_auth", "pricing", "get_pricing", "get_credentials", "fixed_server_flavors",
             "list_baremetal_models", "list_server_usages", "list_usages", "current_user_permissions",
             "show_user_permissions", "list_monitoring_policies", "list_recovery_images"):
    if name in known:
        call(name)
place = first("list_datacenters")["id"]
call("get_datacenter", datacenter_id=place)
appliance = first("list_appliances", q="centos")["id"]
call("get_appliance", appliance_id=appliance)
call("get_recovery_image", image_id=first("list_recovery_images")["id"])
disc = first("list_dvds")["id"]
call("get_dvd", iso_id=disc)
size = first("fixed_server_flavors")["id"]
call("get_fixed_server", fixed_server_id=size)
call("get_baremetal_model", model_id=first("list_baremetal_models")["id"])
call("get_log", log_id=first("list_logs")["id"])

# A server with everything that belongs to one.
wanted = one.Server(name="web", description="a server", vcore=1, cores_per_processor=1, ram=1,
                    appliance_id=appliance, datacenter_id=place, power_on=True)
server = (call("create_server", server=wanted, hdds=[one.Hdd(size=40, is_main=True)]) or {"id": "none"})["id"]
sized = call("create_server", server=one.Server(name="sized", fixed_instance_size_id=size, appliance_id=appliance))
call("list_servers", per_page=5, page=1, sort="name", fields="id,name")
for name in ("get_server", "get_server_status", "get_server_hardware", "get_server_image", "get_server_dvd",
             "list_server_hdds", "list_server_ips", "list_server_private_networks", "list_server_snapshots",
             "get_usage"):
    call(name, server_id=server)
call("modify_server", server_id=server, name="web 2")
call("modify_server_hardware", server_id=server, vcore=2, cores_per_processor=1, ram=2)
call("stop_server", server_id=server)
call("start_server", server_id=server)
call("modify_server_status", server_id=server, action="REBOOT")
call("add_hdd", server_id=server, hdds=[one.Hdd(size=20, is_main=False)])
disks = call("list_server_hdds", server_id=server) or []
disk = [it["id"] for it in disks if not it.get("is_main")] or ["none"]
call("get_server_hdd", server_id=server, hdd_id=disk[0])
call("modify_hdd", server_id=server, hdd_id=disk[0], size=60)
call("remove_hdd", server_id=server, hdd_id=disk[0])
call("load_dvd", server_id=server, dvd_id=disc)
call("get_server_dvd", server_id=server)
call("eject_dvd", server_id=server)
call("create_snapshot", server_id=server)
taken = call("list_server_snapshots", server_id=server)
taken = (taken[0] if isinstance(taken, list) else taken)["id"] if taken else "none"
call("restore_snapshot", server_id=server, snapshot_id=taken)
call("delete_snapshot", server_id=server, snapshot_id=taken)
copy = call("clone_server", server_id=server, name="web copy", datacenter_id=place)

# Addresses, firewalls and load balancers.
call("add_new_ip", server_id=server, ip_type="IPV4")
ips = call("list_server_ips", server_id=server) or [{"id": "none"}]
ip = ips[0]["id"]
call("get_server_ip", server_id=server, ip_id=ip)
rule = one.FirewallPolicyRule(protocol="TCP", port_from=80, port_to=80, source="0.0.0.0")
wall = call("create_firewall_policy", firewall_policy=one.FirewallPolicy(name="wall"),
            firewall_policy_rules=[rule]) or {"id": "none"}
wall = wall["id"]
call("list_firewall_policies")
call("get_firewall", firewall_id=wall)
call("modify_firewall", firewall_id=wall, name="wall 2", description="one more")
call("add_firewall_policy_rule", firewall_id=wall, firewall_policy_rules=[one.FirewallPolicyRule(protocol="ICMP")])
rules = call("list_firewall_policy_rules", firewall_id=wall) or [{"id": "none"}]
call("get_firewall_policy_rule", firewall_id=wall, rule_id=rules[0]["id"])
call("remove_firewall_rule", firewall_id=wall, rule_id=rules[-1]["id"])
call("reinstall_image", server_id=server, image_id=appliance, password="a long password", firewall_id=wall)
call("add_firewall_policy", server_id=server, ip_id=ip, firewall_id=wall)
call("list_ip_firewall_policy", server_id=server, ip_id=ip)
call("attach_server_firewall_policy", firewall_id=wall, server_ips=[one.AttachServer(server_ip_id=ip)])
call("list_firewall_servers", firewall_id=wall)
call("get_firewall_server", firewall_id=wall, server_ip_id=ip)
balancer = one.LoadBalancer(name="balance", health_check_test="TCP", health_check_interval=40,
                            persistence=True, persistence_time=1200, method="ROUND_ROBIN")
rule = one.LoadBalancerRule(protocol="TCP", port_balancer=80, port_server=80, source="0.0.0.0")
balancer = (call("create_load_balancer", load_balancer=balancer, load_balancer_rules=[rule]) or {"id": "none"})["id"]
call("list_load_balancers")
call("get_load_balancer", load_balancer_id=balancer)
call("modify_load_balancer", load_balancer_id=balancer, name="balance 2")
call("add_load_balancer_rule", load_balancer_id=balancer,
     load_balancer_rules=[one.LoadBalancerRule(protocol="TCP", port_balancer=90, port_server=90)])
rules = call("load_balancer_rules", load_balancer_id=balancer) or [{"id": "none"}]
call("get_load_balancer_rule", load_balancer_id=balancer, rule_id=rules[0]["id"])
call("remove_load_balancer_rule", load_balancer_id=balancer, rule_id=rules[-1]["id"])
call("add_load_balancer", server_id=server, ip_id=ip, load_balancer_id=balancer)
call("list_ip_load_balancers", server_id=server, ip_id=ip)
call("remove_load_balancer", server_id=server, ip_id=ip, load_balancer_id=balancer)
call("attach_load_balancer_server", load_balancer_id=balancer, server_ips=[one.AttachServer(server_ip_id=ip)])
call("list_load_balancer_servers", load_balancer_id=balancer)
call("get_load_balancer_server", load_balancer_id=balancer, server_ip_id=ip)
call("remove_load_balancer_server", load_balancer_id=balancer, server_ip_id=ip)
call("remove_ip", server_id=server, ip_id=ips[-1]["id"], keep_ip=False)
public = (call("create_public_ip", reverse_dns="web.example.com", ip_type="IPV4", datacenter_id=place) or {"id": "none"})["id"]
call("list_public_ips")
call("get_public_ip", ip_id=public)
call("modify_public_ip", ip_id=public, reverse_dns="www.example.com")
call("delete_public_ip", ip_id=public)

# Networks.
network = one.PrivateNetwork(name="inside", network_address="192.168.1.0", subnet_mask="255.255.255.0")
network = (call("create_private_network", private_network=network) or {"id": "none"})["id"]
call("list_private_networks")
call("get_private_network", private_network_id=network)
call("modify_private_network", private_network_id=network, name="inside 2")
call("assign_private_network", server_id=server, private_network_id=network)
call("private_network_info", server_id=server, private_network_id=network)
call("remove_private_network", server_id=server, private_network_id=network)
call("attach_private_network_servers", private_network_id=network, server_ids=[one.AttachServer(server_id=server)])
call("list_private_network_servers", private_network_id=network)
call("get_private_network_server", private_network_id=network, server_id=server)
call("remove_private_network_server", private_network_id=network, server_id=server)
call("delete_private_network", private_network_id=network)
tunnel = (call("create_vpn", vpn=one.Vpn(name="tunnel", datacenter_id=place)) or {"id": "none"})["id"]
call("list_vpns")
call("get_vpn", vpn_id=tunnel)
call("modify_vpn", vpn_id=tunnel, name="tunnel 2")
call("download_config", vpn_id=tunnel, file_path=tempfile.mkdtemp())
call("delete_vpn", vpn_id=tunnel)

# Storages and images.
shared = (call("create_shared_storage", shared_storage=one.SharedStorage(name="share", size=200, datacenter_id=place)) or {"id": "none"})["id"]
call("list_shared_storages")
call("get_shared_storage", shared_storage_id=shared)
call("modify_shared_storage", shared_storage_id=shared, name="share 2")
call("attach_server_shared_storage", shared_storage_id=shared, server_ids=[one.AttachServer(server_id=server, rights="RW")])
call("list_servers_attached_storage", shared_storage_id=shared)
call("get_shared_storage_server", shared_storage_id=shared, server_id=server)
call("detach_server_shared_storage", shared_storage_id=shared, server_id=server)
call("change_password", password="another long one")
call("delete_shared_storage", shared_storage_id=shared)
block = (call("create_block_storage", block_storage=one.BlockStorage(name="block", size=20, datacenter_id=place)) or {"id": "none"})["id"]
call("list_block_storages")
call("get_block_storage", block_storage_id=block)
call("modify_block_storage", block_storage_id=block, name="block 2")
call("attach_block_storage", block_storage_id=block, server_id=server)
call("detach_block_storage", block_storage_id=block)
call("delete_block_storage", block_storage_id=block)
image = (call("create_image", image=one.Image(server_id=server, name="image", frequency="ONCE", num_images=1)) or {"id": "none"})["id"]
call("list_images")
call("get_image", image_id=image)
call("modify_image", image_id=image, name="image 2")
call("delete_image", image_id=image)

# Monitoring.
bounds = [one.Threshold(entity=entity, warning_value=warning, warning_alert=False, critical_value=critical, critical_alert=False)
          for entity, warning, critical in
          [("cpu", 90, 95), ("ram", 90, 95), ("disk", 80, 90), ("transfer", 1000, 2000), ("internal_ping", 50, 100)]]
port = one.Port(protocol="TCP", port=22, alert_if="RESPONDING", email_notification=True)
process = one.Process(process="init", alert_if="NOT_RUNNING", email_notification=True)
policy = one.MonitoringPolicy(name="watch", email="a@example.com", agent=True)
policy = (call("create_monitoring_policy", monitoring_policy=policy, thresholds=bounds, ports=[port], processes=[process]) or {"id": "none"})["id"]
call("get_monitoring_policy", monitoring_policy_id=policy)
call("modify_monitoring_policy", monitoring_policy_id=policy, monitoring_policy=one.MonitoringPolicy(name="watch 2"), thresholds=bounds)
call("add_port", monitoring_policy_id=policy, ports=[port])
ports = call("list_monitoring_policy_ports", monitoring_policy_id=policy) or [{"id": "none"}]
call("get_monitoring_policy_port", monitoring_policy_id=policy, port_id=ports[0]["id"])
call("modify_port", monitoring_policy_id=policy, port_id=ports[0]["id"], port=port)
call("delete_monitoring_policy_port", monitoring_policy_id=policy, port_id=ports[-1]["id"])
call("add_process", monitoring_policy_id=policy, processes=[process])
processes = call("list_monitoring_policy_processes", monitoring_policy_id=policy) or [{"id": "none"}]
call("get_monitoring_policy_process", monitoring_policy_id=policy, process_id=processes[0]["id"])
call("modify_process", monitoring_policy_id=policy, process_id=processes[0]["id"], process=process)
call("delete_monitoring_policy_process", monitoring_policy_id=policy, process_id=processes[-1]["id"])
call("attach_monitoring_policy_server", monitoring_policy_id=policy, servers=[one.AttachServer(server_id=server)])
call("list_monitoring_policy_servers", monitoring_policy_id=policy)
call("get_monitoring_policy_server", monitoring_policy_id=policy, server_id=server)
call("detach_monitoring_policy_server", monitoring_policy_id=policy, server_id=server)
call("delete_monitoring_policy", monitoring_policy_id=policy)

# Users, roles and keys.
user = (call("create_user", name="someone", password="a long password") or {"id": "none"})["id"]
call("list_users")
call("get_user", user_id=user)
call("modify_user", user_id=user, description="one", email="b@example.com", state="ACTIVE")
call("modify_user_api", user_id=user, active=True)
for name in ("api_info", "show_api_key", "change_api_key", "ips_api_access_allowed"):
    call(name, user_id=user)
call("add_user_ip", user_id=user, user_ips=["192.0.2.7"])
call("remove_user_ip", user_id=user, ip="192.0.2.7")
role = (call("create_role", name="watchers") or {"id": "none"})["id"]
call("list_roles")
call("get_role", role_id=role)
call("modify_role", role_id=role, name="watchers 2", description="they watch", state="ACTIVE")
call("permissions", role_id=role)
groups = inspect.signature(api.modify_permissions).parameters
call("modify_permissions", role_id=role, **{it: {"show": True} for it in groups if it != "role_id"})
call("add_users", role_id=role, users=[user])
call("role_users", role_id=role)
call("get_role_user", role_id=role, user_id=user)
call("remove_user", role_id=role, user_id=user)
call("clone_role", role_id=role, name="watchers too")
call("delete_role", role_id=role)
call("delete_user", user_id=user)
key = (call("create_ssh_key", ssh_key=one.SshKey(name="key", description="mine")) or {"id": "none"})["id"]
call("list_ssh_keys")
call("get_ssh_key", ssh_key_id=key)
call("modify_ssh_key", ssh_key_id=key, name="key 2")
call("delete_ssh_key", ssh_key_id=key)

call("delete_load_balancer", load_balancer_id=balancer)
call("delete_server", server_id=server, keep_ips=False, keep_hdds=False)
call("delete_firewall", firewall_id=wall)

print(f"{len(passed - set(failed))} of {len(known)} calls pass")
for name, why in sorted(failed.items()):
    print(f"failed: {name}: {why}")
for name in sorted(known - called):
    print(f"not called: {name}")
sys.exit(bool(failed or known - called))
