"""Runs the six modules for 1&1 of the Ansible collection community.general, unchanged, as tasks of a playbook
would, and counts the tasks that pass.

usage: ansible_tasks.py URL TOKEN. The modules use the PyPI package 1and1, which is written for Python 2; two modules
that it imports by their old names are given here.
"""

import contextlib
import http.client
import importlib
import io
import json
import sys
import types

sys.modules["httplib"] = http.client
strings = types.ModuleType("StringIO")
strings.StringIO = io.BytesIO
sys.modules["StringIO"] = strings

from ansible.module_utils import basic  # noqa: E402

url, token = sys.argv[1:3]
HOME = "ansible_collections.community.general.plugins.modules.oneandone_"
told, failed = 0, []


def task(what, module, /, changed=True, **named):
    """Runs a module with arguments, as Ansible does, and gives its answer; {} where it fails."""
    global told
    told += 1
    words = {**named, "auth_token": token, "api_url": url, "wait_timeout": 10, "wait_interval": 0}
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": words}).encode()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        importlib.import_module(HOME + module).main()
    lines = [line for line in said.getvalue().splitlines() if line.startswith("{")]
    answer = json.loads(lines[-1]) if lines else {"failed": True, "msg": said.getvalue()}
    if answer.get("failed") or answer.get("changed") != changed:
        failed.append(f"{what}: {answer.get('msg', answer)}"[:600])
        return {}
    return answer


def thresholds(value):
    """The five thresholds of a monitoring policy, as the documentation of the module gives them."""
    names = ("cpu", "ram", "disk", "internal_ping", "transfer")
    level = lambda number: {"value": number, "alert": False}  # noqa: E731
    return [{name: {"warning": level(value), "critical": level(value + 10)}} for name in names]


# Servers, by hardware of their own and by a fixed size.
disks = [{"size": 20, "is_main": True}]
own = {"vcore": 1, "cores_per_processor": 1, "ram": 2, "hdds": disks, "datacenter": "US"}
system = "centos7-64std"
made = task("make a server", "server", hostname="web", description="of the test", auto_increment=False,
            appliance=system, **own)
server = (made.get("servers") or [{}])[0]
task("find it there", "server", changed=False, hostname="web", auto_increment=False, appliance=system, **own)
several = task("make three", "server", hostname="node%02d", count=3, appliance=system,
               fixed_instance_size="S", datacenter="DE", ssh_key="ssh-rsa AAAAB3Nza", description="a node")
task("stop a server", "server", server="web", state="stopped")
task("start it by its identifier", "server", server=server.get("id"), state="running")

# A private network with members.
task("make a network", "private_network", name="backup", description="of the test", datacenter="US",
     network_address="70.35.193.100", subnet_mask="255.0.0.0")
task("change the network", "private_network", state="update", private_network="backup",
     network_address="192.168.2.0", subnet_mask="255.255.255.0")
task("add members", "private_network", state="update", private_network="backup", add_members=["web"])
task("remove members", "private_network", state="update", private_network="backup", remove_members=["web"])
task("remove the network", "private_network", state="absent", name="backup")

# A firewall policy with rules and servers.
port = lambda number: {"protocol": "TCP", "port_from": number, "port_to": number, "source": "0.0.0.0"}  # noqa: E731
made = task("make a firewall policy", "firewall_policy", name="wall", description="of the test",
            rules=[port(80)])
task("rename it", "firewall_policy", state="update", firewall_policy="wall", name="gate",
     description="changed")
task("add a server to it", "firewall_policy", state="update", firewall_policy="gate", add_server_ips=["web"])
task("add rules", "firewall_policy", state="update", firewall_policy="gate",
     add_rules=[port(70), port(60)])
rule = made.get("firewall_policy", {}).get("rules", [{}])[0].get("id")
task("remove a rule", "firewall_policy", state="update", firewall_policy="gate", remove_rules=[rule])
task("remove the policy", "firewall_policy", state="absent", name="gate")

# A load balancer with rules and servers.
both = lambda number: {"protocol": "TCP", "port_balancer": number, "port_server": number,  # noqa: E731
                       "source": "0.0.0.0"}
made = task("make a load balancer", "load_balancer", name="balancer", description="of the test",
            health_check_test="TCP", health_check_interval=40, persistence=True, persistence_time=1200,
            method="ROUND_ROBIN", datacenter="US", rules=[both(80)])
task("rename the balancer", "load_balancer", state="update", load_balancer="balancer", name="scales",
     description="changed")
# The module cannot change the interval and the time: it compares texts with numbers before it asks.
task("change its method", "load_balancer", state="update", load_balancer="scales", health_check_test="TCP",
     persistence=False, method="LEAST_CONNECTIONS")
task("add a server to the balancer", "load_balancer", state="update", load_balancer="scales",
     add_server_ips=["web"])
task("add rules to the balancer", "load_balancer", state="update", load_balancer="scales",
     add_rules=[both(70), both(60)])
rule = made.get("load_balancer", {}).get("rules", [{}])[0].get("id")
task("remove a rule of the balancer", "load_balancer", state="update", load_balancer="scales",
     remove_rules=[rule])
task("remove the balancer", "load_balancer", state="absent", name="scales")

# A monitoring policy with ports, processes and servers.
watched = {"protocol": "TCP", "port": 22, "alert_if": "RESPONDING", "email_notification": False}
runs = {"process": "test", "alert_if": "NOT_RUNNING", "email_notification": False}
made = task("make a monitoring policy", "monitoring_policy", name="watch", description="of the test",
            email="me@example.com", agent=True, thresholds=thresholds(70), ports=[watched], processes=[runs])
policy = made.get("monitoring_policy", {})
number = policy.get("ports", [{}])[0].get("id")
process = policy.get("processes", [{}])[0].get("id")
task("change the policy", "monitoring_policy", state="update", monitoring_policy="watch", name="look",
     description="changed", email="you@example.com", thresholds=thresholds(60))
task("add a port", "monitoring_policy", state="update", monitoring_policy="look",
     add_ports=[{**watched, "port": 33}])
task("change a port", "monitoring_policy", state="update", monitoring_policy="look",
     update_ports=[{**watched, "id": number, "port": 34}])
task("remove a port", "monitoring_policy", state="update", monitoring_policy="look", remove_ports=[number])
task("add a process", "monitoring_policy", state="update", monitoring_policy="look",
     add_processes=[{**runs, "process": "test_2"}])
task("change a process", "monitoring_policy", state="update", monitoring_policy="look",
     update_processes=[{**runs, "id": process, "process": "test_1"}])
task("remove a process", "monitoring_policy", state="update", monitoring_policy="look",
     remove_processes=[process])
task("add a server to the policy", "monitoring_policy", state="update", monitoring_policy="look",
     add_servers=["web"])
task("remove a server from the policy", "monitoring_policy", state="update", monitoring_policy="look",
     remove_servers=["web"])
task("remove the monitoring policy", "monitoring_policy", state="absent", name="look")

# An address.
made = task("make an address", "public_ip", reverse_dns="example.com", datacenter="US", type="IPV4")
address = made.get("public_ip", {}).get("id")
task("change the address", "public_ip", state="update", public_ip_id=address, reverse_dns="second.example.com")
task("remove the address", "public_ip", state="absent", public_ip_id=address)

for number, one in enumerate(several.get("servers", []), 1):
    task(f"remove node {number}", "server", server=one["id"], state="absent")
task("remove the server", "server", server="web", state="absent")

for line in failed:
    print(line)
print(f"{told - len(failed)} of {told} tasks pass")
sys.exit(bool(failed))
