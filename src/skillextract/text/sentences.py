"""Where sentences end: of one line, for those who ask what a word in one says of the next."""

from __future__ import annotations

import re

# The sign stands first: the engine then leaps from sign to sign. A stop before a small letter ends an abbreviation
# ("Ph.D. in", "etc. preferred").
_END = r"(?=\s|$)(?<!\b[eE]\.[gG].)(?<!\b[iI]\.[eE].)(?!(?<=\.)\s+[a-z])"
SENTENCE_END = re.compile(rf"[.!?;]{_END}")
"""The sign that ends a sentence, before a blank or the end of the line."""
GLUED_SENTENCE_END = re.compile(
    rf"[.!?;](?:{_END}|(?<=[a-z)]\.)(?=[A-Z][a-z]{{2,}}\b)|(?<=[A-Z]{{2}}\.)(?=[A-Z][a-z]{{3,}}\b))"
)
"""The same, and a full stop between two sentences that lost their blank ("… in Go.Experience with …").

It may stand in a name, too ("Node.Express").
"""
