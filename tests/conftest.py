"""Fixtures for all tests, and the wall around them: no test reaches further than this machine."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from collect.board_server import BoardServer, running_board_server
from scripts import load_script
from skillextract.collect.http import PoliteSession
from small_patterns import write_small_patterns

if TYPE_CHECKING:
    from spacy.language import Language

    from skillextract.skills.matcher import SkillMatcher
    from skillextract.skills.vocabulary import Vocabulary

REPOSITORY = Path(__file__).parent.parent

# Before anything imports prefect: no test shall read or write the home of whoever runs it, or call anybody.
_home = tempfile.TemporaryDirectory(prefix="skillextract-tests-", ignore_cleanup_errors=True)
os.environ["PREFECT_HOME"] = _home.name
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
# Our log lines go to Prefect's UI (`flows/orchestration`); most tests log outside of any run, which is no fault.
os.environ["PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW"] = "ignore"
for _name in ("PREFECT_API_URL", "PREFECT_PROFILE"):
    os.environ.pop(_name, None)
# How long an example takes says how busy the machine is, and nothing of what is tested.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
_LOCAL_NAMES = ("localhost", "", None)
_refused: list[str] = []


class NetworkRefused(BaseException):
    """A test reached out; no `except Exception` of the code under test may swallow that."""


def _is_local(family: int, address: Any) -> bool:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = address[0]
    return host in _LOCAL_NAMES or str(host).startswith("127.") or host in ("::1", "0.0.0.0")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection and look-up beyond this machine, in every thread."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(address: object) -> None:
        _refused.append(str(address))
        raise NetworkRefused(f"a test tried to reach {address}; only this machine is allowed")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if not _is_local(self.family, address):
            refuse(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if not _is_local(self.family, address):
            refuse(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not _is_local(socket.AF_INET, (name,)) and name != socket.gethostname():
            refuse(name)
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        yield


@pytest.fixture(autouse=True)
def nothing_reached_out(no_network: None) -> Iterator[None]:
    """Fail the test in which a thread tried to reach out, whatever became of the exception there."""
    _refused.clear()
    yield
    reached = list(_refused)
    _refused.clear()
    assert reached == []


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real material beside the repository; tests that need it are skipped where it is absent."""
    folder = REPOSITORY / ".." / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real responses is not here")
    return folder


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The blank English pipeline."""
    import spacy

    return spacy.blank("en")


@pytest.fixture
def board_server() -> Iterator[BoardServer]:
    """A server on this machine that answers like the boards; see its `serve_…` methods."""
    with running_board_server() as server:
        yield server


@pytest.fixture
def session() -> Iterator[PoliteSession]:
    """A session that loses no time: short timeouts, no pauses."""
    with PoliteSession(
        connect_timeout=1, read_timeout=0.2, deadline=2, attempts=3, backoff=0, longest_wait=2, size_limit=100_000
    ) as session:
        yield session


@pytest.fixture(scope="session")
def prefect_harness(no_network: None) -> Iterator[None]:
    """A Prefect server of the tests' own for all flow runs of the session."""
    from prefect import settings
    from prefect.testing.utilities import prefect_test_harness

    # The beat costs each flow a second; the lowest version that is allowed has none.
    beat = getattr(settings, "PREFECT_FLOWS_HEARTBEAT_FREQUENCY", None)
    with (
        prefect_test_harness(server_startup_timeout=300),
        settings.temporary_settings({} if beat is None else {beat: None}),
    ):
        yield


@pytest.fixture(scope="session")
def flow_module(prefect_harness: None) -> ModuleType:
    """The module flows/skill_demand.py, as Prefect's worker would load it."""
    return load_script(REPOSITORY / "flows" / "skill_demand.py", "skill_demand_flow")


@pytest.fixture(scope="session")
def matcher() -> SkillMatcher:
    """The matcher of the built-in patterns."""
    from skillextract.skills.loading import load_matcher

    return load_matcher()


@pytest.fixture(scope="session")
def vocabulary(matcher: SkillMatcher) -> Vocabulary:
    """The built-in patterns, which take two seconds to read."""
    return matcher.vocabulary


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small folder of patterns; see `write_small_patterns`."""
    root = tmp_path / "patterns"
    write_small_patterns(root)
    return root
