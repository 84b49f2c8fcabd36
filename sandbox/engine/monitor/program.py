"""Runs the program: a language runtime that the Automation API serves."""

from sandbox.engine.channels import Connection, RpcError
from sandbox.engine.errors import AlreadyReportedError, EngineError
from sandbox.engine.providers.components import RunInfo
from sandbox.engine.rpc import language_pb2


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
    connection = Connection(client_address)
    try:
        answer = await connection.call("/pulumirpc.LanguageRuntime/Run", request, language_pb2.RunResponse)
    except RpcError as error:
        raise EngineError(f"failed to run the program at {client_address}: {error.details}") from error
    finally:
        await connection.close()
    if answer.bail:
        raise AlreadyReportedError("run bailed")
    if answer.error:
        raise EngineError(f"an unhandled error occurred: {answer.error}")
