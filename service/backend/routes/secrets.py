"""Encrypting and decrypting a stack's secrets over HTTP."""

import base64

from fastapi import Request, Response

from service.access.permissions import Permission
from service.backend.access_log import audit_decryption
from service.backend.answers import STACK, backend_router, json_answer
from service.backend.bodies import read_body
from service.backend.callers import open_stack
from service.backend.dependencies import Address, CallerOf, Context, Uow
from service.backend.guards import needs
from service.backend.schemas import (
    BatchDecryptRequest,
    BatchEncryptRequest,
    DecryptRequest,
    EncryptRequest,
    LogDecryptionRequest,
)

router = backend_router(STACK)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


@router.post("/encrypt", dependencies=[needs(Permission.STACKS_UPDATE)])
async def encrypt(
    request: Request, uow: Uow, caller: CallerOf, context: Context, address: Address
) -> Response:
    """Encrypt one value for this stack."""
    wanted = EncryptRequest.model_validate_json(await read_body(request))
    stack = await open_stack(uow, caller, address)
    (ciphertext,) = await context.keyring.encrypt(uow, stack, [wanted.plaintext])
    await uow.commit()
    return json_answer({"ciphertext": _text(ciphertext)})


@router.post("/batch-encrypt", dependencies=[needs(Permission.STACKS_UPDATE)])
async def batch_encrypt(
    request: Request, uow: Uow, caller: CallerOf, context: Context, address: Address
) -> Response:
    """Encrypt values for this stack, answered in their order."""
    wanted = BatchEncryptRequest.model_validate_json(await read_body(request))
    stack = await open_stack(uow, caller, address)
    ciphertexts = await context.keyring.encrypt(uow, stack, wanted.plaintexts or [])
    await uow.commit()
    return json_answer({"ciphertexts": [_text(ciphertext) for ciphertext in ciphertexts]})


@router.post("/decrypt", dependencies=[needs(Permission.SECRETS_REVEAL)])
async def decrypt(
    request: Request, uow: Uow, caller: CallerOf, context: Context, address: Address
) -> Response:
    """Decrypt one of this stack's values."""
    wanted = DecryptRequest.model_validate_json(await read_body(request))
    stack = await open_stack(uow, caller, address)
    (plaintext,) = await context.keyring.decrypt(uow, stack.id, [wanted.ciphertext])
    await audit_decryption(uow, caller, stack, values=1)
    await uow.commit()
    return json_answer({"plaintext": _text(plaintext)})


@router.post("/batch-decrypt", dependencies=[needs(Permission.SECRETS_REVEAL)])
async def batch_decrypt(
    request: Request, uow: Uow, caller: CallerOf, context: Context, address: Address
) -> Response:
    """Decrypt values of this stack, answered by their ciphertexts."""
    wanted = BatchDecryptRequest.model_validate_json(await read_body(request))
    stack = await open_stack(uow, caller, address)
    ciphertexts = wanted.ciphertexts or []
    plaintexts = await context.keyring.decrypt(uow, stack.id, ciphertexts)
    await audit_decryption(uow, caller, stack, values=len(ciphertexts))
    await uow.commit()
    pairs = zip(ciphertexts, plaintexts, strict=True)
    return json_answer(
        {"plaintexts": {_text(ciphertext): _text(plaintext) for ciphertext, plaintext in pairs}}
    )


@router.post("/decrypt/log-decryption", dependencies=[needs(Permission.STACKS_READ)])
@router.post("/decrypt/log-batch-decryption", dependencies=[needs(Permission.STACKS_READ)])
async def log_decryption(request: Request, uow: Uow, caller: CallerOf, address: Address) -> Response:
    """Take note that the CLI showed secrets, or decrypted them with keys of its own."""
    told = LogDecryptionRequest.model_validate_json(await read_body(request))
    stack = await open_stack(uow, caller, address)
    await audit_decryption(uow, caller, stack, secret=told.secret_name, command=told.command_name)
    await uow.commit()
    return json_answer({})
