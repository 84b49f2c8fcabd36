"""What every component of one environment shares: names, tags and the place resources are made in."""

from collections.abc import Mapping
from dataclasses import dataclass

from programs.planning.names import SCOPED_NAME_LIMIT, bounded, environment_prefix


@dataclass(frozen=True, slots=True)
class Scope:
    """The environment that components are made for.

    `is_resuming` in the run that brings it back from a pause: counts that are an autoscaler's otherwise are
    set once, since autoscalers leave alone what stands at 0.
    """

    team: str
    environment: str
    account_id: str
    region: str
    partition: str
    tags: Mapping[str, str]
    is_ephemeral: bool
    is_protected: bool
    log_retention_days: int
    is_resuming: bool = False

    @property
    def prefix(self) -> str:
        """The beginning of every physical name: unique in an account, since teams' names are."""
        return environment_prefix(self.team, self.environment)

    @property
    def dns_suffix(self) -> str:
        """The domain of AWS's endpoints in this partition."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def name(self, part: str, limit: int = SCOPED_NAME_LIMIT) -> str:
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
