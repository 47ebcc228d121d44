"""Folding: the form of a text in which phrases are looked for, one byte for each character.

Case goes, and so do the signs that people put between words: hyphens, slashes, brackets, bullets, quotes and every
kind of white space become a blank, while the signs that belong to names stay (`C++`, `C#`, `Node.js`, `R&D`). Because
every character becomes exactly one byte, offsets in the folded text are offsets in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from skillextract.text.bullets import DOTS

_KEPT_SIGNS = frozenset("+#&._@")
# One expression each: with a literal beginning the search for it runs at the speed of memory.
_WEB_ADDRESSES = (re.compile(r"(?i:https?)://[^\s<>()\[\]]+"), re.compile(r"www\.[^\s<>()\[\]]+"))
# In any case an address ("Acme.com/jobs"), unless tools are known by such a name ("ASP.NET/C#").
_COMMON_HOST = r"(?!(?i:asp|vb|ado|socket|engine)\.)[\w-]{1,63}\.(?:(?i:com|org|io|dev|ai|co)|net)"
# Only in lower case one ("Node.js/Express"). What names of tools end with is left out: js, py, rs, rb, ml, md, sh, gl.
_OTHER_HOST = (
    r"(?:goo\.gl|[a-zß-ÿ\d-]{2,63}\.(?:de|at|ch|uk|ie|fr|nl|be|lu|dk|se|no|fi|is|it|es|pt|pl|cz|sk|hu|ro|bg|gr|ee|lv|lt|"
    r"eu|ua|ru|tr|il|us|ca|mx|br|ar|cl|au|nz|jp|kr|cn|hk|sg|in|za|tv|me|ly|so|st|mp|be|bi|im|edu|gov|mil|info|biz|jobs|"
    r"careers|work|app|tech|education|aero|xyz|page|site|link|online|cloud|software))"
)
# From the first letter of a name on, lest each of its hyphens begin a search to its end.
_BARE_ADDRESS = re.compile(rf"(?<![\w-])(?:{_COMMON_HOST}|{_OTHER_HOST})/[^\s<>()\[\],]+")
# Found sooner than the whole, since it begins with a sign.
_BARE_ADDRESS_SIGN = re.compile(r"\.[a-zA-Z]{2,9}/")
_LOCAL_PART = re.compile(r"[\w.+-]+\Z")
_DOMAIN = re.compile(r"@[\w-]+\.[\w.-]+")
_LONGEST_LOCAL_PART = 64
_GLUED_SENTENCE = re.compile(r"\.(?=[A-Z][a-z]|A )(?!(?:Js|Net|Io|Ai|Com|Org|Run)\b)")
"""A full stop between two sentences without a blank ("… in Go.Experience with …")."""
_WORD_BEGINS = re.compile(r"[A-Z][a-z]{3}")
_ACCENTS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"
"""Those of Latin letters that are one character with their accent."""
_ACCENTED = re.compile(f"[A-Za-z][{_ACCENTS}]+")
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz") | frozenset(range(0xDF, 0x100))
_DIGITS = frozenset(b"0123456789")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_FULL_WIDTH_TABLE = {0xFF01 + i: 0x21 + i for i in range(94)}


def _fold_byte(code: int) -> int:
    char = chr(code)
    if char.isalnum() and code < 0x80:
        return ord(char.lower())
    if char.isalpha():
        lower = char.lower()
        return ord(lower) if len(lower) == 1 and ord(lower) < 0x100 else code
    return code if char in _KEPT_SIGNS else 0x20


_TABLE = bytes(_fold_byte(code) for code in range(256))


def fold_text(text: str) -> bytes:
    """Return the folded text between two blanks: byte `i + 1` stands for `text[i]`.

    Characters beyond Latin-1 become blanks, full-width forms their plain twins. Web and e-mail addresses become runs
    of `_`, in which nothing can be found. A full stop that ends a word becomes a blank, as does one to which a sentence
    is glued ("in Go.Strong"); one inside a word stays; a plus between two words becomes one too.
    """
    # Full-width forms are the characters from U+FF01 on: few texts hold a byte 0xFF at all.
    if not text.isascii() and b"\xff" in text.encode("utf-16-be", "replace") and _FULL_WIDTH.search(text):
        text = text.translate(_FULL_WIDTH_TABLE)
    if "://" in text or "www." in text:
        for expression in _WEB_ADDRESSES:
            text = expression.sub(lambda match: "_" * len(match.group()), text)
    if "/" in text and _BARE_ADDRESS_SIGN.search(text):
        text = _BARE_ADDRESS.sub(lambda match: "_" * len(match.group()), text)
    if "@" in text:
        text = _hide_mail_addresses(text)
    if _GLUED_SENTENCE.search(text):
        text = _GLUED_SENTENCE.sub(_part_sentence, text)
    folded = b" " + text.encode("latin-1", "replace").translate(_TABLE) + b" "
    if b". " in folded or b".." in folded:
        folded = folded.replace(b"..", b"  ").replace(b". ", b"  ")
    return _part_at_plus(folded) if b"+" in folded else folded


def _part_sentence(match: re.Match[str]) -> str:
    """Return a blank for a full stop behind a small letter, a bracket, or capitals where a longer word follows.

    "SQL.Strong" is two sentences; "E.Coli", "3.Python" and "ASP.Net" keep theirs.
    """
    text, place = match.string, match.start()
    before = text[place - 1 : place]
    if before.islower() or before == ")":
        return " "
    are_capitals = place > 1 and text[place - 2].isupper() and before.isupper()
    return " " if are_capitals and _WORD_BEGINS.match(text, place + 1) else "."


def _part_at_plus(folded: bytes) -> bytes:
    """Return a folded text in which "TypeScript+React" and "5+years" are two words, and "C++" is what it was."""
    parted = bytearray(folded)
    place = folded.find(b"+")
    while place >= 0:
        before = folded[place - 1]
        if folded[place + 1] in _LETTERS and (before in _LETTERS or before in _DIGITS):
            parted[place] = 0x20
        place = folded.find(b"+", place + 1)
    return bytes(parted)


def _hide_mail_addresses(text: str) -> str:
    parts: list[str] = []
    done = 0
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at)
        local = _LOCAL_PART.search(text, max(done, at - _LONGEST_LOCAL_PART), at)
        if domain and local:
            parts += [text[done : local.start()], "_" * (domain.end() - local.start())]
            done = domain.end()
        at = text.find("@", at + 1)
    return "".join([*parts, text[done:]])


def fold_phrase(phrase: str) -> bytes:
    """Return the folded form of a surface form between two blanks, inner blanks as they would stand in a text."""
    phrase = phrase.strip()
    return fold_text(phrase if phrase.isascii() else unicodedata.normalize("NFC", phrase))


def fold_phrases(phrases: Sequence[str]) -> dict[str, bytes]:
    """Return the folded form of each of many surface forms, as `fold_phrase` gives it, in a tenth of its time."""
    plain = [phrase.strip() for phrase in phrases]
    text = "\n".join(each if each.isascii() else unicodedata.normalize("NFC", each) for each in plain)
    if text.count("\n") != len(phrases) - 1:
        return {phrase: fold_phrase(phrase) for phrase in phrases}
    folded, forms, begin = fold_text(text), {}, 0
    for phrase, line in zip(phrases, text.split("\n"), strict=True):
        forms[phrase] = folded[begin : begin + len(line) + 2]
        begin += len(line) + 1
    return forms


def compose(text: str) -> tuple[str, Sequence[int] | None]:
    """Return the text with each letter and its accents as one character where there is one, as patterns have them.

    With it, for each place in that text, the place in the given one; None where the two are the same, as they are but
    for texts that a file system or a PDF has taken apart.
    """
    if text.isascii() or not any(accent in text for accent in _ACCENTS):
        return text, None
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for match in _ACCENTED.finditer(text):
        start, end = match.span()
        letter = unicodedata.normalize("NFC", match.group())
        parts += [text[done:start], letter]
        places += [*range(done, start + 1), *range(end - len(letter) + 1, end)]
        done = end
    return "".join([*parts, text[done:]]), [*places, *range(done, len(text) + 1)]


def lower_case(text: str) -> str:
    """Return the text in lower case, character for character: offsets stay what they were."""
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    )


def straighten(text: str) -> str:
    """Return the text with typographic signs in their plain form, character for character.

    Non-breaking hyphens and spaces, curly quotes and full-width letters become the forms that patterns are written in.
    """
    return text.translate(_STRAIGHT)


_STRAIGHT: dict[int, int | str] = {
    **_FULL_WIDTH_TABLE,
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201f"), '"'),
    **dict.fromkeys(map(ord, "\xa0\u2007\u2009\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, DOTS), " "),
}
