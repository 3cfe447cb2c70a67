"""A release beside the ones that were published before it: one system, and the words for what cannot be done in it.

What was once published stays known, also when it was superseded or retracted. So the earlier releases are counted again
from the facts that were kept with each, and a small difference between two of them is a small count.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from register.disclosure import (
    Cell,
    CellKey,
    Chronicle,
    Edition,
    Infeasible,
    Link,
    Past,
    Policy,
    Protected,
    Suppressed,
    System,
    Table,
    Waiver,
    build,
    chronicle,
    containment_links,
    leaning,
    waived_cells,
)
from register.reporting.choices import NONE, Choices
from register.reporting.conflicts import Conflict, ConflictError, conflicts_of
from register.reporting.extract import Extract
from register.reporting.formats.cube import IMPOSSIBLE
from register.reporting.links import BY_DEFINITION, LARGER, SMALLER, links_between
from register.reporting.profiles import USUAL, Profile
from register.reporting.sensitive import links_of
from register.reporting.splitting import given_away, protect_pieces
from register.reporting.table_design import TIME
from register.reporting.tables import designs
from register.reporting.tabulate import tabulate

Published = Mapping[CellKey, int | None]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release that was published before: its frozen facts and terms, and what the ledger says of its cells."""

    identifier: str
    extract: Extract = field(repr=False)
    definition: str
    years: range
    threshold: int
    published: Published = field(repr=False)
    profile: Profile = USUAL


@dataclass(frozen=True, slots=True)
class Together:
    """A release as it was protected: ``system`` and ``cells`` are its own, ``outcome`` is of all releases together.

    ``small`` are its cells that are hidden for their own size or their change; ``leans`` gives for a cell that protects
    others the small ones that lean on it. ``report`` is for those who decide.
    """

    system: System
    outcome: Protected
    cells: Mapping[CellKey, Cell]
    small: frozenset[CellKey]
    leans: Mapping[CellKey, Sequence[CellKey]] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def alone(cls, system: System, outcome: Protected) -> "Together":
        """A release before which nothing was published."""
        if outcome.dossier is None:
            return cls(system, outcome, outcome.cells, frozenset())
        return cls(system, outcome, outcome.cells, outcome.dossier.primary, leaning(outcome.dossier))


def entries_of(bodies: Iterable[Mapping[str, Any]], facts: Extract) -> dict[CellKey, int | None]:
    """Every count in the JSON files of a release, None where it was hidden; what cannot occur is left out."""
    known = {design.name: design for design in designs(facts)}
    found: dict[CellKey, int | None] = {}
    for body in bodies:
        design = known[body["table"]["name"]]
        for cell in body["cells"]:
            if cell["measure"] in design.counts and cell["obs_status"] != IMPOSSIBLE:
                at = [cell[column.name] for column in design.columns]
                key = design.key(cell["definition"], cell["measure"], cell["time_period"], at)
                if key is not None:
                    found[key] = cell["obs_value"]
    return found


def system_of(
    extract: Extract,
    *,
    definition: str,
    years: range,
    threshold: int,
    beside: Sequence[Earlier] = (),
    profile: Profile = USUAL,
    accepted: Collection[CellKey] = (),
) -> System:
    """The tables of a release as one system, with everything a reader can derive between them.

    ``profile``: its rules name further cells that are unsafe, but for those that people ``accepted`` by name.
    ``beside`` are earlier releases. Where one counted a definition that holds this one, or lies within it, the
    difference of two cells counts deaths that can be named; it is guarded in every table that both have.
    """
    parts = tabulate(extract, definition=definition, years=years)
    found = links_between(parts, extract, definition=definition, threshold=threshold)
    found += links_of(parts, extract, definition=definition, years=years, profile=profile, accepted=accepted)
    for other in sorted({one.definition for one in beside} - {definition}):
        if {other, definition} == {LARGER, SMALLER}:
            counted = {str(year) for one in beside if one.definition == other for year in one.years}
            further = [one for one in tabulate(extract, definition=other, years=years) if one.population == other]
            found += _differences([*parts, *further], counted)
            parts = (*parts, *(replace(one, printed=False) for one in further if one.name != BY_DEFINITION))
    return build(parts, found)


def _differences(parts: Sequence[Table], years: Collection[str]) -> list[Link]:
    """The differences of two nested definitions in these years, in every table that is printed by both."""
    keys = {part.key(at) for part in parts if part.printed and part.name != BY_DEFINITION for at in part.rows()}
    of_years = {key for key in keys if dict(key.at).get(TIME) in years}
    return list(containment_links(of_years, larger=LARGER, smaller=SMALLER))


def protect_together(
    system: System,
    totals: Sequence[CellKey],
    policy: Policy,
    earlier: Sequence[Earlier],
    choices: Choices = NONE,
    profile: Profile = USUAL,
    sums: Sequence[CellKey] = (),
) -> Together | Infeasible:
    """Protect a release beside the earlier ones. Raises ConflictError where people have to choose.

    ``sums`` stay published where that can be, as ``totals`` do, but are given up before them and by nobody's choice.

    Every threshold that was once promised is kept: the highest of all these releases holds for all of them, as do the
    rules of ``profile``, those of all of them. The policy waives what this release alone may tell.
    """
    threshold = max(policy.threshold, *(one.threshold for one in earlier))
    editions = [_edition(one, earlier[:number], profile) for number, one in enumerate(earlier)] + [Edition(system)]
    joint = replace(policy, threshold=threshold, waivers=())
    waivers = _of_equal_cells(system, policy)
    waived = {*choices.waived, *(one.cell for one in waivers)}
    whole = chronicle(editions, joint, waived=waived)
    joint = replace(joint, waivers=tuple(replace(one, cell=whole.newest[one.cell]) for one in waivers))
    open_, firm, conflicts = _totals(whole, totals, joint, choices)
    conflicts += _too_small(system, whole, policy.threshold, waived)
    told = given_away(whole.system, joint)
    conflicts += [Conflict(whole.origin[name], "group") for name in sorted(told.intersection(whole.newest.values()))]
    if conflicts:
        raise ConflictError(conflicts)
    past = Past.of(whole, choices.waived)
    guarded = whole.system.without_guard({at for at, name in enumerate(whole.system.cells) if name in told})
    shown = [name for name in _totals(whole, sums, joint, choices)[0] if name not in whole.hidden]
    outcome = protect_pieces(guarded, joint, totals=open_, firm=firm, sums=shown, past=past)
    if isinstance(outcome, Infeasible):
        if forced := conflicts_of(outcome, whole.origin):
            raise ConflictError(forced)
        return outcome
    printed = (key for key, shown in zip(system.cells, system.printed, strict=True) if shown)
    cells = {key: outcome.cells[whole.newest[key]] for key in printed}
    report = _report(whole, outcome, earlier, threshold, choices)
    return Together(system, outcome, cells, _small(whole, outcome), _leans(whole, outcome), report)


def _of_equal_cells(system: System, policy: Policy) -> tuple[Waiver, ...]:
    """The waivers of a policy, and the same for what is equal to a waived cell for every reader of this release."""
    if not policy.waivers:
        return ()
    return tuple(replace(policy.waivers[0], cell=key) for key in sorted(waived_cells(system, policy)))


def _edition(one: Earlier, before: Sequence[Earlier], profile: Profile) -> Edition:
    system = system_of(
        one.extract,
        definition=one.definition,
        years=one.years,
        threshold=one.threshold,
        beside=before,
        profile=profile,
    )
    return Edition(system, one.published)


def _small(whole: Chronicle, outcome: Protected) -> frozenset[CellKey]:
    """The cells of the newest release that are small themselves or changed by little."""
    small = outcome.dossier.primary if outcome.dossier else frozenset()
    changed = {whole.origin[name] for name in whole.changes & whole.fresh}
    return frozenset(
        key
        for key, name in whole.newest.items()
        if name in small or (key in changed and outcome.cells.get(name) == Suppressed())
    )


def _leans(whole: Chronicle, outcome: Protected) -> dict[CellKey, Sequence[CellKey]]:
    """Which cells of the newest release protect small counts or changes, under their own names."""
    newest, found = set(whole.newest.values()), dict[CellKey, Sequence[CellKey]]()
    for name, small in (leaning(outcome.dossier) if outcome.dossier else {}).items():
        others = dict.fromkeys(whole.origin.get(one, one) for one in small)
        if name in newest and (kept := [one for one in others if one != whole.origin[name]]):
            found[whole.origin[name]] = kept
    return found


def _totals(
    whole: Chronicle, totals: Iterable[CellKey], policy: Policy, choices: Choices
) -> tuple[list[CellKey], frozenset[CellKey], list[Conflict]]:
    """The totals that stay published, those of them that nothing may hide, and those for which people have to choose.

    The total of a year that was published before is not hidden now unless somebody said so.
    """
    values = dict(zip(whole.system.cells, whole.system.values, strict=True))
    published: dict[CellKey, list[int]] = {}
    for name in whole.known:
        published.setdefault(whole.origin[name], []).append(values[name])
    open_: list[CellKey] = []
    firm: set[CellKey] = set()
    conflicts: list[Conflict] = []
    waived = {*choices.waived, *(whole.origin[one.cell] for one in policy.waivers)}
    for key in totals:
        name, known = whole.newest[key], published.get(key, [])
        small = key not in waived and any(0 < abs(one - values[name]) < policy.threshold for one in known)
        if small and not choices.hide_totals:
            conflicts.append(Conflict(key, "total"))
        if not small and name not in whole.known:
            open_.append(name)
            if known and not choices.hide_totals:
                firm.add(name)
    return open_, frozenset(firm), conflicts


def _too_small(system: System, whole: Chronicle, threshold: int, waived: Collection[CellKey]) -> list[Conflict]:
    """Cells that were published before, did not change, and are below the threshold of this release."""
    cells = zip(system.cells, system.values, system.printed, strict=True)
    return [
        Conflict(key, "small")
        for key, value, printed in cells
        if printed and 0 < value < threshold and whole.newest[key] in whole.known and key not in waived
    ]


def _report(
    whole: Chronicle, outcome: Protected, earlier: Sequence[Earlier], threshold: int, choices: Choices
) -> dict[str, Any]:
    """What the earlier releases meant for this one, in numbers; it stays inside the register."""
    before, after = whole.system, outcome.dossier.system if outcome.dossier else whole.system
    still = {key for key, flag in zip(after.cells, after.guarded, strict=True) if flag}
    ruled = {key for key, rule in zip(after.cells, after.rules, strict=True) if rule}
    given = [
        key
        for key, flag, rule in zip(before.cells, before.guarded, before.rules, strict=True)
        if key not in whole.known and ((flag and key not in still) or (rule and key not in ruled))
    ]
    published = {whole.origin[name] for name in whole.known}
    withheld = [
        key for key, name in whole.newest.items() if key in published and outcome.cells.get(name) == Suppressed()
    ]
    return {
        "releases": [one.identifier for one in earlier],
        "withheld": len(withheld),
        "changes": len(whole.changes & still),
        "given": len(given),
        "threshold": threshold,
        "hide_totals": choices.hide_totals,
        "reason": choices.reason,
    }
