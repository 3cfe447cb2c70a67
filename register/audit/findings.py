"""What a verification found: a kind and a sentence that names the place."""

from dataclasses import dataclass

# Of one kind the first places are named: they are what an investigation begins with.
MOST = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written."""

    kind: str
    sentence: str
