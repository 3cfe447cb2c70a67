"""Which of several forms an Accept header asks for (RFC 9110, 12.5.1)."""

from collections.abc import Iterator, Sequence

from rest_framework.exceptions import NotAcceptable

from register.reporting.formats import Kind


def chosen(accept: str, kinds: Sequence[Kind]) -> Kind:
    """The form that the header likes best; the first one when it takes anything. Raises NotAcceptable for none."""
    for wanted in _by_preference(accept or "*/*"):
        for kind in kinds:
            if _fits(kind.media_type, wanted):
                return kind
    raise NotAcceptable


def _by_preference(accept: str) -> list[str]:
    """The media types of the header, the most wanted first; what has quality zero is not wanted."""
    ranges = [(quality, media) for media, quality in _ranges(accept) if quality > 0]
    return [media for _, media in sorted(ranges, key=lambda one: -one[0])]


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((text.removeprefix("q=") for text in parameters if text.startswith("q=")), "1")
        try:
            yield media, float(quality)
        except ValueError:
            yield media, 0.0


def _fits(media_type: str, wanted: str) -> bool:
    essence = media_type.split(";")[0]
    return wanted in (essence, "*/*", f"{essence.split('/')[0]}/*")
