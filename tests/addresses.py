"""Every page of the register, taken from the resolver."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name, one address with a key that nothing has for each key in it, and its view."""

    name: str
    address: str
    view: Callable[..., Any]


def pages() -> list[Page]:
    """Every page for people; the machine interface below ``/v1`` is not for people."""
    return [page for page in _walk(get_resolver().url_patterns, "") if not page.address.startswith("/v1/")]


def _walk(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[Page]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            name = f"{namespace}{pattern.name}"
            yield Page(name, _example(name, pattern), pattern.callback)


def _example(name: str, pattern: URLPattern) -> str:
    values = {
        key: uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{key}")
        if type(converter).__name__ == "UUIDConverter"
        else 1
        if "Int" in type(converter).__name__
        else "x"
        for key, converter in pattern.pattern.converters.items()
    }
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        pytest.fail(f"{name} cannot be reversed with {values}")
