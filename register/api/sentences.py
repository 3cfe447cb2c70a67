"""What the API says when it cannot answer, in Dutch and English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A title or a detail in both languages."""

    nl: str
    en: str

    def in_(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


TITLES = {
    400: Sentence("Ongeldige vraag", "Bad request"),
    401: Sentence("Geen geldig token", "No valid token"),
    403: Sentence("Niet toegestaan", "Forbidden"),
    404: Sentence("Niet gevonden", "Not found"),
    405: Sentence("Methode niet toegestaan", "Method not allowed"),
    406: Sentence("Vorm niet beschikbaar", "Not acceptable"),
    409: Sentence("Nog niet te maken", "Conflict"),
    410: Sentence("Ingetrokken", "Gone"),
    412: Sentence("Niet de gevraagde versie", "Precondition failed"),
    414: Sentence("Adres te lang", "URI too long"),
    415: Sentence("Vorm niet ondersteund", "Unsupported media type"),
    429: Sentence("Te veel vragen", "Too many requests"),
    500: Sentence("Storing", "Internal server error"),
    503: Sentence("Niet beschikbaar", "Service unavailable"),
}
DETAILS = {
    400: Sentence("De vraag bevat fouten.", "The request contains faults."),
    401: Sentence(
        "Stuur een geldig token mee als ‘Authorization: Bearer <token>’. Is het token verlopen of ingetrokken, vraag "
        "dan een nieuw token aan bij het register.",
        "Send a valid token as ‘Authorization: Bearer <token>’. If the token has expired or was revoked, ask the "
        "register for a new one.",
    ),
    403: Sentence("Dit mag niet met dit token.", "This token does not allow that."),
    404: Sentence("Op dit adres is niets gepubliceerd.", "Nothing is published at this address."),
    405: Sentence("Deze API is alleen te lezen: gebruik GET of HEAD.", "This API is read-only: use GET or HEAD."),
    406: Sentence(
        "In de gevraagde vorm is dit er niet. Vraag een andere vorm in ‘Accept’, of noem de vorm in het adres.",
        "There is no such form of this. Ask for another one in ‘Accept’, or name the form in the address.",
    ),
    409: Sentence("Dit kan nog niet worden gemaakt.", "This cannot be made yet."),
    410: Sentence("Deze publicatie is ingetrokken.", "This release was retracted."),
    412: Sentence(
        "Wat hier nu staat is niet wat ‘If-Match’ vraagt. Haal het opnieuw op en gebruik de nieuwe ‘ETag’.",
        "What is here now is not what ‘If-Match’ asks for. Fetch it again and use the new ‘ETag’.",
    ),
    429: Sentence(
        "Er komen te veel vragen van dit token of adres. Ga verder na het aantal seconden in ‘Retry-After’.",
        "Too many requests come from this token or address. Go on after the seconds in ‘Retry-After’.",
    ),
    500: Sentence(
        "Er ging iets mis bij het register. Probeer het later opnieuw.",
        "Something went wrong at the register. Try again later.",
    ),
    503: Sentence("Het register is even niet bereikbaar.", "The register is not available for a moment."),
}
