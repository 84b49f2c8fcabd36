"""Functions about secrets, parameters, certificates and zones.

These are made outside of an environment and are only looked up by it. What does not stand in this cloud is
taken to stand outside of it, so that a request which names a secret can be tried: its ARN follows from its
name.
"""

from collections.abc import Callable, Mapping

from sandbox.cloud.aws.functions.call import Invocation
from sandbox.cloud.aws.surroundings import stable_hex
from sandbox.cloud.wire.values import Properties, object_of, text_of

_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 -- a type's name
_PARAMETER = "aws:ssm/parameter:Parameter"


def secret(call: Invocation) -> Properties:
    """A secret's description, by name or ARN."""
    key = call.text("arn") or call.text("name")
    found = call.inventory.referenced(_SECRET, key, call.around.scope)
    arn = found.arn if found and found.arn else _secret_arn(call, key)
    name = text_of(found.outputs, "name") if found else _secret_name(key)
    return {
        "arn": arn,
        "createdDate": "2026-01-01T00:00:00Z",
        "description": text_of(found.outputs, "description") if found else "",
        "id": arn,
        "kmsKeyId": text_of(found.outputs, "kmsKeyId") if found else "",
        "lastChangedDate": "2026-01-01T00:00:00Z",
        "name": name,
        "policy": "",
        "replicas": [],
        "tags": object_of(found.outputs, "tagsAll") if found else {},
    }


def parameter(call: Invocation) -> Properties:
    """A parameter's value; AWS's own public parameters name images."""
    name = call.text("name")
    found = call.inventory.referenced(_PARAMETER, name, call.around.scope)
    value = text_of(found.outputs, "value") if found else _public_value(call, name)
    around, rooted = call.around, name if name.startswith("/") else f"/{name}"
    return {
        "arn": f"arn:{around.partition}:ssm:{around.region}:{around.account}:parameter{rooted}",
        "id": name,
        "insecureValue": value,
        "name": name,
        "type": text_of(found.outputs, "type", "String") if found else "String",
        "value": value,
        "version": 1,
    }


def certificate(call: Invocation) -> Properties:
    """An issued certificate for a domain."""
    domain = call.text("domain")
    found = next(
        (
            item
            for item in call.inventory.of_type("aws:acm/certificate:Certificate")
            if item.outputs.get("domainName") == domain
        ),
        None,
    )
    number = stable_hex("certificate", domain, length=32)
    uuid = "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:]))
    around = call.around
    arn = (
        found.arn
        if found and found.arn
        else f"arn:{around.partition}:acm:{around.region}:{around.account}:certificate/{uuid}"
    )
    return {
        "arn": arn,
        "certificate": "",
        "certificateChain": "",
        "domain": domain,
        "id": arn,
        "status": "ISSUED",
        "tags": {},
    }


def zone(call: Invocation) -> Properties:
    """A hosted zone, by name or id."""
    name = call.text("name").rstrip(".")
    key = call.text("zoneId") or name
    found = call.inventory.referenced("aws:route53/zone:Zone", key, call.around.scope)
    id_ = found.id if found else call.text("zoneId") or f"Z{stable_hex('zone', name, length=20).upper()}"
    return {
        "arn": f"arn:{call.around.partition}:route53:::hostedzone/{id_}",
        "callerReference": "",
        "comment": "",
        "id": id_,
        "linkedServiceDescription": "",
        "linkedServicePrincipal": "",
        "name": name,
        "nameServers": ["ns-2048.awsdns-64.com", "ns-2049.awsdns-65.net"],
        "primaryNameServer": "ns-2048.awsdns-64.com",
        "resourceRecordSetCount": 2,
        "tags": {},
        "vpcId": "",
        "zoneId": id_,
    }


def _secret_name(key: str) -> str:
    return key.rpartition(":secret:")[2].rpartition("-")[0] if key.startswith("arn:") else key


def _secret_arn(call: Invocation, key: str) -> str:
    if key.startswith("arn:"):
        return key
    around = call.around
    suffix = stable_hex("secret", around.account, key, length=6)
    return f"arn:{around.partition}:secretsmanager:{around.region}:{around.account}:secret:{key}-{suffix}"


def _public_value(call: Invocation, name: str) -> str:
    if name.endswith("release_version"):
        return "1.34.0-20261101"
    if name.startswith("/aws/service/") and not name.endswith("/recommended"):
        return f"ami-{stable_hex('image', call.around.region, name)}"
    image = f"ami-{stable_hex('image', call.around.region, name)}"
    return (
        f'{{"image_id":"{image}","image_name":"sandbox"}}' if name.startswith("/aws/service/") else "sandbox"
    )


FUNCTIONS: Mapping[str, Callable[[Invocation], Properties]] = {
    "aws:secretsmanager/getSecret:getSecret": secret,
    "aws:ssm/getParameter:getParameter": parameter,
    "aws:acm/getCertificate:getCertificate": certificate,
    "aws:route53/getZone:getZone": zone,
}
