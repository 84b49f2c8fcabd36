"""What can go wrong with idempotency keys."""

from service.core.errors import ConflictError, InvalidInputError


class KeyReusedError(InvalidInputError):
    """The key was used before for a different request."""

    code = "idempotency_key_reused"
    title = "The Idempotency-Key was used for another request"

    def __init__(self) -> None:
        super().__init__(
            "this Idempotency-Key was used before, with another address or body",
            hint="use a new key for a new request; repeat a request unchanged",
        )


class KeyInFlightError(ConflictError):
    """A request with this key is still being answered."""

    code = "idempotency_key_in_flight"
    title = "A request with this Idempotency-Key is being answered"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "the first request with this Idempotency-Key has not been answered yet", hint="try again"
        )
