"""Who may do what. On a desk without sign-in everybody may do everything; with it, a role says, and the store asks.
Under what they do stands their name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.errors import ReviewerMissing, SignInMissing

LONGEST_NAME = 120  # characters
_ADDRESS = re.compile(r"""[^\s()<>"@]+@[^\s()<>"@]+""")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by their kind, that nobody sees

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
NOBODY = "none"  # stands in the settings instead of a role, for whoever isn't let in


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


def known_as(said: Mapping[str, Any], trust_addresses: bool = False) -> tuple[str, str]:
    """The name that stands under what somebody does, and their e-mail address, from what the identity provider says of
    them (OpenID Connect's `email`, `email_verified` and `name`). `trust_addresses`: an address counts although the
    provider doesn't say whether it was checked.

    Raises SignInMissing: there is no address, or nobody checked it, so that it could be anybody's.
    """
    address, checked = str(said.get("email") or "").strip(), said.get("email_verified")
    if not _ADDRESS.fullmatch(address) or _seen(address) != address or checked in (False, "false"):
        raise SignInMissing("the identity provider names no e-mail address that it has checked; ask your administrator")
    if checked not in (True, "true") and not (trust_addresses and checked is None):
        raise SignInMissing(
            "the identity provider doesn’t say whether it has checked your e-mail address; your administrator can set "
            "trust_addresses = true under [people] if nobody can choose their own address there"
        )
    # People may call themselves what they like: neither another's address nor blanks that hide their own.
    called = " ".join(_seen(" ".join(str(said.get("name") or "").split())).split())
    called = called[: max(0, LONGEST_NAME - len(address) - len(" ()"))].strip()
    return (f"{called} ({address})" if called and called != address else address), address


def _seen(words: str) -> str:
    """Without brackets and what has no look."""
    return "".join(
        one for one in words if one not in _BLANK and unicodedata.category(one)[0] != "C"
        and unicodedata.category(one) not in ("Ps", "Pe")
    )  # fmt: skip


def sounds(name: str) -> str:
    """The name as it is compared where people write it themselves: whatever its capitals, and with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def named(reviewer: str) -> str:
    """The name, trimmed. Raises ReviewerMissing where there is none."""
    if not reviewer.strip():
        raise ReviewerMissing("this needs a name under it; fill in the reviewer")
    return reviewer.strip()
