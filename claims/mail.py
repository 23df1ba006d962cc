"""Mails (.eml): the sender's own words, the mails that come with them as articles of their own, and what isn't read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import errors, message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from claims.article import Article, Provenance
from claims.found import BadFile, Found, first_of, language_or_none, text_of, with_headline
from claims.saved_page import read_html

MOST_NESTED = 50  # mails and bundles of parts within a mail: the library's time grows with their square
_MOST_NAMED = 3
_NESTING = re.compile(rb"\b(?:multipart|message)/", re.IGNORECASE)
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|i|enc|vs|doorst)\s*:", re.IGNORECASE)
_PAGE = "text/html"
_TEXTS = ("text/plain", _PAGE)
_CUT = "is cut off or damaged: "
_DAMAGED = {
    errors.CloseBoundaryNotFoundDefect: "it ends before its last part does",
    errors.StartBoundaryNotFoundDefect: "the parts that it speaks of are not in it",
    errors.InvalidBase64PaddingDefect: "its words can't be unpacked (base64)",
    errors.InvalidBase64CharactersDefect: "its words can't be unpacked (base64)",
    errors.InvalidBase64LengthDefect: "its words can't be unpacked (base64)",
}


@dataclass(slots=True)
class _Parts:
    """What is in a mail: its words as (kind, content), the mails within it, and what else is attached, by name."""

    words: list[tuple[str, str]] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)

    def holds_words(self, kinds: tuple[str, ...] = _TEXTS) -> bool:
        return any(kind in kinds and content.strip() for kind, content in self.words)


def read_eml(raw: bytes) -> Found:
    """A mail: its subject as headline, its plain text (else its page) as text; sender and day. Raises BadFile, also for
    one that is cut off."""
    nested = len(_NESTING.findall(raw))
    if nested > MOST_NESTED:
        raise BadFile(f"holds {nested:,} mails and bundles within one another; at most {MOST_NESTED} are read")
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return _read(message, outermost=True)


def _read(message: EmailMessage, outermost: bool = False) -> Found:
    if not message.keys():
        raise BadFile("is no mail: it has no head")
    parts = _Parts()
    try:
        subject, sender = str(message["subject"] or "").strip(), str(message["from"] or "").strip()
        _sort(message, parts)
        if outermost:
            _check_end(message)
        language, day = language_or_none(message["content-language"]), _day(message["date"])
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise BadFile("is no mail that can be read; it may be cut off or damaged") from error
    further = [one for mail in parts.mails for one in _within(mail)]
    text = _own_words(parts, subject, further)
    if parts.attached:
        further.append(BadFile(f"holds {_counted(parts.attached)}; save what is to be read and add it by itself"))
    if not text and not any(isinstance(one, Article) for one in further):
        raise BadFile(f"holds no text{f', only {_counted(parts.attached)}' if parts.attached else ''}")
    name = re.sub(r"\s*<[^<>]*>\s*$", "", sender).strip(' "')
    known = Provenance(subject, "", name, day, language=language)
    return Found(with_headline(subject, text) if text else "", known, tuple(further))


def _sort(part: EmailMessage, parts: _Parts) -> None:
    """Puts a part of a mail, and those within it, where they belong."""
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global") and part.is_multipart():
        parts.mails += part.get_payload()
    elif part.is_multipart():
        _check(part)
        if kind == "multipart/alternative":
            _choose(part.get_payload(), parts)
        elif part.get_content_maintype() == "multipart":
            for one in part.get_payload():
                _sort(one, parts)
    elif kind in _TEXTS and part.get_content_disposition() != "attachment":
        parts.words.append((kind, _content(part)))
        _check(part)
    elif kind.startswith("multipart/"):
        _check(part)
        raise BadFile(f"{_CUT}the parts that it speaks of are not in it")
    elif not (_is_picture_of_page(part) or kind.endswith("-signature")):
        parts.attached.append(part.get_filename() or kind)


def _choose(ways: list[EmailMessage], parts: _Parts) -> None:
    """Of several ways to say the same the plain one, else the first that says anything; what is attached to any."""
    each = []
    for one in ways:
        each.append(_Parts())
        _sort(one, each[-1])
    said = next((one for one in each if one.holds_words(("text/plain",))), None)
    said = said or next((one for one in each if one.holds_words()), None)
    parts.words += said.words if said else []
    for one in each:
        parts.mails += one.mails
        parts.attached += [name for name in one.attached if name != "text/calendar"]


def _is_picture_of_page(part: EmailMessage) -> bool:
    """Whether a part is a picture that the mail's page shows, such as a logo."""
    shown = part["content-id"] is not None or part.get_content_disposition() == "inline"
    return part.get_content_maintype() == "image" and shown


def _check(part: EmailMessage) -> None:
    """Raises BadFile where a part is not as it was sent."""
    for defect in part.defects:
        if why := _DAMAGED.get(type(defect)):
            raise BadFile(f"{_CUT}{why}")


def _check_end(part: EmailMessage) -> None:
    """Raises BadFile where a mail that is no bundle ends in the middle of a line of packed words, as no whole one does
    unless marks fill up its end."""
    packed = part.get_payload()
    is_packed = str(part["content-transfer-encoding"] or "").strip().lower() == "base64"
    if is_packed and isinstance(packed, str) and packed.strip() and not packed.endswith(("\n", "\r", "=")):
        raise BadFile(f"{_CUT}it ends in the middle of a line")


def _content(part: EmailMessage) -> str:
    """The text of a part in the encoding that it names, or where that is none (unknown-8bit) or doesn't fit in the one
    that its bytes tell."""
    raw = part.get_payload(decode=True)
    try:
        return raw.decode(part.get_content_charset("ascii"))
    except (LookupError, ValueError):
        return text_of(raw)


def _within(mail: EmailMessage) -> list[Article | BadFile]:
    """What a mail within a mail holds: an article of its own, by its own sender, and what comes with it."""
    try:
        found = _read(mail)
    except BadFile as error:
        return [BadFile(f"a mail within it {error}")]
    return [*([Article(found.text, found.known)] if found.text else []), *found.further]


def _own_words(parts: _Parts, subject: str, further: list[Article | BadFile]) -> str:
    """The words of a mail's sender; what of its pages can't be read, and quotations that matter, are told in `further`.
    Raises BadFile where there are no words but those of a page that can't be read."""
    texts: list[str] = []
    refused: list[BadFile] = []
    quoted: list[str] = []
    for kind, content in parts.words:
        try:
            texts.append(read_html(content.encode("utf-8", "replace")).text if kind == _PAGE and content.strip()
                         else _unquoted(content, quoted))  # fmt: skip
        except BadFile as error:
            refused.append(error)
    text = "\n\n".join(one.strip() for one in texts if one.strip())
    if refused and not text:
        raise refused[0]
    further += [BadFile(f"a page in it {error}") for error in refused]
    if quoted and (_FORWARDED.match(subject) or sum(map(len, quoted)) > len(text)):
        lines = "a line of another mail, which is" if len(quoted) == 1 else (
            f"{len(quoted):,} lines of another mail, which are"
        )  # fmt: skip
        further.append(BadFile(f"quotes {lines} not read; paste in what matters"))
    return text


def _unquoted(content: str, quoted: list[str]) -> str:
    """A mail's own words: without the signature, and without what it quotes, which goes to `quoted`."""
    lines = re.split(r"^-- $", content.replace("\r\n", "\n"), maxsplit=1, flags=re.MULTILINE)[0].split("\n")
    quoted += [line for line in lines if line.startswith(">") and line.strip("> ")]
    return "\n".join(line for line in lines if not line.startswith(">"))


def _counted(names: list[str]) -> str:
    shown = first_of([repr(name[:40]) for name in names], _MOST_NAMED)
    many = "an attachment that is" if len(names) == 1 else f"{len(names):,} attachments that are"
    return f"{many} not read ({shown})"


def _day(given: object) -> str:
    try:
        return parsedate_to_datetime(str(given)).date().isoformat() if given else ""
    except (TypeError, ValueError, IndexError):
        return ""
