"""The forms of a page, read as a browser reads them: for tests that fill in every one of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle

TYPED = frozenset({"text", "search", "number", "password", "textarea", "email", "tel", "url"})


@dataclass
class Control:
    """One control of a form; ``options`` are the values that can be chosen."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form with its controls in the order of the page."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def named(self, *kinds: str) -> Iterator[Control]:
        return (control for control in self.controls if control.kind in kinds)

    @property
    def typed(self) -> list[Control]:
        return [control for control in self.controls if control.kind in TYPED]

    def hidden(self) -> list[tuple[str, str]]:
        return [(control.name, control.value) for control in self.named("hidden")]

    def buttons(self) -> list[tuple[str, str]]:
        return [(control.name, control.value) for control in self.named("submit")]

    def filled(self, *texts: str) -> list[tuple[str, str]]:
        """What is sent when these texts are typed in the boxes in turn, with the first button that is pressed."""
        typed = zip((control.name for control in self.typed), cycle(texts), strict=False)
        return [*self.hidden(), *typed, *self.buttons()[:1]]

    def overwritten(self, text: str) -> list[tuple[str, str]]:
        """What somebody sends who puts this text in the place of every choice as well, and of every button."""
        chosen = self.named("radio", "checkbox", "select", "submit")
        return [*self.hidden(), *((control.name, text) for control in [*self.typed, *chosen])]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._inside)
        elif self._inside is not None:
            self._control(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None

    def _control(self, tag: str, values: dict[str, str]) -> None:
        controls, name = self._inside.controls, values.get("name", "")  # type: ignore[union-attr]
        if tag == "option" and controls and controls[-1].kind == "select":
            controls[-1].options.append(values.get("value", ""))
        elif not name:
            return
        elif tag == "input":
            controls.append(Control(name, values.get("type", "text"), values.get("value", "")))
        elif tag == "button":
            controls.append(Control(name, "submit", values.get("value", "")))
        elif tag in ("select", "textarea"):
            controls.append(Control(name, tag))


# The forms that stand on every page.
ON_EVERY_PAGE = frozenset({"/taal/", "/weergave/", "/afmelden/"})


def forms_in(page: str) -> list[Form]:
    """Every form of this page that changes something, without those that stand on every page."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.method == "post" and form.action not in ON_EVERY_PAGE]
