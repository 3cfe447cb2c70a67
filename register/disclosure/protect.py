"""From a system of tables to cells that may leave, or to the reasons why none may."""

from collections.abc import Collection, Iterable
from typing import Final, Literal

import numpy as np
from scipy import sparse

from register.disclosure.aliases import KNOWN, Unknowns, unknowns
from register.disclosure.arrays import Flags, Floats
from register.disclosure.attack import AttackFailedError, bounds, determined
from register.disclosure.cells import Cell, CellKey, Count, DisclosureInputError, StructuralZero, Suppressed
from register.disclosure.changes import FREE
from register.disclosure.claim import Claim
from register.disclosure.modular import Asked
from register.disclosure.moves import Finder, Move
from register.disclosure.pattern import Pattern, Stuck
from register.disclosure.policy import Policy
from register.disclosure.result import Dossier, Infeasible, Protected, Reason
from register.disclosure.rules import unavoidable
from register.disclosure.system import Rule, System
from register.disclosure.verdict import verify

TOTALS_DEARER: Final = 2.0  # each dimension summed away adds twice the price: national figures go last
WANTED: Final = 1_000.0  # how much dearer a cell is to hide that somebody waives: it is wanted
NAMED: Final = 5  # cells named in one sentence


def protect(
    system: System, policy: Policy, *, hasty: bool = False, method: Literal["moves", "modular"] = "moves"
) -> Protected | Infeasible:
    """Hide what must be hidden and prove it, or say why that cannot be done.

    What shown zeros tell of a group, whatever is hidden, stands in its way too, unless somebody waives it. Nothing is
    returned as protected unless every unsafe cell has a whole-number alternative that the verifier has checked, and the
    attacker's own programme over all tables finds no unsafe cell. The same system and policy give the same result,
    whatever the order of the tables. ``hasty``: one reason why not is enough. ``method``: start from nothing, or from
    what elimination modulo a prime chooses. Raises DisclosureInputError when the policy forces an unknown cell open.
    """
    if policy.internal:
        open_everywhere = (False,) * len(system.cells)
        return Protected(_published(system, open_everywhere), internal=True)
    unknown = sorted(policy.forced_open.difference(system.cells))
    if unknown:
        raise DisclosureInputError(
            nl=f"{unknown[0]} moet open blijven, maar staat in geen tabel.",
            en=f"{unknown[0]} must stay open, but is in no table.",
        )
    if told := unavoidable(system, policy):
        return Infeasible(tuple(told_by_zeros(key) for key in sorted(told)))
    joined = unknowns(system, policy)
    primary = joined.primary(policy.threshold)
    if unsafe := primary[joined.forced[primary]].tolist():
        return Infeasible(tuple(_not_open(system, key, policy) for key in _keys(system, joined, unsafe)))
    cost = costs(system, joined, policy)
    start = _chosen(joined, policy, cost) if method == "modular" else []
    finder = _finder(joined, policy, cost, primary.tolist(), ~joined.forced)
    pattern = Pattern(finder, primary.tolist(), cost, start=start)
    if stuck := pattern.cover(pattern.primary if hasty else ()):
        return Infeasible(tuple(_why(system, joined, policy, one) for one in stuck))
    pattern.spare()
    pattern.improve()
    return prove(system, joined, policy, pattern)


def _chosen(joined: Unknowns, policy: Policy, cost: Floats) -> list[int]:
    """Return what elimination modulo a prime hides; inequalities it leaves to what repairs the pattern."""
    small, size = joined.primary(policy.threshold), len(joined.values)
    unit = sparse.csr_array(sparse.eye_array(size, dtype=np.int64, format="csr"))
    asked = Asked(unit, np.arange(size), joined.equations, known=True)
    others = joined.printed.copy()
    others[small] = False
    waiting = np.flatnonzero(others)
    order = waiting[np.lexsort((waiting, -cost[waiting], ~joined.forced[waiting]))]
    targets = asked.targets(small, joined.values == bounds(joined, policy.attacker))
    return list(asked.choose(order.tolist(), targets, joined.forced))


def prove(system: System, joined: Unknowns, policy: Policy, pattern: Pattern) -> Protected | Infeasible:
    """Let the verifier and the attacker try a pattern, however it was made; return it only when neither objects."""
    system = system.without_guard(_waived(system, joined, policy))
    closed = ~joined.printed
    closed[[*pattern.primary, *pattern.protecting]] = True
    hidden = tuple(
        printed and number != KNOWN and bool(closed[number])
        for printed, number in zip(system.printed, joined.of_cell.tolist(), strict=True)
    )
    claim = _claim(system, joined, policy, hidden, pattern)
    verdict = verify(claim)
    reasons = [Reason(nl, en) for nl, en in verdict.reasons]
    try:
        known = determined(joined, closed, policy.attacker)
        computable = [cell for cell in pattern.primary if known[cell]]
        reasons += [_computable(key) for key in _keys(system, joined, computable)]
    except AttackFailedError as error:
        reasons.append(Reason(error.nl, error.en))
    if reasons:
        return Infeasible(tuple(reasons))
    secret = frozenset(key for key, flag in zip(system.cells, hidden, strict=True) if flag)
    small = secret.intersection(_keys(system, joined, pattern.primary))
    dossier = Dossier(system, policy, small, secret - small, claim, verdict)
    return Protected(_published(system, hidden), internal=False, dossier=dossier)


def costs(system: System, joined: Unknowns, policy: Policy) -> Floats:
    """Return the price of hiding each unknown: next to nothing for what is not printed, else at least 1 and its weight.

    Of cells that are equal the dearest counts.
    """
    match policy.cost:
        case "cells":
            price = np.ones(len(joined.values))
        case "counts":
            price = joined.values.astype(float)
        case "balanced":
            price = np.sqrt(joined.values) * (1 + TOTALS_DEARER * joined.margin)
    price = np.maximum(price, 1.0) * joined.shown
    if policy.weights or policy.waivers:
        price = price * _factors(system, joined, policy)
    return np.where(joined.printed, price, FREE)


def _factors(system: System, joined: Unknowns, policy: Policy) -> Floats:
    """Return how many times its own price each unknown costs, by the dimensions that its cells tell."""
    weights, waived = dict(policy.weights), policy.waived
    found = np.zeros(len(joined.values))
    for number, key, printed in zip(joined.of_cell.tolist(), system.cells, system.printed, strict=True):
        if printed and number != KNOWN:
            factor = WANTED if key in waived else 1.0
            for dimension, _ in key.at:
                factor *= weights.get(dimension, 1.0)
            found[number] = max(found[number], factor)
    return found


def waived_cells(system: System, policy: Policy) -> frozenset[CellKey]:
    """Return the cells that are waived, and those that are equal to them for every reader."""
    return frozenset(system.cells[at] for at in _waived(system, unknowns(system, policy), policy))


def _waived(system: System, joined: Unknowns, policy: Policy) -> frozenset[int]:
    if not policy.waivers:
        return frozenset()
    waived = policy.waived
    numbered = list(zip(joined.of_cell.tolist(), system.cells, strict=True))
    equal = {number for number, key in numbered if key in waived} - {KNOWN}
    return frozenset(at for at, (number, key) in enumerate(numbered) if number in equal or key in waived)


def _rule(system: System, key: CellKey) -> Rule:
    return system.rules[system.cells.index(key)]


def _finder(joined: Unknowns, policy: Policy, cost: Floats, primary: Collection[int], movable: Flags) -> Finder:
    price = cost.copy()
    price[list(primary)] = FREE
    return Finder(joined, lower=bounds(joined, policy.attacker), cost=price, movable=movable)


def _claim(system: System, joined: Unknowns, policy: Policy, hidden: tuple[bool, ...], pattern: Pattern) -> Claim:
    members: dict[int, list[int]] = {}
    for cell, number in enumerate(joined.of_cell.tolist()):
        members.setdefault(number, []).append(cell)

    def witness(move: Move) -> tuple[tuple[int, int], ...]:
        pairs = zip(move.cells, move.steps, strict=True)
        return tuple(sorted((cell, step) for number, step in pairs for cell in members[number]))

    return Claim(
        threshold=policy.threshold,
        zeros=policy.zeros,
        attacker=policy.attacker,
        values=system.values,
        printed=system.printed,
        guarded=system.guarded,
        sensitive=flags_of(system),
        impossible=system.impossible,
        hidden=hidden,
        equations=system.equations,
        inequalities=system.inequalities,
        witnesses=tuple(sorted(witness(move) for move in pattern.moves.values())),
    )


def flags_of(system: System) -> tuple[bool, ...]:
    """Return which cells a rule protects whatever their size; nothing at all where no rule asks anything."""
    return tuple(map(bool, system.rules)) if any(system.rules) else ()


def _published(system: System, hidden: tuple[bool, ...]) -> dict[CellKey, Cell]:
    """Return the printed cells as they may be read."""

    def cell(number: int) -> Cell:
        if system.impossible[number]:
            return StructuralZero()
        return Suppressed() if hidden[number] else Count(system.values[number])

    return {key: cell(number) for number, key in enumerate(system.cells) if system.printed[number]}


def _keys(system: System, joined: Unknowns, numbers: Iterable[int]) -> list[CellKey]:
    chosen = frozenset(numbers)
    pairs = zip(joined.of_cell.tolist(), system.cells, strict=True)
    return [key for number, key in pairs if number in chosen]


def _why(system: System, joined: Unknowns, policy: Policy, stuck: Stuck) -> Reason:
    """Name the forced cells that would have to be hidden too before this cell can be protected."""
    key = _keys(system, joined, [stuck.cell])[0]
    cost = np.where(joined.forced, 1.0, FREE)
    found = _finder(joined, policy, cost, (), np.ones(len(cost), dtype=bool)).any(stuck.cell)
    if not stuck.proven or not isinstance(found, Move):
        return Reason(
            nl=f"Voor {key} is binnen de zoekgrens geen andere mogelijke waarde bewezen.",
            en=f"No other possible value of {key} was proven within the limit of the search.",
            cell=key,
            rule=_rule(system, key),
        )
    release = tuple(_keys(system, joined, [cell for cell in found.cells if joined.forced[cell]]))
    names = ", ".join(str(one) for one in release[:NAMED])
    more = len(release) - NAMED
    return Reason(
        nl=f"{key} is te berekenen zolang {names}{f' en {more} andere' if more > 0 else ''} open moeten blijven.",
        en=f"{key} can be computed as long as {names}{f' and {more} others' if more > 0 else ''} must stay open.",
        cell=key,
        release=release,
        rule=_rule(system, key),
    )


def _not_open(system: System, key: CellKey, policy: Policy) -> Reason:
    if system.values[system.cells.index(key)] >= policy.threshold:
        return Reason(
            nl=f"{key} moet open blijven, maar een andere regel dan de drempel verbiedt dat.",
            en=f"{key} must stay open, but a rule other than the threshold forbids it.",
            cell=key,
            rule=_rule(system, key),
        )
    return Reason(
        nl=f"{key} moet open blijven, maar telt te weinig sterfgevallen.",
        en=f"{key} must stay open, but counts too few deaths.",
        cell=key,
    )


def told_by_zeros(key: CellKey) -> Reason:
    """Say of the others of a group that shown zeros tell that there are none."""
    return Reason(
        nl=f"{key}: getoonde nullen zeggen dat de hele groep dit antwoord deelt, wat er ook verborgen wordt.",
        en=f"{key}: shown zeros tell that the whole group shares this answer, whatever is hidden.",
        cell=key,
        rule="group",
    )


def _computable(key: CellKey) -> Reason:
    return Reason(
        nl=f"{key} is te berekenen uit wat gepubliceerd zou worden.",
        en=f"{key} can be computed from what would be published.",
        cell=key,
    )
