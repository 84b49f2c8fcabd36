"""AWS cron expressions as Kubernetes writes them."""

import re

_AWS_DAY_NUMBER = re.compile(r"(?<![0-9#/])([1-7])(?![0-9])")


def kubernetes_cron(expression: str) -> str:
    """Return the five fields of Kubernetes for the six of AWS: no year, `?` is `*`, Sunday is 0 and not 1.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html

    Raises:
        ValueError: for what Kubernetes has no words for: a year, L, W and #.
    """
    minutes, hours, day, month, weekday, year = expression.split()
    if year != "*" or re.search(r"[LW#]", f"{day} {weekday.replace('WED', '')}"):
        raise ValueError(f"Kubernetes has no schedule for `{expression}`: no year, L, W or #")
    days = _AWS_DAY_NUMBER.sub(lambda match: str(int(match.group(1)) - 1), weekday)
    return " ".join(part.replace("?", "*") for part in (minutes, hours, day, month, days))
