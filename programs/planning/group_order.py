"""Where a rule stands among those of a load balancer that a controller makes on EKS."""

MAX_PRIORITY = 50_000
"""Elastic Load Balancing API, CreateRule."""

GROUP_ORDERS = 1000
"""https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#group.order"""


def group_order(priority: int) -> int:
    """Return the order of an ingress in its group (1 to 1000, lowest first) for a rule's priority."""
    return 1 + (priority - 1) * (GROUP_ORDERS - 1) // MAX_PRIORITY
