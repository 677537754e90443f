"""Zips of CSV files: as offices make them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from models.formats.csv_zip import zip_folder
from models.formats.intake.tables import instance_tables
from models.formats.read import read_instance
from models.formats.roster_table import read_roster, write_roster_csv_folder
from models.formats.write import write_csv_folder
from models.issues import InputError
from models.roster import AdviserSeat, Roster
from tests.factories import tiny_instance

FOREIGN = 0x800
"""Flag of a member whose name is UTF-8."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """Return the CSV files of the tiny instance by name."""
    write_csv_folder(tiny_instance(), tmp_path / "plan")
    return {file.name: file.read_bytes() for file in (tmp_path / "plan").iterdir()}


def packed(path: Path, members: dict[str, bytes], encoding: str = "") -> Path:
    """Write a zip; with an encoding the names are its bytes, without the flag of UTF-8."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(_Named(name, encoding) if encoding else name, content)
    return path


class _Named(zipfile.ZipInfo):
    """A member named as old programs do: bytes of the system's code page."""

    def __init__(self, name: str, encoding: str) -> None:
        super().__init__(name)
        self.compress_type = zipfile.ZIP_DEFLATED
        self._encoding = encoding

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own hook
        return self.filename.encode(self._encoding), self.flag_bits & ~FOREIGN


def codes(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_instance(path)
    assert all(issue.zh and issue.en and issue.mend_zh for issue in caught.value.issues)
    return [issue.code for issue in caught.value.issues]


def test_a_written_folder_comes_back_and_always_the_same(tmp_path: Path) -> None:
    write_csv_folder(tiny_instance(), tmp_path / "plan")
    content = zip_folder(tmp_path / "plan")
    (tmp_path / "plan.zip").write_bytes(content)
    assert read_instance(tmp_path / "plan.zip").content_hash == tiny_instance().content_hash
    assert content == zip_folder(tmp_path / "plan")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {member.external_attr >> 16 for member in archive.infolist()} == {0o644}


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8"])
@pytest.mark.parametrize("folder", ["", "十二月/", "十二月\\"], ids=["top", "folder", "windows"])
def test_names_of_any_system_are_read(
    files: dict[str, bytes], tmp_path: Path, encoding: str, folder: str
) -> None:
    members = {f"{folder}{name}": content for name, content in files.items()}
    path = packed(tmp_path / "plan.zip", members, encoding)
    assert read_instance(path).content_hash == tiny_instance().content_hash


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_every_table_is_known_by_its_name_in_gbk(
    files: dict[str, bytes], tmp_path: Path, encoding: str
) -> None:
    assert {f"{table.title}.csv" for table in instance_tables()} == set(files)
    recoded = {n: c.decode("utf-8-sig").encode(encoding) for n, c in files.items()}
    path = packed(tmp_path / "plan.zip", recoded, "gbk")
    assert read_instance(path).content_hash == tiny_instance().content_hash


def test_what_macos_and_offices_add_is_passed_over(files: dict[str, bytes], tmp_path: Path) -> None:
    more = {"__MACOSX/._区划.csv": b"\0\5\26\7", "._村居.csv": b"\0\5", "说明.txt": b"x", "a/": b""}
    path = packed(tmp_path / "plan.upload", files | more)
    assert read_instance(path).content_hash == tiny_instance().content_hash


@pytest.mark.parametrize(
    "name",
    [
        "../区划.csv",
        "..\\区划.csv",
        "/etc/cron.d/区划.csv",
        "C:\\区划.csv",
        "a/b/区划.csv",
        "other/x.csv",
    ],
)
def test_files_that_lie_elsewhere_are_refused_and_nothing_is_written(
    files: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    place = tmp_path / "inner"
    place.mkdir()
    path = packed(place / "plan.zip", files | {name: b"x"})
    assert set(codes(path)) == {"zip_folders"}
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == sorted(
        [*files, "plan.zip"]
    )


def test_a_table_twice_is_told(files: dict[str, bytes], tmp_path: Path) -> None:
    path = packed(tmp_path / "plan.zip", files | {"areas.csv": files["区划.csv"]})
    assert codes(path) == ["duplicate_sheet"]


def test_issues_name_file_and_cell(files: dict[str, bytes], tmp_path: Path) -> None:
    files["请假开庭.csv"] += b"L001,2026-02-30,2026-03-01\r\n"
    path = packed(tmp_path / "plan.zip", {f"x/{n}": c for n, c in files.items()}, "gbk")
    with pytest.raises(InputError) as caught:
        read_instance(path)
    assert [(i.code, i.table, i.cell) for i in caught.value.issues] == [
        ("date_impossible", "请假开庭.csv", "B2")
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"区划.csv": b"a" * (8 << 20)},
        {f"{n}.csv": b"" for n in range(2001)},
        {f"{'x' * 2000}{n}.csv": b"" for n in range(1100)},
    ],
    ids=["ratio", "members", "directory"],
)
def test_bombs_are_not_opened(tmp_path: Path, members: dict[str, bytes]) -> None:
    assert codes(packed(tmp_path / "plan.zip", members)) == ["zip_bomb"]


def test_overlapping_members_are_not_opened(files: dict[str, bytes], tmp_path: Path) -> None:
    """Many entries of the directory that share one stream, as the best bombs do."""
    path = packed(tmp_path / "plan.zip", {"区划.csv": bytes(range(256)) * 3000})
    content = path.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    start = content.index(b"PK\x01\x02")
    entry, tail = content[start:end], bytearray(content[end:])
    times = 90
    tail[8:12] = struct.pack("<HH", times, times)
    tail[12:16] = struct.pack("<I", times * len(entry))
    path.write_bytes(content[:start] + times * entry + bytes(tail))
    assert codes(path) == ["zip_bomb"]


def test_a_zip64_may_not_hide_its_directory(tmp_path: Path) -> None:
    record = b"PK\x06\x06" + bytes(36) + struct.pack("<QQ", 1 << 30, 0)
    end = b"PK\x05\x06" + bytes(18)
    (tmp_path / "plan.zip").write_bytes(b"PK" + record + b"PK\x06\x07" + bytes(16) + end)
    assert codes(tmp_path / "plan.zip") == ["zip_bomb"]


def test_encrypted_and_odd_zips_are_told(files: dict[str, bytes], tmp_path: Path) -> None:
    path = packed(tmp_path / "plan.zip", files)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 1)
    (tmp_path / "locked.zip").write_bytes(content)
    assert codes(tmp_path / "locked.zip") == ["encrypted"]
    with zipfile.ZipFile(tmp_path / "odd.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("区划.csv", b"a")
    assert codes(tmp_path / "odd.zip") == ["zip_method"]
    (tmp_path / "half.zip").write_bytes(path.read_bytes()[:-40])
    assert codes(tmp_path / "half.zip") == ["workbook_broken"]
    assert codes(packed(tmp_path / "letters.zip", {"a.txt": b"x"})) == ["not_workbook"]


def test_a_roster_comes_in_a_zip_too(tmp_path: Path) -> None:
    instance = tiny_instance()
    seats = (AdviserSeat(village="410105001001", person="L001"),)
    roster = Roster(month="2026-12", advisers=seats)
    write_roster_csv_folder(roster, tmp_path / "roster")
    (tmp_path / "roster.zip").write_bytes(zip_folder(tmp_path / "roster"))
    assert read_roster(tmp_path / "roster.zip", instance) == roster
