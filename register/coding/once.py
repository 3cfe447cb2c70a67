"""What is costly to build from a catalogue is built once for each catalogue and goes when that one goes."""

from collections.abc import Callable
from typing import Generic, TypeVar

from register.coding.catalogue import Catalogue

Built = TypeVar("Built")


class OncePerCatalogue(Generic[Built]):
    """``build`` with a memory that lies in the catalogue itself, as that of a cached property does."""

    def __init__(self, name: str, build: Callable[[Catalogue], Built]) -> None:
        self._place = f"_{name}"
        self._build = build

    def __call__(self, catalogue: Catalogue) -> Built:
        kept = vars(catalogue)
        if self._place not in kept:
            kept[self._place] = self._build(catalogue)
        built: Built = kept[self._place]
        return built
