"""What a flow needs of Prefect beyond its decorators; the order of the steps stands in the flow itself.

- `steps`: steps beside each other, and how many of them are done
- `runners`: where parts are searched: threads, processes, Dask
- `artifacts`: what the UI shows of an answer
- `forms`: what the UI offers for the parameters
- `logs`: what stands in a run's log, and how errors stand there
- `notices`: who is told of a failed run
- `secret_blocks`: keys of boards from Prefect's vault

It lies beside the flow and not in the library, where nothing imports Prefect: whoever reads a file of postings with
`skillextract` waits for no scheduler. It may import all of the library, and only flows import it.
"""

import os

# Prefect reads these once, when it is imported: whoever imports a module of this package has them set before, and a
# flow imports from here before it imports Prefect (the order of imports in `pyproject.toml` sees to that). They are: no
# call home from a machine that may have no way out, our log lines in Prefect's UI, and patience with the temporary
# server, which on a busy machine has taken most of a minute to come up.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "skillextract")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "300")
