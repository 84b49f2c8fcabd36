"""Secrets: never written in clear, never lost on the way."""

import json

import pulumi
from pulumi import ResourceOptions, automation

from tests.conformance.cloud import serve
from tests.conformance.lab import Lab
from tests.conformance.things import Thing

PASSWORD = "a password that is written nowhere"  # noqa: S105 -- made up here


def _with_secret() -> None:
    thing = Thing("thing", {"password": pulumi.Output.secret(PASSWORD), "open": "x"})
    pulumi.export("password", pulumi.Output.secret(PASSWORD))
    pulumi.export("open", thing.arn)


def test_secret_inputs_are_sealed_in_the_state(lab: Lab) -> None:
    """A secret input is recorded encrypted, in inputs and outputs."""
    stack = lab.stack(_with_secret)
    lab.up(stack)
    thing = lab.resource(stack, "thing")
    assert PASSWORD not in json.dumps(lab.checkpoint(stack))
    assert "ciphertext" in str(thing["inputs"]["password"])
    assert "ciphertext" in str(thing["outputs"]["password"])


def test_secrets_reach_a_provider_that_takes_them(lab: Lab) -> None:
    """A provider that accepts secrets receives them marked."""
    lab.up(lab.stack(_with_secret))
    (call,) = [call for call in lab.cloud.calls if call.method == "create" and not call.preview]
    assert "4dabf18193072939515e22adb298388d" in str(call.request)


def test_secrets_reach_another_provider_bare(lab: Lab) -> None:
    """A provider that does not accept secrets receives plain values, and its outputs are sealed again."""
    lab.served.stop()
    lab.served = serve(accepts_secrets=False)
    stack = lab.stack(_with_secret)
    lab.up(stack)
    (call,) = [call for call in lab.cloud.calls if call.method == "create" and not call.preview]
    assert call.request.properties["password"] == PASSWORD
    assert PASSWORD not in json.dumps(lab.checkpoint(stack))


def test_additional_secret_outputs_are_sealed(lab: Lab) -> None:
    """An output named in `additional_secret_outputs` is sealed, and stays so."""

    def program() -> None:
        thing = Thing("thing", {"open": "x"}, ResourceOptions(additional_secret_outputs=["arn"]))
        pulumi.export("arn", thing.arn)

    stack = lab.full_stack(program)
    lab.up(stack)
    assert "ciphertext" in str(lab.resource(stack, "thing")["outputs"]["arn"])
    assert lab.resource(stack, "thing")["additionalSecretOutputs"] == ["arn"]
    assert stack.outputs()["arn"].secret
    assert lab.up(stack) == {"same": 2}


def test_secret_outputs_of_a_stack(lab: Lab) -> None:
    """A secret output is told as one, with its value to who asks for it."""
    stack = lab.full_stack(_with_secret)
    lab.up(stack)
    outputs = stack.outputs()
    assert (outputs["password"].value, outputs["password"].secret) == (PASSWORD, True)
    assert outputs["open"].secret is False


def test_outputs_are_masked_unless_asked(lab: Lab) -> None:
    """`stack output` shows [secret] in place of secrets."""
    stack = lab.full_stack(_with_secret)
    lab.up(stack)
    masked = lab.ask("stack", "output", "--json", "--stack", "dev").stdout
    assert "[secret]" in json.loads(masked)["password"]
    shown = lab.ask("stack", "output", "--json", "--show-secrets", "--stack", "dev").stdout
    assert json.loads(shown)["password"] == PASSWORD


def test_unchanged_secret_is_unchanged(lab: Lab) -> None:
    """Sealing a secret anew is no change."""
    stack = lab.stack(_with_secret)
    lab.up(stack)
    assert lab.up(stack) == {"same": 2}
    assert lab.cloud.called("update") == []


def test_secret_from_config(lab: Lab) -> None:
    """A secret of the configuration is sealed in its file, and secret in the program."""

    def program() -> None:
        Thing("thing", {"password": pulumi.Config().require_secret("password")})

    stack = lab.stack(program)
    stack.set_config("password", automation.ConfigValue(PASSWORD, secret=True))
    settings = (lab.root / "work" / "lab" / "Pulumi.dev.yaml").read_text()
    assert PASSWORD not in settings
    assert "secure:" in settings
    lab.up(stack)
    assert "ciphertext" in str(lab.resource(stack, "thing")["inputs"]["password"])


def test_secrets_pass_from_resource_to_resource(lab: Lab) -> None:
    """What is made of a secret output is secret too."""

    def program() -> None:
        first = Thing("first", {"password": pulumi.Output.secret(PASSWORD)})
        Thing("second", {"text": pulumi.Output.concat("<", first.arn, pulumi.Output.secret(PASSWORD), ">")})

    stack = lab.stack(program)
    lab.up(stack)
    assert "ciphertext" in str(lab.resource(stack, "second")["inputs"]["text"])


def test_secret_of_any_shape(lab: Lab) -> None:
    """Objects and lists can be secret."""

    def program() -> None:
        Thing("thing", {"keys": pulumi.Output.secret({"list": [PASSWORD, 1], "none": None})})

    stack = lab.stack(program)
    lab.up(stack)
    assert PASSWORD not in json.dumps(lab.checkpoint(stack))
    assert lab.up(stack) == {"same": 2}


def test_events_show_no_secrets(lab: Lab) -> None:
    """Events carry [secret] in place of secrets, of the configuration and of resources."""

    def program() -> None:
        Thing("thing", {"password": pulumi.Config().require_secret("password")})

    stack = lab.stack(program)
    stack.set_config("password", automation.ConfigValue(PASSWORD, secret=True))
    lab.up(stack)
    assert PASSWORD not in repr([event.__dict__ for event in lab.events])
    assert lab.step("create", "thing").new.inputs["password"]["ciphertext"] == "[secret]"
    (prelude,) = [event.prelude_event for event in lab.events if event.prelude_event]
    assert prelude.config == {"lab:password": "[secret]"}


def test_exports_keep_secrets_sealed_unless_asked(lab: Lab) -> None:
    """An export reveals secrets only when it is asked to, and either can be imported again."""
    stack = lab.full_stack(_with_secret)
    lab.up(stack)
    sealed = json.loads(lab.ask("stack", "export", "--stack", "dev").stdout)
    assert PASSWORD not in json.dumps(sealed)
    revealed = stack.export_stack()
    assert PASSWORD in json.dumps(revealed.deployment)
    stack.import_stack(revealed)
    assert PASSWORD not in json.dumps(lab.checkpoint(stack))
    assert stack.outputs()["password"].value == PASSWORD
