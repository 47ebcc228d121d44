"""Who is told of a run that failed: the notification block of Prefect that the environment names."""

from __future__ import annotations

import os
from typing import Any

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow

from skillextract.errors import SettingsError

NOTIFY = "SKILLEXTRACT_NOTIFY"
"""The environment variable that names the block to which a failed run is told, such as `slack-webhook/ops`."""


def tell_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Send what went wrong to the notification block that `SKILLEXTRACT_NOTIFY` names; the log has it anyhow."""
    if not (name := os.environ.get(NOTIFY)):
        return
    block: Any = Block.load(name, _sync=True)  # type: ignore[call-arg]
    if not isinstance(block, NotificationBlock):
        raise SettingsError(f"environment: {NOTIFY}: found {name!r}, expected a notification block; change it")
    send: Any = block.notify
    send(state.message or "no reason was given", subject=f"{flow.name} {flow_run.name}: {state.name}")
