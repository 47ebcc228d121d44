"""The exceptions of skillextract: one tree, every message says where, what was found, what was expected, what to do.

Those that take more than a message say how they are built again (`__reduce__`): they travel between processes.
"""

from __future__ import annotations

import re
from typing import Self

# Control characters, line breaks among them, and those that turn the direction of the text around them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_HALVES = re.compile("[\ud800-\udfff]")


def clean_message(text: str) -> str:
    r"""Return a message as one line that any terminal, log and file can hold.

    What a source says stands in messages: it shall command no terminal, forge no line of a log, and stop no file from
    being written. Control characters become blanks, halves of surrogate pairs U+FFFD, one for one.

    Example:
        >>> clean_message("found 'a\x1b[2J\nWARNING b'")
        "found 'a [2J WARNING b'"
    """
    return _HALVES.sub("\ufffd", _UNPRINTABLE.sub(" ", text))


class SkillExtractError(Exception):
    """Anything that skillextract refuses on purpose; catching this catches them all."""


class SettingsError(SkillExtractError, ValueError):
    """The settings name something that does not exist or cannot be."""


class PatternError(SkillExtractError, ValueError):
    """A line of `patterns/` breaks a rule.

    Attributes:
        path: the file, as text.
        line: the line in it, counted from 1; 0 where the fault is of the file as a whole.
        rule_id: which rule of the lint was broken, for example `unregistered-id`.
    """

    def __init__(self, path: str, line: int, rule_id: str, message: str) -> None:
        self.path, self.line, self.rule_id = path, line, rule_id
        self._given = (path, line, rule_id, message)
        place = f"{path}:{line}" if line else path
        super().__init__(f"{place}: [{rule_id}] {message}")

    def __reduce__(self) -> tuple[type[PatternError], tuple[str, int, str, str]]:
        return type(self), self._given


class PostingError(SkillExtractError, ValueError):
    """One posting of a source cannot be read; the others can.

    Attributes:
        source: the name of the source in the settings.
        posting_id: the posting's own id as it is stated, or its place in the payload (`row 12`).
        field: the field at fault.
        message: what was found and expected, as it was given.
    """

    def __init__(self, source: str, posting_id: str, field: str, message: str) -> None:
        self.source, self.posting_id, self.field, self.message = source, posting_id, field, message
        self._given = (source, posting_id, field, message)
        super().__init__(clean_message(f"{source}: posting {posting_id}: {field}: {message}"))

    def __reduce__(self) -> tuple[type[PostingError], tuple[str, str, str, str]]:
        return type(self), self._given

    def reword(self, message: str) -> Self:
        """Return the same error with another message."""
        return type(self)(self.source, self.posting_id, self.field, message)


class RepeatedPosting(PostingError):
    """A posting can be read, and is left out: its id came before in the same source, and two cannot be told apart."""


class SourceError(SkillExtractError):
    """A source as a whole gave no postings.

    Attributes:
        source: the name of the source in the settings.
        url: where it was looked for, without user, password, query values or fragment.
        message: what was found and expected, as it was given.
    """

    def __init__(self, source: str, url: str, message: str) -> None:
        self.source, self.url, self.message = source, url, message
        self._given = (source, url, message)
        super().__init__(clean_message(f"{source}: {url}: {message}"))

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str, str]]:
        return type(self), self._given

    def reword(self, message: str) -> Self:
        """Return the same error with another message."""
        return type(self)(self.source, self.url, message)


class SourceUnavailable(SourceError):
    """The source did not answer, or asked us to wait: the same request may succeed later."""


class SourceBusy(SourceUnavailable):
    """The source asked us to stay away for longer than we wait: asking again soon would be rude."""


class SourceChanged(SourceError):
    """The source answered, but not with what its parser knows: asking again will not help."""


class LakeError(SkillExtractError):
    """The lake cannot be read or written."""


class LakeVersionError(LakeError):
    """The lake was written by a newer version of skillextract, and might be misread by this one."""


class EvaluationError(SkillExtractError, ValueError):
    """A gold file cannot be read, or does not hold what it says."""


def leave_source(error: Exception) -> str:
    """Return the message of an error without the source's name before it, for places that name the source themselves.

    Example:
        >>> leave_source(SourceChanged("ashby:acme", "https://x.example", "found HTML"))
        'https://x.example: found HTML'
    """
    if isinstance(error, PostingError | SourceError):
        return str(error).removeprefix(clean_message(f"{error.source}: "))
    return str(error)
