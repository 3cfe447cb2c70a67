"""Every form that saves carries the version it shows and a key of its own."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)
# The desks on which more than one person writes to the same thing; of their forms a search alone saves nothing.
DESKS = ("physician", "register_desk", "statistics")
SEARCH = "physician/my_cases.html"
CARRIES = ("{% carries", '{% include "physician/hidden.html" %}', '{% include "register_desk/carries.html"')


def _forms() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(TEMPLATES)), form)
        for desk in DESKS
        for path in sorted((TEMPLATES / desk).rglob("*.html"))
        for form in FORM.findall(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("template", "form"), _forms())
def test_a_form_that_saves_carries_its_version_and_its_key(template: str, form: str) -> None:
    assert template == SEARCH or any(mark in form for mark in CARRIES), form[:200]
