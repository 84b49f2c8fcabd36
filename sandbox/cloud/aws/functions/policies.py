"""IAM policy documents put together from statements."""

import json
from collections.abc import Callable, Mapping

from sandbox.cloud.aws.functions.call import Invocation
from sandbox.cloud.aws.surroundings import stable_hex
from sandbox.cloud.wire.values import Properties, Value, is_list, objects_of, text_of

_LISTS: Mapping[str, str] = {
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}


def policy_document(call: Invocation) -> Properties:
    """The JSON of a policy with the statements that the arguments describe."""
    document: Properties = {"Version": call.text("version") or "2012-10-17"}
    if call.text("policyId"):
        document["Id"] = call.text("policyId")
    document["Statement"] = [_statement(item) for item in objects_of(call.arguments, "statements")]
    text = json.dumps(document, indent=2)
    return {
        "id": stable_hex(text, length=10),
        "json": text,
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def _statement(given: Properties) -> Properties:
    statement: Properties = {"Sid": text_of(given, "sid")} if text_of(given, "sid") else {}
    statement["Effect"] = text_of(given, "effect", "Allow")
    for name, written in _LISTS.items():
        values = given.get(name)
        if is_list(values) and values:
            statement[written] = _one_or_many(values)
    for name, written in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        principals = objects_of(given, name)
        if principals:
            statement[written] = _principals(principals)
    conditions = objects_of(given, "conditions")
    if conditions:
        statement["Condition"] = _conditions(conditions)
    return statement


def _principals(given: list[Properties]) -> Value:
    if any(item.get("type") == "*" for item in given):
        return "*"
    return {text_of(item, "type"): _one_or_many(item.get("identifiers")) for item in given}


def _conditions(given: list[Properties]) -> Properties:
    tests = dict.fromkeys(text_of(item, "test") for item in given)
    return {
        test: {
            text_of(item, "variable"): _one_or_many(item.get("values"))
            for item in given
            if text_of(item, "test") == test
        }
        for test in tests
    }


def _one_or_many(values: Value) -> Value:
    return values[0] if is_list(values) and len(values) == 1 else values


FUNCTIONS: Mapping[str, Callable[[Invocation], Properties]] = {
    "aws:iam/getPolicyDocument:getPolicyDocument": policy_document,
}
