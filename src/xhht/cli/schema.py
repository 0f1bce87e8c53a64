"""`xhht schema`: JSON Schemas for editors and other systems."""

from __future__ import annotations

import click

from xhht.cli._context import CommandContext, print_json, with_context
from xhht.cli._inputs import named_profile
from xhht.criteria.schema import profile_schema
from xhht.documents.schema import result_schema
from xhht.evaluation.facts_schema import facts_schema

__all__ = ["command"]


@click.group("schema")
def command() -> None:
    """Print JSON Schemas, for editors and other systems. In lược đồ JSON."""


@command.command("profile")
def profile() -> None:
    """Print the JSON Schema of profile files. In lược đồ của tệp bộ tiêu chí."""
    print_json(profile_schema())


@command.command("facts")
@click.argument("profile", metavar="PROFILE")
@with_context()
def facts(
    context: CommandContext,
    profile: str,
) -> None:
    """Print the JSON Schema of the facts that PROFILE requires.

    PROFILE is a file, or an id with optional `@version`. --lang sets the language of titles.

    In JSON Schema của các dữ kiện mà bộ tiêu chí cần, để hệ thống khác dựng biểu mẫu nhập.
    """
    print_json(facts_schema(named_profile(context, profile), context.lang))


@command.command("result")
def result() -> None:
    """Print the JSON Schema of result documents. In lược đồ của văn bản kết quả."""
    print_json(result_schema())
