"""Pay in free text: amounts with a currency sign."""

from __future__ import annotations

import re
from collections.abc import Iterable

from skillextract.collect.record import Salary

PAY = re.compile(
    r"(?P<sign>US\$|CA\$|C\$|A\$|[$€£])\s?(?P<low>\d[\d,.]*)\s?(?P<low_k>[kK])?"
    r"(?:\s?(?:[-–—]|to)\s?(?:US\$|CA\$|C\$|A\$|[$€£])?\s?(?P<high>\d[\d,.]*)\s?(?P<high_k>[kK])?)?"
    r"(?P<period>\s?(?:/|per |an? )\s?(?:hour|hr|h|year|yr|month|day|annum)\b)?"
)
_CURRENCIES = {"US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "€": "EUR", "£": "GBP"}


def read_pay(pieces: Iterable[str]) -> Salary:
    """The first pay that the pieces of a text state, such as "$160-180k" or "€30 / hour".

    `$` alone is no currency: it may be American, Canadian or Australian.
    """
    for piece in pieces:
        match = PAY.search(piece)
        if match is None:
            continue
        low, high = _amount(match["low"]), _amount(match["high"] or match["low"])
        # "$160-180k" means 160k: a k behind the second number counts for the first too, and so the other way.
        factor = 1000 if match["low_k"] or match["high_k"] else 1
        # A span of 1 to 20 or more is a slip of ours or of the writer ("€40-65,000").
        if low is None or high is None or not 0 < low <= high or high > 20 * low:
            continue
        stated = (match["period"] or "").strip(" /").casefold().split()
        word = stated[-1] if stated else ""
        periods = {"hour": "hour", "hr": "hour", "h": "hour", "year": "year", "yr": "year", "annum": "year"}
        period = periods.get(word, word if word in ("month", "day") else None)
        named = re.search(r"\b(?:USD|CAD|AUD|NZD|SGD|HKD)\b", piece)
        currency = _CURRENCIES.get(match["sign"]) or (named.group() if named else None)
        return Salary(low * factor, high * factor, currency, period)  # type: ignore[arg-type]
    return Salary()


def _amount(digits: str) -> float | None:
    plain = digits.rstrip(",.")
    plain = re.sub(r"[,.](?=\d{3}\b)", "", plain)
    try:
        return float(plain)
    except ValueError:
        return None
