"""`import xhht` is cheap and quiet: no optional library, no test tool, nothing of the network."""

from __future__ import annotations

import json
import subprocess
import sys

REQUIRED = {"attr", "attrs", "cattrs", "typing_extensions", "xhht", "yaml"}
NETWORK = {"asyncio", "ftplib", "http.client", "smtplib", "socket", "ssl", "urllib.request"}

LOADED_BY_IMPORT = """
import json, sys
before = set(sys.modules)
import xhht
origins = {
    name: getattr(getattr(module, "__spec__", None), "origin", None)
    for name, module in sys.modules.items()
    if name not in before
}
print(json.dumps(origins))
"""


def loaded_modules() -> dict[str, str | None]:
    """Return the modules that a fresh interpreter loads for `import xhht`, with their files."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED_BY_IMPORT], capture_output=True, text=True, check=True
    )
    loaded: dict[str, str | None] = json.loads(run.stdout)
    return loaded


def test_only_required_libraries_are_loaded() -> None:
    installed = {
        name.partition(".")[0]
        for name, origin in loaded_modules().items()
        if origin and "site-packages" in origin
    }
    assert installed <= REQUIRED


def test_nothing_of_the_network_is_loaded() -> None:
    assert not NETWORK & loaded_modules().keys()
