"""How shares and counts are put into words, the same in every report."""

from __future__ import annotations


def format_share(share: float) -> str:
    """A share as a percentage, with a decimal below 10 %.

    Example:
        >>> [format_share(share) for share in (0.0, 0.0004, 0.004, 0.061, 0.0996, 0.52, 1.0)]
        ['0%', '0%', '0.4%', '6.1%', '10%', '52%', '100%']
    """
    return f"{share:.1%}" if 0 < round(share, 3) < 0.0995 else f"{share:.0%}"


def format_threshold(share: float) -> str:
    """A share that a rule states, as short as it is.

    Example:
        >>> [format_threshold(share) for share in (0.05, 0.075, 0.1)]
        ['5%', '7.5%', '10%']
    """
    return f"{round(share * 100, 2):g}%"


def count_noun(number: int, noun: str) -> str:
    """A number with its noun.

    Example:
        >>> [count_noun(number, "posting") for number in (0, 1, 1200)]
        ['0 postings', '1 posting', '1,200 postings']
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def tell_pay(low: float | None, high: float | None, currency: str, period: str) -> str:
    """The pay that a posting states, as it states it.

    Example:
        >>> [tell_pay(60_000, 75_000, "EUR", "year"), tell_pay(None, 48.5, "USD", "hour")]
        ['EUR 60,000 to EUR 75,000 a year', 'USD 48.50 an hour']
    """
    article = "an" if period == "hour" else "a"
    ends = [
        f"{currency} {end:,.2f}" if end % 1 else f"{currency} {end:,.0f}"
        for end in dict.fromkeys((low, high))
        if end is not None
    ]
    return f"{' to '.join(ends)} {article} {period}"
