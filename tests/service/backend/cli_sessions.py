"""What people do with the official CLI, session by session; run by the tests and by the recorder."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = """\
name: environments
runtime: python
"""
DEV = "shop/environments/dev"
GROUP = "urn:pulumi:{stack}::environments::berth:test:Group::group"
STASH = "urn:pulumi:{stack}::environments::pulumi:index:Stash::stash"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Cli:
    """The CLI, logged in to one backend, in a directory with a project."""

    url: str
    directory: Path
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def at(cls, url: str, directory: Path, **settings: str) -> "Cli":
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "Pulumi.yaml").write_text(PROJECT)
        return cls(url, directory, settings)

    async def run(self, *command: str, stdin: str = "") -> Said:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.directory,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.directory),
                "PULUMI_HOME": str(self.directory / "home"),
                "PULUMI_BACKEND_URL": self.url,
                "PULUMI_ACCESS_TOKEN": "a-persons-token",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                **self.settings,
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(stdin.encode())
        return Said(process.returncode or 0, out.decode(), err.decode())

    async def ask(self, *arguments: str, stdin: str = "") -> Said:
        """Run a command, however it ends."""
        return await self.run("pulumi", *arguments, "--non-interactive", stdin=stdin)

    async def do(self, *arguments: str, stdin: str = "") -> str:
        """Run a command that has to succeed and return what it printed."""
        said = await self.ask(*arguments, stdin=stdin)
        assert said.code == 0, f"pulumi {' '.join(arguments)}: {said.err}{said.out}"
        return said.out

    async def program(self, verb: str, stack: str = DEV, children: int = 2) -> None:
        """Run the inline program through the Automation API."""
        script = str(Path(__file__).with_name("inline_program.py"))
        said = await self.run(sys.executable, script, verb, stack, str(children), str(self.directory))
        assert said.code == 0, said.err


async def getting_started(cli: Cli) -> None:
    """Log in, look around, make stacks, list, tag, configure, remove."""
    assert "local-developer" in await cli.do("whoami")
    assert "local-developer" in await cli.do("about", "--json")
    await cli.do("login", cli.url)
    await cli.do("stack", "init", DEV)
    await cli.do("stack", "init", "shop/environments/prod")
    assert "already exists" in (await cli.ask("stack", "init", DEV)).err
    await cli.do("stack", "select", DEV)
    names = {stack["name"] for stack in json.loads(await cli.do("stack", "ls", "--json"))}
    assert {name.split("/")[-1] for name in names} == {"dev", "prod"}
    assert json.loads(await cli.do("stack", "ls", "--json", "--tag", "tier=gold")) == []
    await cli.do("stack", "tag", "set", "tier", "gold")
    assert await cli.do("stack", "tag", "get", "tier") == "gold\n"
    assert len(json.loads(await cli.do("stack", "ls", "--json", "--tag", "tier=gold"))) == 1
    await cli.do("stack", "tag", "rm", "tier")
    await cli.do("config", "set", "--secret", "password", "plain text of a secret")
    await cli.do("config", "set", "size", "3")
    assert await cli.do("config", "get", "password") == "plain text of a secret\n"
    assert "plain text" not in await cli.do("config")
    assert "plain text" in await cli.do("config", "--show-secrets")
    assert json.loads(await cli.do("stack", "export"))["deployment"]["manifest"]["version"] == ""
    await cli.do("stack", "rm", "shop/environments/prod", "--yes")
    assert "no stack named" in (await cli.ask("stack", "select", "shop/environments/prod")).err


async def life_of_a_stack(cli: Cli) -> None:
    """Preview, deploy, change, refresh, read, cancel, destroy, remove."""
    await cli.program("preview")
    await cli.program("up")
    await cli.program("up", children=3)
    stack = ("--stack", DEV)
    assert json.loads(await cli.do("stack", "output", "--json", *stack))["children"] == 3
    shown = json.loads(await cli.do("stack", "output", "--json", "--show-secrets", *stack))
    assert shown["hidden"] == "plain text of a secret"
    history = json.loads(await cli.do("stack", "history", "--json", *stack))
    assert [(update["version"], update["result"]) for update in history] == [
        (2, "succeeded"),
        (1, "succeeded"),
    ]
    assert history[1]["resourceChanges"]["create"] == 5
    old = json.loads(await cli.do("stack", "export", "--version", "1", *stack))
    new = json.loads(await cli.do("stack", "export", *stack))
    assert len(new["deployment"]["resources"]) == len(old["deployment"]["resources"]) + 1
    await cli.do("refresh", "--yes", "--skip-preview", *stack)
    await cli.do("stack", "graph", "graph.dot", *stack)
    assert "already ended" in (await cli.ask("cancel", "--yes", *stack)).err
    await cli.do("destroy", "--yes", "--skip-preview", *stack)
    assert json.loads(await cli.do("stack", "export", *stack))["deployment"].get("resources", []) == []
    await cli.do("stack", "rm", "--yes", DEV)


async def state_surgery(cli: Cli) -> None:
    """Unprotect, rename, move and delete in the state; export, import, rename the stack."""
    await cli.program("up")
    stack = ("--stack", DEV)
    await cli.do("state", "unprotect", "--all", "--yes", *stack)
    await cli.do("state", "rename", STASH.format(stack="dev"), "hoard", "--yes", *stack)
    exported = await cli.do("stack", "export", *stack)
    assert "Stash::hoard" in exported
    await cli.do("stack", "import", *stack, stdin=exported)
    await cli.do("stack", "init", "shop/environments/other")
    hoard = STASH.format(stack="dev").replace("stash", "hoard")
    move = ("state", "move", "--source", DEV, "--dest", "shop/environments/other", "--yes")
    await cli.do(*move, hoard)
    assert "hoard" in await cli.do("stack", "export", "--stack", "shop/environments/other")
    child = GROUP.format(stack="dev").replace("::group", "$berth:test:Group::child-1")
    await cli.do("state", "delete", child, "--yes", *stack)
    refused = await cli.ask("stack", "rm", "shop/environments/other", "--yes")
    assert "still has resources" in refused.err
    await cli.do("stack", "rename", "renamed", *stack)
    renamed = await cli.do("stack", "export", "--stack", "shop/environments/renamed")
    assert "urn:pulumi:renamed::environments" in renamed
    assert "urn:pulumi:dev::" not in renamed
    await cli.do("refresh", "--yes", "--skip-preview", "--stack", "shop/environments/renamed")
    await cli.do("stack", "rm", "shop/environments/other", "--yes", "--force")


async def what_is_not_served(cli: Cli) -> None:
    """Commands that this backend has chosen not to serve end with a sentence, not with a crash."""
    await cli.do("stack", "init", DEV)
    commands = (("policy", "ls", "shop"), ("env", "ls"), ("deployment", "run", "update", "--stack", DEV))
    for arguments in commands:
        said = await cli.ask(*arguments)
        assert said.code != 0
        assert "panic" not in said.err
        assert "not served" in said.err + said.out, said


SESSIONS: dict[str, Callable[[Cli], Awaitable[None]]] = {
    session.__name__: session
    for session in (getting_started, life_of_a_stack, state_surgery, what_is_not_served)
}
