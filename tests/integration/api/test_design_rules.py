"""The Dutch API Design Rules, held over the description: what docs/api holds as rules for Spectral, without Node."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator

RULES = Path(__file__).parents[3] / "docs" / "api" / "design-rules.spectral.yaml"
Operation = tuple[str, dict[str, Any]]
SEMANTIC = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
PATH = re.compile(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[^}/]+\}(\.\{[^}/]+\})?))+")
CAMEL, PASCAL = re.compile(r"[a-z][a-zA-Z0-9]*"), re.compile(r"[A-Z][a-zA-Z0-9]*")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def _answers(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, operation in _operations(document):
        for status, answer in operation["responses"].items():
            yield name, status, answer


def test_it_is_openapi_3_with_a_semantic_version_and_somebody_to_ask(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.")
    assert SEMANTIC.fullmatch(described["info"]["version"])
    contact = described["info"]["contact"]
    assert all(contact[name] for name in ("name", "email", "url"))
    assert re.fullmatch(r"[^@\s]+@([a-z0-9-]+\.)+[a-z0-9-]+", contact["email"]), "what Spectral takes for an address"
    assert described["info"]["license"]["url"]


def test_each_server_has_the_major_version_in_its_address(described: dict[str, Any]) -> None:
    major = described["info"]["version"].split(".")[0]
    assert described["servers"]
    assert all(server["url"].endswith(f"/v{major}") for server in described["servers"])


def test_paths_are_in_kebab_case_without_a_slash_at_the_end_and_queries_in_camel_case(
    described: dict[str, Any],
) -> None:
    assert [path for path in described["paths"] if not PATH.fullmatch(path)] == []
    for name, operation in _operations(described):
        assert name.split()[0] in ("get", "post", "put", "patch", "delete")
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], name
            assert parameter["in"] != "query" or CAMEL.fullmatch(parameter["name"]), name


def test_every_answer_describes_the_version_header(described: dict[str, Any]) -> None:
    for name, status, answer in _answers(described):
        assert "API-Version" in answer["headers"], (name, status)
        assert answer["description"], (name, status)
    assert set(described["components"]["headers"]) >= {"API-Version", "ETag", "Retry-After", "Location"}


def test_every_refusal_is_a_problem_with_the_standard_members_and_nothing_else(described: dict[str, Any]) -> None:
    for name, status, answer in _answers(described):
        if status.startswith(("4", "5")):
            assert list(answer["content"]) == ["application/problem+json"], (name, status)
            shape = answer["content"]["application/problem+json"]["schema"]["$ref"].rsplit("/", 1)[1]
            members = set(described["components"]["schemas"][shape]["properties"])
            assert {"status", "title", "detail"} <= members <= {"status", "title", "detail", "type", "instance"}
    for name, operation in _operations(described):
        assert {"400", "401", "429"} <= set(operation["responses"]), name
        assert "422" not in operation["responses"], name


def test_schemas_and_members_have_the_casing_of_the_rules(described: dict[str, Any]) -> None:
    for name, schema in described["components"]["schemas"].items():
        assert PASCAL.fullmatch(name)
        assert all(CAMEL.fullmatch(member) for member in schema.get("properties", {}))


def test_every_operation_has_a_name_a_tag_and_a_description(described: dict[str, Any]) -> None:
    operations = [operation for _, operation in _operations(described)]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    tags = [tag["name"] for tag in described["tags"]]
    assert tags == sorted(tags)
    assert all(operation["description"] and set(operation["tags"]) <= set(tags) for operation in operations)


def test_the_rules_for_spectral_can_be_read_and_say_which_rule_each_is() -> None:
    rules = yaml.safe_load(RULES.read_text())["rules"]
    assert len(rules) > 10
    assert all(
        rule["message"].startswith("/core/") and rule["severity"] in ("error", "warn") for rule in rules.values()
    )
