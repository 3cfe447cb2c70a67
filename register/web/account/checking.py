"""Is this the person? Passwords and second factors are looked at here and nowhere else, counted and noted."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from register.access import factors, limits
from register.audit import Event, acting_as, log_access
from register.web.account import passkeys, proof

# Nobody is known yet when somebody tries to sign in.
SYSTEM = "system:login"
PASSWORD, CODE, CREDENTIAL = "confirm_password", "confirm_code", "confirm_credential"
FIELDS = (PASSWORD, CODE, CREDENTIAL)
LONGEST = 500


def person_with(request: HttpRequest, username: str, password: str) -> Any | None:
    """The person with this name and password; None when there is none, or when there were too many tries.

    The answer does not tell which: an unknown name, a wrong password and a used-up number of tries are one.
    """
    found = _authenticated(request, username, password)
    if found is None:
        note_failure(_known(username))
    return found


def note_failure(person: Any | None) -> None:
    """Note a failed try, with the account when there is one; never what was typed."""
    with acting_as(SYSTEM):
        log_access(
            Event.LOGIN_FAILED,
            object_type="session",
            objects=[person.pk] if person is not None else [],
            outcome="denied",
        )


def gives_factor(request: HttpRequest, person: Any) -> bool:
    """Whether the form holds a second factor of ``person``: a code or the answer of a passkey."""
    if not limits.take(limits.FACTORS_OF_ACCOUNT, str(person.pk)):
        return False
    code, answer = request.POST.get(CODE, ""), request.POST.get(CREDENTIAL, "")
    if answer:
        factor = passkeys.use(person, answer)
    else:
        factor = factors.use_code(person=person, code=code) if 0 < len(code) <= LONGEST else None
    if factor is None:
        return False
    limits.forget(limits.FACTORS_OF_ACCOUNT, str(person.pk))
    proof.record(request, person, proof.SECOND_FACTOR, id=factor.pk, type=factor.type)
    return True


def offered(request: HttpRequest) -> bool:
    """Whether a form brings a proof along."""
    return any(name in request.POST for name in FIELDS)


def confirm(request: HttpRequest) -> str:
    """Look at the proof that a signed-in person sent along: empty when it holds, else what to say at the field."""
    person: Any = request.user
    with acting_as(person):
        given = _gives_password(request, person) if request.POST.get(PASSWORD) else gives_factor(request, person)
        log_access(Event.STEP_UP, object_type="session", outcome="ok" if given else "denied")
    if given:
        request.session.cycle_key()
        return ""
    return wrong(request)


def wrong(request: HttpRequest) -> str:
    """One sentence for every way in which a proof does not hold."""
    if request.POST.get(CREDENTIAL):
        return _("This passkey was not recognised. Try again, or use a code.")
    if request.POST.get(PASSWORD):
        return _("This is not right. Check what you typed and try again.")
    return _("This code is not right or was used before. Wait for the next one and try again.")


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; proxies are believed as far as the settings say."""
    try:
        return str(truncate_ip(get_adapter(request).get_client_ip(request)))
    except (ImproperlyConfigured, PermissionDenied):
        return str(request.META.get("REMOTE_ADDR", ""))


def _gives_password(request: HttpRequest, person: Any) -> bool:
    found = _authenticated(request, person.get_username(), request.POST[PASSWORD])
    if found is None or found.pk != person.pk:
        return False
    proof.record(request, person, proof.PASSWORD)
    return True


def _authenticated(request: HttpRequest, username: str, password: str) -> Any | None:
    if not username.isprintable() or len(username) > LONGEST or len(password) > LONGEST:
        return None
    free = limits.take(limits.PASSWORDS_FROM_ADDRESS, address_of(request))
    if not free or not limits.take(limits.PASSWORDS_OF_ACCOUNT, username):
        return None
    with acting_as(SYSTEM):  # an old hash is replaced while the password is known
        person = authenticate(request, username=username, password=password)
    if person is not None:
        limits.forget(limits.PASSWORDS_OF_ACCOUNT, username)
    return person


def _known(username: str) -> Any | None:
    return get_user_model().objects.filter(username=username).first() if username.isprintable() else None
