"""The rules beside the threshold in a release: groups that share an answer, counts of one service, and waivers."""

from dataclasses import replace

import pytest

from register.disclosure import CellKey, Count, Policy, Suppressed, others_of
from register.reporting import formats
from register.reporting.choices import NONE, Choices, key_of
from register.reporting.conflicts import ConflictError
from register.reporting.extract import Death, Extract, from_lines, to_lines
from register.reporting.naming import told, words
from register.reporting.over_time import Earlier, entries_of
from register.reporting.profiles import USUAL, Profile, profile_of, strictest
from register.reporting.protect import ProtectedRelease, protected_release
from register.reporting.sensitive import keys_of
from register.reporting.tables import designs
from tests.unit.reporting.attacker import computable
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of

GROUPS, SERVICE = Profile(alike=0), Profile(dominant=90)
WAIVED = Profile(waived=("definition-sex",), reason="Bekend uit het jaarbericht.", person="A. de Wit", day="2026-11-26")


def _accidents() -> list[Death]:
    """Thirty accidents, ten with cocaine; twelve suicides that all had cocaine, and six of them two other groups."""
    return [
        *(death("heroin", age=20 + number) for number in range(20)),
        *(death("cocaine", age=30) for _ in range(10)),
        *(death("heroin", "cocaine", "mdma", intent="suicide", age=30) for _ in range(6)),
        *(death("cocaine", intent="suicide", age=30) for _ in range(6)),
    ]


def _made(
    extract: Extract, profile: Profile = USUAL, choices: Choices = NONE, earlier: tuple[Earlier, ...] = ()
) -> ProtectedRelease:
    return protected_release(
        extract,
        definition="nl_broad",
        years=YEARS,
        policy=Policy(threshold=5),
        profile=profile,
        choices=choices,
        earlier=earlier,
    )


def _cell(made: ProtectedRelease, table: str, at: tuple[str, ...], measure: str) -> object:
    rows = made.tables[table].rows
    return next(r.cell for r in rows if (r.period, r.definition, r.at, r.measure) == ("2016", "nl_broad", at, measure))


def _files(made: ProtectedRelease) -> dict[str, bytes]:
    return {name: formats.files(table, ABOUT)["csv"] for name, table in made.tables.items()}


def _accepting(extract: Extract, profile: Profile) -> tuple[Choices, ConflictError]:
    with pytest.raises(ConflictError) as caught:
        _made(extract, profile)
    shown = told(caught.value.conflicts, extract)
    assert shown["years"] == []
    choices = Choices.among(shown, keep=[], hide_totals=False, waive=[], reason="Besproken.", rules=True)
    assert [list(key) for key in choices.waived] == [list(key_of(cell["key"])) for cell in shown["cells"]]
    return choices, caught.value


def test_a_group_that_shares_an_answer_is_protected_or_people_are_asked() -> None:
    extract = extract_of(_accidents())
    choices, error = _accepting(extract, GROUPS)
    assert {one.why for one in error.conflicts} == {"group"}
    assert "wat de gekozen regels beschermen" in error.nl
    assert error.nl != error.en
    named = words([one.key for one in error.conflicts], extract)
    assert all("(vrijwel) allen van" in one["nl"] and "(nearly) all of" in one["en"] for one in named)
    assert not any("all of ‘2016, Suicide, Hier" in one["en"] for one in named)
    made = _made(extract, GROUPS, choices)
    usual = _made(extract)
    at = ("suicide", "cocaine")
    assert _cell(usual, "intent-group", at, "any") == Count(12)
    assert Suppressed() in (_cell(made, "intent-group", ("suicide", "_T"), "hierarchical"),
                            _cell(made, "intent-group", at, "any"))  # fmt: skip
    assert computable(_files(made)) == []
    rules = made.report["rules"]
    assert len(rules["accepted"]) == len(choices.waived)
    assert rules["groups"] > 0
    assert rules["choice"] == "Besproken."
    assert "rules" not in usual.report


def test_people_are_asked_of_nobody_whose_answer_is_not_known() -> None:
    deaths = [*_accidents(), *(death("heroin", intent="_U", sex="female") for _ in range(9))]
    _, error = _accepting(extract_of(deaths), GROUPS)
    for one in error.conflicts:
        group = others_of(one.key)
        assert group is not None
        assert not {code for _, code in set(group[1].at) - set(group[0].at)} & {"_U"}


def test_a_count_that_one_service_provides_nearly_alone_is_hidden_and_cannot_be_computed() -> None:
    deaths = [
        *(death("heroin", age=22 + number % 40, sex="male") for number in range(40)),
        *(death("cocaine", age=33, sex="female", place="hotel") for _ in range(20)),
    ]
    served = [replace(one, service="FS1" if one.place == "hotel" else f"FS{n % 3}") for n, one in enumerate(deaths)]
    made, usual = _made(extract_of(served), SERVICE), _made(extract_of(served))
    assert _cell(usual, "place", ("hotel",), "deaths") == Count(20)
    assert _cell(made, "place", ("hotel",), "deaths") == Suppressed()
    assert _cell(made, "area", ("_T",), "deaths") == Count(60)
    assert computable(_files(made)) == []
    rules = made.report["rules"]
    assert rules["dominated"] == len(rules["dominated_named"]) > 0
    assert {"2016, Hotel"} & {one["en"] for one in rules["dominated_named"]} or rules["dominated_named"]
    nobody = _made(extract_of(deaths), SERVICE)
    assert nobody.report["rules"]["dominated"] == 0
    assert [table.rows for table in nobody.tables.values()] == [table.rows for table in usual.tables.values()]


def test_a_waived_table_shows_its_small_counts_and_says_why() -> None:
    deaths = [*_accidents(), *(death("heroin", sex="female", age=60 + n) for n in range(3))]
    made = _made(extract_of(deaths), WAIVED)
    assert _cell(_made(extract_of(deaths)), "definition-sex", ("female",), "deaths") == Suppressed()
    assert _cell(made, "definition-sex", ("female",), "deaths") == Count(3)
    rules = made.report["rules"]
    assert (rules["shown"], rules["reason"]) == (1, WAIVED.reason)
    assert rules["waived"][0]["nl"].startswith("T1 ")
    again = _made(
        extract_of(deaths),
        earlier=(
            Earlier(
                identifier="first",
                extract=extract_of(deaths),
                definition="nl_broad",
                years=YEARS,
                threshold=5,
                published=_published(made, extract_of(deaths)),
                profile=WAIVED,
            ),
        ),
        profile=WAIVED,
    )
    assert [table.rows for table in again.tables.values()] == [table.rows for table in made.tables.values()]


def _published(made: ProtectedRelease, extract: Extract) -> dict[CellKey, int | None]:
    import json

    bodies = (json.loads(formats.files(table, ABOUT)["json"]) for table in made.tables.values())
    return entries_of(bodies, extract)


def test_a_rule_that_was_promised_holds_in_later_releases_of_the_same_years() -> None:
    extract = extract_of(_accidents())
    choices, _ = _accepting(extract, GROUPS)
    first = _made(extract, GROUPS, choices)
    before = Earlier(
        identifier="first",
        extract=extract,
        definition="nl_broad",
        years=YEARS,
        threshold=5,
        published=_published(first, extract),
        profile=GROUPS,
    )
    with pytest.raises(ConflictError) as caught:
        _made(extract, earlier=(before,))
    assert {one.why for one in caught.value.conflicts} == {"group"}
    second = _made(extract, choices=choices, earlier=(before,))
    assert [table.rows for table in second.tables.values()] == [table.rows for table in first.tables.values()]
    assert second.report["rules"]["alike"] == 0


def test_what_is_kept_of_a_profile_reads_back_and_the_files_tell_the_rules_and_no_name() -> None:
    assert profile_of(WAIVED.told(), person=WAIVED.person, day=WAIVED.day) == WAIVED
    assert profile_of(None) == USUAL
    assert USUAL.told() is USUAL.facts() is None
    facts = Profile(alike=1, dominant=75, waived=WAIVED.waived, reason=WAIVED.reason, person="A. de Wit").facts()
    assert facts == {
        "groupsSharingAnAnswer": {"allBut": 1},
        "dominance": {"contributor": "forensic service", "percent": 75},
        "waivers": [{"table": "definition-sex", "reason": WAIVED.reason}],
    }
    assert strictest([GROUPS, Profile(alike=2), SERVICE, Profile(dominant=75)]) == Profile(alike=2, dominant=75)
    wrong = Profile(alike=3, dominant=60, waived=("area",))
    assert {fault.field for fault in wrong.faults()} == {"alike", "dominant", "waived", "waiver_reason"}
    assert WAIVED.faults() == []


def test_the_service_of_a_death_is_frozen_only_where_it_was_asked() -> None:
    usual = extract_of(_accidents())
    assert b"service" not in to_lines(usual)
    assert to_lines(usual).startswith(b'{"alcohol_ignored"')
    served = replace(usual, deaths=tuple(replace(one, service="FS1") for one in usual.deaths))
    assert b'"service":"FS1"' in to_lines(served)
    assert from_lines(to_lines(served)) == served
    assert from_lines(to_lines(usual)) == usual


def test_a_waiver_of_a_table_names_every_count_of_it() -> None:
    extract = extract_of(_accidents())
    printed = designs(extract)
    keys = keys_of(printed, ("definition-sex",), "nl_broad", YEARS)
    assert CellKey.of("sel_d", "deaths", {"time_period": "2017", "sex": "male"}) in keys
    assert CellKey.of("nl_broad", "deaths", {"time_period": "2016"}) in keys
    assert not {name for key in keys for name, _ in key.at} - {"time_period", "sex"}


def test_with_equal_counts_regional_detail_is_hidden_and_no_national_figure() -> None:
    """Six deaths in every region and of each sex, age, place and intent alike, but two in one region."""
    regions = [("GG3406", "PV27"), ("GG3109", "PV27"), ("GG5006", "PV29")]
    deaths = [death("heroin", region=one) for one in regions for _ in range(6)]
    made = _made(extract_of(deaths[4:]))
    hidden = {
        (name, row.at)
        for name, table in made.tables.items()
        for row in table.rows
        if row.cell == Suppressed() and row.period == "2016"
    }
    assert {name for name, _ in hidden} == {"area"}
    assert len(hidden) > 1


def test_women_who_all_had_the_same_main_group_are_asked_about() -> None:
    deaths = [*(death("heroin", age=22 + n, sex="male") for n in range(30)), *(death("cocaine") for _ in range(9))]
    extract = extract_of([*deaths, *(death("cocaine", sex="female", age=44) for _ in range(12))])
    _, error = _accepting(extract, GROUPS)
    asked = [dict(whole.at) for one in error.conflicts if (found := others_of(one.key)) for whole in [found[0]]]
    assert any(at.get("sex") == "female" and "group" not in at for at in asked)


ALL_WOMEN_NEW = (
    ("euda-group-sex", ("euda.nps_other", "female"), "any"),
    ("definition-sex", ("female",), "deaths"),
)


def _women_with_new_substances(*beside: str, several: int = 0) -> Extract:
    """New substances are one group of the agency, and of several main groups of the register; some had others too."""
    men = [death(("heroin", "cocaine")[n % 2], age=22 + n, sex="male") for n in range(30)]
    both = [death("4-fa", *beside, sex="female") for _ in range(several)]
    return extract_of(
        [
            *men,
            *both,
            *(death("4-fa", sex="female") for _ in range(7)),
            *(death("mxe", sex="female") for _ in range(6 - several)),
        ]
    )


def _women_asked(error: ConflictError) -> list[set[str]]:
    asked = [found for one in error.conflicts if (found := others_of(one.key))]
    return [set(dict(part.at)) for whole, part in asked if dict(whole.at) == {"time_period": "2016", "sex": "female"}]


def test_that_all_women_had_one_group_of_the_agency_is_not_told_where_some_had_another_too() -> None:
    extract = _women_with_new_substances("cocaine", several=3)
    usual, (choices, error) = _made(extract), _accepting(extract, GROUPS)
    assert [_cell(usual, *one) for one in ALL_WOMEN_NEW] == [Count(13), Count(13)]
    assert _women_asked(error) == [{"time_period", "sex", "intent"}], "all of them by accident, which zeros tell"
    made = _made(extract, GROUPS, choices)
    assert Suppressed() in [_cell(made, *one) for one in ALL_WOMEN_NEW]
    assert computable(_files(made)) == []


@pytest.mark.parametrize("several", [0, 5])
def test_that_all_women_had_one_group_of_the_agency_is_asked_where_none_had_another(several: int) -> None:
    """The zeros of all other groups tell it, whatever is hidden and however many substances of that group they had."""
    extract = _women_with_new_substances("mxe", several=several)
    choices, error = _accepting(extract, GROUPS)
    assert {"time_period", "sex", "euda_group"} in _women_asked(error)
    made = _made(extract, GROUPS, choices)
    assert [_cell(made, *one) for one in ALL_WOMEN_NEW] == [Count(13), Count(13)]
    assert computable(_files(made)) == []


def test_of_an_older_extract_the_groups_of_the_agency_are_not_asked_as_they_were_not_then() -> None:
    older = replace(_women_with_new_substances(), format=4)
    made = _made(older, GROUPS, _accepting(older, GROUPS)[0])
    assert [_cell(made, *one) for one in ALL_WOMEN_NEW] == [Count(13), Count(13)]
