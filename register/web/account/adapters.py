"""Where django-allauth asks the register: who may sign in, in which steps, and how seeds are stored."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import LoginStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from register.access import factors, organisations, seeds, sessions
from register.audit import Event, acting_as, log_access
from register.web import language
from register.web.account import organisation, proof
from register.web.account.backend import PersonBackend

ISSUER = "Register drugssterfte"


class SecondStep(LoginStage):
    """After the password: nobody with a second factor is signed in before giving it."""

    key = "second_step"
    urlname = "second_step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Ask for the factor, unless the organisation's own login counts as one."""
        person = self.login.user
        waits = person is not None and factors.kinds_of(person) and not organisation.counts_twice(self.request, person)
        return (redirect(self.urlname) if waits else None), True


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator and end on a day; nobody signs up."""

    def get_login_stages(self) -> list[str]:
        return [f"{SecondStep.__module__}.{SecondStep.__name__}"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse | None:
        """An account that was switched off or came to its end date goes no further, whichever way it came."""
        if PersonBackend().user_can_authenticate(user):
            return None
        request.session.flush()
        return organisation.refused(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Bind the session to the person, with a new key; without its row in the access log there is no session."""
        with acting_as(user):
            super().login(request, user)
            log_access(Event.LOGIN, object_type="session")
        sessions.sweep()

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse:
        response = super().post_login(request, user, **facts)
        language.remember(request, response, language.COOKIE, user.language)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened in words of their own."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The library's letters are not the register's."""


class FactorAdapter(DefaultMFAAdapter):
    """Seeds are sealed; a person is called by user name, an address is nobody's business."""

    def encrypt(self, text: str) -> str:
        return seeds.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return seeds.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return ISSUER

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": ISSUER}


class OrganisationAdapter(DefaultSocialAccountAdapter):
    """Somebody who comes from an organisation's own login is a person who already has an account here, or nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person, by the subject that was linked or else by an address that the organisation may vouch for."""
        claims, app = organisation.claims_of(request), sociallogin.provider.app
        if not sociallogin.is_existing:
            linked = organisations.link_by_address(
                provider=app.provider_id,
                subject=sociallogin.account.uid,
                address=claims.get("email", "") if claims.get("email_verified") is True else "",
                domains=app.settings["email_domains"],
            )
            if linked is None:
                raise ImmediateHttpResponse(organisation.refused(request))
            sociallogin.account, sociallogin.user = linked, linked.user
        if organisation.says_two_factors(claims, app):
            proof.record(request, sociallogin.user, proof.SECOND_FACTOR, type="organisation", provider=app.provider_id)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **facts: Any) -> None:
        raise ImmediateHttpResponse(organisation.failed(request, provider))
