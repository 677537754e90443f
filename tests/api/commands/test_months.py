"""Several months planned by one command."""

from __future__ import annotations

import json
from pathlib import Path

from models.formats.write import write_json
from tests.api.commands.command import zhiban
from tests.factories import tiny_content, tiny_instance


def test_months_in_a_row_have_a_folder_each(tmp_path: Path) -> None:
    file, out = tmp_path / "tiny.json", tmp_path / "out"
    write_json(tiny_instance(posts=tiny_content()["posts"][1:]), file)
    said = zhiban("solve", file, "--months", "2", "--month", "2027-01", "--out", out, "--json")
    assert said.code == 0
    assert [report["month"] for report in json.loads(said.out)] == ["2027-01", "2027-02"]
    folders = [out / "2027-01", out / "2027-02"]
    assert sorted(out.iterdir()) == folders
    first, second = (json.loads((f / "roster.json").read_text("utf-8")) for f in folders)
    assert first["advisers"] == second["advisers"]
