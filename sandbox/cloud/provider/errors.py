"""What can go wrong in the cloud, apart from refused inputs."""

from uuid import uuid4

from sandbox.cloud.wire.values import Properties


class CloudError(Exception):
    """The cloud refused or failed a request; its text is what the engine shows."""


class ApiError(CloudError):
    """An AWS API refused a request, worded as the AWS provider words it."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        """Describe the refusal.

        Args:
            code: AWS's own error code, such as `InvalidSubnet.Conflict`.
            message: AWS's own message.
            status: the HTTP status that the API answers with.
        """
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status

    def worded(self, doing: str, service: str, operation: str) -> CloudError:
        """The same refusal with the words around it that name the call.

        Args:
            doing: what was being done, such as `creating EC2 Subnet`.
            service: the API's name, such as `EC2`.
            operation: the call's name, such as `CreateSubnet`.
        """
        return CloudError(
            f"1 error occurred:\n\t* {doing}: operation error {service}: {operation}, "
            f"https response error StatusCode: {self.status}, RequestID: {uuid4()}, "
            f"api error {self.code}: {self.message}\n\n"
        )


class InitializationError(CloudError):
    """A resource was made but did not become usable: it exists and has to be kept track of."""

    def __init__(self, id_: str, outputs: Properties, inputs: Properties, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.id = id_
        self.outputs = outputs
        self.inputs = inputs
        self.reasons = reasons


class ConnectionLostError(CloudError):
    """The connection to the provider broke while it was at work."""


class NotYetThereError(CloudError):
    """Something that is needed does not stand yet, and may soon."""


class UnknownTokenError(CloudError):
    """The package has no such resource type or function."""
