"""The signs that stand before the items of a list."""

DOTS = "•·▪◦‣●○∙"
"""Signs that are bullets and nothing else."""
SIGNS = f"{DOTS}*–—-"
"""With those that stand elsewhere too, the hyphen last, so that they may stand in a class as they are."""
AROUND_ITEMS = f" \t\xa0{SIGNS}"
"""What may stand before an item on its line and says nothing."""
