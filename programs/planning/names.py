"""Names of AWS resources: made from the environment's, within each service's limit."""

from hashlib import sha256

HASH_LENGTH = 6

SCOPED_NAME_LIMIT = 63
"""What fits nearly everywhere: a DNS label (RFC 1035)."""
LOAD_BALANCER_LIMIT = 32
"""Load balancers and target groups (Elastic Load Balancing API, CreateLoadBalancer)."""
IAM_ROLE_LIMIT = 64
"""IAM roles (IAM API, CreateRole)."""
EKS_NODE_GROUP_LIMIT = 63
"""Managed node groups and Fargate profiles (Amazon EKS API, CreateNodegroup)."""
KUBERNETES_NAME_LIMIT = 63
"""Names that Kubernetes also uses as labels (RFC 1123)."""
SECURITY_GROUP_LIMIT = 255
"""Security groups (Amazon EC2 API, CreateSecurityGroup)."""


def bounded(name: str, limit: int) -> str:
    """The name itself where it fits, else its beginning and six hex digits of its hash.

    Names that differ anywhere stay different, and a name is always cut the same way.

    Raises:
        ValueError: when the limit leaves no room for a letter and the hash.
    """
    if limit < HASH_LENGTH + 2:
        raise ValueError(f"a limit of {limit} leaves no room for a name and its hash")
    if len(name) <= limit:
        return name
    digest = sha256(name.encode()).hexdigest()[:HASH_LENGTH]
    return f"{name[: limit - HASH_LENGTH - 1].rstrip('-')}-{digest}"


def joined(*parts: str, limit: int) -> str:
    """The parts joined by hyphens, bounded."""
    return bounded("-".join(part for part in parts if part), limit)


def environment_prefix(team: str, name: str) -> str:
    """What the names of an environment's resources begin with; unique in an account, as (team, name) is.

    A hyphen in either would let two pairs read alike (a-b + c, a + b-c), so these bear a hash of the pair.
    """
    readable = f"{team}-{name}"
    if "-" not in team and "-" not in name:
        return readable
    return f"{readable}-{sha256(f'{team}/{name}'.encode()).hexdigest()[:HASH_LENGTH]}"
