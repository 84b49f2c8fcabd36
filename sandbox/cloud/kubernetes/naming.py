"""Names of objects: generated where none is given, checked as the API server checks them.

Source: kubernetes.io/docs/concepts/overview/working-with-objects/names and labels.
"""

import hashlib
import re
from collections.abc import Iterator

from sandbox.cloud.kubernetes.manifests import Kind
from sandbox.cloud.provider.model import CheckCall
from sandbox.cloud.wire.values import Properties, is_properties, object_of, text_of

AUTONAMED = "pulumi.com/autonamed"

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
_LABEL_KEY = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_DNS_LABEL_KINDS = frozenset({"Namespace", "Service"})
_PATH_KINDS = frozenset({"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"})
_LONGEST_LABEL = 63
_LONGEST_SUBDOMAIN = 253


def generated_suffix(call: CheckCall) -> str:
    """Eight hexadecimal digits drawn from the engine's seed, as the Kubernetes provider appends them."""
    return hashlib.sha256(call.random_seed or call.target.urn.encode()).hexdigest()[:8]


def with_name(call: CheckCall, manifest: Properties) -> Properties:
    """The manifest with a generated name where it gives none; a name once generated is kept."""
    metadata = manifest.get("metadata") or {}
    if not is_properties(metadata) or metadata.get("name") or metadata.get("generateName"):
        return manifest
    before = object_of(call.olds, "metadata")
    kept = text_of(before, "name") if AUTONAMED in object_of(before, "annotations") else ""
    name = kept or call.autonaming.proposed_name or f"{call.target.name.lower()}-{generated_suffix(call)}"
    annotations: Properties = {**object_of(metadata, "annotations"), AUTONAMED: "true"}
    return {**manifest, "metadata": {**metadata, "name": name, "annotations": annotations}}


def name_faults(kind: Kind, manifest: Properties) -> Iterator[str]:
    """What the API server says of an object's name and labels."""
    metadata = object_of(manifest, "metadata")
    name = text_of(metadata, "name")
    if name and kind.name not in _PATH_KINDS:
        yield from _wrong_name(kind, name)
    for key, value in object_of(metadata, "labels").items():
        if not _LABEL_KEY.fullmatch(key):
            yield f'metadata.labels: Invalid value: "{key}": name part must be alphanumeric'
        if isinstance(value, str) and (len(value) > _LONGEST_LABEL or not _LABEL_VALUE.fullmatch(value)):
            yield (
                f'metadata.labels: Invalid value: "{value}": a valid label must be empty or consist of '
                f"alphanumeric characters, '-', '_' or '.', no more than {_LONGEST_LABEL} characters"
            )


def _wrong_name(kind: Kind, name: str) -> Iterator[str]:
    is_label = kind.name in _DNS_LABEL_KINDS
    longest, pattern = (_LONGEST_LABEL, _LABEL) if is_label else (_LONGEST_SUBDOMAIN, _SUBDOMAIN)
    if len(name) > longest:
        yield f'metadata.name: Invalid value: "{name}": must be no more than {longest} characters'
    elif not pattern.fullmatch(name):
        what = "label" if is_label else "subdomain"
        yield (
            f'metadata.name: Invalid value: "{name}": a lowercase RFC 1123 {what} must consist of lower case '
            "alphanumeric characters, '-'"
            + ("" if is_label else " or '.'")
            + ", and must start and end with an "
            "alphanumeric character"
        )
