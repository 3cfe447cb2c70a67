"""Which pages of a case have rows, and where on the page each kind stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from register.web.physician.pages import BY_SLUG, Page
from register.web.physician.row_kinds import FINDING, KNOWN_USE, NALOXONE, SUSPICION, RowKind


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page with rows. ``under`` says below which group of questions each kind stands; "" is above all.

    ``picked`` is the kind that choosing a substance adds to.
    """

    page: Page
    under: Mapping[str, tuple[RowKind, ...]]
    picked: RowKind | None = None

    @property
    def kinds(self) -> tuple[RowKind, ...]:
        return tuple(kind for kinds in self.under.values() for kind in kinds)

    def kind(self, slug: str) -> RowKind | None:
        """The kind of row with this name, when it stands on this page."""
        return next((kind for kind in self.kinds if kind.slug == slug), None)


ROW_PAGES = (
    RowPage(BY_SLUG["omstandigheden"], {"anderen": (NALOXONE,), "voorgeschiedenis": (KNOWN_USE,)}),
    RowPage(BY_SLUG["middelen"], {"": (SUSPICION,)}, picked=SUSPICION),
    RowPage(BY_SLUG["conclusie"], {"oorzaak": (FINDING,)}, picked=FINDING),
)
