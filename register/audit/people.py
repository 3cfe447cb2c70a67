"""The names behind the actors of the log. The log itself holds keys only."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from register.models import ApiToken, User

TOKEN = "token:"  # noqa: S105 - the beginning of an actor's name


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """A name for each actor: of a person, of the organisation with the token, or the name that the actor itself has."""
    wanted = set(actors)
    people, tokens = _keys(wanted), _keys(actor.removeprefix(TOKEN) for actor in wanted if actor.startswith(TOKEN))
    names = {actor: actor for actor in wanted}
    names |= {str(person.pk): person.display_name for person in User.objects.filter(pk__in=people)}
    names |= {f"{TOKEN}{token.pk}": token.organisation for token in ApiToken.objects.filter(pk__in=tokens)}
    return names


def person_with(key: UUID) -> User | None:
    return User.objects.filter(pk=key).first()


def people_called(words: str, *, limit: int) -> list[User]:
    """The people whose user name is ``words``, or else whose name or user name holds them; also of ended accounts."""
    exact = list(User.objects.filter(username=words))
    if exact or not words:
        return exact
    within = Q(username__icontains=words) | Q(first_name__icontains=words) | Q(last_name__icontains=words)
    return list(User.objects.filter(within).order_by("last_name", "username")[:limit])


def _keys(texts: Iterable[str]) -> list[UUID]:
    keys = []
    for text in texts:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys
