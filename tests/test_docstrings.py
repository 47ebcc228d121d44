"""The examples in docstrings are what the code does."""

import doctest
import importlib
from pathlib import Path

import pytest

import skillextract

ROOT = Path(skillextract.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(("skillextract", *path.relative_to(ROOT).with_suffix("").parts))
    for path in ROOT.rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_say_what_comes_out(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert (result.failed, result.attempted > 0) == (0, True)
