"""Who may call a workload whose standing copies Flagger makes."""

from tests.programs.eks.plans import of_kind
from tests.programs.eks.variants import api, request, web
from tests.programs.recording import plan

_BOTH = [{"key": "app.kubernetes.io/name", "operator": "In", "values": ["web", "web-primary"]}]


def test_flaggers_own_copies_are_let_in_and_admit_callers() -> None:
    """Flagger names its copies anew; a policy for the old name would shut off the version that stands."""
    canary = web(rollout={"strategy": "blue_green"})
    plans = plan(request(canary, api(allow_from=["web"]), cluster={"delivery": "flagger"}))
    callers = {
        one["metadata"]["namespace"]: one["spec"]
        for one in of_kind(plans, "NetworkPolicy")
        if one["metadata"]["name"] == "callers"
    }
    assert callers["web"]["podSelector"] == {"matchExpressions": _BOTH}
    assert callers["api"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "api"}}
    (rule,) = callers["api"]["ingress"]
    (peer,) = rule["from"]
    assert peer["podSelector"] == {"matchExpressions": _BOTH}
