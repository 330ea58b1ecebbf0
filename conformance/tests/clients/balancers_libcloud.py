"""The life of load balancers by the 1and1 driver of apache-libcloud, as it is, mistakes too.

usage: balancers_libcloud.py URL TOKEN
"""

import sys
from urllib.parse import urlparse

from libcloud.compute.providers import get_driver
from libcloud.compute.types import Provider

url, token = urlparse(sys.argv[1]), sys.argv[2]
driver = get_driver(Provider.ONEANDONE)(token, secure=False, host=url.hostname, port=url.port)
RULES = [{"protocol": "TCP", "port_balancer": 80, "port_server": 80, "source": "0.0.0.0"}]


def call(name, /, *given, **named):
    """Makes a call and gives its answer; None where it fails, since servers with faults are met here."""
    try:
        return getattr(driver, name)(*given, **named)
    except Exception:  # noqa: BLE001 - what goes wrong is the matter of who looks on
        return None


def create(name, method="ROUND_ROBIN", **others):
    known = {"persistence": True, "persistence_time": 600, "health_check_test": "TCP",
             "health_check_interval": 40}
    known.update(others)
    made = call("ex_create_load_balancer", name, method, RULES, **known)
    return made.get("id", "none") if isinstance(made, dict) else "none"


first, second, third = create("anchor"), create("bridge"), create("castle")
for known in (first, second, third):
    call("ex_get_load_balancer", known)
call("ex_list_load_balancers")
call("ex_update_load_balancer", first, name="avenue", health_check_interval=60, persistence_time=60)
call("ex_get_load_balancer", first)
create("a" * 200)
create("bound", persistence_time=5000)
create("least", health_check_test=None)
create("enum", method="PIGEON")
call("ex_delete_load_balancer", second)
call("ex_get_load_balancer", second)
call("ex_list_load_balancers")
call("ex_delete_load_balancer", second)
call("ex_get_load_balancer", "0123456789ABCDEF0123456789ABCDEF")
print("done")
