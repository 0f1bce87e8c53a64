"""`xhht schema`: JSON Schemas for editors and for other systems."""

from __future__ import annotations

import click

from xhht.cli._common import print_json
from xhht.criteria.json_schema import profile_schema

__all__ = ["command"]


@click.group("schema")
def command() -> None:
    """Print JSON Schemas, for editors and other systems. In lược đồ JSON."""


@command.command("profile")
def profile() -> None:
    """Print the JSON Schema of profile files. In lược đồ của tệp bộ tiêu chí."""
    print_json(profile_schema())
