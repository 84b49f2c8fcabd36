"""Reads the settings for a command, so that a wrong variable is named and not traced."""

from pydantic import ValidationError

from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.settings import Settings


def read_settings() -> Settings:
    """Build the settings from the environment; raises CommandError naming the variables that are wrong."""
    try:
        return Settings()
    except ValidationError as error:
        places = "; ".join(
            f"BERTH_{'__'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors()
        )
        raise CommandError(f"the configuration is not valid: {places}", exit_code=ExitCode.USAGE) from error
