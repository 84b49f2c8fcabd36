"""Runs the program: a language runtime that the Automation API serves."""

import grpc

from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.providers.components import RunInfo
from sandbox.engine.providers.connection import CHANNEL_OPTIONS
from sandbox.engine.rpc import language_pb2, language_pb2_grpc


async def run_program(client_address: str, engine_address: str, folder: str, info: RunInfo) -> None:
    """Run an inline program to its end.

    Raises:
        EngineError: if it fails.
        AlreadyReportedError: if it failed and has said why.
    """
    request = language_pb2.RunRequest(
        project=info.project,
        stack=info.stack,
        pwd=folder,
        args=[engine_address],
        config=info.config,
        configSecretKeys=info.secret_keys,
        dryRun=info.is_dry_run,
        parallel=info.parallel,
        monitor_address=info.monitor_address,
        organization=info.organization,
    )
    async with grpc.aio.insecure_channel(client_address, CHANNEL_OPTIONS) as channel:
        try:
            answer = await language_pb2_grpc.LanguageRuntimeStub(channel).Run(request)
        except grpc.aio.AioRpcError as error:
            raise EngineError(f"failed to run the program at {client_address}: {error.details()}") from error
    if answer.bail:
        raise AlreadyReportedError("run bailed")
    if answer.error:
        raise EngineError(f"an unhandled error occurred: {answer.error}")
