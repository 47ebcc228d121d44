"""What reads lines, compiled by mypyc: the wheel that holds it, and that it finds what the sources find."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from conftest import REPOSITORY
from skillextract.collect.shipped_sample import fetch_sample, parse_sample
from skillextract.posting import PostingDraft
from skillextract.settings import SampleSource
from skillextract.text.html import extract_text
from skillextract.text.render import render_posting
from test_wheel import build_from_source

ASHBY = REPOSITORY.parent / "shared" / "data" / "postings" / "ashby"
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
NAMED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]["include"]
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
COMPILER = (sysconfig.get_config_var("CC") or "cc").split()[0]
FIND = """
import json, sys
import skillextract.skills.matcher
from skillextract.skills.loading import load_matcher
print(skillextract.skills.matcher.__file__)
matcher = load_matcher()
for title, company, text in json.load(sys.stdin):
    print(json.dumps(matcher.find_mentions("1", title, text, company=company)))
"""
BEHAVIOURS = ("skills/test_matcher.py", "skills/test_requirement.py", "skills/test_folding.py", "text/test_sections.py")


def read_texts() -> list[tuple[str, str | None, str]]:
    """Title, company and text of each posting of the sample, and of real boards where they are."""
    source = SampleSource()
    drafts = [draft for payload in fetch_sample(source) for draft in parse_sample(payload, source)]
    postings = [render_posting(draft) for draft in drafts if isinstance(draft, PostingDraft)]
    texts = [(posting.title, posting.company, posting.text) for posting in postings]
    for path in sorted(ASHBY.glob("*.json.gz"))[::8]:
        for job in json.loads(gzip.decompress(path.read_bytes())).get("jobs", ()):
            texts.append((job["title"], path.name.split(".")[0], extract_text(job.get("descriptionHtml") or "")))
    return texts


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled package in it, built away from the checkout, where it would hide the sources."""
    folder = tmp_path_factory.mktemp("compiled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HATCH_BUILD_HOOK_ENABLE_MYPYC", "1")
        wheel = build_from_source(folder)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(path: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python with the package of one folder before all others."""
    env = {**os.environ, "PYTHONPATH": str(path)}
    return subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, env=env, input=given, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(shutil.which(COMPILER) is None, reason=f"no C compiler {COMPILER!r} here")
class TestCompiled:
    def test_the_wheel_holds_machine_code_for_each_module_that_is_named(self, site: Path) -> None:
        wanted = {path.removeprefix("/src/").replace(".py", SUFFIX) for path in NAMED}
        assert {str(path.relative_to(site)) for path in (site / "skillextract").rglob(f"*{SUFFIX}")} == wanted

    def test_it_finds_in_every_text_what_the_sources_find(self, site: Path) -> None:
        texts = json.dumps(read_texts())
        plain, compiled = (run(path, "-c", FIND, given=texts) for path in (REPOSITORY / "src", site))
        assert (plain.returncode, compiled.returncode) == (0, 0), plain.stderr + compiled.stderr
        where, *mentions = plain.stdout.splitlines()
        where_compiled, *mentions_compiled = compiled.stdout.splitlines()
        assert (Path(where).suffix, Path(where_compiled).name) == (".py", f"matcher{SUFFIX}")
        assert mentions_compiled == mentions
        assert sum(len(json.loads(found)) for found in mentions) > 1000

    def test_it_behaves_as_the_tests_of_the_sources_state(self, site: Path) -> None:
        words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
        done = run(site, *words, *(f"tests/{path}" for path in BEHAVIOURS))
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
