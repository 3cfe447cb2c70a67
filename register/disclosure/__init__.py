"""What may be published: which counts of a release stay hidden, and the proof that nobody can turn them back.

All tables of a release go in together. ``Dimension`` and ``Table`` say what the tables are; ``overlap_links`` and
``containment_links`` give the relations between measures and case definitions that do not add up; ``build`` joins
them into one ``System`` in which the same number of the same deaths is one unknown, in whatever table it stands.

    system = build(tables, links)
    outcome = protect(system, PROFILES["t5"])
    match outcome:
        case Protected():   outcome.cells[key] or outcome.table(table): Count, Suppressed or StructuralZero
        case Infeasible():  outcome.reasons, in Dutch and English; nothing may leave

Small counts are not all that a table can tell. ``group_links`` and ``dominance_links`` name the cells that are unsafe
by other rules: those of a group who do not share its answer, and counts that one contributor provides nearly alone.
They are protected, attacked and proven like small counts; what shown zeros tell of a group anyway is ``unavoidable``
and makes the outcome Infeasible, unless a ``Waiver`` says by name and with a reason that it may be told.

Only ``outcome.cells`` may leave the register. ``outcome.dossier`` holds the certificate, what is hidden for its own
size and what protects it; ``explain(dossier)`` gives the shares per table and code for those who approve a release,
``leaning(dossier)`` which cell protects which, ``public_shares`` the two per cents that readers may see. ``audit``
attacks any pattern, whoever made it; ``verify`` checks a certificate in whole numbers without a solver.

One table in a folder goes its own way, for thousands of cells and more: ``instances`` reads it, ``single`` protects it,
``single_files`` writes it with its certificate and ``verdict`` checks the files. docs/developer/disclosure.md shows
both ways, and how to use this room alone.

Instead of hiding: ``rounding`` (small counts), ``controlled`` (every cell) and ``cellkey`` (noise, experimental);
``treated`` does it to one table. No release uses them, and exact numbers of the same deaths never stand beside them.

Releases follow each other, and what was published stays known. ``chronicle`` joins the earlier ones and a new one into
one system, in which a small change is a cell like any small count; ``protect_beside`` protects what is new in it.
(``history`` joins them cell by cell with what is known of the changes between them, for benchmarks and comparison.)

The promise: for every count below the threshold, and for every other cell that a rule protects, there is another
whole-number table that fits everything published, every sum, every relation, and the visible zeros. How far it lies is
not promised, and nothing against somebody who knows further records, such as a service that subtracts its own.
"""

from register.disclosure import certificate
from register.disclosure.attacker import SENTENCES
from register.disclosure.audit import Audit, audit
from register.disclosure.beside import Past, protect_beside
from register.disclosure.cells import (
    TOTAL,
    Cell,
    CellKey,
    Count,
    DisclosureInputError,
    StructuralZero,
    Suppressed,
)
from register.disclosure.claim import Claim
from register.disclosure.cube import Dimension, Table
from register.disclosure.explain import Explanation, Share, explain, leaning, public_shares
from register.disclosure.ledger import Chronicle, Edition, chronicle
from register.disclosure.links import Overlap, containment_links, overlap_links
from register.disclosure.policy import PROFILES, Policy, Waiver
from register.disclosure.protect import protect, told_by_zeros, waived_cells
from register.disclosure.result import Dossier, Infeasible, Protected, Reason
from register.disclosure.rules import dominance_links, group_links, others_of, unavoidable
from register.disclosure.system import AtLeastZero, Identity, Implied, Link, Sensitive, System, build
from register.disclosure.verdict import Verdict, verify

__all__ = [
    "PROFILES",
    "SENTENCES",
    "TOTAL",
    "AtLeastZero",
    "Audit",
    "Cell",
    "CellKey",
    "Chronicle",
    "Claim",
    "Count",
    "Dimension",
    "DisclosureInputError",
    "Dossier",
    "Edition",
    "Explanation",
    "Identity",
    "Implied",
    "Infeasible",
    "Link",
    "Overlap",
    "Past",
    "Policy",
    "Protected",
    "Reason",
    "Sensitive",
    "Share",
    "StructuralZero",
    "Suppressed",
    "System",
    "Table",
    "Verdict",
    "Waiver",
    "audit",
    "build",
    "certificate",
    "chronicle",
    "containment_links",
    "dominance_links",
    "explain",
    "group_links",
    "leaning",
    "others_of",
    "overlap_links",
    "protect",
    "protect_beside",
    "public_shares",
    "told_by_zeros",
    "unavoidable",
    "verify",
    "waived_cells",
]
