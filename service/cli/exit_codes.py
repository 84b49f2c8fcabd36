"""What `berth` exits with, so that scripts can tell one end from another."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes; 2 is a wrong command line's too, 130 and 143 are a shell's for SIGINT and SIGTERM."""

    OK = 0
    OPERATION_FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNREACHABLE = 4
    INTERRUPTED = 130
    TERMINATED = 143
