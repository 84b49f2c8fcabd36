"""Templates of the type tables filled in: ids, ARNs and computed outputs.

A placeholder is `{name}`, with an optional part after `:` (an argument), `|` (a transformation), `?` (a
text for when the value is true) or `>` (a property of the resource that the value refers to).
"""

import ipaddress
import re
import secrets
import string
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.wire.values import Properties, Value, is_list, is_properties

_PLACEHOLDER = re.compile(r"(?<!\$)\{([A-Za-z_][\w.]*)(?:([:|?>])([^{}]*))?\}")
_ELB_ZONES = {"us-east-1": "Z35SXDOTRQ7X7K", "us-east-2": "Z3AADJGX6KTTL2", "us-west-2": "Z1H1FL5HABSF5"}

_RANDOM: Mapping[str, str] = {
    "hex": "0123456789abcdef",
    "digits": string.digits,
    "HEX": "0123456789ABCDEF",
    "alnum": string.ascii_lowercase + string.digits,
    "ALNUM": string.ascii_uppercase + string.digits,
    "token": string.ascii_letters + string.digits + "+/",
}
_TRANSFORMATIONS: Mapping[str, Callable[[str], str]] = {
    "last": lambda text: text.rpartition("/")[2],
    "dashed": lambda text: text.replace(".", "-"),
    "host": lambda text: text.removeprefix("https://").rstrip("/"),
    "rooted": lambda text: text if text.startswith("/") else f"/{text}",
    "listener": lambda text: text.replace(":loadbalancer/", ":listener/"),
    "rule": lambda text: text.replace(":listener/", ":listener-rule/"),
    "cluster_id": lambda text: text.removeprefix("https://").partition(".")[0],
    "id_tail": lambda text: text.partition("-")[2],
    "label": lambda text: text.partition(".")[0].upper(),
}


class Filling:
    """Fills the templates of one resource; what has been filled in can be referred to by later templates."""

    def __init__(self, inventory: Inventory, around: Surroundings, values: Properties) -> None:
        """Start with a resource's inputs.

        Args:
            inventory: where other resources are looked up and counts are kept.
            around: where the resource stands.
            values: the inputs; outputs are added as they are filled in.
        """
        self._inventory = inventory
        self._around = around
        self.values = dict(values)

    def value(self, template: Value) -> Value:
        """A value with every template in it filled in, at any depth."""
        if isinstance(template, str):
            whole = _PLACEHOLDER.fullmatch(template)
            return self._placeholder(whole) if whole else self.text(template)
        if is_list(template):
            return [self.value(item) for item in template]
        if is_properties(template):
            return {name: self.value(item) for name, item in template.items()}
        return template

    def text(self, template: str) -> str:
        """A text with its placeholders filled in."""
        return _PLACEHOLDER.sub(lambda match: _text(self._placeholder(match)), template)

    def _placeholder(self, match: re.Match[str]) -> Value:
        name, mark, argument = match.group(1), match.group(2), match.group(3)
        if mark == ":":
            return self._generated(name, argument)
        value = self._named(name)
        if mark == "|":
            return _transformed(_text(value), argument)
        if mark == "?":
            return argument if value is True else ""
        if mark == ">":
            return self._of_other(_text(value), argument)
        return value

    def _generated(self, kind: str, argument: str) -> Value:
        if kind == "count":
            return self._inventory.next_number(
                f"{argument}/{self._scope()}/{_text(self.values.get('family'))}"
            )
        alphabet = _RANDOM[kind]
        return "".join(secrets.choice(alphabet) for _ in range(int(argument)))

    def _named(self, path: str) -> Value:
        if path in self.values or "." in path:
            return _at(self.values, path)
        derived = self._derived(path)
        return derived if derived is not None else ""

    def _derived(self, name: str) -> Value:
        around = self._around
        known: dict[str, Callable[[], Value]] = {
            "account": lambda: around.account,
            "region": lambda: around.region,
            "partition": lambda: around.partition,
            "uuid": lambda: str(uuid4()),
            "now": lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "next_year": lambda: (datetime.now(UTC) + timedelta(days=395)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "zone_id": lambda: around.zone_id(_text(self.values.get("availabilityZone"))),
            "lb_kind": lambda: _LB_KINDS[_text(self.values.get("loadBalancerType")) or "application"],
            "elb_domain": self._elb_domain,
            "elb_zone": lambda: _ELB_ZONES.get(around.region, "Z35SXDOTRQ7X7K"),
            "compute_domain": lambda: _domain(around.region, "compute-1", "compute"),
            "private_domain": lambda: (
                "ec2.internal" if around.region == "us-east-1" else f"{around.region}.compute.internal"
            ),
            "region_letters": lambda: "gr7" if around.region == "us-east-1" else "sk1",
            "public_ip": self._public_ip,
            "subnet_ip": self._subnet_ip,
        }
        return known[name]() if name in known else None

    def _elb_domain(self) -> str:
        region = self._around.region
        network = self.values.get("loadBalancerType") == "network"
        return f"elb.{region}.amazonaws.com" if network else f"{region}.elb.amazonaws.com"

    def _public_ip(self) -> str:
        number = self._inventory.next_number("public-ip") % (2**17)
        return str(ipaddress.IPv4Address("198.18.0.0") + number)

    def _subnet_ip(self) -> str:
        key = _text(self.values.get("subnetId"))
        subnet = self._inventory.referenced("aws:ec2/subnet:Subnet", key, self._around.scope)
        if subnet is None:
            return "10.0.0.4"
        network = ipaddress.ip_network(_text(subnet.outputs.get("cidrBlock")) or "10.0.0.0/24")
        # AWS keeps a subnet's first four addresses: docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing
        number = self._inventory.next_number(f"ip/{subnet.id}") + 3
        return str(network.network_address + number % max(network.num_addresses - 1, 1))

    def _of_other(self, key: str, argument: str) -> Value:
        type_, _, path = argument.rpartition(".")
        found = self._inventory.referenced(f"aws:{type_}", key, self._around.scope) if key else None
        return _at(found.outputs, path) if found else ""

    def _scope(self) -> str:
        return f"{self._around.account}/{self._around.region}"


_LB_KINDS = {"application": "app", "network": "net", "gateway": "gwy"}


def _transformed(text: str, argument: str) -> str:
    if argument.startswith("after:"):
        return text.partition(argument.removeprefix("after:"))[2]
    return _TRANSFORMATIONS[argument](text)


def _at(values: Properties, path: str) -> Value:
    value: Value = values
    for part in path.split("."):
        if is_properties(value):
            value = value.get(part)
        elif is_list(value) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ""
    return value


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _domain(region: str, classic: str, regional: str) -> str:
    return f"{classic}.amazonaws.com" if region == "us-east-1" else f"{region}.{regional}.amazonaws.com"
