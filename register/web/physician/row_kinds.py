"""The rows of a case that the physician writes: what each kind asks, and which call of casework stores it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.casework import opening, rows, substances
from register.casework.seen import Seen
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.web.physician.summaries import substance_name

Raw = dict[str, list[str]]
Values = Mapping[str, Sequence[str]]
# The key of the row that does not stand yet.
NEW = "new"


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes to which case, having seen which version, and why when the case was handed in already.

    ``case`` is the case as the last of the writes left it.
    """

    case_id: Any
    by: Any
    seen_version: Seen
    reason: str = ""
    behind: bool = False
    latest: int = 0
    case: Any = None

    @classmethod
    def begin(cls, case_id: Any, by: Any, seen_version: Seen, reason: str = "") -> "Write":
        """The first of several writes of one request. From here on nobody else changes the case."""
        latest = opening.lock(case_id=case_id, by=by)
        return cls(case_id, by, seen_version, reason, behind=latest != seen_version, latest=latest)

    def after(self, case: Any) -> "Write":
        """The next write of the same request. When somebody else was first, the person still saw what they saw."""
        seen = self.seen_version if self.behind else self.seen_version.at(case.row_version)
        return replace(self, seen_version=seen, latest=case.row_version, case=case)

    @property
    def knowing(self) -> "Write":
        """The write of somebody who knows the case as it is now."""
        return replace(self, seen_version=self.seen_version.at(self.latest))

    @property
    def arguments(self) -> dict[str, Any]:
        return {"case_id": self.case_id, "by": self.by, "seen_version": self.seen_version, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class RowKind:
    """One kind of row: its questions in order, its rows of a case, its words, and its three writes.

    ``blank`` says that the page offers an empty row to fill in; the others are added by choosing a substance.
    ``copied`` names the answers that a copy of a row takes along; ``restore`` puts back a row that ``taken`` finds.
    """

    slug: str
    model: str
    names: tuple[str, ...]
    title: Promise
    read: Callable[[Any], Sequence[Any]]
    heading: Callable[[Any, int], str]
    add: Callable[[Write, Raw], Any]
    change: Callable[[Write, Any, Raw], Any]
    remove: Callable[[Write, Any], Any] | None
    blank: bool = False
    removed: Callable[[Any], Sequence[Any]] = field(default=lambda case: ())
    copied: tuple[str, ...] = ()
    restore: Callable[[Write, Any], Any] | None = None
    taken: Callable[[Any, str], Any | None] = field(default=lambda case, key: None)

    def gone(self, case: Any, key: str, version: int) -> tuple[Any, Any] | None:
        """A row that was taken away: as it stood at ``version``, and who did it when."""
        return rows.last_seen(case=case, model=self.model, row_id=key, version=version)

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        return tuple(dictionary.field(f"{self.model}.{name}") for name in self.names)


def _small(slug: str, model: str, names: tuple[str, ...], title: Promise, related: str, *, removable: bool) -> RowKind:
    """A kind of which the rows are added by filling in an empty one."""
    return RowKind(
        slug=slug,
        model=model,
        names=names,
        title=title,
        read=lambda case: list(getattr(case, related).order_by("id")),
        heading=lambda row, number: f"{number}",
        add=lambda write, raw: rows.add_row(kind=slug, raw=raw, **write.arguments),
        change=lambda write, key, raw: rows.change_row(kind=slug, row_id=key, raw=raw, **write.arguments),
        remove=(lambda write, key: rows.remove_row(kind=slug, row_id=key, **write.arguments)) if removable else None,
        blank=True,
    )


NALOXONE = _small(
    "naloxone",
    "NaloxoneGiven",
    ("given_by", "doses", "response"),
    gettext_lazy("Naloxone"),
    "naloxonegiven_rows",
    removable=True,
)
KNOWN_USE = _small(
    "known_use",
    "KnownUse",
    ("group", "user_type"),
    gettext_lazy("Known use"),
    "knownuse_rows",
    removable=True,
)
DOCUMENT = _small(
    "document",
    "SourceDocument",
    ("kind", "state", "state_on"),
    gettext_lazy("Source documents"),
    "sourcedocument_rows",
    removable=False,
)


def _text(raw: Raw, name: str) -> str:
    return "".join(raw.get(name, ())[:1])


def _add_suspicion(write: Write, raw: Raw) -> Any:
    return substances.add_suspicion(**_said(raw), **write.arguments)


def _add_finding(write: Write, raw: Raw) -> Any:
    return substances.add_finding(
        **_said(raw),
        suspicion=_text(raw, "suspicion") or None,
        origin=_text(raw, "origin") or None,
        origin_missing=_text(raw, "origin_missing"),
        **write.arguments,
    )


def _said(raw: Raw) -> dict[str, Any]:
    """What a suspicion and a conclusion may both begin with."""
    return {
        "reported_as": _text(raw, "reported_as"),
        "substance": _text(raw, "substance") or None,
        "evidence": raw.get("evidence", ()),
        "route": _text(raw, "route") or None,
        "route_missing": _text(raw, "route_missing"),
    }


def _standing(related: str) -> Callable[[Any], Sequence[Any]]:
    return lambda case: list(getattr(case, related).filter(removed_at=None).select_related("substance").order_by("id"))


def _struck(related: str) -> Callable[[Any], Sequence[Any]]:
    return lambda case: list(getattr(case, related).exclude(removed_at=None).select_related("substance").order_by("id"))


SUSPICION = RowKind(
    slug="suspicion",
    model="SuspectedSubstance",
    names=("role", "evidence", "route"),
    title=gettext_lazy("Suspected substances"),
    read=_standing("suspectedsubstance_rows"),
    heading=lambda row, number: _("Substance %(number)d: %(name)s") % {"number": number, "name": substance_name(row)},
    add=_add_suspicion,
    change=lambda write, key, raw: substances.change_suspicion(row_id=key, raw=raw, **write.arguments),
    remove=lambda write, key: substances.remove_suspicion(row_id=key, **write.arguments),
    removed=_struck("suspectedsubstance_rows"),
    copied=("evidence", "route"),
    restore=lambda write, key: substances.restore_suspicion(row_id=key, **write.arguments),
    taken=lambda case, key: substances.suspicion_taken_away(case=case, row_id=key),
)
FINDING = RowKind(
    slug="finding",
    model="SubstanceFinding",
    names=("role", "certainty", "evidence", "route", "origin"),
    title=gettext_lazy("Substances in the conclusion"),
    read=_standing("substancefinding_rows"),
    heading=lambda row, number: _("Substance %(number)d: %(name)s") % {"number": number, "name": substance_name(row)},
    add=_add_finding,
    change=lambda write, key, raw: substances.change_finding(row_id=key, raw=raw, **write.arguments),
    remove=lambda write, key: substances.remove_finding(row_id=key, **write.arguments),
    removed=_struck("substancefinding_rows"),
    copied=("evidence", "route", "origin"),
    restore=lambda write, key: substances.restore_finding(row_id=key, **write.arguments),
    taken=lambda case, key: substances.finding_taken_away(case=case, row_id=key),
)
# The kinds whose fields stand on the page of a case, under ids that begin with their slug and the key of the row.
IN_FORMS = (SUSPICION, FINDING, NALOXONE, KNOWN_USE, DOCUMENT)


def belonging(typed: Values, kind: RowKind, key: str) -> dict[str, list[str]]:
    """What was typed in one row, by the names of the dictionary."""
    prefix = name_prefix(kind, key)
    return {name.removeprefix(prefix): list(texts) for name, texts in typed.items() if name.startswith(prefix)}


def name_prefix(kind: RowKind, key: str) -> str:
    return f"{kind.slug}.{key}."
