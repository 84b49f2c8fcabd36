"""What every component of one environment shares: names, tags and the place resources are made in."""

from dataclasses import dataclass
from hashlib import sha256

_HASH_LENGTH = 6


def bounded(name: str, limit: int) -> str:
    """Return `name`, cut to `limit` characters with a stable hash at its end where it is longer.

    The hash keeps two long names that share a beginning apart; equal names give equal results.
    """
    if len(name) <= limit:
        return name
    digest = sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{name[: limit - _HASH_LENGTH - 1].rstrip('-')}-{digest}"


@dataclass(frozen=True, slots=True)
class Scope:
    """The environment that components are made for."""

    team: str
    environment: str
    account_id: str
    region: str
    partition: str
    tags: dict[str, str]
    is_ephemeral: bool
    is_protected: bool
    log_retention_days: int

    @property
    def prefix(self) -> str:
        """The beginning of every physical name: unique in an account, since teams' names are."""
        return f"{self.team}-{self.environment}"

    @property
    def dns_suffix(self) -> str:
        """The domain of AWS's endpoints in this partition."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def name(self, part: str, limit: int = 63) -> str:
        """Return the physical name of `part`, at most `limit` characters long."""
        return bounded(f"{self.prefix}-{part}" if part else self.prefix, limit)

    def tagged(self, name: str) -> dict[str, str]:
        """Return the environment's tags with the `Name` that the console shows."""
        return {**self.tags, "Name": name}

    def log_group_name(self, part: str) -> str:
        """Return the name of a log group; one prefix per environment, so that a person finds them all."""
        return f"/berth/{self.team}/{self.environment}/{part}"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource without region, such as a role."""
        return f"arn:{self.partition}:{service}::{self.account_id}:{resource}"
