"""The AWS role that an engine and its providers work in: a profile in the run's private folder.

Why not in the provider's inputs: docs/adr/0015-the-role-of-a-run-is-a-profile.md.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from service.engine.assume_role import SOURCE_PREFIX
from service.engine.protocol import AssumedRole

PROFILE = "berth"
# Any of these would be taken in place of the profile, or hide it
# (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
SOURCE_VARIABLES = frozenset(
    {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    }
)
_ASSUME_ROLE = Path(__file__).with_name("assume_role.py")


def credentials_environment(
    role: AssumedRole | None, passed: Mapping[str, str], run_dir: Path
) -> dict[str, str]:
    """Write the role's profile into `run_dir` and return the engine's variables with it in force.

    Without a role the engine works with the worker's own credentials.
    """
    if role is None:
        return dict(passed)
    config = run_dir / "aws-config"
    config.touch(mode=0o600)
    config.write_text(profile_text(role))
    hidden = {
        f"{SOURCE_PREFIX}{name}" if name in SOURCE_VARIABLES else name: text for name, text in passed.items()
    }
    return {**hidden, "AWS_CONFIG_FILE": str(config), "AWS_PROFILE": PROFILE}


def profile_text(role: AssumedRole) -> str:
    """Return the profile: it names the role and the session, and holds no credentials."""
    command = (
        f'"{sys.executable}" -I "{_ASSUME_ROLE}" --role-arn {role.role_arn} '
        f"--session-name {role.session_name} --region {role.region}"
    )
    return f"[profile {PROFILE}]\nregion = {role.region}\ncredential_process = {command}\n"
