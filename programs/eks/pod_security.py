"""How pods and containers are confined: what Pod Security's `restricted` standard demands, and a bit more.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    PodSecurityContextArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
    SysctlArgs,
)

DEFAULT_USER = 10001
"""Who a container runs as where neither the request nor Pod Security would accept the image's own root."""

_FIRST_UNPRIVILEGED_PORT = 1024

NAMESPACE_LABELS = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
}


def user_and_group(user: str | None) -> tuple[int, int]:
    """Return the numeric user and group of `USER[:GROUP]`."""
    if user is None:
        return DEFAULT_USER, DEFAULT_USER
    uid, _, gid = user.partition(":")
    return int(uid), int(gid or uid)


def pod_security_context(user: str | None, ports: tuple[int, ...]) -> PodSecurityContextArgs:
    """Return the pod's part; a port below 1024 is opened to ordinary users, which is a safe sysctl."""
    uid, gid = user_and_group(user)
    needs_low_port = any(port < _FIRST_UNPRIVILEGED_PORT for port in ports)
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=uid,
        run_as_group=gid,
        fs_group=gid,
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
        sysctls=[SysctlArgs(name="net.ipv4.ip_unprivileged_port_start", value="0")]
        if needs_low_port
        else None,
    )


def container_security_context(user: str | None, *, is_read_only: bool) -> SecurityContextArgs:
    """Return a container's part; without a user of its own it runs as the pod's."""
    return SecurityContextArgs(
        allow_privilege_escalation=False,
        capabilities=CapabilitiesArgs(drop=["ALL"]),
        privileged=False,
        read_only_root_filesystem=is_read_only,
        run_as_user=user_and_group(user)[0] if user is not None else None,
        run_as_group=user_and_group(user)[1] if user is not None else None,
    )
