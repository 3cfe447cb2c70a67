"""The look keeps its own promises: colours named once, both nights alike, nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SHEET = (ROOT / "static/register.css").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def _declarations(block: str) -> list[tuple[str, str]]:
    return re.findall(r"(--[\w-]+|color-scheme):\s*([^;]+);", block)


def test_the_night_of_the_device_equals_the_night_that_was_chosen() -> None:
    chosen = re.search(r':root\[data-theme="night"\] \{(.*?)\n\}', SHEET, re.DOTALL)
    device = re.search(
        r"prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme\]\) \{\s*color-scheme(.*?)\n  \}", SHEET, re.DOTALL
    )
    assert chosen
    assert device
    assert _declarations(chosen[1]) == _declarations("color-scheme" + device[1])


def test_colours_are_named_in_the_first_part_alone() -> None:
    tokens, rest = SHEET.split("/* 2 ── base", 1)
    printed = re.search(r"@media print \{.*?\n\}", rest, re.DOTALL)
    assert printed
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rest.replace(printed[0], "")) == []
    assert len(re.findall(r"--nl-color-\w", tokens)) > 40


def test_every_colour_that_is_used_has_a_name() -> None:
    named = set(re.findall(r"(--(?:nl|utrecht)-[\w-]+):", SHEET))
    assert set(re.findall(r"var\((--(?:nl|utrecht)-[\w-]+)\)", SHEET)) <= named


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<script(?![^>]*\snonce=\"\{\{ request\.csp_nonce \}\}\")", text), "it would not run"
