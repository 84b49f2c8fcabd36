"""What can go wrong with quotas."""

from collections.abc import Sequence

from service.core.errors import ConflictError, FieldError
from service.limits.model import POINTERS, REMEDIES, AmountCheck, ChoiceCheck


class QuotaExceededError(ConflictError):
    """The request does not fit into the team's quota; `context` has the limit, what is used and asked."""

    code = "quota_exceeded"
    title = "The request does not fit into the team's quota"

    def __init__(self, team: str, exceeded: Sequence[AmountCheck | ChoiceCheck]) -> None:
        first = exceeded[0]
        texts = [_text(one) for one in exceeded]
        super().__init__(
            f"quota of team {team}: {'; '.join(texts)}",
            hint=f"{REMEDIES[first.name]}, or ask the platform team for a larger quota",
            fields=tuple(
                FieldError(POINTERS[one.name], text, str(one.name))
                for one, text in zip(exceeded, texts, strict=True)
            ),
            context=_context(first),
        )


def _text(check: AmountCheck | ChoiceCheck) -> str:
    if isinstance(check, ChoiceCheck):
        allowed = ", ".join(check.allowed or ()) or "none"
        return f"{check.name} allowed are {allowed}, not {', '.join(check.refused)}"
    if check.unsized_types:
        return f"{check.name} cannot be told: nobody here knows the size of {', '.join(check.unsized_types)}"
    return (
        f"{check.name} {_figure(check.used)} used and {_figure(check.asked)} asked of {_figure(check.limit)}"
    )


def _context(check: AmountCheck | ChoiceCheck) -> dict[str, str]:
    if isinstance(check, ChoiceCheck):
        return {
            "limit": str(check.name),
            "asked": ", ".join(check.asked),
            "allowed": ", ".join(check.allowed or ()),
        }
    figures = {"used": check.used, "asked": check.asked, "allowed": check.limit}
    return {"limit": str(check.name), **{name: _figure(one) for name, one in figures.items()}}


def _figure(amount: float | None) -> str:
    return "" if amount is None else f"{amount:g}"
