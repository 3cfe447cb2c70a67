"""From the words and ticks of a row to suspicions, findings and results. What the naming means, the mapping says."""

from collections.abc import Iterator
from dataclasses import dataclass

from register.casework import substances, toxicology
from register.casework.answers import Vocabularies
from register.casework.dossier import Dossier
from register.casework.importing.plans import Columns, SubstancePlan
from register.coding.catalogue import Catalogue
from register.coding.recognition import Recogniser
from register.coding.terms import COMBINATION_MARKER, FOUND_WITH
from register.models import ToxRequest

LONGEST_NAME = 200
CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"
# What is only a hint to another substance is for a person to weigh, not for an import to write down.
HINTS_ONLY = frozenset({COMBINATION_MARKER, FOUND_WITH})
_SUREST_FIRST = (CERTAIN, PROBABLE, POSSIBLE, "unlikely")


@dataclass(slots=True)
class Named:
    """One substance that a row names: the words, how surely they mean it (None: a tick only), and whether ticked."""

    code: str
    words: str
    certainty: str | None
    ticked: bool = False

    @property
    def sure(self) -> str:
        """How sure the register is that the source means this substance: words and tick together leave no doubt."""
        if self.certainty is None:
            return PROBABLE
        return CERTAIN if self.ticked else self.certainty


def named_in(row: Columns, plan: SubstancePlan, recogniser: Recogniser, catalogue: Catalogue) -> list[Named]:
    """What the row names: first what the text says, in its order, then what only notes and ticks say."""
    found = {named.code: named for named in _in_text(row[plan.text] if plan.text else "", recogniser)}
    for note in plan.notes:
        for named in _in_text(row[note], recogniser):
            found.setdefault(named.code, Named(named.code, named.words, None)).ticked = True
    for column in plan.columns:
        if not column.is_ticked(row):
            continue
        by_name = [
            code
            for code in found
            if code in column.named_by or f"group:{catalogue.group_of(code).code}" in column.named_by
        ]
        if column.substance in by_name or not by_name:
            found.setdefault(column.substance, Named(column.substance, column.column, None)).ticked = True
    if not found and plan.nothing_named:
        words = (row[plan.text].strip() if plan.text else "") or plan.nothing_named
        found[plan.nothing_named] = Named(plan.nothing_named, words, CERTAIN)
    return list(found.values())


def _in_text(text: str, recogniser: Recogniser) -> Iterator[Named]:
    """The substances that a text affirms, each once with its surest words."""
    best: dict[str, Named] = {}
    for mention in recogniser.recognise(text):
        if mention.negated or mention.kind in HINTS_ONLY:
            continue
        known = best.get(mention.code)
        if known is None:
            best[mention.code] = Named(mention.code, mention.words, mention.certainty)
        elif _SUREST_FIRST.index(mention.certainty) < _SUREST_FIRST.index(known.certainty or POSSIBLE):
            known.certainty = mention.certainty
    yield from best.values()


def roles_of(named: list[Named], plan: SubstancePlan, catalogue: Catalogue) -> dict[str, str]:
    """The role of each named substance by the rules of the mapping."""
    codes = {each.code for each in named}
    roles = {}
    for each in named:
        parents = codes.intersection(catalogue.metabolite_parents.get(each.code, ())) - {each.code}
        if each.ticked:
            continue
        if parents:
            roles[each.code] = plan.metabolite
        elif each.certainty == POSSIBLE:
            roles[each.code] = plan.possible
    contributors = [each.code for each in named if each.code not in roles]
    roles.update(dict.fromkeys(contributors, plan.alone if len(contributors) == 1 else plan.together))
    return roles


def put_substances(
    dossier: Dossier,
    row: Columns,
    plan: SubstancePlan,
    request: ToxRequest | None,
    recogniser: Recogniser,
    vocabularies: Vocabularies,
) -> None:
    """Add a suspicion, a finding and, when toxicology was done, a result for every substance that the row names."""
    catalogue = dossier.reference.catalogue
    found = named_in(row, plan, recogniser, catalogue)
    roles = roles_of(found, plan, catalogue)
    for each in found:
        name = {"substance": each.code, "reported_as": each.words[:LONGEST_NAME]}
        evidence = list(plan.evidence)
        suspicion = substances.suspect(dossier, {**name, "evidence": evidence}, vocabularies)
        raw = {**name, **plan.finding, "evidence": evidence, "role": roles[each.code], "certainty": each.sure}
        substances.conclude_about(dossier, raw, vocabularies, suspicion=suspicion.pk)
        if request is not None and plan.result:
            toxicology.result(dossier, request, {**name, **plan.result}, vocabularies)
