"""`xhht schema result`: the JSON Schema of result documents."""

from __future__ import annotations

import click

from xhht.cli._common import print_json
from xhht.proof.schema import result_schema

__all__ = ["result"]


@click.command("result")
def result() -> None:
    """Print the JSON Schema of result documents. In lược đồ của văn bản kết quả."""
    print_json(result_schema())
