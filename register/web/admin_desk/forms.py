"""Fields that the pages of the desk share: what an account is given, read from a form and shown again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from register.access import grants
from register.access.errors import Fault
from register.access.grants import Grant
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.workflow.roles import Role

NAMES = ("role", "region", "forensic_service", "reason", "name", "email", "username", "language")
ENDS_ON = ("ends_on_day", "ends_on_month", "ends_on_year")
NO_SUCH_DAY = Fault(
    "ends_on",
    "Vul een dag in die bestaat: dag, maand en jaar. Of laat alle drie leeg.",
    "Fill in a day that exists: day, month and year. Or leave all three empty.",
)


def key_of(post: QueryDict) -> UUID:
    """The key that a form carries for what it makes, so that a form sent twice makes one; another when it is none."""
    try:
        return UUID(post.get("key", ""))
    except ValueError:
        return uuid4()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form, by name, and the end date when the three boxes hold one."""

    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, post: QueryDict) -> "Typed":
        return cls({name: post.get(name, "").strip(" ") for name in (*NAMES, *ENDS_ON)})

    @classmethod
    def of(cls, grant: Grant) -> "Typed":
        """The form as it stands for an account that has this."""
        return cls(
            {
                "role": grant.role,
                "region": grant.region,
                "forensic_service": grant.service,
                **_boxes(grant.ends_on),
            }
        )

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def grant(self) -> Grant:
        """What was asked for; without an end date when the boxes cannot be read."""
        ends_on = self._ends_on()
        return Grant(
            self.get("role"),
            self.get("region"),
            self.get("forensic_service"),
            None if isinstance(ends_on, Fault) else ends_on,
        )

    def unread(self) -> list[Fault]:
        """The fault of an end date that cannot be read."""
        ends_on = self._ends_on()
        return [ends_on] if isinstance(ends_on, Fault) else []

    def _ends_on(self) -> date | Fault | None:
        boxes = [self.get(name).strip() for name in ENDS_ON]
        if not any(boxes):
            return None
        if not all(box.isascii() and box.isdigit() and len(box) <= 4 for box in boxes) or len(boxes[2]) != 4:
            return NO_SUCH_DAY
        day, month, year = map(int, boxes)
        try:
            return date(year, month, day)
        except ValueError:
            return NO_SUCH_DAY


def grant_fields(typed: Typed, faults: Iterable[Fault]) -> list[FieldView]:
    """Role, region, service and end date."""
    wrong = errors_by_field(faults)
    return [
        _select(typed, wrong, "role", _("Role"), [(role.value, role.label(active())) for role in Role]),
        _select(
            typed,
            wrong,
            "region",
            _("GGD region"),
            grants.regions(),
            hint=_("Only for a forensic physician and a regional coordinator."),
        ),
        _select(
            typed,
            wrong,
            "forensic_service",
            _("Forensic service"),
            grants.services(),
            hint=_("Only for a forensic physician. Empty means the service of the region."),
        ),
        _ends_on_field(typed, wrong.get("ends_on", "")),
    ]


def reason_field(typed: Typed, faults: Iterable[Fault], *, prefix: str) -> FieldView:
    """Why the administrator does this."""
    return fields.plain(
        "reason",
        _("Reason"),
        value=typed.get("reason"),
        error=errors_by_field(faults).get("reason", ""),
        hint=_("Kept with the account and in the trail."),
        maximum=grants.LONGEST_REASON,
        prefix=prefix,
    )


def errors_by_field(faults: Iterable[Fault]) -> dict[str, str]:
    """The sentence for each field that has a fault, in the language of the page."""
    return {fault.field: sentence(fault) for fault in faults}


def _select(
    typed: Typed,
    wrong: Mapping[str, str],
    name: str,
    label: str,
    options: Iterable[tuple[str, str]],
    *,
    hint: str = "",
) -> FieldView:
    return fields.plain(
        name,
        label,
        value=typed.get(name),
        widget="select",
        options=options,
        error=wrong.get(name, ""),
        hint=hint,
        optional=bool(hint),
    )


def _ends_on_field(typed: Typed, error: str) -> FieldView:
    hint = _("The last day on which the account works. Empty means without end.")
    return fields.dated("ends_on", _("End date"), typed.values, hint=hint, error=error, optional=True)


def _boxes(day: date | None) -> dict[str, str]:
    texts = ("", "", "") if day is None else (str(day.day), str(day.month), str(day.year))
    return dict(zip(ENDS_ON, texts, strict=True))
