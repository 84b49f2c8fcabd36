"""Where a provider instance works: account, region and partition, read from its settings."""

import hashlib
import os
from dataclasses import dataclass

from sandbox.cloud.store.records import Scope
from sandbox.cloud.wire.values import Properties, object_of, objects_of, text_of

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"

_ZONE_LETTERS = ("a", "b", "c")
_ZONES_OF_REGION = {
    "us-east-1": ("a", "b", "c", "d", "e", "f"),
    "us-west-2": ("a", "b", "c", "d"),
    "us-west-1": ("a", "c"),
    "ap-northeast-1": ("a", "c", "d"),
    "ap-northeast-2": ("a", "b", "c", "d"),
    "ca-central-1": ("a", "b", "d"),
}
_REGION_CODES = {
    "us-east-1": "use1",
    "us-east-2": "use2",
    "us-west-1": "usw1",
    "us-west-2": "usw2",
    "eu-west-1": "euw1",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The account and region that a call works in, and the tags that every resource gets."""

    account: str
    region: str
    caller_arn: str
    default_tags: tuple[tuple[str, str], ...] = ()
    ignored_tag_keys: tuple[str, ...] = ()
    ignored_tag_prefixes: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """The account and region, as the store has them."""
        return Scope(self.account, self.region)

    @property
    def partition(self) -> str:
        """The partition that the region belongs to."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def dns_suffix(self) -> str:
        """The domain that the partition's endpoints stand in."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    @property
    def zone_names(self) -> tuple[str, ...]:
        """The region's availability zones."""
        return tuple(f"{self.region}{letter}" for letter in _ZONES_OF_REGION.get(self.region, _ZONE_LETTERS))

    def zone_id(self, zone_name: str) -> str:
        """The id of a zone, the same in every account here."""
        names = self.zone_names
        number = names.index(zone_name) + 1 if zone_name in names else 1
        return f"{_REGION_CODES.get(self.region, self.region.replace('-', ''))}-az{number}"


def surroundings_of(configuration: Properties, default_account: str) -> Surroundings:
    """Read a provider instance's settings.

    The account is the one of the role to assume, else the one allowed account, else the cloud's own.
    """
    role_arn = _assumed_role(configuration)
    account = _account_of(role_arn) or _only_allowed(configuration) or default_account
    session = (
        role_arn.replace(":role/", ":assumed-role/").replace(":iam:", ":sts:") + "/berth" if role_arn else ""
    )
    tags = object_of(object_of(configuration, "defaultTags"), "tags")
    ignored = object_of(configuration, "ignoreTags")
    return Surroundings(
        account=account,
        region=_region_of(configuration),
        caller_arn=session or f"arn:aws:iam::{account}:user/sandbox",
        default_tags=tuple((name, value) for name, value in sorted(tags.items()) if isinstance(value, str)),
        ignored_tag_keys=_texts(ignored, "keys"),
        ignored_tag_prefixes=_texts(ignored, "keyPrefixes"),
    )


def stable_hex(*parts: str, length: int = 17) -> str:
    """Hexadecimal digits that depend on the parts alone, for what stood before the cloud was looked at."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:length]


def _region_of(configuration: Properties) -> str:
    configured = text_of(configuration, "region")
    return (
        configured or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
    )


def _assumed_role(configuration: Properties) -> str:
    roles = objects_of(configuration, "assumeRoles") or [object_of(configuration, "assumeRole")]
    return text_of(roles[-1], "roleArn")


def _account_of(role_arn: str) -> str:
    return role_arn.split(":")[4] if role_arn.count(":") >= 5 else ""  # noqa: PLR2004 -- parts of an ARN


def _only_allowed(configuration: Properties) -> str:
    allowed = _texts(configuration, "allowedAccountIds")
    return allowed[0] if len(allowed) == 1 else ""


def _texts(values: Properties, name: str) -> tuple[str, ...]:
    value = values.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
