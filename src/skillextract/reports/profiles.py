"""Profiles as people read them: a draft as TOML, and two profiles side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from skillextract.market.draft import DraftedClaim, ProfileDraft
from skillextract.market.wording import count_noun, format_threshold
from skillextract.reports.markdown import escape_markdown
from skillextract.reports.rows import remove_controls, state_interval, state_share
from skillextract.reports.terminal import PIPE_WIDTH
from skillextract.roles.difference import ItemPair, ProfileDifference

WIDTH = 118
NameSkill = Callable[[str], str]
"""Gives a skill's name by its id."""


def write_draft(draft: ProfileDraft, *, name: str, basis: str, titles: str) -> str:
    """A draft as the TOML of `patterns/roles/<role>.toml`, readable by `load_profile`.

    What each claim rests on stands above it as comments: share of the role's postings with its interval, postings,
    employers, and a sentence with its URL. Text of postings stands in comments only, on one line, without control
    characters.

    Args:
        draft: what to write.
        name: the role's name.
        basis: where the postings are from, for the profile's `source`.
        titles: the `[titles]` table, which is put behind the profile; may be empty.
    """
    counted = f"{count_noun(draft.postings, 'distinct posting')} of {count_noun(draft.companies, 'employer')}"
    lines = [
        f"# A draft from {_join_lines(basis)}: {counted}.",
        f"# A skill is named when {format_threshold(draft.rules.share)} of the postings ask for it, and the 95 %",
        f"# interval begins at {format_threshold(draft.rules.share_low)} or more.",
        "# To do: say in `summary` what the role does; split, join and rename the items; drop what is only fashion;",
        "# then delete the comments, for the sentences belong to the employers.",
        "",
        "[profile]",
        f"name = {_quote(name)}",
        f"summary = {_quote(f'Draft: what {counted} ask for')}",
        f"source = {_quote(f'Draft made by skillextract from {basis}')}",
    ]
    for drafted in draft.items:
        lines += ["", f"# {drafted.item.name}, any of them: {_state(drafted.basis)}"]
        for claim in drafted.skills:
            lines += _comment(claim)
        lines += ["[[profile.items]]", f"number = {drafted.item.number}", f"name = {_quote(drafted.item.name)}"]
        lines += _list("skills", drafted.item.skills)
        if drafted.item.similar:
            lines += _list("similar", drafted.item.similar)
    if draft.qualifications is not None:
        lines.append("")
        for claim in draft.degrees:
            lines += _comment(claim)
        lines += ["[profile.qualifications]", *_list("typical_degrees", draft.qualifications.typical_degrees)]
        lines += ["minimum_degrees = []", "fields = []", "essential = []"]
    if titles:
        lines += ["", titles.strip()]
    return "\n".join(lines) + "\n"


def show_difference(difference: ProfileDifference, *, name_skill: NameSkill, console: Console | None = None) -> None:
    """Print two profiles side by side: a row a pair of items, then the skills that only one of them names."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, PIPE_WIDTH)
    table = Table(title="Item by item", title_justify="left", title_style="bold", pad_edge=False)
    for heading in (
        difference.first,
        difference.second,
        "both",
        f"only {difference.first}",
        f"only {difference.second}",
    ):
        table.add_column(Text(remove_controls(heading)), overflow="fold", ratio=1)
    for pair in difference.items:
        cells = _cells(pair, name_skill)
        style = None if pair.first and pair.second else "yellow"
        table.add_row(*(Text(remove_controls(cell)) for cell in cells), style=style)
    console.print(table)
    console.print()
    for heading, skills in _skill_lists(difference):
        listed = ", ".join(name_skill(skill) for skill in skills) or "none"
        console.print(Text.assemble((f"{remove_controls(heading)}: ", "bold"), remove_controls(listed)))


def render_difference_markdown(difference: ProfileDifference, *, name_skill: NameSkill) -> str:
    """What `show_difference` prints, as Markdown with every string escaped."""
    first, second = escape_markdown(difference.first), escape_markdown(difference.second)
    lines = [f"## {first} and {second}", "", f"| {first} | {second} | both | only {first} | only {second} |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for pair in difference.items:
        lines.append(f"| {' | '.join(escape_markdown(cell) for cell in _cells(pair, name_skill))} |")
    lines.append("")
    for heading, skills in _skill_lists(difference):
        listed = ", ".join(escape_markdown(name_skill(skill)) for skill in skills) or "none"
        lines.append(f"- **{escape_markdown(heading)}**: {listed}")
    return "\n".join(lines) + "\n"


def render_difference_json(difference: ProfileDifference) -> str:
    """A difference as JSON: `first`, `second` (names), `items`, and the ids in `both`, `only_first`, `only_second`.

    Each of `items` has `first` and `second` (`number` and `name`, or null), the three lists of ids, and `elsewhere`:
    those that the other profile names under another item.
    """

    def describe(pair: ItemPair) -> Mapping[str, object]:
        sides = {
            side: None if item is None else {"number": item.number, "name": item.name}
            for side, item in (("first", pair.first), ("second", pair.second))
        }
        lists = {name: getattr(pair, name) for name in ("both", "only_first", "only_second", "elsewhere")}
        return {**sides, **lists}

    document = {
        "first": difference.first,
        "second": difference.second,
        "items": [describe(pair) for pair in difference.items],
        "both": difference.both,
        "only_first": difference.only_first,
        "only_second": difference.only_second,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _cells(pair: ItemPair, name_skill: NameSkill) -> list[str]:
    items = ["–" if item is None else f"{item.number}. {item.name}" for item in (pair.first, pair.second)]
    both = [*map(name_skill, pair.both), *(f"{name_skill(skill)} (under another item)" for skill in pair.elsewhere)]
    groups = (pair.only_first, pair.only_second)
    return [*items, ", ".join(both), *(", ".join(name_skill(skill) for skill in skills) for skills in groups)]


def _skill_lists(difference: ProfileDifference) -> list[tuple[str, Sequence[str]]]:
    return [
        (f"Both name ({len(difference.both)})", difference.both),
        (f"Only {difference.first} names ({len(difference.only_first)})", difference.only_first),
        (f"Only {difference.second} names ({len(difference.only_second)})", difference.only_second),
    ]


def _state(claim: DraftedClaim) -> str:
    return (
        f"{state_share(claim.share)} ({state_interval(claim.share_low, claim.share_high)}), "
        f"{count_noun(claim.postings, 'posting')}, {count_noun(claim.companies, 'employer')}"
    )


def _comment(claim: DraftedClaim) -> list[str]:
    lines = [f"# {_join_lines(claim.name)}: {_state(claim)}"]
    if claim.evidence is not None:
        url = f" <{_join_lines(claim.evidence.url)}>" if claim.evidence.url else ""
        lines.append(f"#   “{_join_lines(claim.evidence.sentence)}”{url}")
    return lines


def _join_lines(text: str) -> str:
    return " ".join(remove_controls(text).split())


def _quote(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, and control characters are taken out before."""
    return json.dumps(_join_lines(text), ensure_ascii=False)


def _list(key: str, values: Sequence[str]) -> list[str]:
    line = f"{key} = [{', '.join(map(_quote, values))}]"
    if len(line) <= WIDTH:
        return [line]
    lines, row = [f"{key} = ["], " "
    for value in values:
        word = f" {_quote(value)},"
        if len(row) + len(word) > WIDTH:
            lines.append(row)
            row = " "
        row += word
    return [*lines, row, "]"]
