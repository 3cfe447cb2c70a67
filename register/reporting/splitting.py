"""One large system, protected in pieces that nothing ties together, and proven as one.

A relation ties the cells that stand in it. A published zero and a total that stays published are the same in every
register that a reader can think of, so they tie nothing. Pieces without a tie between them can be judged one by one: an
alternative of one piece leaves all others as they are, so it is an alternative of the whole. That is how years, and the
tables that share no more than the total of a year, come apart.

Nothing rests on that argument: what is hidden is joined again, and the verifier checks every alternative of every piece
against all relations of the whole system.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from register.disclosure import (
    CellKey,
    Claim,
    Count,
    Dossier,
    Infeasible,
    Past,
    Policy,
    Protected,
    Reason,
    StructuralZero,
    Suppressed,
    System,
    protect,
    protect_beside,
    told_by_zeros,
    unavoidable,
    verify,
)

Row = tuple[tuple[int, int], ...]
NOTHING = Past()


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a system: its cells by their place in the whole, and the same cells as a system of their own."""

    cells: tuple[int, ...]
    system: System
    open: frozenset[CellKey]


class _Joined:
    """What the pieces come to together: the hidden cells, the alternatives, and what nothing guards any more."""

    def __init__(self) -> None:
        self.hidden: set[int] = set()
        self.witnesses: list[Row] = []
        self.given: set[int] = set()
        self.stuck: list[tuple[Piece, Infeasible]] = []

    def add(self, piece: Piece, outcome: Protected | Infeasible) -> None:
        if isinstance(outcome, Infeasible):
            self.stuck.append((piece, outcome))
        elif outcome.dossier is not None:
            claim = outcome.dossier.claim
            self.hidden.update(piece.cells[cell] for cell, flag in enumerate(claim.hidden) if flag)
            self.witnesses += [tuple((piece.cells[cell], step) for cell, step in one) for one in claim.witnesses]
            flags = zip(piece.system.guarded, piece.system.rules, claim.guarded, strict=True)
            told = claim.sensitive or (False,) * len(piece.cells)
            self.given.update(
                piece.cells[cell]
                for cell, ((before, rule, now), still) in enumerate(zip(flags, told, strict=True))
                if (before and not now) or (rule and not still)
            )


def protect_pieces(
    system: System,
    policy: Policy,
    *,
    totals: Iterable[CellKey],
    firm: frozenset[CellKey] = frozenset(),
    sums: Iterable[CellKey] = (),
    past: Past | None = None,
) -> Protected | Infeasible:
    """Protect a system piece by piece. ``totals`` stay published where no rule forbids it and where that can be.

    ``firm`` are those that are never given up; ``sums`` stay published too, but are given up first. With ``past``, what
    earlier releases published is known, and what they hid stays hidden. What shown zeros tell of a group whatever is
    hidden stands in the way of the whole.
    """
    if policy.internal:
        return protect(system, policy)
    if told := given_away(system, policy):
        return Infeasible(tuple(told_by_zeros(key) for key in sorted(told)))
    values = dict(zip(system.cells, system.values, strict=True))
    ruled = {key for key, rule in zip(system.cells, system.rules, strict=True) if rule}
    first, last = (
        frozenset(key for key in keys if values[key] >= policy.threshold and key not in ruled)
        for keys in (sums, totals)
    )
    open_ = first | last
    made: dict[tuple[tuple[int, ...], frozenset[CellKey]], Protected | Infeasible] = {}
    while True:
        joined = _Joined()
        for piece in pieces(system, policy, open_, past or NOTHING):
            if (known := (piece.cells, piece.open)) not in made:
                made[known] = _protected(piece, policy, past, hasty=bool(piece.open - firm))
            joined.add(piece, made[known])
        tied = frozenset(key for piece, _ in joined.stuck for key in piece.open) - firm
        tied = tied & first - last or tied
        if not joined.stuck:
            return proven(system.without_guard(joined.given), policy, joined.hidden, joined.witnesses)
        if not tied:
            return Infeasible(tuple(reason for _, outcome in joined.stuck for reason in outcome.reasons))
        open_ -= tied


def _protected(piece: Piece, policy: Policy, past: Past | None, *, hasty: bool) -> Protected | Infeasible:
    """A piece by itself; ``hasty`` where some of its sums can still be given up, which no reason decides."""
    mine = replace(policy, forced_open=policy.forced_open | piece.open)
    if past:
        return protect_beside(piece.system, mine, past, hasty=hasty)
    return protect(piece.system, mine, hasty=hasty)


def given_away(system: System, policy: Policy) -> frozenset[CellKey]:
    """The cells that a rule protects and that are told whatever is hidden."""
    if not any(system.rules):
        return frozenset()
    return frozenset[CellKey]().union(*(unavoidable(one.system, policy) for one in pieces(system, policy, frozenset())))


def pieces(system: System, policy: Policy, open_: frozenset[CellKey], past: Past = NOTHING) -> Iterator[Piece]:
    """The pieces of a system in which something must be hidden, in the order of their first cell."""
    fixed = [
        empty or (printed and value == 0 and policy.zeros == "visible") or key in open_ or key in past.known
        for key, value, printed, empty in zip(
            system.cells, system.values, system.printed, system.impossible, strict=True
        )
    ]
    roots = _tied((*system.equations, *system.inequalities), fixed)
    members: dict[int, list[int]] = {}
    for cell, root in enumerate(roots):
        if not fixed[cell]:
            members.setdefault(root, []).append(cell)
    unsafe = {
        roots[cell]
        for cell, flag in enumerate(system.unsafe(policy.threshold))
        if not fixed[cell] and (flag or system.cells[cell] in past.hidden)
    }
    equations, inequalities = (_by_root(rows, roots, fixed) for rows in (system.equations, system.inequalities))
    for root, held in members.items():
        if root in unsafe:
            yield _piece(system, held, equations.get(root, []), inequalities.get(root, []), open_)


def _tied(rows: Iterable[Row], fixed: list[bool]) -> list[int]:
    """For each cell the first cell of its piece."""
    parent = list(range(len(fixed)))

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for row in rows:
        free = [root(cell) for cell, _ in row if not fixed[cell]]
        if free:
            least = min(free)
            for cell in free:
                parent[cell] = least
    return [root(cell) for cell in range(len(fixed))]


def _by_root(rows: Iterable[Row], roots: list[int], fixed: list[bool]) -> dict[int, list[Row]]:
    """The rows of each piece; a row of fixed cells alone is true whatever is hidden."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        free = next((cell for cell, _ in row if not fixed[cell]), None)
        if free is not None:
            found.setdefault(roots[free], []).append(row)
    return found


def _piece(
    system: System, held: list[int], equations: list[Row], inequalities: list[Row], open_: frozenset[CellKey]
) -> Piece:
    cells = tuple(sorted({*held, *(cell for row in (*equations, *inequalities) for cell, _ in row)}))
    place = {cell: number for number, cell in enumerate(cells)}

    def moved(rows: list[Row]) -> tuple[Row, ...]:
        return tuple(tuple((place[cell], factor) for cell, factor in row) for row in rows)

    part = System(
        cells=tuple(system.cells[cell] for cell in cells),
        values=tuple(system.values[cell] for cell in cells),
        printed=tuple(system.printed[cell] for cell in cells),
        guarded=tuple(system.guarded[cell] for cell in cells),
        rules=tuple(system.rules[cell] for cell in cells),
        impossible=tuple(system.impossible[cell] for cell in cells),
        margin=tuple(system.margin[cell] for cell in cells),
        equations=moved(equations),
        inequalities=moved(inequalities),
        parts=(),
    )
    return Piece(cells, part, open_.intersection(part.cells))


def proven(system: System, policy: Policy, hidden: set[int], witnesses: list[Row]) -> Protected | Infeasible:
    """Let the verifier check the whole; return it only when every relation of all tables holds in every alternative."""
    flags = tuple(cell in hidden for cell in range(len(system.cells)))
    claim = Claim(
        threshold=policy.threshold,
        zeros=policy.zeros,
        attacker=policy.attacker,
        values=system.values,
        printed=system.printed,
        guarded=system.guarded,
        impossible=system.impossible,
        hidden=flags,
        equations=system.equations,
        inequalities=system.inequalities,
        witnesses=tuple(sorted(witnesses)),
        sensitive=tuple(map(bool, system.rules)) if any(system.rules) else (),
    )
    verdict = verify(claim)
    if not verdict.holds:
        return Infeasible(tuple(Reason(nl, en) for nl, en in verdict.reasons))
    secret = frozenset(system.cells[cell] for cell in hidden)
    unsafe = system.unsafe(policy.threshold)
    small = frozenset(system.cells[cell] for cell in hidden if unsafe[cell])
    cells = {
        key: StructuralZero() if system.impossible[at] else Suppressed() if flags[at] else Count(system.values[at])
        for at, key in enumerate(system.cells)
        if system.printed[at]
    }
    dossier = Dossier(system, policy, small, secret - small, claim, verdict)
    return Protected(cells, internal=False, dossier=dossier)
