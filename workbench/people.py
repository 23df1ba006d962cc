"""Who may do what. On a desk without sign-in everybody may do everything; with it, a role says, and the store asks.
Under what they do stands their name."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.errors import ReviewerMissing

# Rights: to judge (verdicts, pairs, speakers, views), to collect (articles and what is known of them), to decide
# (final verdicts, corrections, disputes, who is in charge), to manage (take in a file of verdicts).
JUDGE, COLLECT, DECIDE, MANAGE = "judge", "collect", "decide", "manage"
RIGHTS: dict[str, str] = {
    JUDGE: "judge claims",
    COLLECT: "add or describe articles",
    DECIDE: "decide on final verdicts, corrections, disputes and who is in charge",
    MANAGE: "take in files of verdicts",
}
ROLES: dict[str, frozenset[str]] = {
    "reader": frozenset(),
    "reviewer": frozenset({JUDGE, COLLECT}),
    "editor": frozenset({JUDGE, COLLECT, DECIDE}),
    "admin": frozenset({JUDGE, COLLECT, DECIDE, MANAGE}),
}


def least_role(right: str) -> str:
    """The role with fewest rights that gives this one."""
    return next(role for role, rights in ROLES.items() if right in rights)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in: the name that stands under what they do, and their role, one of ROLES."""

    name: str
    role: str

    def may(self, right: str) -> bool:
        """Whether the role gives this right, one of RIGHTS."""
        return right in ROLES[self.role]


def named(reviewer: str) -> str:
    """The name, trimmed. Raises ReviewerMissing where there is none."""
    if not reviewer.strip():
        raise ReviewerMissing("a verdict needs a name under it; fill in the reviewer")
    return reviewer.strip()
