"""What the buttons of a page with rows do besides saving: add a substance, take one over, copy a row, take it away."""

from dataclasses import dataclass
from typing import Any

from register.casework import suggestions
from register.casework.errors import NotFoundError
from register.web.answers import form_values
from register.web.physician import proposals
from register.web.physician.row_kinds import FINDING, SUSPICION, RowKind, Write
from register.web.physician.row_pages import RowPage
from register.web.physician.summaries import substance_name

SCENE, LABORATORY, DETECTED = "scene", "tox_lab", "detected"
ACTIONS = frozenset({"add", "accept", "take", "copy", "remove", "restore"})


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: what it does, to what, and what stood in the picker and in the box for a text."""

    action: str
    target: str = ""
    term: str = ""
    text: str = ""

    @property
    def kind_and_key(self) -> tuple[str, str]:
        slug, _colon, key = self.target.partition(":")
        return slug, key


@dataclass(frozen=True, slots=True)
class TakenAway:
    """A row that was taken away a moment ago, and the button that puts it back."""

    name: str
    button: str


def act(case: Any, row_page: RowPage, write: Write, press: Press) -> None:
    """The write behind a button of its own; nothing for the buttons that only save."""
    match press.action:
        case "add" if row_page.picked:
            words = suggestions.words_for(press.term, press.target)
            raw = {"reported_as": [words], "substance": [press.target]}
            row_page.picked.add(write, {**raw, "evidence": [_usual_evidence(case, press.target)]})
        case "accept" if row_page.picked:
            _accept(case, row_page.picked, write, press)
        case "take" if row_page.picked is FINDING:
            suspicion = _row(case, SUSPICION, press.target)
            # What was said of the suspicion is not asked again; what it did is a conclusion of its own.
            said = form_values(suspicion, [spec for spec in SUSPICION.specs if spec.field in SUSPICION.copied])
            FINDING.add(write, {**_words(suspicion), **said, "suspicion": [str(suspicion.pk)]})
        case "copy":
            kind, key = _kind(row_page, press)
            row = _row(case, kind, key)
            specs = [spec for spec in kind.specs if spec.field in kind.copied]
            kind.add(write, {**_words(row), **form_values(row, specs)})
        case "remove":
            kind, key = _kind(row_page, press)
            if kind.remove is None:
                raise NotFoundError
            kind.remove(write.knowing, key)
        case "restore":
            kind, key = _kind(row_page, press)
            if kind.restore and kind.taken(case, key) is not None:
                kind.restore(write.knowing, key)
        case _:
            pass


def needs_reason(case: Any, press: Press) -> bool:
    """Whether the press strikes a substance out of a case that was handed in."""
    strikes = press.action == "remove" and press.kind_and_key[0] in (SUSPICION.slug, FINDING.slug)
    return strikes and case.submitted_at is not None


def way_back(case: Any, row_page: RowPage, press: Press) -> str:
    """What follows the address of the page after the press: where the person goes on."""
    slug, key = press.kind_and_key
    kind = row_page.kind(slug)
    match press.action:
        case "add" | "accept" | "take":
            return "#f-term"
        case "copy" | "restore" if kind and (standing := kind.read(case)):
            return f"#r-{standing[-1].pk}"
        case "remove" if kind and kind.restore and case.submitted_at is None:
            return f"?verwijderd={slug}:{key}#f-undo"
        case _:
            return f"#r-{slug}" if slug else ""


def taken_away(case: Any, row_page: RowPage, target: str) -> TakenAway | None:
    """The row that this page just took away; None when it stands, or never was on this page."""
    slug, key = Press("", target).kind_and_key
    kind = row_page.kind(slug)
    row = kind.taken(case, key) if kind else None
    return TakenAway(substance_name(row), f"restore:{slug}:{key}") if row is not None else None


def _accept(case: Any, kind: RowKind, write: Write, press: Press) -> None:
    """Add what a text proposes, in the words of the text. What stands on the page already is not added again."""
    named = proposals.named_in(press.text, press.target)
    if named is None or any(row.substance_id == named.code for row in kind.read(case)):
        return
    raw = {
        "reported_as": [named.words],
        "substance": [named.code],
        "evidence": [_usual_evidence(case, named.code)],
    }
    if kind is FINDING:
        concluded = {row.suspicion_id for row in kind.read(case)}
        suspicions = (row for row in SUSPICION.read(case) if row.substance_id == named.code)
        raw["suspicion"] = [str(row.pk) for row in suspicions if row.pk not in concluded][:1]
    kind.add(write, raw)


def _usual_evidence(case: Any, substance: str) -> str:
    """Where a substance mostly was found: in the laboratory once that reported it, before that at the scene."""
    results = case.toxresult_rows.filter(substance_id=substance, removed_at=None, outcome=DETECTED)
    return LABORATORY if substance and results.exists() else SCENE


def _words(row: Any) -> dict[str, list[str]]:
    return {"reported_as": [row.reported_as], "substance": [row.substance_id or ""]}


def _kind(row_page: RowPage, press: Press) -> tuple[RowKind, str]:
    slug, key = press.kind_and_key
    kind = row_page.kind(slug)
    if kind is None:
        raise NotFoundError
    return kind, key


def _row(case: Any, kind: RowKind, key: str) -> Any:
    found = next((row for row in kind.read(case) if str(row.pk) == key), None)
    if found is None:
        raise NotFoundError
    return found
