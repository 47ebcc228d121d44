"""Turn a draft into a posting: its body becomes plain text, and the text gets its hash."""

from __future__ import annotations

import dataclasses
import hashlib

from skillextract.posting import Posting, PostingDraft, PostingFacts
from skillextract.text.emphasis import strip_emphasis
from skillextract.text.html import extract_text

_FACTS = tuple(field.name for field in dataclasses.fields(PostingFacts))


def render_posting(draft: PostingDraft) -> Posting:
    """Return the posting of a draft, with plain text and content hash.

    A body in HTML is turned into lines (see `extract_text`). A body that is text, or Markdown, is kept to the character
    but for the marks of emphasis (see `strip_emphasis`); offsets count characters of the text without them.
    """
    text = extract_text(draft.body) if draft.body_format == "html" else strip_emphasis(draft.body)
    facts = {name: getattr(draft, name) for name in _FACTS}
    return Posting(**facts, fetched_at=draft.fetched_at, text=text, content_hash=hash_content(draft.title, text))


def hash_content(title: str, text: str) -> str:
    """Return 32 hexadecimal digits that are the same for the same title and text, whatever their case and white space.

    Dates, places and ids of the posting do not enter, so that the same opening in another city or month is the same.
    """
    words = " ".join(f"{title}\n{text}".casefold().split())
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()
