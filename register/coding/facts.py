"""The facts of one death on which its ICD-10 codes, its case definitions and its attribution rest.

Every answer holds a code of its value set, or None when it is not known; "not known" is never read as "no".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from register.coding import icd10
from register.coding.catalogue import UnknownCodeError
from register.coding.sentences import Sentence

INTENTS = MappingProxyType(
    {
        "accident": Sentence("ongeval", "accident"),
        "suicide": Sentence("zelfdoding", "suicide"),
        "homicide": Sentence("doding door een ander", "homicide"),
        "medical": Sentence("medische handeling", "medical act"),
        "euthanasia": Sentence("euthanasie", "euthanasia"),
        "undetermined": Sentence("onbepaald", "undetermined"),
    }
)
RELATIONS = MappingProxyType(
    {
        "direct": Sentence("direct", "direct"),
        "indirect": Sentence("indirect", "indirect"),
        "unrelated": Sentence("geen relatie", "unrelated"),
    }
)
INCLUSIONS = MappingProxyType(
    {
        "confirmed": Sentence("bevestigd", "confirmed"),
        "probable": Sentence("waarschijnlijk", "probable"),
        "suspected": Sentence("verdacht", "suspected"),
        "excluded": Sentence("uitgesloten", "excluded"),
    }
)
ROLES = (
    "sole_cause",
    "joint_cause",
    "possible_contribution",
    "present_no_contribution",
    "metabolite_or_adulterant",
    "therapeutic",
    "given_in_care",
    "artefact",
    "undeterminable",
    "suspected_only",
)
ORIGINS = ("prescribed", "illicit", "otc")
CERTAINTIES = ("certain", "probable", "possible", "unlikely")

CONTRIBUTING = ("sole_cause", "joint_cause")
_ROLE_ORDER = {role: position for position, role in enumerate(ROLES)}
_CERTAINTY_ORDER: dict[str | None, int] = {code: position for position, code in enumerate((*CERTAINTIES, None))}


@dataclass(frozen=True, slots=True)
class Contributor:
    """One substance of a case with its role; whether it contributed is for the role to say, never for its group.

    ``role`` is a code of VS-ROLE or None while nobody has set it; ``origin`` one of VS-ORIGINDRUG, ``certainty`` one
    of VS-CERT. A metabolite counts when a person gave it a contributing role; its own role is
    ``metabolite_or_adulterant``. Raises UnknownCodeError.
    """

    code: str
    role: str | None
    origin: str | None = None
    certainty: str | None = None

    def __post_init__(self) -> None:
        _known("role", self.role, _ROLE_ORDER)
        _known("origin", self.origin, ORIGINS)
        _known("certainty", self.certainty, CERTAINTIES)

    @property
    def contributes(self) -> bool:
        return self.role in CONTRIBUTING

    @property
    def strength(self) -> tuple[int, int]:
        """Sorts the stronger role first, then the greater certainty."""
        return _ROLE_ORDER.get(self.role or "", len(ROLES)), _CERTAINTY_ORDER[self.certainty]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The facts of one death. Codes of ICD-10 are kept in one spelling.

    ``ucod`` None and ``t_codes`` empty mean that nobody coded yet: the suggestion stands in for each of them.
    ``intent`` is the final one or else the provisional one (``intent_provisional``). ``disorder`` says that the
    conclusion is a disorder due to use and not a poisoning; ``as_prescribed`` that the drug was used as prescribed,
    without an error. ``death_in_netherlands`` None means not known.
    Raises UnknownCodeError for a code outside its value set and InvalidIcd10Error for a text that is no ICD-10 code.
    """

    intent: str | None
    relation: str | None
    inclusion: str | None
    substances: tuple[Contributor, ...] = ()
    ucod: str | None = None
    t_codes: tuple[str, ...] = ()
    death_in_netherlands: bool | None = True
    intent_provisional: bool = False
    disorder: bool = False
    as_prescribed: bool = False

    def __post_init__(self) -> None:
        _known("intent", self.intent, INTENTS)
        _known("relation", self.relation, RELATIONS)
        _known("inclusion", self.inclusion, INCLUSIONS)
        object.__setattr__(self, "ucod", icd10.normalise(self.ucod) if self.ucod else None)
        object.__setattr__(self, "t_codes", tuple(icd10.nature_code(code) for code in self.t_codes))


def contributors(facts: CaseFacts) -> tuple[Contributor, ...]:
    """The substances that caused or helped to cause the death, each once, with the strongest role it was given."""
    return strongest(row for row in facts.substances if row.contributes)


def possible_contributors(facts: CaseFacts) -> tuple[Contributor, ...]:
    """The substances that possibly contributed and did not contribute by another row, each once."""
    certain = {row.code for row in facts.substances if row.contributes}
    return strongest(r for r in facts.substances if r.role == "possible_contribution" and r.code not in certain)


def without_role(facts: CaseFacts) -> tuple[Contributor, ...]:
    """The substances whose role nobody has set, so that whether they contributed is not known."""
    known = {row.code for row in facts.substances if row.contributes}
    return strongest(row for row in facts.substances if row.role is None and row.code not in known)


def strongest(rows: Iterable[Contributor]) -> tuple[Contributor, ...]:
    """One row per substance, the strongest, in the order of the codes."""
    best: dict[str, Contributor] = {}
    for row in rows:
        if row.code not in best or row.strength < best[row.code].strength:
            best[row.code] = row
    return tuple(best[code] for code in sorted(best))


def _known(what: str, code: str | None, codes: Iterable[str]) -> None:
    if code is not None and code not in codes:
        raise UnknownCodeError(f"unknown {what} {code!r}")
