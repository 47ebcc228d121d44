"""Print the lowest versions that pyproject.toml allows of the packages that a run needs, as constraints for pip."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def list_lowest() -> list[str]:
    """`name==version` for each package with a lower bound, in the order of pyproject.toml."""
    asked = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    bounds = (re.match(r"([\w.-]+)>=([\w.]+)", each) for each in asked)
    return [f"{bound[1]}=={bound[2]}" for bound in bounds if bound]


if __name__ == "__main__":
    print(*list_lowest(), sep="\n")
