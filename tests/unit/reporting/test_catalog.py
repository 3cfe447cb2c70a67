"""The catalogue by DCAT-AP-NL 3.0: whatever a release is, where the profile names a list only its values stand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.reporting import formats
from register.reporting.catalog import Publisher, catalog
from register.reporting.codelists import DEFINITION_CODES
from register.reporting.published import STATUSES, Released
from register.reporting.published_files import File
from tests.unit.reporting.authority_codes import AUTHORITY, LISTS, allowed
from tests.unit.reporting.published_files import FACTS

WHEN = datetime(2018, 7, 1, 10, tzinfo=UTC)
FILES = (
    *(File("group", kind.key, kind.media_type, 10, "ab" * 32, ()) for kind in formats.TABLE_KINDS),
    *(
        File(formats.kinds.CODEBOOK, key, formats.MEDIA_TYPES[key], 10, "ab" * 32, ())
        for key in ("csv", "html", "json")
    ),
    File(formats.kinds.WORKBOOK, "xlsx", formats.MEDIA_TYPES["xlsx"], 10, "ab" * 32, ()),
)


@st.composite
def released(draw: st.DrawFn) -> Released:
    first = draw(st.integers(1990, 2030))
    return Released(
        id=f"{first}-{draw(st.integers(1, 999))}",
        title="Drugssterfte",
        status=draw(st.sampled_from(STATUSES)),
        definition=draw(st.sampled_from(DEFINITION_CODES)),
        period_from=first,
        period_to=first + draw(st.integers(0, 5)),
        cut_off=WHEN,
        published_at=WHEN,
        threshold=5,
        rule_version="1",
        supersedes=draw(st.sampled_from(["", "2016-nl-broad-p1"])),
        tox_completeness=90,
        note=draw(st.sampled_from(["", "Eerste cijfers."])),
        retraction_reason="",
        manifest_sha256="",
        public=draw(st.booleans()),
        files=FILES,
        facts=FACTS,
    )


def _nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _nodes(value)
    elif isinstance(part, list):
        for each in part:
            yield from _nodes(each)


def _values(value: Any) -> list[str]:
    return [one["@id"] for one in (value if isinstance(value, list) else [value])]


def _graph(releases: list[Released], *, public: bool) -> list[dict[str, Any]]:
    body = catalog(releases, Publisher("https://register.example/v1", "register@register.example", public=public))
    return [node for node in _nodes(body["@graph"]) if "@type" in node]


@given(st.lists(released(), max_size=4), st.booleans())
def test_every_value_stands_in_the_list_that_the_profile_names(releases: list[Released], public: bool) -> None:
    for node in _graph(releases, public=public):
        for name, value in node.items():
            known = allowed(name, node["@type"])
            assert known is None or set(_values(value)) <= known, (node["@type"], name, value)


@given(st.lists(released(), min_size=1, max_size=2), st.booleans())
def test_no_other_value_of_the_european_lists_is_made_up(releases: list[Released], public: bool) -> None:
    graph = _graph(releases, public=public)
    known = {address for name in LISTS for address in allowed(*_property_and_class(name)) or ()}
    known |= {f"{AUTHORITY}/licence/CC_BY_4_0", f"{AUTHORITY}/data-theme"}
    used = {one["@id"] for one in _nodes(graph) if set(one) == {"@id"} and one["@id"].startswith(AUTHORITY)}
    assert used <= known


def _property_and_class(name: str) -> tuple[str, str]:
    property_, _, class_ = name.partition(" of ")
    return property_, class_


@pytest.mark.parametrize("status", STATUSES)
def test_a_data_set_says_in_words_what_was_counted_and_by_which_rules(status: str) -> None:
    base = {"id": "a", "title": "b", "status": status, "definition": "nl_broad", "period_from": 2016, "period_to": 2017}
    release = Released(
        **base,
        cut_off=WHEN,
        published_at=WHEN,
        threshold=5,
        rule_version="1",
        supersedes="",
        tox_completeness=90,
        note="",
        retraction_reason="",
        manifest_sha256="",
        public=True,
        files=FILES,
        facts=FACTS,
    )
    graph = _graph([release], public=True)
    (dataset,) = [node for node in graph if node["@type"] == "dcat:Dataset"]
    words = {one["@language"]: one["@value"] for one in dataset["dct:provenance"]["rdfs:label"]}
    assert "Peildatum: 1 juni 2018." in words["nl"]
    assert "Smallest count that is shown: 5." in words["en"]
    offered = [node for node in graph if node["@type"] == "dcat:Distribution"]
    assert len(offered) == (0 if status == "retracted" else len(FILES))
