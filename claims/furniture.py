"""Lines of a page that are no part of its story: credits, pleas, consent, leads to other stories, and captions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

# Where a page asks its readers for something: at the start of a line or a sentence; elsewhere somebody tells of it.
_ASKED = r"(?:^|[.!?:|•*–—-][\"”’)]? ?)(?:(?:you can|please|and|or|to) )*"
# Phrases of pages everywhere, each as a whole line (^…$) or inside a short one.
_FURNITURE_PHRASES = (
    # credits and dates
    r"^(?:written|posted|published|first published|updated|last updated|last modified)\b.{0,60}$",
    r"^(?:by|words|photo(?:graph)?s?|pictures?|images?|credit|video|watch|listen|gallery|caption|source)\b ?:.*",
    r"^article by\b.*\bpublished\b",
    r"^this (?:article|story|post) (?:was|has been|is) (?:first|originally|updated|amended|corrected|published)",
    r"^(?:the )?(?:opinions|views) expressed\b",
    r"^a version of this article\b",
    r"\ball rights reserved\b",
    r"^©|^\(c\) ?\d{4}|\bcopyright \d{4}\b",
    r"\bcontributed (?:reporting )?to this (?:report|story|article)\b|\bcontributed reporting\b",
    r"^(?:additional )?(?:reporting|editing|writing|compiled|research|production) (?:and \w+ )?by\b",
    r"^our standards\b|\bnot responsible for the content of external\b|™ &",
    # corrections, and stories that go on
    r"^(?:corrections?|clarifications?|editor['’]?s['’]? note|note to readers)s? ?[:—–]",
    r"^this (?:is a )?(?:developing|breaking) (?:news )?story\b|\bcheck back (?:for|later|soon)\b",
    r"^(?:the|this) (?:story|article|headline|piece) (?:has been|was) (?:since )?(?:updated|amended|corrected|edited)",
    r"\bto report (?:a correction|an error|a typo)\b|\b(?:an earlier|a previous) version of this (?:article|story)\b",
    # share, follow, subscribe, write to us
    _ASKED + r"(?:(?:follow|find|join) (?:us|me|him|her|them|@\w+)|like us)\b[^.!?]*\b(?:on|at|via)\b",
    r"\bfollow \S+(?: \S+)? on (?:twitter|facebook|instagram|x|tiktok|linkedin)\b",
    r"^share (?:this|on|via)\b",
    _ASKED + r"(?:sign up|subscribe) (?:to|for|here|now|today)\b",
    r"\b(?:sign(?:ing)? up|subscrib(?:e|ing)) (?:to|for)\b.*\b(?:newsletters?|e-?mails?|alerts?|updates|channel|"
    r"podcast)\b|, subscribe now\b",
    r"\bstraight to your inbox\b|\bnewsletters?\b.*\binbox\b",
    _ASKED + r"(?:(?:contact|e-?mail|tell|call|text|message) us|get in touch)\b",
    r"\b(?:got|have) (?:you got )?a (?:story|tip|news tip)\b",
    r"^support (?:our|independent|quality) |\bbecome a (?:member|supporter|subscriber)\b|^donate\b",
    r"\bfollow (?:us|me|him|her|them|@\w+)\b[^.]{0,20}\b(?:twitter|facebook|instagram|tiktok|bluesky|threads)\b",
    r"\bwe have a (?:small )?favou?r to ask\b|\bjournalism is (?:funded|supported) by (?:our )?readers\b",
    r"\byour support (?:matters|helps)\b|(?:^|[.!] )(?:donate|make a (?:donation|contribution)) (?:today|now)\b",
    r"\bregister (?:for free|now) to\b|\b(?:reached|hit) your (?:free )?(?:article|story) limit\b",
    r"\b(?:to|please) (?:log|sign) in to (?:read|continue|comment)\b|\bsubscribers? only\b",
    r"\bthanks?(?: you)? for (?:signing up|subscribing|reading)\b",
    r"^by (?:signing up|subscribing|clicking)\b.*\b(?:you agree|our terms)\b",
    r"\bget (?:the|our|all the) (?:latest|best|top)\b.{0,60}\b(?:delivered|phone|inbox|email|app|alerts?)\b",
    r"^(?:you can )?(?:reach|contact|e-?mail|write to) (?:\w+ ){0,3}(?:at|on|via) \S+@\S+\.\w+",
    r"(?:^|[?!.] )(?:please )?e-?mail \S+@\S+\.\w+|^(?:have|were) you (?:been )?affected by this\b",
    r"\bif you or (?:someone|anyone) you know\b.*\b(?:call|text|contact|help)\b",
    r"\bwe (?:may|might|can|could) (?:earn|receive|get) (?:a |an )?(?:small |affiliate )*commission\b",
    # the page itself
    r"\b(?:enable|turn on|activate) javascript\b|\bjavascript (?:is|must be)\b|\bpowered by disqus\b",
    r"\bthis video (?:can ?not|can[’']t) be played\b",
    r"^(?:play|watch|show|hide) (?:the )?(?:video|caption)$|^loading[.…]*$",
    r"^we (?:and our partners )?use cookies\b|^to play this video\b",
    r"^(?:listen )?\d+ min(?:ute)?s?(?: (?:read|listen|watch))?$|^see all topics$|^video ad feedback$",
    r"\b(?:story|article|post) continues (?:below|after)\b",
    # leads to other stories
    r"^(?:related(?: (?:story|stories|article|articles|news|content|coverage))?|also read|read also|"
    r"see also|(?:don['’]?t|do not) miss|more|more (?:on this|from .{1,40})|recommended|trending|up next|next up) ?"
    r"(?:[:>»|]|$)",
    r"^advertis(?:e|ement|ing)\b",
    r"^(?:scroll|swipe|tap|click) (?:down|here|to|for)\b|\bclick here\b|\bdownload (?:our|the) app\b",
    r"^(?:skip to|back to|go to|jump to)\b",
    r"^(?:home|menu|search|close|share|print|email|save|copy link|log ?in|sign ?in)$",
    r"\bcookies?\b.*\b(?:accept|consent|policy|settings|use)\b",
    r"\b(?:privacy|cookie) policy\b|\bterms (?:of use|and conditions)\b",
    r"^(?:read|see|watch|listen)(?: more| also| next| now)? ?[:>»]",
    # comments
    r"\bread (?:the|our) rules\b|\bbreak our rules\b|\breport (?:this|any) comments?\b",
    r"\bour comments?\b.*\b(?:community|readers)\b|\bability to comment\b",
    r"^(?:please )?be respectful\b|^comments? (?:are|have been|will be) (?:moderated|closed|disabled)\b",
    r"^(?:the )?(?:conversation|comments?)(?: on| around)? (?:this (?:article|story) )?(?:is|are) (?:now )?closed\b",
    r"\b(?:what do you think|let us know|have your say|tell us)\b.*\bcomments?\b",
    # embedded posts
    r"^[—–-] ?.{2,60}\(@\w+\)|^view this (?:post|photo|profile) on\b|^a (?:post|photo|video) shared by\b",
    r"pic\.twitter\.com/|\bhttps?://t\.co/|^https?://\S+$|^@\w+$",
)
_FURNITURE = re.compile("|".join(_FURNITURE_PHRASES), re.IGNORECASE)
# A picture's credit ends its caption: "… (AP Photo/A. Name)", "… Photograph: A. Name/Agency", "… Credit: Agency".
_PICTURE_CREDIT = re.compile(
    r"\((?:[A-Z][\w.]* ){0,3}(?:Photo|File|Image|Picture|Handout)(?: photo| image)?s?(?:[/:]| by\b| courtesy\b|\)).*$"
    r"|\[(?:Photo|Image|Picture)[^\]]{0,80}\]$"
    r"|(?:^|[.!?)”\"] )(?:Photo(?:graph|graphy)?|Picture|Pic|Image|Illustration|Credit|Composite)s?(?: credit)?"
    r"(?: by|:) ?[A-Z][\w.'’-]*(?:[ /&,]+[A-Za-z][\w.'’-]*){0,7}$"
    r"|(?:/|[.”\"] )(?:Getty Images|AFP via Getty Images|Shutterstock|PA Images|iStock|Alamy)\)?$"
    r"|^(?:Image|Photo|Video|Picture|Media) (?:caption|source)\b|^FILE(?: PHOTO)? ?[-–—:]"
)
# "Image caption," on a line of its own: what it announces stands in the next.
_ANNOUNCES_CAPTION = re.compile(r"^(?:Image|Photo|Video|Media|Picture) (?P<what>caption|source),?:?$", re.IGNORECASE)
_LONGEST_ANNOUNCED = {"caption": 30, "source": 5}
_MENU_PART = re.compile(r"[|•·]")
_LEAST_MENU_PARTS, _LONGEST_MENU_PART = 3, 2
# A longer paragraph that happens to hold such a phrase is an article about newsletters, not furniture.
_LONGEST = 260
_LONGEST_CAPTION = 400


def is_furniture(line: str) -> bool:
    """Whether a line belongs to the page and not to the story."""
    short = len(line) < _LONGEST
    return short and (is_menu(line) or bool(_FURNITURE.search(line))) or "pic.twitter.com/" in line


def is_caption(line: str) -> bool:
    """Whether a line is a picture's caption: it ends in the picture's credit, or begins with the word."""
    return len(line) < _LONGEST_CAPTION and bool(_PICTURE_CREDIT.search(line))


def captions_below(lines: Sequence[str]) -> set[int]:
    """Places of the lines that a bare "Image caption," or "Image source," announces."""
    found = set()
    for place, (line, below) in enumerate(pairwise(lines)):
        announced = _ANNOUNCES_CAPTION.match(line)
        if announced and len(below.split()) <= _LONGEST_ANNOUNCED[announced["what"].lower()]:
            found.add(place + 1)
    return found


def is_menu(line: str) -> bool:
    """Whether a line is a page's menu: "Home | News | Sport"."""
    parts = _MENU_PART.split(line.strip(" |•·"))
    return len(parts) >= _LEAST_MENU_PARTS and all(0 < len(part.split()) <= _LONGEST_MENU_PART for part in parts)
