"""Reference commands: rules with sources, document schemas, versions."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, cast

import typer

from api.commands.options import AsJson, Profile, print_json
from api.commands.terminal import say

if TYPE_CHECKING:
    from models.formats.document import Document

app = typer.Typer()


class DocumentName(StrEnum):
    """A document with a published schema."""

    INSTANCE = "instance"
    ROSTER = "roster"
    REPORT = "report"
    COMPARISON = "comparison"


@app.command()
def rules(
    profile: Profile = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="输出说明页。Print the page.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """列出规则、参数与出处。List the rules, their numbers and sources."""
    from solver.profiles import load_rules, profile_names, profile_tables
    from solver.rule_reference import rule_reference

    if markdown:
        sys.stdout.write(rule_reference())
        return

    name = profile or "default"
    sources = {code: table["source"] for code, table in profile_tables(name).items()}
    found = load_rules(name)
    if as_json:
        print_json(
            {
                rule.code: {**rule.model_dump(mode="json"), "source": sources.get(rule.code)}
                for rule in found
            }
        )
        return
    say(f"规则方案 profiles: {', '.join(profile_names())}；当前 shown: {name}")
    for rule in found:
        numbers = {
            k: v for k, v in rule.model_dump(mode="json").items() if k not in ("level", "goal")
        }
        fields = " ".join(f"{key}={value}" for key, value in numbers.items())
        say(
            f"{rule.code}  {rule.zh}  {rule.level.label}/{rule.rung.label}  {fields}  {sources.get(rule.code, '')}"
        )


@app.command()
def schema(document: Annotated[DocumentName, typer.Argument()]) -> None:
    """输出 JSON Schema。Print a JSON Schema."""
    from models.formats.document import schema as schema_of
    from models.formats.document import schema_of_model
    from scenarios.compare.result import Comparison

    if document is DocumentName.COMPARISON:
        print_json(schema_of_model(document.value, Comparison))
    else:
        print_json(schema_of(cast("Document", document.value)))


@app.command()
def version() -> None:
    """显示版本，报告问题时请附上。Show versions for bug reports."""
    from solver.versions import versions

    say(" ".join(f"{name} {number}" for name, number in versions().items()))
