"""Parts of a page that change while somebody types, made by the templates of the page. The form itself is not one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from register.web.physician.sent import control_id

WARNINGS, CONFLICTS = "waarschuwing", "verschil"


def of_answer(warnings: Sequence[Any], problems: Mapping[str, str], conflicts: Mapping[str, Any]) -> dict[str, Any]:
    """The warnings, the questions to choose about, and the sentence at each field by the id of its first control.

    They are drawn without what every page knows, such as the menu with its counts: none of it stands in them.
    """
    asked = [{**conflict, "field": name} for name, conflict in conflicts.items()]
    return {
        WARNINGS: render_to_string("physician/warnings.html", {"warnings": warnings}).strip(),
        CONFLICTS: render_to_string("physician/conflicts.html", {"conflicts": asked}).strip(),
        "problems": {
            control_id(name): render_to_string(
                "components/field_error.html", {"id": control_id(name), "error": text}
            ).strip()
            for name, text in problems.items()
        },
    }
