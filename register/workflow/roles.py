"""The roles that a person may have in the register. What each may do stands in the access room."""

from register.workflow.labels import Labelled


class Role(Labelled):
    """The work a person does for the register."""

    PHYSICIAN = "physician", "Forensisch arts", "Forensic physician"
    COORDINATOR = "coordinator", "GGD-coördinator", "Regional coordinator"
    LAB_CLERK = "lab_clerk", "Medewerker laboratorium", "Laboratory clerk"
    REGISTER_STAFF = "register_staff", "Registermedewerker", "Register staff"
    PANEL_MEMBER = "panel_member", "Panellid", "Panel member"
    CATALOGUE_STEWARD = "catalogue_steward", "Stoffenbeheerder", "Catalogue steward"
    STATISTICIAN = "statistician", "Statisticus (NDM)", "Statistician (NDM)"
    EUDA_REPORTER = "euda_reporter", "EUDA-rapporteur", "EUDA reporter"
    EWS_ANALYST = "ews_analyst", "Analist early warning", "Early-warning analyst"
    ADMIN = "admin", "Beheerder", "Administrator"
    AUDITOR = "auditor", "Privacyfunctionaris / auditor", "Privacy officer / auditor"


# Whose cases a role may meet at all; which of them, and what it may do with them, stands in the access room. Others
# meet no case. A panel member meets the cases that were put to the panel, of any region.
SEES_ITS_REGION = frozenset({Role.PHYSICIAN, Role.COORDINATOR, Role.LAB_CLERK})
SEES_EVERY_REGION = frozenset({Role.REGISTER_STAFF, Role.PANEL_MEMBER})

# For what a role looks: the purpose that stands beside each look.
PURPOSES: dict[Role, str] = {
    Role.PHYSICIAN: "lijkschouw",
    Role.COORDINATOR: "lijkschouw",
    Role.LAB_CLERK: "lijkschouw",
    Role.REGISTER_STAFF: "toetsing",
    Role.PANEL_MEMBER: "toetsing",
    Role.CATALOGUE_STEWARD: "beheer",
    Role.STATISTICIAN: "statistiek",
    Role.EUDA_REPORTER: "statistiek",
    Role.EWS_ANALYST: "statistiek",
    Role.ADMIN: "beheer",
    Role.AUDITOR: "toezicht",
}

# For what anybody looks under an emergency access.
EMERGENCY = "noodtoegang"
