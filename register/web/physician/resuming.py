"""Where a physician goes on with a case: the page and the question they touched last, as an address."""

from typing import Any

from django.urls import reverse

from register.casework import touching
from register.quality import dictionary
from register.web.physician.pages import BY_SLUG
from register.web.physician.row_kinds import IN_FORMS
from register.workflow.case_transitions import CaseState

# Follows from the request; the page asks whether there was one.
TOXICOLOGY_ASKED = "Case.tox_status"


def resume_address(case: Any) -> str:
    """Of a draft the question last touched, on its page; the case itself when there is none, or it was handed in."""
    touched = touching.last(case)
    if case.status != CaseState.DRAFT or touched.page not in BY_SLUG:
        return reverse("physician:case", args=[case.pk])
    return reverse("physician:section", args=[case.pk, touched.page]) + fragment(touched.field, touched.row)


def fragment(field: str, row: str = "") -> str:
    """The place of a question on its page, as the end of an address; empty when the page shows it nowhere by itself."""
    if field == TOXICOLOGY_ASKED:
        return "#f-asked"
    spec = dictionary.find(field)
    if spec is None:
        return ""
    if spec.on_case:
        return f"#f-{spec.field}"
    slug = next((kind.slug for kind in IN_FORMS if kind.model == spec.model), "")
    return f"#{slug}-{row}-{spec.field}" if slug and row else ""
