"""What an article names: a person, a body, a place, a document or a source without a name."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Entity:
    """One person, body, place, document or unnamed source.

    `words` are the lower-case words of all its names; `places` where it is named.

    `role` is the longest description of an office that stands at the name. `known_gender` is what a title or a first
    name says, `gender` also what a pronoun was taken to mean. `roles` are offices that stand at the name itself
    ("Chancellor John Reed", "Mary Holt MP"), `loose_roles` those behind a comma ("Mary Holt, mayor of …"), which the
    parser sometimes hangs on the wrong name. `introduced` is where it is first named by more than one word,
    `courtesies` where it is "Mrs Holt".
    """

    name: str
    sort: str
    words: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    loose_roles: set[str] = field(default_factory=set)
    role: str = ""
    gender: str = ""
    known_gender: str = ""
    places: list[int] = field(default_factory=list)
    courtesies: list[int] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    acts: list[int] = field(default_factory=list)
    introduced: int | None = None

    @property
    def name_words(self) -> list[str]:
        """The words of its name, in lower case."""
        return self.name.lower().split()

    def last_before(self, place: int) -> int:
        """Where it was last named before character `place`; -1 where it was not."""
        return max((at for at in self.places if at < place), default=-1)
