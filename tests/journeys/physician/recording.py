"""What a physician does to record one death: the same steps with and without JavaScript, in Dutch and in English."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.conftest import follow


@dataclass(frozen=True)
class Words:
    """The words on the buttons and links a physician presses."""

    new_case: str
    go_on: str
    search: str
    submit: str
    submitted: str
    waits: str


WORDS = {
    "nl": Words("Nieuwe zaak", "Opslaan en doorgaan", "Zoeken", "Indienen", "is ingediend", "Wacht op toxicologie"),
    "en": Words("New case", "Save and continue", "Search", "Submit", "was submitted", "Awaiting toxicology"),
}


def choose(page: Page, name: str, value: str) -> None:
    """Press a radio button or a tick box, by what stands around it."""
    page.locator(f"label:has(input[name='{name}'][value='{value}'])").click()


def go_on(page: Page, words: Words) -> None:
    """Press the button, and wait for the page that comes: a script first hears what came of the last save.

    The page on which the button stands is waited for first, or that it is ready would be taken for the next one. A
    navigation says nothing either: the first save of a case gives its page another address.
    """
    page.wait_for_load_state()
    with page.expect_event("domcontentloaded"):
        page.get_by_role("button", name=words.go_on).click()


def first_page(page: Page, words: Words) -> None:
    follow(page, page.get_by_role("link", name=words.new_case))
    choose(page, "sex", "male")
    page.fill("[name=age_years]", "34")
    choose(page, "residence_kind", "municipality")
    page.select_option("[name=residence_municipality]", "GM0363")
    page.select_option("[name=housing]", "own_rent")
    go_on(page, words)


def death(page: Page, words: Words) -> None:
    day(page, "date_of_death", "21", "10", "2026")
    choose(page, "date_of_death_precision", "estimated")
    page.select_option("[name=place_type]", "other_home")
    page.select_option("[name=death_municipality]", "GM0363")
    choose(page, "manner_provisional", "non_natural")
    day(page, "date_examined", "22", "10", "2026")
    go_on(page, words)


def circumstances(page: Page, words: Words) -> None:
    page.select_option("[name=intent_provisional]", "accident")
    choose(page, "used_alone", "no")
    choose(page, "scene_items", "powder")
    choose(page, "scene_items", "ghb_tube")
    page.select_option("[name=previous_overdose_missing]", "UNK")
    page.fill("[name=narrative]", "Gevonden op de bank, glas en buisje op tafel.")
    go_on(page, words)


def substances(page: Page, words: Words) -> None:
    add_substance(page, words, "keta", "ketamine")
    add_substance(page, words, "roze poeder", "")
    for row in page.locator("section.sheet").all():
        expect(row.locator("input[value=scene]")).to_be_checked()
        row.locator("label:has(input[value=joint_cause])").click()
    page.locator("section.sheet select").first.select_option("nasal")
    go_on(page, words)


def add_substance(page: Page, words: Words, typed: str, code: str) -> None:
    page.fill("[name=term]", typed)
    follow(page, page.get_by_role("button", name=words.search, exact=True))
    follow(page, page.locator(f"button[name=do][value='add:{code}']"))


def toxicology(page: Page, words: Words) -> None:
    choose(page, "asked", "yes")
    page.select_option("[name=lab]", "nfi")
    page.select_option("[name=matrix]", "blood_femoral")
    go_on(page, words)


def conclusion(page: Page, words: Words) -> None:
    choose(page, "relation_to_drugs", "direct")
    page.fill("[name=cause_line_a]", "Vermoedelijke intoxicatie")
    choose(page, "intent_certainty", "probable")
    go_on(page, words)


def day(page: Page, name: str, *parts: str) -> None:
    for box, value in zip(("day", "month", "year"), parts, strict=True):
        page.fill(f"[name={name}_{box}]", value)


STEPS = (first_page, death, circumstances, substances, toxicology, conclusion)
