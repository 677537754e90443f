"""Files that unfold, lead elsewhere or never end: refused in little time and memory.

The names of uploads through HTTP; the contents as the worker's child process reads them, all in
one process that has less memory than a single one of them would take.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.jobs import child
from api.jobs.contract.folder import ANSWER, ORDER, UPLOAD, put
from api.jobs.kinds.import_data import ImportOrder
from api.jobs.process import Child
from models.formats.write import write_workbook
from tests.api.commands.command import ROOT
from tests.api.service.hostile.test_requests import everything, is_problem
from tests.api.service.hostile.world import HERE, World
from tests.factories import tiny_instance

NAMES = (
    b'filename="../data.json"',
    b'filename="..\\\\data.json"',
    b'filename="/etc/passwd"',
    b'filename="."',
    b'filename=".."',
    b'filename=""',
    b"",
    b'filename="a\x00.json"',
    b'filename="a\x1b[2J.json"',
    'filename="a\u202e.json"'.encode(),
    'filename="a\u2028.json"'.encode(),
    b'filename="' + "律".encode() * 200 + b'.json"',
    b"filename*=utf-8''..%2Fdata.json",
    b"filename*=utf-8''%00.json",
)


def test_names_of_files_lead_nowhere(world: World) -> None:
    where, before = f"/areas/{HERE.code}/imports", everything(world)
    sent = {"content-type": "multipart/form-data; boundary=b"}
    for name in NAMES:
        disposition = b'Content-Disposition: form-data; name="file"; ' + name
        body = b"--b\r\n" + disposition + b"\r\n\r\n{}\r\n--b--\r\n"
        assert is_problem(world.ask("a-bureau", "POST", where, content=body, headers=sent)), name
    assert everything(world) == before


FORMS = (
    ("multipart/form-data; boundary=b", b"x"),
    ("multipart/form-data", b"--b\r\n"),
    ("multipart/form-data; boundary=" + "b" * 5000, b"x"),
    ("multipart/form-data; boundary=b", b"--b\r\n" * 100_000),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="file"'),
    ("multipart/form-data; boundary=b", b"--b\r\nX: " + b"y" * 100_000 + b"\r\n\r\n--b--\r\n"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n' * 5_000 + b"--b--\r\n",
    ),
)


def test_forms_that_are_none_are_refused(world: World) -> None:
    for kind, body in FORMS:
        sent = {"content-type": kind}
        where = f"/areas/{HERE.code}/imports"
        assert is_problem(world.ask("a-bureau", "POST", where, content=body, headers=sent)), kind


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "usual.xlsx"
    write_workbook(tiny_instance(), path)
    return path


Edit = Callable[[str, bytes], bytes]
SHEET, WORDS, BOOK = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def laughing(encoding: str, text: str) -> bytes:
    """Return an XML part whose entities unfold to ten thousand millions of letters."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    document = f'{head}<!DOCTYPE w [<!ENTITY a0 "{"x" * 10}">{levels}]>'
    body = text.split("?>", 1)[1]
    cell = '<row r="9"><c r="A9" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    for tag, inner in (("<sheets>", "&a9;"), ("<t>", "&a9;"), ("<sheetData>", cell)):
        body = body.replace(tag, tag + inner, 1)
    return (document + body).encode(encoding)


def outward(text: str) -> bytes:
    entity = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return (entity + text.split("?>", 1)[1].replace("<t>", "<t>&x;")).encode()


def only(part: str, change: Callable[[str], bytes]) -> Edit:
    return lambda name, data: change(data.decode()) if name == part else data


def inside(part: str, old: str, new: str) -> Edit:
    return only(part, lambda text: text.replace(old, new, 1).encode())


WORKBOOKS: dict[str, Edit] = {
    "entities of the book": only(BOOK, lambda text: laughing("utf-8", text)),
    "entities in UTF-16": only(BOOK, lambda text: laughing("utf-16", text)),
    "entities of the words": only(WORDS, lambda text: laughing("utf-8", text)),
    "entities of a sheet": only(SHEET, lambda text: laughing("utf-8", text)),
    "a file of the machine": only(WORDS, outward),
    "a far cell": inside(
        SHEET, "<sheetData>", '<sheetData><row r="9"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a million columns": inside(
        SHEET, "<sheetData>", f"<sheetData><row>{'<c><v>1</v></c>' * 10**6}</row>"
    ),
    "rows of a million columns": inside(
        SHEET, "<sheetData>", "<sheetData>" + f"<row>{'<c><v>1</v></c>' * 10**5}</row>" * 9
    ),
    "columns that go on unnamed": inside(
        SHEET, "<sheetData>", f'<sheetData><row><c r="CA1"/>{"<c><v>1</v></c>" * 10**5}</row>'
    ),
    "merged whole": inside(
        SHEET,
        "</sheetData>",
        '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ),
    "a name of a million letters": inside(BOOK, 'name="', f'name="{"A" * 10**6}'),
}
ODS = "urn:oasis:names:tc:opendocument:xmlns"
CELL = '<table:table-cell{} office:value-type="string"><text:p>x</text:p></table:table-cell>'
MANY = ' table:number-columns-repeated="{}"'
SHEETS = {
    "rows of ods": f'<table:table-row table:number-rows-repeated="2000000000">{CELL.format("")}',
    "columns of ods": f"<table:table-row>{CELL.format(MANY.format(2_000_000_000))}",
    "cells of ods": '<table:table-row table:number-rows-repeated="199000">'
    + CELL.format(MANY.format(90)),
}
KEYS = ",".join(f'"k{n}":1' for n in range(200_000))
DOCUMENTS = {
    "deep": "[" * 10**6,
    "a key twice among many": f'{{{KEYS},"k0":2}}',
    "tables nobody knows": f"{{{KEYS}}}",
    "fields nobody knows": f'{{"people":[{{{KEYS}}}]}}',
    "rows without end": f'{{"people":[{",".join(["{}"] * 300_000)}]}}',
    "a word of a million letters": f'{{"settings":{{"name":"{"律" * 10**6}"}}}}',
    "digits": f'{{"settings":{{"town_kmh":{"9" * 10**6}}}}}',
}


def zipped(path: Path, parts: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def lay_out(folder: Path, usual: Path) -> None:
    """Write all files into a folder."""
    with zipfile.ZipFile(usual) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, edit in WORKBOOKS.items():
        zipped(folder / f"{name}.xlsx", {part: edit(part, data) for part, data in parts.items()})
    zipped(folder / "many members.xlsx", parts | {f"x{n}": b"" for n in range(5_000)})
    zipped(folder / "a bomb of bzip2.xlsx", parts | {"x": bytes(10**8)}, zipfile.ZIP_BZIP2)
    zipped(folder / "nested.zip", {"usual.xlsx": usual.read_bytes()})
    for name, row in SHEETS.items():
        kinds = " ".join(f'xmlns:{kind}="{ODS}:{kind}:1.0"' for kind in ("office", "table", "text"))
        table = f'<table:table table:name="人员">{row}</table:table-row></table:table>'
        content = f"<office:document-content {kinds}>{table}</office:document-content>"
        zipped(folder / f"{name}.ods", {"content.xml": content.encode()})
    zipped(folder / "columns of csv.zip", {"people.csv": b"x,y\n" + b"1," * 10**6})
    for name, text in DOCUMENTS.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


READ = """
import json, resource, sys
from pathlib import Path
from models.formats.read import read_instance
from models.issues import InputError
resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30,) * 2)
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_instance(path)
        said = []
    except InputError as error:
        said = [issue.model_dump() for issue in error.issues]
    sizes = [len(json.dumps(issue)) for issue in said]
    codes = sorted({issue["code"] for issue in said})
    print(json.dumps([path.stem, codes, len(said), max(sizes, default=0), "root:" in str(said)]))
"""


def test_contents_that_unfold_are_refused_within_two_gigabytes(usual: Path, tmp_path: Path) -> None:
    lay_out(tmp_path, usual)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = {line[0]: line[1:] for line in map(json.loads, done.stdout.splitlines())}
    assert len(told) == len(list(tmp_path.iterdir()))
    assert [name for name, (codes, *_) in told.items() if not codes] == []
    assert [name for name, (_, number, *_) in told.items() if number > 300] == []
    assert [name for name, (_, _, size, _) in told.items() if size > 20_000] == []
    assert [name for name, (*_, is_leaked) in told.items() if is_leaked] == []


def imported(folder: Path, name: str) -> dict[str, Any]:
    """Let a worker's child read the upload of its folder, and return its answer."""
    order = ImportOrder(name=name, digest="0" * 64)
    put(folder / ORDER, order)
    with Child(folder) as process:
        assert process.wait(60)
    answer: dict[str, Any] = json.loads((folder / ANSWER).read_bytes())
    return answer


def test_members_of_a_workbook_are_never_unpacked(usual: Path, tmp_path: Path) -> None:
    """Names that lead out of a folder, and links, do nothing: a workbook is read where it lies."""
    path, folder = tmp_path / "deep" / "a.xlsx", tmp_path / "deep"
    folder.mkdir()
    with zipfile.ZipFile(usual) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    zipped(path, parts | {"../../evil": b"x", "/evil": b"x", "C:\\evil": b"x"})
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    (folder / UPLOAD).mkdir()
    path.rename(folder / UPLOAD / "a.xlsx")
    imported(folder, "a.xlsx")
    written = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {
        "deep/order.json",
        "deep/upload/a.xlsx",
        "deep/answer.json",
        "deep/instance.json",
    }


def test_a_file_with_too_many_faults_tells_the_first_of_them(tmp_path: Path) -> None:
    (tmp_path / UPLOAD).mkdir()
    (tmp_path / UPLOAD / "a.json").write_text(f'{{"people":[{",".join(["{}"] * 5_000)}]}}')
    answer = imported(tmp_path, "a.json")
    assert len(answer["issues"]) == child.MOST_ISSUES + 1
    assert answer["issues"][-1]["code"] == "job_more_issues"
    assert re.search(r"另有 \d+ 处", answer["issues"][-1]["zh"])
