"""The whole flow over 256 real boards of October 2025, served as Ashby serves them."""

import gzip
import time
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, unquote

import pandas as pd
import pytest

from collect.board_server import Answer, BoardServer
from skillextract.settings import AshbySource, Settings


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_256_real_boards_go_through_the_flow(
    flow_module: ModuleType, board_server: BoardServer, shared: Path, tmp_path: Path
) -> None:
    files = sorted((shared / "postings" / "ashby").glob("*.json.gz"))
    sources = []
    for file in files:
        token = unquote(file.name.removesuffix(".json.gz"))
        # As the board sends it: compressed.
        body = Answer(file.read_bytes(), headers={"Content-Encoding": "gzip"})
        assert gzip.decompress(body.body)
        board_server.on(f"/posting-api/job-board/{quote(token)}", body)
        sources.append(AshbySource(token=token, base_url=board_server.url))
    begun = time.monotonic()
    written = flow_module.skill_demand(Settings(lake=str(tmp_path / "lake"), sources=sources))
    seconds = time.monotonic() - begun
    tables = {name: pd.read_parquet(path) for name, path in written["tables"].items()}
    total = tables["run_summary"].iloc[-1]
    print(f"\n{len(sources)} boards, {total.to_dict()}, {seconds:.0f} s")
    assert (len(sources), total["payloads"], total["postings"], total["refused"]) == (256, 256, 5203, 0)
    assert set(written["missing_sources"]) == set(
        tables["run_summary"].query("level == 'source' and status == 'empty'")["source"]
    )
    # 67 and 162 when this was written; how many exactly is for the tests of titles and of folding to say.
    assert 50 < total["role_postings"] < 150
    assert 0 < total["folded"] < 1500
    items = tables["profile_comparison"].query("level == 'item'")
    assert len(items) == 11
    assert set(items["verdict"]) <= {"confirmed", "weak", "not seen"}
