"""An answer beside the reason for its absence, and a sentence for what cannot be one."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from register.quality.partial_dates import PartialDate

Value = str | int | bool | Decimal | date | datetime | PartialDate | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, or the code of the reason why there is none (VS-MISSING), or neither: not answered yet. Never both."""

    value: Value | None = None
    missing: str | None = None

    @property
    def blank(self) -> bool:
        """True while the question has not been answered in any way."""
        return self.value is None and self.missing is None


BLANK = Answer()
