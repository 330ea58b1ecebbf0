"""The life of load balancers by the PyPI package 1and1, as it is: with what a program asks of it, mistakes too.

usage: balancers_1and1.py URL TOKEN. The package is written for Python 2; two modules that it imports by their old
names are given here.
"""

import http.client
import io
import sys
import types

sys.modules["httplib"] = http.client
strings = types.ModuleType("StringIO")
strings.StringIO = io.BytesIO
sys.modules["StringIO"] = strings

from oneandone import client as one  # noqa: E402

url, token = sys.argv[1:3]
api = one.OneAndOneService(api_token=token, api_url=url)
nobody = one.OneAndOneService(api_token=None, api_url=url)


def call(name, by=api, /, **named):
    """Makes a call and gives its answer; None where it fails, since servers with faults are met here."""
    try:
        return getattr(by, name)(**named)
    except Exception:  # noqa: BLE001 - what goes wrong is the matter of who looks on
        return None


def create(name, **others):
    known = {"health_check_test": "TCP", "health_check_interval": 40, "persistence": True,
             "persistence_time": 600, "method": "ROUND_ROBIN"}
    known.update(others)
    rule = one.LoadBalancerRule(protocol="TCP", port_balancer=80, port_server=80, source="0.0.0.0")
    made = call("create_load_balancer", load_balancer=one.LoadBalancer(name=name, **known),
                load_balancer_rules=[rule])
    return made.get("id", "none") if isinstance(made, dict) else "none"


call("list_load_balancers", nobody)
first, second, third = create("anchor"), create("bridge"), create("castle")
for known in (first, second, third):
    call("get_load_balancer", load_balancer_id=known)
call("list_load_balancers")
call("list_load_balancers", per_page=100)
for page in (1, 2):
    call("list_load_balancers", page=page, per_page=2)
for order in ("name", "-name"):
    call("list_load_balancers", sort=order)
for word in ("bridge", "nowhere"):
    call("list_load_balancers", q=word)
call("list_load_balancers", fields="name")
call("modify_load_balancer", load_balancer_id=first, name="avenue", health_check_test="TCP",
     health_check_interval=60, persistence=False, persistence_time=60, method="LEAST_CONNECTIONS")
call("get_load_balancer", load_balancer_id=first)
create("a" * 200)
create("bound", persistence_time=5000)
create("enum", health_check_test="PIGEON")
call("delete_load_balancer", load_balancer_id=second)
call("get_load_balancer", load_balancer_id=second)
call("list_load_balancers", per_page=100)
call("delete_load_balancer", load_balancer_id=second)
call("get_load_balancer", load_balancer_id="0123456789ABCDEF0123456789ABCDEF")
print("done")
