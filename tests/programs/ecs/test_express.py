"""Services in Express Mode, as the program asks AWS for them."""

from collections.abc import Mapping
from typing import cast

from tests.programs.ecs.variants import environment, private, public
from tests.programs.recording import Recording, plan
from tests.programs.strategies.documents import Document

_EXPRESS: Document = {"express": True}


def _bounds(recording: Recording) -> tuple[object, object]:
    service = recording.one("aws:ecs/expressGatewayService:ExpressGatewayService", "web-express")
    (target,) = cast("list[Mapping[str, object]]", service.inputs["scalingTargets"])
    return target["minTaskCount"], target["maxTaskCount"]


def test_without_scaling_the_number_of_copies_stays_as_desired() -> None:
    """Express Mode always scales: bounds that are one leave it nothing to change."""
    copies = {"min": 1, "desired": 3, "max": 5}
    assert _bounds(plan(environment(public(replicas=copies), cluster=_EXPRESS))) == (3, 3)
    scaled = public(replicas=copies, scaling={"cpu_percent": 60})
    assert _bounds(plan(environment(scaled, cluster=_EXPRESS))) == (1, 5)


def test_a_workload_in_express_mode_has_no_name_in_the_environment() -> None:
    """Names are told of workloads that register them, and the namespace is made for those alone."""
    beside = plan(environment(public(), private(), cluster=_EXPRESS))
    assert beside.outputs["discovery_names"] == {"api": "api.knobs.ops.internal"}
    alone = plan(environment(public(), cluster=_EXPRESS))
    assert alone.outputs["discovery_names"] == {}
    assert not alone.of_type("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace")
