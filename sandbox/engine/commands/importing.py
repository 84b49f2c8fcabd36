"""`pulumi import`: resources that stand in the cloud become part of a stack."""

from argparse import ArgumentParser
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.engine import urn as urns
from sandbox.engine.commands.arguments import update_options
from sandbox.engine.commands.context import Context
from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import JsonObject, child, flag, load_object, objects, text, texts
from sandbox.engine.steps.imports import Import


def configure(parser: ArgumentParser) -> None:
    """Arguments of `import`."""
    update_options(parser)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--file", default="")
    parser.add_argument("--out", "-o", default="")
    parser.add_argument("--from", dest="converter", default="")
    for option in ("--parent", "--provider"):
        parser.add_argument(option, default="")
    parser.add_argument("--properties", action="append", default=[])
    for switch in ("--protect", "--generate-code"):
        parser.add_argument(switch, nargs="?", const="true", default="true")


def wanted_imports(context: Context) -> list[Import]:
    """What the command line or its file asks for.

    Raises:
        EngineError: if it cannot be understood, or asks for more than this engine does.
    """
    arguments = context.arguments
    if arguments.converter:
        raise EngineError("the sandbox's engine converts nothing; leave --from out")
    if str(arguments.generate_code) != "false":
        raise EngineError(
            "the sandbox's engine writes no code for imported resources; pass --generate-code=false"
        )
    path = str(arguments.file)
    document = load_object(Path(path).read_bytes()) if path else _from_words(context)
    stack = context.stack.stack
    return _Reader(stack, context.project.name, protects=str(arguments.protect) == "true").read(document)


def _from_words(context: Context) -> JsonObject:
    arguments = context.arguments
    words = [str(word) for word in arguments.words]
    if len(words) != 3:  # noqa: PLR2004 -- type, name and id
        raise EngineError("an inline resource must be specified if no converter or import file is used")
    spec: JsonObject = {"type": words[0], "name": words[1], "id": words[2]}
    table: JsonObject = {}
    for key in ("parent", "provider"):
        name, _, urn = str(getattr(arguments, key)).partition("=")
        if name:
            spec[key], table[name] = name, urn
    named = [item for given in arguments.properties for item in str(given).split(",")]
    return {"nameTable": table, "resources": [{**spec, "properties": [*named]}]}


@dataclass
class _Reader:
    stack: str
    project: str
    protects: bool
    problems: list[str] = field(default_factory=list[str])
    urns: dict[str, str] = field(default_factory=dict[str, str])

    def read(self, document: JsonObject) -> list[Import]:
        specs = [_with_names(spec) for spec in objects(document, "resources")]
        table = child(document, "nameTable")
        self.urns = {name: text(table, name) for name in table}
        for index, spec in enumerate(specs):
            self._check(_description(index, spec), spec)
        self._raise_if_wrong()
        self._name_all(specs)
        self._raise_if_wrong()
        return [self._import(spec) for spec in specs]

    def _raise_if_wrong(self) -> None:
        if self.problems:
            noun = "error" if len(self.problems) == 1 else "errors"
            listed = "".join(f"\t* {problem}\n" for problem in self.problems)
            raise EngineError(f"{len(self.problems)} {noun} occurred:\n{listed}\n")

    def _check(self, described: str, spec: JsonObject) -> None:
        for key in ("type", "name"):
            if not text(spec, key):
                self.problems.append(f"{described} has no {key}")
        is_component = flag(spec, "component")
        if not is_component and not text(spec, "id"):
            self.problems.append(f"{described} has no ID")
        if is_component and text(spec, "id"):
            self.problems.append(f"{described} has an ID, but is marked as a component")
        if flag(spec, "remote") and not is_component:
            self.problems.append(f"{described} is marked as remote, but not as a component")
        if urns.is_provider_type(text(spec, "type")):
            self.problems.append(f"{described} is a provider, which the sandbox's engine does not import")

    def _name_all(self, specs: list[JsonObject]) -> None:
        names = {text(spec, "name") for spec in specs}
        left = list(enumerate(specs))
        while left:
            waiting = [entry for entry in left if not self._name(*entry, names)]
            if len(waiting) == len(left):
                for index, spec in waiting:
                    self.problems.append(f"{_description(index, spec)} is its own ancestor")
                return
            left = waiting

    def _name(self, index: int, spec: JsonObject, names: set[str]) -> bool:
        parent, provider = text(spec, "parent"), text(spec, "provider")
        described = _description(index, spec)
        if parent and parent not in self.urns:
            if parent in names:
                return False
            self.problems.append(f"the parent '{parent}' for {described} has no entry in 'nameTable'")
            return True
        if provider and provider not in self.urns:
            self.problems.append(f"the provider '{provider}' for {described} has no entry in 'nameTable'")
            return True
        parent_urn = self.urns.get(parent, "")
        urn = urns.make(self.stack, self.project, parent_urn, text(spec, "type"), text(spec, "logicalName"))
        if urn in self.urns.values():
            self.problems.append(f"{described} has an ambiguous URN, set name (or logical name) to be unique")
        self.urns[text(spec, "name")] = urn
        return True

    def _import(self, spec: JsonObject) -> Import:
        return Import(
            type=text(spec, "type"),
            name=text(spec, "logicalName"),
            id=text(spec, "id"),
            parent=self.urns.get(text(spec, "parent"), ""),
            provider=self.urns.get(text(spec, "provider"), ""),
            version=text(spec, "version").removeprefix("v"),
            download_url=text(spec, "pluginDownloadUrl"),
            properties=texts(spec, "properties"),
            is_component=flag(spec, "component"),
            is_remote=flag(spec, "remote"),
            protect=self.protects,
        )


def _with_names(spec: JsonObject) -> JsonObject:
    name, logical = text(spec, "name"), text(spec, "logicalName")
    return {**spec, "name": name or logical, "logicalName": logical or name}


def _description(index: int, spec: JsonObject) -> str:
    if text(spec, "name"):
        described = f"resource '{text(spec, 'name')}'"
    elif text(spec, "id"):
        described = f"resource '{text(spec, 'id')}'"
    else:
        described = f"resource {index}"
    return f"{described} of type '{text(spec, 'type')}'" if text(spec, "type") else described
