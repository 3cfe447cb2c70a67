"""Names of substances and families in the page's language."""

from register.casework import reference
from register.coding.analytes import Family
from register.coding.sentences import capital
from register.web.language import active


def heading_of(family: Family) -> str:
    """The name of the substance to which a family points, or the words of the report."""
    return capital(name_of(family.parent)) if family.parent else f"‘{family.name}’"


def name_of(code: str) -> str:
    """The name of a substance in the page's language."""
    substance = reference.current().catalogue.substances.get(code)
    return code if substance is None else substance.name_nl if active() == "nl" else substance.name_en
