"""The ``$filter`` of OData 3, as far as clients of Statistics Netherlands use it: comparisons, and, or, not, text.

A filter becomes a question to one row. Names of columns are compared without regard to case.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from register.api.sentences import Sentence

Row = Mapping[str, Any]
Asked = Callable[[Row], bool]
Valued = Callable[[Row], Any]
LONGEST, DEEPEST = 4000, 20
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[(),]))"
)
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
CONSTANTS = {"null": None, "true": True, "false": False}
UNREADABLE = Sentence(
    "Dit filter is niet te lezen. Gebruik bijvoorbeeld (Perioden eq '2016JJ00') and (Sex eq 'male').",
    "This filter cannot be read. Use for instance (Perioden eq '2016JJ00') and (Sex eq 'male').",
)


class FilterError(Exception):
    """The filter cannot be used, for the reason in both languages."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def question(text: str, columns: Sequence[str]) -> Asked:
    """What the filter asks of a row with these columns. Raises FilterError."""
    if len(text) > LONGEST:
        raise FilterError(Sentence("Dit filter is te lang.", "This filter is too long."))
    reader = _Reader(_tokens(text), {column.lower(): column for column in columns})
    asked = reader.either(DEEPEST)
    if reader.left:
        raise FilterError(UNREADABLE)
    return asked


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise FilterError(UNREADABLE)
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


@dataclass
class _Reader:
    """Reads the tokens from the left; ``names`` leads from a name in lower case to the column."""

    tokens: list[tuple[str, str]]
    names: Mapping[str, str]
    place: int = field(default=0)

    @property
    def left(self) -> bool:
        return self.place < len(self.tokens)

    def either(self, depth: int) -> Asked:
        """One or more questions with ``or`` between them."""
        asked = [self._both(depth)]
        while self._take("name", "or"):
            asked.append(self._both(depth))
        return asked[0] if len(asked) == 1 else lambda row: any(one(row) for one in asked)

    def _both(self, depth: int) -> Asked:
        asked = [self._one(depth)]
        while self._take("name", "and"):
            asked.append(self._one(depth))
        return asked[0] if len(asked) == 1 else lambda row: all(one(row) for one in asked)

    def _one(self, depth: int) -> Asked:
        if depth == 0:
            raise FilterError(Sentence("Dit filter heeft te veel haakjes.", "This filter has too many brackets."))
        if self._take("name", "not"):
            denied = self._one(depth - 1)
            return lambda row: not denied(row)
        if self._take("sign", "("):
            asked = self.either(depth - 1)
            self._need("sign", ")")
            return asked
        for function, test in (
            ("substringof", str.__contains__),
            ("startswith", str.startswith),
            ("endswith", str.endswith),
        ):
            if self._take("name", function):
                return self._about_text(test)
        return self._comparison()

    def _about_text(self, test: Callable[[str, str], bool]) -> Asked:
        """A function of a column and a text, in either order."""
        self._need("sign", "(")
        first, second = self._operand_kind(), None
        self._need("sign", ",")
        second = self._operand_kind()
        self._need("sign", ")")
        (_, part), (_, column) = sorted((first, second), key=lambda one: one[0] == "name")
        return lambda row: isinstance(whole := column(row), str) and test(whole, str(part(row)))

    def _comparison(self) -> Asked:
        _, left = self._operand_kind()
        kind, word = self._next()
        compare = COMPARISONS.get(word.lower()) if kind == "name" else None
        if compare is None:
            raise FilterError(UNREADABLE)
        _, right = self._operand_kind()
        return lambda row: _compared(compare, left(row), right(row))

    def _operand_kind(self) -> tuple[str, Valued]:
        kind, word = self._next()
        match kind:
            case "text":
                text = word[1:-1].replace("''", "'")
                return kind, lambda row: text
            case "number":
                number = float(word)
                return kind, lambda row: number
            case "name" if word.lower() in CONSTANTS:
                constant = CONSTANTS[word.lower()]
                return "text", lambda row: constant
            case "name":
                return kind, self._column(word)
            case _:
                raise FilterError(UNREADABLE)

    def _column(self, word: str) -> Valued:
        column = self.names.get(word.lower())
        if column is None:
            listed = ", ".join(self.names.values())
            raise FilterError(
                Sentence(f"Deze tabel heeft de kolommen {listed}.", f"This table has the columns {listed}.")
            )
        return lambda row: row[column]

    def _take(self, kind: str, word: str) -> bool:
        """Step over the next token when it is this one."""
        if self.left and self.tokens[self.place][0] == kind and self.tokens[self.place][1].lower() == word:
            self.place += 1
            return True
        return False

    def _need(self, kind: str, word: str) -> None:
        if not self._take(kind, word):
            raise FilterError(UNREADABLE)

    def _next(self) -> tuple[str, str]:
        if not self.left:
            raise FilterError(UNREADABLE)
        self.place += 1
        return self.tokens[self.place - 1]


def _compared(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    """Two values; what is missing, or of another kind, is equal to nothing and neither larger nor smaller."""
    same = isinstance(left, str) == isinstance(right, str) and (left is None) == (right is None)
    if left is None or right is None or not same:
        return {operator.eq: left is right, operator.ne: left is not right}.get(compare, False)
    return compare(left, right)
