"""Seeds of second factors, sealed with a key that the database does not hold."""

from register.access import sealing
from register.access.sealing import UnknownKeyError, is_current

__all__ = ["UnknownKeyError", "is_current", "seal", "unseal"]

PURPOSE = b"register: seeds of second factors"


def seal(text: str) -> str:
    """Encrypt with the current key."""
    return sealing.seal(text, purpose=PURPOSE)


def unseal(sealed: str) -> str:
    """Decrypt what ``seal`` made. Raises UnknownKeyError."""
    return sealing.unseal(sealed, purpose=PURPOSE)
