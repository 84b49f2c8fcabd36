"""Every command: how its arguments are read and what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.engine.commands import config, history, misc, stack
from sandbox.engine.commands.arguments import Configure, update_options
from sandbox.engine.commands.context import Context
from sandbox.engine.commands.importing import configure as import_options
from sandbox.engine.commands.importing import wanted_imports


@dataclass(frozen=True, slots=True)
class Command:
    """One command."""

    configure: Configure
    run: Callable[[Context], None]


def _update(context: Context) -> None:
    from sandbox.engine.commands.update import run_update  # noqa: PLC0415 -- the engine's imports cost more than most commands

    run_update(context)


def _import(context: Context) -> None:
    from sandbox.engine.commands.update import run_update  # noqa: PLC0415

    run_update(context, tuple(wanted_imports(context)))


COMMANDS: dict[str, Command] = {
    "version": Command(misc.configure_nothing, misc.version),
    "whoami": Command(misc.configure_whoami, misc.whoami),
    "install": Command(misc.configure_install, misc.install),
    "cancel": Command(misc.configure_cancel, misc.cancel),
    "org get-default": Command(misc.configure_org_default, misc.org_default),
    "plugin ls": Command(misc.configure_plugin_ls, misc.plugin_ls),
    "plugin install": Command(misc.configure_plugin_install, misc.plugin_install),
    "plugin rm": Command(misc.configure_plugin_install, misc.plugin_install),
    "stack": Command(stack.configure_show, stack.show),
    "stack init": Command(stack.configure_init, stack.init),
    "stack new": Command(stack.configure_init, stack.init),
    "stack select": Command(stack.configure_select, stack.select),
    "stack rm": Command(stack.configure_rm, stack.rm),
    "stack ls": Command(stack.configure_ls, stack.ls),
    "stack output": Command(stack.configure_output, stack.output),
    "stack export": Command(stack.configure_export, stack.export),
    "stack import": Command(stack.configure_import, stack.import_state),
    "stack rename": Command(stack.configure_rename, stack.rename),
    "stack history": Command(history.configure, history.history),
    "stack tag ls": Command(misc.configure_tag_ls, misc.tag_ls),
    "stack tag get": Command(misc.configure_tag_name, misc.tag_get),
    "stack tag set": Command(misc.configure_tag_set, misc.tag_set),
    "stack tag rm": Command(misc.configure_tag_name, misc.tag_rm),
    "config": Command(config.configure_list, config.list_config),
    "config get": Command(config.configure_get, config.get),
    "config set": Command(config.configure_set, config.set_value),
    "config set-all": Command(config.configure_set_all, config.set_all),
    "config rm": Command(config.configure_rm, config.rm),
    "config rm-all": Command(config.configure_rm_all, config.rm),
    "config refresh": Command(config.configure_refresh, config.refresh),
    "preview": Command(update_options, _update),
    "up": Command(update_options, _update),
    "refresh": Command(update_options, _update),
    "destroy": Command(update_options, _update),
    "import": Command(import_options, _import),
}
