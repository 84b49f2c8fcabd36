"""What can go wrong between an engine and its backend."""

from service.core.errors import BerthError, ConflictError, FencedError, InvalidInputError, NotFoundError


class StackNotFoundError(NotFoundError):
    """No such stack, or the caller may not know of it."""

    code = "stack_not_found"
    title = "Stack not found"


class UpdateNotFoundError(NotFoundError):
    """No such update of this stack."""

    code = "update_not_found"
    title = "Update not found"


class StackExistsError(ConflictError):
    """The name is taken."""

    code = "stack_exists"
    title = "The stack already exists"


class StackNotEmptyError(InvalidInputError):
    """A stack that still holds resources is deleted only by force."""

    code = "stack_not_empty"
    title = "The stack still contains resources"


class StackInUseError(ConflictError):
    """The stack is an environment's: what happens to it is decided there."""

    code = "stack_in_use"
    title = "The stack belongs to an environment"


class UpdateInProgressError(ConflictError):
    """Another update holds the stack."""

    code = "update_in_progress"
    title = "Another update is in progress"


class UpdateStateError(ConflictError):
    """The update is not in a state that allows this."""

    code = "update_state"
    title = "The update is not in a state that allows this"


class LeaseLostError(FencedError):
    """The lease has expired or passed on, or the operation has moved past this run."""

    code = "lease_lost"
    title = "This run no longer holds the stack"


class CheckpointMismatchError(ConflictError):
    """A delta does not produce the checkpoint that its hash names."""

    code = "checkpoint_mismatch"
    title = "The delta does not fit the stored checkpoint"


class DecryptionError(InvalidInputError):
    """A ciphertext is damaged, or was made for another stack or by a key that is gone."""

    code = "decryption_failed"
    title = "The value cannot be decrypted"


class BodyTooLargeError(BerthError):
    """The request's body is larger than the backend takes."""

    code = "body_too_large"
    title = "The body is too large"


class NotServedError(NotFoundError):
    """Berth has chosen not to serve this part of the Pulumi API."""

    code = "not_served"
    title = "Not served by this backend"


class KeyServiceError(BerthError):
    """AWS KMS did not do what it was asked for."""

    code = "key_service_unavailable"
    title = "The key service does not answer"
    retryable = True
