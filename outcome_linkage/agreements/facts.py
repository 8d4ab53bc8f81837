"""What is true of every installation of this software: its roles, its keys, and the risks that remain.

These are statements about the design. Whether an installation keeps to them is for people to check.
"""

from __future__ import annotations

from typing import NamedTuple


class Role(NamedTuple):
    """Who does what, and what they can and cannot see."""

    name: str
    does: str
    sees: str
    never: str


class Key(NamedTuple):
    """A secret: who makes it, who holds it, what it protects, and what losing it would mean.

    `file` is its place in the home, where it has one.
    """

    name: str
    made_by: str
    held_by: str
    protects: str
    if_lost: str
    file: str | None = None


class Risk(NamedTuple):
    """A risk that remains, and what is done against it."""

    risk: str
    against: str
    remains: str


ROLES = (
    Role(
        "supplier", "encodes and checks a delivery on its own premises", "its own records", "others' records"
    ),
    Role(
        "linker",
        "links records; may see why a record is linked",
        "tokens, record keys, the registry, a minimal extract for contradictions",
        "names, payload",
    ),
    Role(
        "analyst",
        "runs the pipeline and prepares releases",
        "the warehouse: person ids and events",
        "tokens, record keys",
    ),
    Role(
        "researcher",
        "asks questions",
        "the published copy, read-only, with ids of its own",
        "ids of the warehouse, small areas, months of birth",
    ),
    Role("reviewer", "lets results leave", "what is to be released", "rows of people"),
)

KEYS = (
    Key(
        "linkage key",
        "a named key holder",
        "suppliers, for `encode`; research-side commands refuse to start within reach of it",
        "tokens: without it nobody can make the token of a known name",
        "tokens could be looked up by guessing names: a new key, and all tokens sent anew",
    ),
    Key(
        "record secret",
        "each supplier, on first use",
        "that supplier alone",
        "record keys: nobody else can tell whose they are",
        "its record keys could be recomputed from its own ids: a new secret, and everything sent anew",
    ),
    Key(
        "registry secret",
        "this installation, on first use",
        "the linker",
        "person ids: they say nothing of a person or of their number",
        "ids could be told from the order in which people came",
        "restricted/secrets/registry",
    ),
    Key(
        "publication secret",
        "this installation, on first use",
        "the pipeline's user",
        "published ids: nobody can join the copy to the warehouse",
        "rows of the copy could be joined to the warehouse by who holds both",
        "restricted/secrets/publication",
    ),
    Key(
        "evaluation secret",
        "this installation, on first use",
        "the pipeline's user",
        "ids of an evaluation: nobody can join one to another",
        "evaluations could be joined to each other",
        "restricted/secrets/evaluation",
    ),
)

RISKS = (
    Risk(
        "Tokens of common values can be told by how often they occur.",
        "They lie in the restricted zone only, go before payload, and never enter the warehouse.",
        "A linker who broke their duty could guess frequent names.",
    ),
    Risk(
        "Somebody is recognised by a rare combination in the published rows.",
        "No small area, no month or day of birth; ids of its own; the share of unique people is told.",
        "A researcher who knows a person well may recognise them. Queries are logged.",
    ),
    Risk(
        "A name or a number travels in a column where nobody expects it.",
        "Contracts have no free text; values of another shape never leave; the gate refuses the rest.",
        "Names are stopped by the list of columns, not found: a code list with a name in it would pass.",
    ),
    Risk(
        "Two people are taken for one, or one for two, and more often in some groups.",
        "Precision and recall are measured by group; publishing waits while they are not good enough.",
        "Errors remain, unevenly; results say how many links they rest on.",
    ),
    Risk(
        "Who objected stays in another supplier's data that comes later.",
        "Tombstones stop every record of the person that is known; the purge takes them from files.",
        "A record of the person that is first delivered afterwards is not known for theirs.",
    ),
    Risk(
        "What was destroyed lives on in a copy.",
        "Backups that are folders are purged; others are told; the warehouse is built anew.",
        "Free pages of the registry, overwritten media and answers that were saved are out of reach.",
    ),
    Risk(
        "One person holds several roles.",
        "Roles are users of the operating system, and commands that matter say when they are not apart.",
        "On one computer with one user all roles are one.",
    ),
    Risk(
        "The software judges that an agreement is complete, not that it is right.",
        "What is missing or over blocks the table; conditions must be ones that the law knows.",
        "Whether processing is lawful, necessary and fair is for people to say.",
    ),
)
