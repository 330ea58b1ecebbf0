"""Lists, creates and deletes with the 1and1 driver of apache-libcloud as it is."""

import sys
from urllib.parse import urlparse

from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider

url, token = urlparse(sys.argv[1]), sys.argv[2]
driver = get_driver(Provider.ONEANDONE)(token, secure=False, host=url.hostname, port=url.port)

sizes, images, locations = driver.list_sizes(), driver.list_images(), driver.list_locations()
before = driver.list_nodes()
assert sizes and images and locations and before

node = driver.create_node(
    name="made by libcloud",
    image=images[0],
    ex_fixed_instance_size_id=sizes[0].id,
    location=locations[0],
    ex_power_on=True,
)
assert node.name == "made by libcloud"
listed = {one.id: one for one in driver.list_nodes()}
assert len(listed) == len(before) + 1 and listed[node.id].state == NodeState.RUNNING

driver.ex_rename_server(node.id, name="renamed by libcloud", description="")
assert driver.ex_get_server(node.id).name == "renamed by libcloud"
assert driver.reboot_node(node)

network = driver.ex_create_private_network("libcloud", "Fast")
policies = driver.ex_list_firewall_policies()
assert network["name"] == "libcloud" and policies

driver.destroy_node(node)
assert node.id not in [one.id for one in driver.list_nodes()]
print("sizes %d, images %d, locations %d, nodes %d" % tuple(map(len, (sizes, images, locations, before))))
