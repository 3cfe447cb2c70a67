"""Texts that the database keeps sealed, with a key that it does not hold.

A sealed text is ``NAME$NONCE AND CIPHERTEXT``. The name of the key is authenticated with the rest, and lets a key be
replaced while texts sealed with the older one still open (``FACTOR_KEYS``: the first seals, all of them open). Each
purpose has a cipher of its own, so that what was sealed for one thing opens for nothing else.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12


class UnknownKeyError(Exception):
    """A text was sealed with a key that is not in ``FACTOR_KEYS``, or was changed since."""


def seal(text: str, *, purpose: bytes) -> str:
    """Encrypt with the current key (AES-256-GCM)."""
    name, secret = settings.FACTOR_KEYS[0]
    nonce = secrets.token_bytes(NONCE)
    sealed = _cipher(secret, purpose).encrypt(nonce, text.encode(), name.encode())
    return f"{name}${base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, purpose: bytes) -> str:
    """Decrypt what ``seal`` made for the same purpose. Raises UnknownKeyError."""
    name, _, body = sealed.partition("$")
    secret = dict(settings.FACTOR_KEYS).get(name)
    if secret is None:
        raise UnknownKeyError(f"There is no key {name!r} in FACTOR_KEYS: put the older key back behind the new one.")
    raw = base64.b64decode(body)
    try:
        return _cipher(secret, purpose).decrypt(raw[:NONCE], raw[NONCE:], name.encode()).decode()
    except InvalidTag:
        raise UnknownKeyError(f"The key {name!r} in FACTOR_KEYS is not the one that sealed this text.") from None


def is_current(sealed: str) -> bool:
    """Whether the current key sealed it."""
    return sealed.partition("$")[0] == settings.FACTOR_KEYS[0][0]


def _cipher(secret: str, purpose: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode()))
