"""The register on one's own machine, over plain HTTP on localhost, as ``make run`` starts it."""

from config.settings.base import *  # noqa: F403

DEMO = env.flag("DEMO", default=True)  # noqa: F405
