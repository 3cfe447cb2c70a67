"""Who asks the API: somebody with a token, or anybody."""

from rest_framework.request import Request


def is_anybody(request: Request) -> bool:
    """Whether the one who asks has no token, and so sees only the releases for everybody."""
    return request.auth is None
