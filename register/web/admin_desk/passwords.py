"""The two boxes in which somebody chooses a password, and what is wrong with what they hold."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from register.web import fields
from register.web.field_shapes import FieldView

LONGEST = 1000


def faults(request: HttpRequest) -> dict[str, str]:
    """What is wrong with the two boxes, by name."""
    password = request.POST.get("password", "")
    if not password:
        return {"password": _("Choose a password.")}
    if len(password) > LONGEST or "\0" in password:
        return {"password": _("Choose a password of at most 1000 characters.")}
    if password != request.POST.get("password_again", ""):
        return {"password_again": _("The two passwords differ. Type both again.")}
    return {}


def weaknesses(weak: ValidationError) -> str:
    """Why a password will not do, in words of the register's own where Django has none in Dutch."""
    told = {"password_too_short": _("This password is too short. Choose at least %(min_length)d characters.")}
    return " ".join(
        told[one.code] % one.params if one.code in told and one.params else " ".join(one.messages)
        for one in weak.error_list
    )


def boxes(wrong: Mapping[str, str]) -> list[FieldView]:
    """Both boxes, empty, with what is wrong at each."""
    return [
        fields.plain(
            "password",
            _("Password"),
            hint=_("At least 12 characters; a sentence that only you know is good."),
            error=wrong.get("password", ""),
        ),
        fields.plain("password_again", _("The same password again"), error=wrong.get("password_again", "")),
    ]
