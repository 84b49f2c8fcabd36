"""The commands of `python -m sandbox.cloud`."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from sandbox.cloud.aws.surroundings import DEFAULT_ACCOUNT
from sandbox.cloud.provider.latency import Latency
from sandbox.cloud.serve import ServeOptions, serve


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    parsed = _parser().parse_args(arguments)
    options = ServeOptions(store=Path(parsed.store), latency=Latency(parsed.latency), account=parsed.account)
    asyncio.run(serve(options))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.cloud", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="serve the simulated providers until stdin closes")
    serving.add_argument("--store", required=True, help="folder of the cloud's store")
    serving.add_argument("--latency", choices=[*Latency], default=Latency.NONE.value)
    serving.add_argument("--account", default=DEFAULT_ACCOUNT, help="account of providers that name none")
    return parser
