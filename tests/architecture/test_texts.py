"""Every text of the interface has its Dutch words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
# Where the texts of a part stand, and where their Dutch is kept. What several desks use belongs to "common".
PARTS = {
    "common": (
        *(ROOT / "register/web").glob("*.py"),
        *(ROOT / "register/web/templatetags").rglob("*.py"),
        *(ROOT / "templates").glob("*.html"),
        *(path for folder in ("components", "errors") for path in (ROOT / "templates" / folder).rglob("*")),
    ),
    "account": (
        *(ROOT / "register/web/account").rglob("*.py"),
        *(ROOT / "templates/account").rglob("*.html"),
    ),
    "admin_desk": (
        *(ROOT / "register/web/admin_desk").rglob("*.py"),
        *(ROOT / "register/access" / name for name in ("invitation_mail.py", "new_start.py")),
        *(ROOT / "templates/admin_desk").rglob("*"),
    ),
    "physician": (
        *(ROOT / "register/web/physician").rglob("*.py"),
        ROOT / "register/casework/question_mail.py",
        *(ROOT / "templates/physician").rglob("*"),
    ),
    "desk": (
        *(ROOT / "register/web/gallery").rglob("*.py"),
        *(ROOT / "templates/gallery").rglob("*.html"),
    ),
    "privacy_desk": (
        *(ROOT / "register/web/privacy_desk").rglob("*.py"),
        ROOT / "register/access/alarm_mail.py",
        *(ROOT / "templates/privacy_desk").rglob("*"),
    ),
    "emergency": (
        *(ROOT / "register/web/emergency").rglob("*.py"),
        ROOT / "register/access/emergency_mail.py",
        *(ROOT / "templates/emergency").rglob("*"),
    ),
    "register_desk": (
        *(ROOT / "register/web/register_desk").rglob("*.py"),
        *(ROOT / "register/web/panel_desk").rglob("*.py"),
        *(ROOT / "templates/panel_desk").rglob("*.html"),
        ROOT / "register/casework/question_reminders.py",
        *(ROOT / "templates/register_desk").rglob("*"),
    ),
    "register_data": (
        *(ROOT / "register/web/register_data").rglob("*.py"),
        *(ROOT / "templates/register_data").rglob("*.html"),
    ),
    "register_rules": (
        *(ROOT / "register/web/register_rules").rglob("*.py"),
        ROOT / "register/casework/configuration/agreement_mail.py",
        *(ROOT / "templates/register_rules").rglob("*"),
    ),
    "release_life": (
        ROOT / "register/web/statistics/population.py",
        ROOT / "templates/statistics/population.html",
        *(ROOT / "register/web/statistics/pictures").rglob("*.py"),
        *(ROOT / "templates/statistics" / name for name in ("chart.html", "choices.html", "about_lines.html")),
    ),
    "sharing": (
        *(ROOT / "register/web/webhooks").rglob("*.py"),
        *(ROOT / "templates/webhooks").rglob("*"),
        ROOT / "register/reporting/announcing/notices.py",
        ROOT / "register/web/statistics/euda.py",
        ROOT / "templates/statistics/euda_refused.html",
    ),
    "statistics": (
        *(ROOT / "register/web/statistics").rglob("*.py"),
        *(ROOT / "templates/statistics").rglob("*.html"),
    ),
}
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
MSGID = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)
MSGSTR = re.compile(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


def _said_in(path: Path) -> Iterator[str]:
    """The msgids of a module or a template; a plural is named by its singular."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value
        return
    for call in re.findall(
        r"\b(?:gettext|ngettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", templatize(text)
    ):
        yield ast.literal_eval(call.removeprefix("u"))


def _translated(part: str) -> dict[str, str]:
    """The msgids of a catalogue with the first of their Dutch texts."""
    text = (ROOT / "locale" / part / "nl/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    entries = {}
    for block in text.split("\n\n"):
        found, words = MSGID.search(block), MSGSTR.search(block)
        if found and words and "#, fuzzy" not in block:
            entries[_joined(found[1])] = _joined(words[1])
    return entries


def _joined(quoted: str) -> str:
    return "".join(ast.literal_eval(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', quoted))


@pytest.mark.parametrize("part", PARTS)
def test_every_text_of_a_part_has_dutch_words(part: str) -> None:
    known = {msgid for name in settings.LOCALE_PARTS for msgid, words in _translated(name).items() if words}
    missing = {said for path in PARTS[part] if path.is_file() for said in _said_in(path)} - known
    assert sorted(missing) == []


@pytest.mark.parametrize("part", settings.LOCALE_PARTS)
def test_a_translation_keeps_the_names_that_are_filled_in(part: str) -> None:
    pattern = re.compile(r"%\((\w+)\)[sd]")
    for msgid, words in _translated(part).items():
        assert set(pattern.findall(words)) <= set(pattern.findall(msgid)), msgid


def test_a_text_that_stands_in_several_parts_has_the_same_dutch_words_in_each() -> None:
    # The parts become one catalogue, in which the first words win whatever a later part says.
    said: dict[str, set[str]] = {}
    for part in settings.LOCALE_PARTS:
        for msgid, words in _translated(part).items():
            said.setdefault(msgid, set()).add(words)
    assert {msgid: words for msgid, words in said.items() if len(words) > 1} == {}
