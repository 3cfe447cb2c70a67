"""What the report of a release says of the protection of a table, in sentences for those who decide."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from register.web.language import active


def told(report: Mapping[str, Any]) -> dict[str, Any]:
    """Which cell protects which, and what a coarser table would give back; nothing for what was built before that."""
    return {"protects": _protects(report.get("protects") or {}), "coarser": list(map(_gain, report.get("coarser", ())))}


def _protects(found: Mapping[str, Any]) -> dict[str, Any]:
    if not found:
        return {}
    language = active()
    return {
        "number": len(found["cells"]) + found["more"],
        "more": found["more"],
        "cells": [
            {
                "cell": one["cell"][language],
                "small": [words[language] for words in one["small"]],
                "more": one["more"],
            }
            for one in found["cells"]
        ],
    }


def _gain(gain: Mapping[str, Any]) -> str:
    """One sentence: what is suppressed now, and what would be."""
    way = _("Without ‘%(name)s’") if gain["left_out"] == "dimension" else _("Without the finest level of ‘%(name)s’")
    before, after = gain["before"], gain["after"]
    told = _(
        "%(way)s: %(hidden)s of %(cells)s cells suppressed instead of %(were)s of %(all)s, and %(lost)s instead of "
        "%(most)s per cent of the deaths."
    )
    return told % {
        "way": way % {"name": gain["column"][active()]},
        "hidden": after["hidden"],
        "cells": after["cells"],
        "were": before["hidden"],
        "all": before["cells"],
        "lost": localize(after["deaths_hidden_percent"]),
        "most": localize(before["deaths_hidden_percent"]),
    }
