"""The verifier refuses every certificate that does not prove what it claims."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import register.disclosure
from register.disclosure import Claim, Policy, Protected, Table, build, certificate, protect, verify
from register.disclosure.verdict import WORDS
from register.disclosure.verify import Cube
from register.disclosure.verify import claim_of as claim_of_files
from register.disclosure.verify import verify as faults
from tests.unit.disclosure.samples import grid, release

TABLE = grid((1, 1, 9), (7, 0, 12), (3, 8, 20))


def claim_of(table: Table = TABLE, policy: Policy | None = None) -> Claim:
    outcome = protect(build([table]), policy or Policy())
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    return outcome.dossier.claim


def small(claim: Claim) -> int:
    return next(n for n, value in enumerate(claim.values) if 0 < value < 5)


def with_flag(flags: tuple[bool, ...], cell: int, flag: bool) -> tuple[bool, ...]:
    return (*flags[:cell], flag, *flags[cell + 1 :])


def first_witness(claim: Claim, change: Callable[[list[tuple[int, int]]], list[tuple[int, int]]]) -> Claim:
    changed = tuple(change(list(claim.witnesses[0])))
    return replace(claim, witnesses=(changed, *claim.witnesses[1:]))


def published(claim: Claim) -> int:
    return next(n for n, value in enumerate(claim.values) if value and not claim.hidden[n])


def zero(claim: Claim) -> int:
    return claim.values.index(0)


def swapped(values: tuple[int, ...]) -> tuple[int, ...]:
    return (*values[:-2], values[-1], values[-2])


MUTANTS: dict[str, tuple[Callable[[Claim], Claim], str]] = {
    "a witness less": (lambda c: replace(c, witnesses=c.witnesses[1:]), "no witness"),
    "no witness at all": (lambda c: replace(c, witnesses=()), "no witness"),
    "a changed step": (lambda c: first_witness(c, lambda w: [(w[0][0], w[0][1] + 1), *w[1:]]), "does not add up"),
    "a step left out": (lambda c: first_witness(c, lambda w: w[1:]), "does not add up"),
    "a huge step": (lambda c: first_witness(c, lambda w: [(cell, -100 * step) for cell, step in w]), "bound"),
    "a published cell changed": (lambda c: first_witness(c, lambda w: [*w, (published(c), 1)]), "published cell"),
    "a visible zero changed": (lambda c: first_witness(c, lambda w: [*w, (zero(c), 1)]), "published cell"),
    "a cell twice": (lambda c: first_witness(c, lambda w: [*w, w[0]]), "twice"),
    "an unknown cell": (lambda c: first_witness(c, lambda w: [*w, (len(c.values), 1)]), "does not exist"),
    "a negative cell": (lambda c: first_witness(c, lambda w: [*w, (-1, 1)]), "does not exist"),
    "a fraction": (lambda c: first_witness(c, lambda w: [(w[0][0], 0.5), *w[1:]]), "not whole"),
    "a small count published": (lambda c: replace(c, hidden=with_flag(c.hidden, small(c), False)), "too small"),
    "a visible zero hidden": (lambda c: replace(c, hidden=with_flag(c.hidden, zero(c), True)), "everyone sees"),
    "an unprinted cell hidden": (
        lambda c: replace(c, printed=with_flag(c.printed, small(c), False)),
        "printed nowhere",
    ),
    "two values swapped": (lambda c: replace(c, values=swapped(c.values)), "do not add up"),
    "a negative count": (lambda c: replace(c, values=(-1, *c.values[1:])), "negative"),
    "a full cell that cannot occur": (
        lambda c: replace(c, impossible=with_flag(c.impossible, published(c), True)),
        "not empty",
    ),
    "a cell too few": (lambda c: replace(c, values=c.values[:-1]), "every cell"),
    "another threshold": (lambda c: replace(c, threshold=10), "too small"),
    "no threshold": (lambda c: replace(c, threshold=1), "protects nothing"),
    "another zero policy": (lambda c: replace(c, zeros="grey"), "protects nothing"),
    "another attacker": (lambda c: replace(c, attacker="A0"), "protects nothing"),
}


def test_a_true_claim_holds() -> None:
    verdict = verify(claim_of())
    assert verdict.holds
    assert verdict.reasons == ()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_changed_claim_is_refused(name: str) -> None:
    change, sentence = MUTANTS[name]
    verdict = verify(change(claim_of()))
    assert not verdict.holds
    assert any(sentence in english for _, english in verdict.reasons), verdict.reasons
    assert all(dutch and dutch != english for dutch, english in verdict.reasons)


def single(value: int, change: int) -> Claim:
    """One hidden cell that stands alone, and one witness."""
    return Claim(
        threshold=5,
        zeros="visible",
        attacker="A1",
        values=(value,),
        printed=(True,),
        guarded=(True,),
        impossible=(False,),
        hidden=(True,),
        equations=(),
        inequalities=(),
        witnesses=(((0, change),),),
    )


def test_a_witness_for_the_weaker_attacker_does_not_satisfy_the_stronger() -> None:
    assert verify(single(1, -1)).holds
    assert not verify(replace(single(1, -1), attacker="A2")).holds
    assert verify(replace(single(2, -1), attacker="A2")).holds


def test_a_small_difference_that_nobody_prints_needs_a_witness_too() -> None:
    unprinted = replace(single(3, 1), printed=(False,), hidden=(False,))
    assert verify(unprinted).holds
    assert not verify(replace(unprinted, witnesses=())).holds
    assert verify(replace(unprinted, witnesses=(), guarded=(False,))).holds


def test_a_witness_that_breaks_an_inequality_is_refused() -> None:
    deaths = [("1", "F", frozenset({"opioid"}))] * 9 + [("1", "M", frozenset({"cocaine", "other"}))] * 3
    outcome = protect(build(*release(deaths)), Policy())
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    claim = outcome.dossier.claim
    moved = {cell for witness in claim.witnesses for cell, _ in witness}
    tightest = tuple((cell, -1) for cell in sorted(moved))
    broken = verify(replace(claim, inequalities=(*claim.inequalities, tightest)))
    assert any("inequality" in english for _, english in broken.reasons)


def test_counts_that_break_an_inequality_are_refused() -> None:
    claim = replace(single(3, 1), inequalities=(((0, -1),),))
    assert any("counts break an inequality" in english for _, english in verify(claim).reasons)


def test_a_witness_may_not_rise_above_what_an_inequality_leaves() -> None:
    """The second cell is published and has no fewer deaths than the first."""
    claim = Claim(
        threshold=5,
        zeros="visible",
        attacker="A1",
        values=(3, 3),
        printed=(True, False),
        guarded=(True, False),
        impossible=(False, False),
        hidden=(True, False),
        equations=(),
        inequalities=(((0, -1), (1, 1)),),
        witnesses=(((0, -1),),),
    )
    assert verify(claim).holds
    above = replace(claim, witnesses=(((0, 1),),))
    assert [english for _, english in verify(above).reasons] == ["A witness breaks an inequality."]


def test_of_two_equal_cells_one_cannot_be_published() -> None:
    claim = Claim(
        threshold=5,
        zeros="visible",
        attacker="A2",
        values=(8, 8),
        printed=(True, True),
        guarded=(True, True),
        impossible=(False, False),
        hidden=(True, False),
        equations=(((0, 1), (1, -1)),),
        inequalities=(),
        witnesses=(),
    )
    assert [english for _, english in verify(claim).reasons] == ["Of two equal cells one is hidden."]


def test_a_certificate_reads_back_as_the_claim_it_was_written_from() -> None:
    claim = claim_of()
    assert certificate.read(certificate.write(claim)) == claim
    assert certificate.digest(claim) == certificate.digest(claim_of())


@pytest.mark.parametrize(
    "change",
    [
        (b'"disclosure-claim/1"', b'"disclosure-claim/2"'),
        (b'"threshold":5', b'"threshold":"5"'),
        (b'"threshold":5', b'"threshold":5,"more":1'),
        (b'"values":[', b'"values":[1.5,'),
        (b'"hidden":[', b'"hidden":[1,'),
        (b'"witnesses":[', b'"witnesses":[[[1,2,3]],'),
        (b'"witnesses":[', b'"witnesses":[7,'),
    ],
)
def test_a_text_that_is_no_certificate_is_refused(change: tuple[bytes, bytes]) -> None:
    content = certificate.write(claim_of())
    assert change[0] in content
    with pytest.raises(ValueError, match="not a certificate"):
        certificate.read(content.replace(*change))


HEAD = "dimension,code,parent\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,_T,\na,x,y\na,y,x\n", "not one tree"),
        ("a,_T,x\na,x,_T\n", "not one tree"),
        ("a,_T,\na,z,\na,x,_T\n", "not one tree"),
        ("a,_T,\na,x,q\n", "not one tree"),
        ("a,all,\na,x,all\n", "not one tree"),
        ("a,_T,\na,x,_T\na,y,_T\na,x,y\n", "a code is empty or occurs twice"),
        ("a,_T,\na,,_T\na,x,_T\n", "a code is empty or occurs twice"),
        ("a,_T\n", "not the columns"),
        ("a,_T,,\n", "not the columns"),
    ],
)
def test_the_verifier_reads_a_hierarchy_only_when_it_is_one_tree(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Cube(HEAD + text)
    with pytest.raises(ValueError, match="not the columns"):
        Cube(text)


def test_the_verifier_sums_every_level_of_a_hierarchy() -> None:
    cube = Cube(HEAD + "a,x,p\na,_T,\na,p,_T\na,y,p\na,z,_T\nb,_T,\nb,u,_T\n")
    cells = cube.cells([("x", "u", 2), ("y", "u", 3), ("z", "u", 4)])
    at = {"x": 2, "y": 3, "z": 4, "p": 5, "_T": 9}
    assert {codes: int(cells[cell]) for codes, cell in cube.number.items()} == {
        (code, other): value for code, value in at.items() for other in ("_T", "u")
    }


@pytest.mark.parametrize(("but", "found"), [(0, []), (1, []), (2, ["unsafe_unproven"])])
def test_the_verifier_asks_of_an_answer_at_any_level_below_its_group(but: int, found: list[str]) -> None:
    """Of eleven nine are in g, and both are printed; the two who are left are in p or q, and elsewhere or not."""
    certificate = {
        "threshold": 5,
        "attacker": "A2",
        "marks": False,
        "protection": "nonexact",
        "zero_policy": "hidden",
        "tables": [[("h", -1), ("q", 1)]],
        "beyond": {"sensitive": ["a"], "but": but, "contributor": "", "dominant": 90},
    }
    hierarchies = HEAD + "a,_T,\na,p,_T\na,q,_T\na,g,p\na,h,p\n"
    lines = ["_T,11,published", "p,,suppressed", "q,,suppressed", "g,9,published", "h,,suppressed"]
    table = "".join(f"{line}\n" for line in ["a,value,status", *lines])
    assert list(faults(claim_of_files(certificate, "a,count\ng,9\nh,2\n", hierarchies, table))) == found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"values": (2**34 + 1,)}, "not whole"),
        ({"values": (-(2**34) - 1,)}, "not whole"),
        ({"witnesses": (((0, 2**34 + 1),),)}, "not whole"),
        ({"equations": (((0, 2**26 + 1), (0, -(2**26))),)}, "does not exist"),
        ({"equations": (((1, 1), (0, -1)),)}, "does not exist"),
        ({"inequalities": (((-1, 1),),)}, "does not exist"),
        ({"impossible": (True,), "values": (0,), "printed": (False,), "hidden": (False,)}, "changes a published cell"),
    ],
)
def test_numbers_whose_sums_do_not_fit_and_cells_that_are_not_there_are_refused(
    change: dict[str, tuple[object, ...]], sentence: str
) -> None:
    verdict = verify(replace(single(3, 1), **change))
    assert any(sentence in english for _, english in verdict.reasons), verdict.reasons


def test_the_largest_numbers_and_factors_still_add_up() -> None:
    """The share of reports of some thousand deaths has factors of millions: they are judged, and rightly."""
    least = (((0, 2**27),),)
    large = single(2**34, -(2**34) + 1)
    assert verify(replace(large, inequalities=least)).holds
    below = verify(replace(large, inequalities=(((0, -(2**27)),),)))
    assert [english for _, english in below.reasons if "break an inequality" in english], below.reasons


def test_the_verifier_stands_alone() -> None:
    source = Path(register.disclosure.__file__).with_name("verify.py").read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = {name for node in imports for name in _modules(node)}
    assert {name.partition(".")[0] for name in named} <= {*sys.stdlib_module_names, "numpy"}
    assert len(source.splitlines()) <= 200


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def test_one_file_alone_verifies_the_claim_of_a_release(tmp_path: Path) -> None:
    """Whoever trusts nothing of the engine takes the verifier, numpy and the certificate to a machine of their own."""
    alone = Path(register.disclosure.__file__).with_name("verify.py")
    (tmp_path / "alone.py").write_bytes(alone.read_bytes())
    (tmp_path / "claim.json").write_text(json.dumps(claim_of().told()), encoding="utf-8")
    program = (
        "import json, sys, alone; claim = json.load(open('claim.json'));"
        "claim['threshold'] = int(sys.argv[1]); print(*alone.verify(claim)); assert 'register' not in sys.modules"
    )
    for threshold, told in (("5", ""), ("8", "small_shown small_unproven")):
        ran = subprocess.run(
            [sys.executable, "-c", program, threshold], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert ran.stdout.strip() == told


def test_the_verifier_has_words_for_all_that_it_finds() -> None:
    tree = ast.parse(Path(register.disclosure.__file__).with_name("verify.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    found = {word.arg for call in calls if getattr(call.func, "id", "") == "_wrong" for word in call.keywords}
    assert found
    assert found <= set(WORDS)
    assert all(dutch != english for dutch, english in WORDS.values())
