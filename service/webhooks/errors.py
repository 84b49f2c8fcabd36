"""What can go wrong with webhooks."""

from service.core.errors import BerthError, ConflictError, InvalidInputError, NotFoundError
from service.webhooks.model import EndpointId


class EndpointNotFoundError(NotFoundError):
    """There is no such endpoint."""

    code = "webhook_endpoint_not_found"
    title = "There is no such webhook endpoint"

    def __init__(self, endpoint_id: EndpointId) -> None:
        super().__init__(f"there is no webhook endpoint {endpoint_id}")


class DeliveryNotFoundError(NotFoundError):
    """There is no such delivery at this endpoint."""

    code = "webhook_delivery_not_found"
    title = "There is no such webhook delivery"


class EndpointDisabledError(ConflictError):
    """The endpoint is disabled: nothing is sent to it until it is enabled again."""

    code = "webhook_endpoint_disabled"
    title = "The webhook endpoint is disabled"


class TargetRefusedError(InvalidInputError):
    """The address is not one that webhooks are sent to."""

    code = "webhook_target_refused"
    title = "Webhooks are not sent to this address"


class UnresolvableTargetError(BerthError):
    """The host's name does not resolve at the moment."""

    code = "webhook_target_unresolvable"
    title = "The webhook's host does not resolve"
    retryable = True


class SecretUnreadableError(BerthError):
    """An endpoint's secret was sealed by a key that is not configured."""

    code = "webhook_secret_unreadable"
    title = "The endpoint's secret cannot be opened"
