"""Which substances were involved in a death together: every combination, and what each published figure sums over.

Any, sole and hierarchical counts and the pairs of T13 overlap; they all are sums over the same combinations. So the
combinations are the leaves that nobody prints, and every relation between the figures follows from them.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from register.disclosure import Dimension
from register.reporting import codelists as codes
from register.reporting.codelists import TOTAL, UNKNOWN

REST = "rest"
FLAGS = (*(code.code for code in codes.CLASSES), REST)
# The classes of the catalogue by the flag under which combinations are counted; every other class is the rest.
FLAG_OF = {"opioid": "opioid", "cocaine": "cocaine", "stimulant": "stimulant", "other": "drug"} | {
    code: code for code in ("medicine", "alcohol")
}
# The main groups of the hierarchical measure, best first; alcohol stays apart where sole counts ignore it.
MAIN = tuple(code.code for code in codes.PRIMARY_GROUPS)


def fine(classes: Iterable[str]) -> str:
    """The leaf of these classes of the catalogue, such as ``=opioid+alcohol``; ``=`` without any."""
    held = {FLAG_OF.get(class_, REST) for class_ in classes}
    return _named("=", (flag for flag in FLAGS if flag in held))


def broad(classes: Iterable[str], *, alcohol_ignored: bool) -> str:
    """The same over the main groups, such as ``~opioid+other``, and alcohol where it is ignored."""
    flags = _broad_flags(alcohol_ignored)
    return _named("~", {_broadly(FLAG_OF.get(class_, REST), flags) for class_ in classes})


def together(*, alcohol_ignored: bool) -> Dimension:
    """The classes and pairs of T13 and the broad combinations as sums over the fine ones."""
    leaves = {_named("=", held): frozenset(held) for held in _subsets(FLAGS)}
    sums = [(TOTAL, tuple(leaves))]
    for code in (one.code for one in codes.class_pairs()):
        wanted = frozenset(code.split("+"))
        sums.append((code, tuple(leaf for leaf, held in leaves.items() if wanted <= held)))
    flags = _broad_flags(alcohol_ignored)
    under: dict[str, list[str]] = {leaf: [] for leaf in broad_leaves(alcohol_ignored=alcohol_ignored)}
    for leaf, held in leaves.items():
        under[_named("~", {_broadly(flag, flags) for flag in held})].append(leaf)
    sums += [(code, tuple(parts)) for code, parts in under.items()]
    return Dimension("combination", (*(parent for parent, _ in sums), *leaves), tuple(sums))


def involved(*, alcohol_ignored: bool) -> Dimension:
    """Every count of a main group by every measure, named ``measure:group``, as sums over the broad combinations."""
    leaves = {_named("~", held): frozenset(held) for held in _subsets(_broad_flags(alcohol_ignored))}
    sums = [(TOTAL, tuple(leaves)), (f"hierarchical:{UNKNOWN}", ("~",))]
    for group in MAIN:
        for measure, counts in (("hierarchical", _best), ("any", _any), ("sole", _sole)):
            under = tuple(leaf for leaf, held in leaves.items() if held and group in counts(held, alcohol_ignored))
            sums.append((f"{measure}:{group}", under))
    return Dimension("involved", (*(parent for parent, _ in sums), *leaves), tuple(sums))


def broad_leaves(*, alcohol_ignored: bool) -> tuple[str, ...]:
    """The names of the broad combinations."""
    return tuple(_named("~", held) for held in _subsets(_broad_flags(alcohol_ignored)))


def several_leaves() -> tuple[str, ...]:
    """The names of the fine combinations of more than one class."""
    return tuple(_named("=", held) for held in _subsets(FLAGS) if len(held) > 1)


def _broad_flags(alcohol_ignored: bool) -> tuple[str, ...]:
    return (*MAIN, "alcohol") if alcohol_ignored else MAIN


def _broadly(flag: str, flags: Collection[str]) -> str:
    return flag if flag in flags else "other"


def _any(held: Collection[str], alcohol_ignored: bool) -> set[str]:
    return {"other" if flag == "alcohol" else flag for flag in held}


def _best(held: Collection[str], alcohol_ignored: bool) -> set[str]:
    return {min(_any(held, alcohol_ignored), key=MAIN.index)}


def _sole(held: Collection[str], alcohol_ignored: bool) -> set[str]:
    alone = {flag for flag in held if flag != "alcohol"} if alcohol_ignored else set(held)
    groups = _any(alone or held, alcohol_ignored)
    return groups if len(groups) == 1 else set()


def _subsets(flags: tuple[str, ...]) -> Iterator[set[str]]:
    for size in range(len(flags) + 1):
        yield from map(set, combinations(flags, size))


def _named(mark: str, held: Iterable[str]) -> str:
    order = (*FLAGS, "other")
    return mark + "+".join(sorted(held, key=order.index))
