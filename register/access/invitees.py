"""Who is invited: what was typed about them, read strictly, because it becomes a name in every list and in a mail."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db.models import Q, QuerySet

from register.access.errors import Fault, InvalidError
from register.access.grants import Grant, settled
from register.models import Invitation, User

LONGEST_NAME, LONGEST_USERNAME = 120, 60
LANGUAGES = ("nl", "en")
# Plain letters only: two user names that look the same are the same.
USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", re.ASCII)
ENOUGH_NUMBERS = 1000

NAME_NEEDED = Fault("name", "Vul de naam in.", "Fill in the name.")
NAME_TOO_LONG = Fault(
    "name", f"Houd de naam onder {LONGEST_NAME} tekens.", f"Keep the name below {LONGEST_NAME} characters."
)
NAME_WRONG = Fault("name", "Begin de naam met een letter.", "Begin the name with a letter.")
NAME_HIDDEN = Fault(
    "name",
    "De naam bevat een onzichtbaar teken. Typ haar opnieuw, op één regel.",
    "The name holds an invisible character. Type it again, on one line.",
)
EMAIL_WRONG = Fault(
    "email",
    "Vul één e-mailadres in, zoals naam@ggd.example.",
    "Fill in one e-mail address, such as name@ggd.example.",
)
EMAIL_TAKEN = Fault(
    "email",
    "Dit e-mailadres heeft al een account of een uitnodiging. Zoek het op bij Gebruikers.",
    "This e-mail address has an account or an invitation already. Look it up under Users.",
)
USERNAME_WRONG = Fault(
    "username",
    f"Gebruik voor de gebruikersnaam kleine letters, cijfers, punt en streepje; hoogstens {LONGEST_USERNAME} tekens.",
    f"Use small letters, digits, full stop and hyphen for the user name; at most {LONGEST_USERNAME} characters.",
)
USERNAME_TAKEN = Fault(
    "username", "Deze gebruikersnaam is al in gebruik. Kies een andere.", "This user name is taken. Choose another."
)
LANGUAGE_WRONG = Fault("language", "Kies Nederlands of Engels.", "Choose Dutch or English.")


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is asked to open an account, with what. An empty user name is made from the e-mail address."""

    name: str
    email: str
    grant: Grant
    username: str = ""
    language: str = "nl"


def checked(invitee: Invitee, *, today: date, unread: Sequence[Fault] = ()) -> Invitee:
    """The invitee with white space, user name and service settled.

    :raises InvalidError: with everything that is wrong at once.
    """
    found = replace(
        invitee,
        name=unicodedata.normalize("NFC", re.sub(" +", " ", invitee.name)).strip(),
        email=invitee.email.strip(),
        username=invitee.username.strip().lower(),
    )
    email_faults = _email_faults(found.email)
    faults = [*_name_faults(found.name), *email_faults, *unread]
    if not email_faults and not found.username:
        found = replace(found, username=_free_username(found.email))
    if found.username and not (len(found.username) <= LONGEST_USERNAME and USERNAME.fullmatch(found.username)):
        faults.append(USERNAME_WRONG)
    if found.language not in LANGUAGES:
        faults.append(LANGUAGE_WRONG)
    grant = settled(found.grant, today=today)
    if isinstance(grant, list):
        raise InvalidError([*faults, *grant])
    if faults := faults or taken(found.email, found.username, doubt=False):
        raise InvalidError(faults)
    return replace(found, grant=grant)


def taken(email: str, username: str, *, doubt: bool = True) -> list[Fault]:
    """What of these two has an account or an open invitation already; with ``doubt`` one of them is known to have."""
    faults = []
    if _in_use(Q(email__iexact=email)):
        faults.append(EMAIL_TAKEN)
    if _in_use(Q(username__iexact=username)):
        faults.append(USERNAME_TAKEN)
    return faults or ([EMAIL_TAKEN] if doubt else [])


def _name_faults(name: str) -> list[Fault]:
    if not name:
        return [NAME_NEEDED]
    if len(name) > LONGEST_NAME:
        return [NAME_TOO_LONG]
    if not name.isprintable():
        return [NAME_HIDDEN]
    # A list of names is opened in a spreadsheet, where these begin a formula.
    return [NAME_WRONG] if name[0] in "=+-@" else []


def _email_faults(email: str) -> list[Fault]:
    try:
        EmailValidator()(email)
    except ValidationError:
        return [EMAIL_WRONG]
    return [] if email.isascii() and email.isprintable() and len(email) <= 254 else [EMAIL_WRONG]


def _free_username(email: str) -> str:
    """What stands before the @ in plain letters, with a number behind it when somebody has it already."""
    plain = re.sub(r"[^a-z0-9._-]", "", email.partition("@")[0].lower()).strip("._-")[: LONGEST_USERNAME - 4]
    start = plain.strip("._-") or "account"
    candidates = (start, *(f"{start}{number}" for number in range(2, ENOUGH_NUMBERS)))
    begins = Q(username__istartswith=start)
    used = {
        name.lower()
        for names in (
            User.objects.filter(begins).values_list("username", flat=True),
            _open_invitations().filter(begins).values_list("username", flat=True),
        )
        for name in names
    }
    return next(name for name in candidates if name not in used)


def _in_use(condition: Q) -> bool:
    return User.objects.filter(condition).exists() or _open_invitations().filter(condition).exists()


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
