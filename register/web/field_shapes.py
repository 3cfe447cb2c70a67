"""What a template is given to draw a field: its label, its control with what stands in it, its hint and its error."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. A ``rare`` one stands behind the others."""

    value: str
    label: str
    chosen: bool = False
    rare: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Options under a heading inside a select."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One box of a date or a moment."""

    name: str
    label: str
    value: str
    width: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A button that fills in a field; ``fills`` holds the texts of its controls, in their order, as JSON."""

    label: str
    fills: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field as the template ``components/field.html`` shows it.

    ``widget`` is text, lines, number, segment, radios, select, checks or date. ``id`` is that of the first control,
    where a link from the error summary leads. ``asks`` names the control that decides whether the field is asked, and
    ``asks_if`` the values with which it is, apart by spaces; ``applies`` says whether it is with the values shown.
    ``listed`` says that its options are those of a value set or a vocabulary, and so of no case.
    """

    name: str
    id: str
    label: str
    widget: str
    value: str = ""
    options: tuple[Option, ...] = ()
    groups: tuple[OptionGroup, ...] = ()
    parts: tuple[Part, ...] = ()
    reasons: tuple[Option, ...] = ()
    chips: tuple[Chip, ...] = ()
    asks: str = ""
    asks_if: str = ""
    applies: bool = True
    hint: str = ""
    condition: str = ""
    unit: str = ""
    optional: bool = False
    error: str = ""
    maximum: int | None = None
    decimal: bool = False
    unchosen: str = ""
    listed: bool = False

    @property
    def described_by(self) -> str:
        """The ids of hint, condition and error, for ``aria-describedby``."""
        named = (("h", self.hint), ("c", self.condition), ("e", self.error))
        return " ".join(f"{self.id}-{letter}" for letter, text in named if text)

    @property
    def rare_options(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.rare)

    @property
    def rare_chosen(self) -> bool:
        return any(option.chosen for option in self.rare_options)

    @property
    def reason_chosen(self) -> bool:
        return any(option.chosen and option.value for option in self.reasons)


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error summary; ``target`` is the link to the control, empty when there is none."""

    text: str
    target: str = ""
