"""The command line: which command is meant and what it is given."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeAlias

from sandbox.engine.errors import EngineError

Configure: TypeAlias = Callable[[ArgumentParser], None]


class UsageError(EngineError):
    """The command line cannot be understood."""


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _globals() -> ArgumentParser:
    parser = _Parser(add_help=False, allow_abbrev=False)
    for flag in (
        "--non-interactive",
        "--logtostderr",
        "--logflow",
        "--disable-integrity-checking",
        "--emoji",
        "-e",
    ):
        parser.add_argument(flag, action="store_true")
    for option in ("--color", "--verbose", "-v", "--tracing", "--profiling", "--memprofilerate"):
        parser.add_argument(option)
    parser.add_argument("--cwd", "-C", default="")
    return parser


def parse(argv: list[str], tree: Mapping[str, Configure]) -> tuple[str, Namespace]:
    """The command, by its words, and its arguments.

    Raises:
        UsageError: if there is no such command or it takes no such arguments.
    """
    # What follows `--` are values, whatever they look like.
    cut = argv.index("--") if "--" in argv else len(argv)
    known, rest = _globals().parse_known_args(argv[:cut])
    command, arguments = _command(rest, tree)
    parser = _Parser(prog=f"pulumi {command}", allow_abbrev=False)
    tree[command](parser)
    values = argv[cut + 1 :]
    parsed = parser.parse_intermixed_args([*arguments, *(["--", *values] if values else [])])
    for name, value in vars(known).items():
        if not hasattr(parsed, name):
            setattr(parsed, name, value)
    return command, parsed


def _command(words: list[str], tree: Mapping[str, Configure]) -> tuple[str, list[str]]:
    for length in range(min(3, len(words)), 0, -1):
        candidate = " ".join(words[:length])
        if candidate in tree:
            return candidate, words[length:]
    if not words or words[0] in ("--help", "-h", "help"):
        print("Commands:", *sorted(tree), sep="\n  ")  # noqa: T201 -- help is what was asked for
        sys.exit(0)
    raise UsageError(f'unknown command "{words[0]}" for "pulumi"')


def stack_option(parser: ArgumentParser) -> None:
    """`--stack`."""
    parser.add_argument("--stack", "-s", default="")


def config_options(parser: ArgumentParser) -> None:
    """Options of all `config` commands."""
    stack_option(parser)
    parser.add_argument("--config-file", default="")


def update_options(parser: ArgumentParser) -> None:
    """Options of the commands that run the engine."""
    stack_option(parser)
    for flag in (
        "--yes", "--skip-preview", "--diff", "--json", "--debug", "--suppress-outputs",
        "--suppress-progress", "--target-dependents", "--exclude-dependents", "--continue-on-error",
        "--expect-no-changes", "--show-sames", "--show-config", "--show-reads", "--show-secrets",
        "--show-full-output", "--show-replacement-steps", "--preview-only", "--exclude-protected",
        "--clear-pending-creates", "--skip-pending-creates", "--remote", "--strict", "--remove",
    ):  # fmt: skip
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-y", dest="yes", action="store_true")
    parser.add_argument("-f", dest="skip_preview", action="store_true")
    parser.add_argument("-r", dest="refresh", action="store_const", const="true")
    for option in ("--client", "--exec-kind", "--exec-agent", "--event-log", "--message", "--config-file",
                   "--save-plan", "--plan", "--import-file", "--suppress-permalink"):  # fmt: skip
        parser.add_argument(option, default="")
    parser.add_argument("-m", dest="message")
    parser.add_argument("--parallel", "-p", type=int, default=0)
    parser.add_argument("--refresh", nargs="?", const="true", default="")
    parser.add_argument("--run-program", nargs="?", const="true", default="")
    for repeated in ("--target", "--exclude", "--replace", "--target-replace", "--policy-pack",
                     "--policy-pack-config", "--attach-debugger", "--config"):  # fmt: skip
        parser.add_argument(repeated, action="append", default=[])
    parser.add_argument("-t", dest="target", action="append")
    parser.add_argument("-c", dest="config", action="append")
