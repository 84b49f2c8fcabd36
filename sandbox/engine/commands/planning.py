"""Update plans in files."""

import base64
from pathlib import Path

from sandbox.engine.clock import timestamp
from sandbox.engine.errors import EngineError
from sandbox.engine.state.json_values import JsonObject, child, dump_indented, load_object, text, texts
from sandbox.engine.steps.plan import Plan, ResourcePlan
from sandbox.engine.version import DISPLAY_VERSION


def save_plan(path: str, plan: Plan) -> None:
    """Write a plan (apitype.DeploymentPlanV1: steps and seeds)."""
    resources: JsonObject = {}
    for urn, resource in plan.resources.items():
        document: JsonObject = {"steps": [*resource.ops], "state": {}}
        if resource.seed:
            document["seed"] = base64.b64encode(resource.seed).decode()
        resources[urn] = document
    manifest: JsonObject = {"time": timestamp(), "magic": "", "version": DISPLAY_VERSION}
    document = {"manifest": manifest, "config": {}, "resourcePlans": resources}
    Path(path).write_text(f"{dump_indented(document)}\n", encoding="utf-8")


def load_plan(path: str) -> Plan:
    """Read a plan.

    Raises:
        EngineError: if there is none.
    """
    try:
        document = load_object(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise EngineError(f"could not read plan {path}: {error}") from error
    resources = child(document, "resourcePlans")
    plan = Plan()
    for urn in resources:
        recorded = child(resources, urn)
        plan.resources[urn] = ResourcePlan(texts(recorded, "steps"), base64.b64decode(text(recorded, "seed")))
    return plan
