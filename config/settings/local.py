"""The register on one's own machine, over plain HTTP on localhost, as ``make run`` starts it."""

from hashlib import sha256

from config.settings.base import *  # noqa: F403

DEMO = env.flag("DEMO", default=True)  # noqa: F405
WEBHOOKS_TO_LOOPBACK = DEMO
# A register on one's own machine keeps one secret, made at its first start; the keys of second factors follow from it.
FACTOR_KEYS = FACTOR_KEYS or (("local", sha256(f"factors:{SECRET_KEY}".encode()).hexdigest()),)  # noqa: F405
