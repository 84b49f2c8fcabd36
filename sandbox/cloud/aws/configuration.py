"""The settings of an AWS provider instance."""

import re

from sandbox.cloud.provider.comparing import Comparing
from sandbox.cloud.provider.model import Checked, Difference, Failure
from sandbox.cloud.wire.values import Properties, text_of

_REGION = re.compile(r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov)-[a-z]+-\d")
_REPLACING = frozenset({"region"})


def check_configuration(news: Properties) -> Checked:
    """Check an instance's settings: the region has to be one."""
    region = text_of(news, "region")
    if region and not _REGION.fullmatch(region):
        return Checked(news, (Failure("region", f"Invalid AWS Region: {region}"),))
    return Checked(news)


def diff_configuration(olds: Properties, news: Properties) -> Difference:
    """Compare settings: another region or account needs every resource anew; other settings do not."""
    comparing = Comparing(is_map=lambda _path: True, is_computed=lambda name: name == "version")
    changes = tuple(comparing.changes(olds, olds, news))
    return Difference(
        tuple(type(change)(change.path, change.change, change.path in _REPLACING) for change in changes)
    )
