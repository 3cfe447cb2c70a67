"""How much work a journey is: interactions counted and time modelled by the rules of the design.

One interaction is one press, one choice, or one field filled in, however long. Keys that only move are free. The time
is that of a keystroke-level model; nothing here looks at a clock.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

# Seconds of the model.
PER_INTERACTION, PER_CHARACTER, PER_DECISION, PER_PAGE = 1.2, 0.3, 1.35, 1.0
CHECKING, THINKING = 25.0, 45.0
FARTHEST = 200  # presses of Tab
# How many stops there are at least between the focus and a control that comes after it. Radio buttons and tick boxes
# are not counted, because a group may be one stop; from the body nobody knows where Tab begins.
AHEAD = """target => {
  const here = document.activeElement;
  if (!here || here === document.body) return 0;
  const comes = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...document.querySelectorAll('a[href], button, select, textarea, input:not([type=radio], [type=checkbox])')]
    .filter(el => el.tabIndex >= 0 && !el.disabled && el.type !== 'hidden')
    .filter(el => el.checkVisibility({visibilityProperty: true}))
    .filter(el => comes(here, el) && comes(el, target)).length;
}"""


@dataclass(slots=True)
class Work:
    """What somebody did, and the addresses and titles they came past."""

    interactions: int = 0
    characters: int = 0
    passed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The modelled time; every second interaction is a decision."""
        done = self.interactions * PER_INTERACTION + self.characters * PER_CHARACTER
        thought = self.interactions // 2 * PER_DECISION + CHECKING + THINKING
        return done + thought + len(self.passed) * PER_PAGE

    @property
    def reading(self) -> float:
        """The modelled time of something short, without the check page and without free thought."""
        return self.seconds - CHECKING - THINKING


class Hands:
    """Somebody with a mouse. Each method is one interaction."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.work = Work()
        page.on("load", lambda loaded: self.work.passed.append((loaded.url, loaded.title())))

    def press(self, target: Locator) -> None:
        """A button or a link."""
        self.work.interactions += 1
        self._press(target)

    def go(self, target: Locator) -> None:
        """A button or a link that leads to another page."""
        with self.page.expect_navigation():
            self.press(target)

    def choose(self, name: str, value: str, inside: Locator | None = None) -> None:
        """One answer of a row of radio buttons or tick boxes."""
        self.work.interactions += 1
        self._choose((inside or self.page.locator("body")).locator(f"input[name$='{name}'][value='{value}']"))

    def fill(self, target: Locator, text: str) -> None:
        """A box, whatever its text is long."""
        self.work.interactions += 1
        self.work.characters += len(text)
        self._type(target, text)

    def pick(self, target: Locator, value: str) -> None:
        """One line of a list that drops down."""
        self.work.interactions += 1
        self._reach(target)
        target.select_option(value)

    def _press(self, target: Locator) -> None:
        target.click()

    def _choose(self, target: Locator) -> None:
        target.locator("xpath=ancestor::label").click()

    def _type(self, target: Locator, text: str) -> None:
        self._reach(target)
        target.press_sequentially(text)

    def _reach(self, target: Locator) -> None:
        target.focus()


class Fingers(Hands):
    """Somebody with a tablet."""

    def _press(self, target: Locator) -> None:
        target.tap()

    def _choose(self, target: Locator) -> None:
        target.locator("xpath=ancestor::label").tap()

    def _reach(self, target: Locator) -> None:
        target.tap()


class Keys(Hands):
    """Somebody with a keyboard alone: Tab brings them everywhere, and the focus is on the control before it is used."""

    def _press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def _choose(self, target: Locator) -> None:
        if target.get_attribute("type") == "checkbox":
            self._reach(target)
            self.page.keyboard.press("Space")
            return
        self._tab_until(target, "radio => document.activeElement.name === radio.name")
        self.page.keyboard.press("Space")
        for _ in range(FARTHEST):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never reached {target}")

    def _reach(self, target: Locator) -> None:
        self._tab_until(target, "control => document.activeElement === control")

    def _tab_until(self, target: Locator, there: str) -> None:
        """Press Tab until the focus is there; on the way nobody looks where it is."""
        for _ in range(target.evaluate(AHEAD)):
            self.page.keyboard.press("Tab")
        for _ in range(FARTHEST):
            if target.evaluate(there):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reached {target}")
