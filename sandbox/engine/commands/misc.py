"""Small commands: version, whoami, login, plugins, tags, cancel."""

from argparse import ArgumentParser

from sandbox.engine.commands.arguments import stack_option
from sandbox.engine.commands.context import Context
from sandbox.engine.commands.output import say, say_json, say_table
from sandbox.engine.errors import EngineError
from sandbox.engine.providers.ports import attached_ports
from sandbox.engine.state.json_values import JsonObject
from sandbox.engine.version import DISPLAY_VERSION


def configure_nothing(parser: ArgumentParser) -> None:
    """No arguments."""
    del parser


def version(context: Context) -> None:
    """Show the version."""
    del context
    say(DISPLAY_VERSION)


def configure_whoami(parser: ArgumentParser) -> None:
    """Arguments of `whoami`."""
    for flag in ("--json", "--verbose"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-v", dest="verbose", action="store_true")
    parser.add_argument("-j", dest="json", action="store_true")


def whoami(context: Context) -> None:
    """Show who is logged in."""
    user = context.backend.user()
    if not context.arguments.json:
        say(user.name)
        return
    document: JsonObject = {"user": user.name}
    if user.organizations:
        document["organizations"] = [*user.organizations]
    say_json({**document, "url": context.backend.url})


def configure_plugin_ls(parser: ArgumentParser) -> None:
    """Arguments of `plugin ls`."""
    parser.add_argument("--json", "-j", action="store_true")
    parser.add_argument("--project", "-p", action="store_true")


def plugin_ls(context: Context) -> None:
    """List the providers that are attached; this engine installs none."""
    packages = sorted(attached_ports(context.environment))
    if not context.arguments.json:
        say_table(("NAME", "KIND"), [(package, "resource") for package in packages])
        return
    epoch = "1970-01-01T00:00:00.000Z"
    say_json(
        [
            {
                "name": package,
                "kind": "resource",
                "version": "",
                "size": 0,
                "installTime": epoch,
                "lastUsedTime": epoch,
            }
            for package in packages
        ]
    )


def configure_plugin_install(parser: ArgumentParser) -> None:
    """Arguments of `plugin install` and `plugin rm`."""
    parser.add_argument("words", nargs="*")
    for option in ("--server", "--file", "--checksum"):
        parser.add_argument(option, default="")
    for flag in ("--exact", "--reinstall", "--yes", "--all"):
        parser.add_argument(flag, action="store_true")


def plugin_install(context: Context) -> None:
    """Nothing is to be installed: providers are attached."""
    words = [str(word) for word in context.arguments.words]
    package = words[1] if len(words) > 1 else ""
    if package and package not in attached_ports(context.environment):
        say(f"{package} is not attached; the sandbox's engine uses the providers in PULUMI_DEBUG_PROVIDERS")


def configure_install(parser: ArgumentParser) -> None:
    """Arguments of `install`."""
    for flag in (
        "--no-plugins",
        "--no-dependencies",
        "--reinstall",
        "--use-language-version-tools",
        "--parallel",
    ):
        parser.add_argument(flag, action="store_true")


def install(context: Context) -> None:
    """Nothing is to be installed."""
    del context


def configure_tag_ls(parser: ArgumentParser) -> None:
    """Arguments of `stack tag ls`."""
    stack_option(parser)
    parser.add_argument("--json", "-j", action="store_true")


def tag_ls(context: Context) -> None:
    """List the stack's tags."""
    tags = context.backend.tags(context.stack)
    if context.arguments.json:
        say_json(dict(sorted(tags.items())))
    else:
        say_table(("NAME", "VALUE"), sorted(tags.items()))


def configure_tag_name(parser: ArgumentParser) -> None:
    """Arguments of `stack tag get` and `stack tag rm`."""
    parser.add_argument("name")
    stack_option(parser)


def tag_get(context: Context) -> None:
    """Show one tag."""
    name = str(context.arguments.name)
    tags = context.backend.tags(context.stack)
    if name not in tags:
        raise EngineError(f"stack tag '{name}' not found for stack '{context.stack.stack}'")
    say(tags[name])


def tag_rm(context: Context) -> None:
    """Remove one tag."""
    tags = context.backend.tags(context.stack)
    tags.pop(str(context.arguments.name), None)
    context.backend.set_tags(context.stack, tags)


def configure_tag_set(parser: ArgumentParser) -> None:
    """Arguments of `stack tag set`."""
    parser.add_argument("name")
    parser.add_argument("value")
    stack_option(parser)


def tag_set(context: Context) -> None:
    """Set one tag."""
    tags = {**context.backend.tags(context.stack), str(context.arguments.name): str(context.arguments.value)}
    context.backend.set_tags(context.stack, tags)


def configure_cancel(parser: ArgumentParser) -> None:
    """Arguments of `cancel`."""
    parser.add_argument("name", nargs="?", default="")
    stack_option(parser)
    parser.add_argument("--yes", "-y", action="store_true")


def cancel(context: Context) -> None:
    """End the running update's hold on the stack."""
    if context.arguments.name:
        context.arguments.stack = str(context.arguments.name)
    context.backend.cancel(context.stack)
    say(f"The currently running update for '{context.stack.stack}' has been canceled!")


def configure_org_default(parser: ArgumentParser) -> None:
    """Arguments of `org get-default`."""
    del parser


def org_default(context: Context) -> None:
    """Show the organization of stacks that are named without one."""
    say(context.backend.parse_name("x", "x").organization)
