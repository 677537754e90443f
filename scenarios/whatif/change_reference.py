"""The reference of Changes as a page, made from the Changes themselves: ``zhiban changes --markdown``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from models.formats.intake.tables import CellKind, table_of
from scenarios.changes import change_types
from scenarios.changes.base import Change

HEAD = """# 改变 Changes

一个改变一个文件，文件名即代码，在问题文件里写 `do = "代码"`。本页由 `zhiban changes --markdown > scenarios/changes/README.md`
生成，测试保证不过时。One Change is one file; the file's name is its code, written `do = "code"` in a question file.
This page is generated; a test keeps it current.

```toml
name = "两家律所退出会怎样"           # 问题 what is asked
base = "county"                      # 内置示例或输入文件 a bundled scenario or an input file
seeds = [1]                          # 每个方案各解一次 each scenario is solved with each seed

[[scenario]]
name = "上限 {cap} 个"                # {cap} 取自 grid is taken from grid
grid = { cap = [3, 4, 5] }           # 或 or { cap = { from = 3, to = 5 } }，或 or list = [{ cap = 3 }]
[[scenario.change]]
do = "cap"
most = "{cap}"
```

另可写 also: `name_en`, `month`, `stage`（advisers / month / all）, `time_limit`, `deterministic`, `base_seed`；顶层的
`[[change]]` 改基准本身 changes the base itself。
"""


def change_reference() -> str:
    """Return the page: every Change with its words and parameters."""
    parts = [part for code, kind in change_types().items() for part in _change(code, kind)]
    return "\n".join([HEAD, *parts])


def _change(code: str, kind: type[Change]) -> Iterator[str]:
    yield f"## {code} · {kind.zh}\n"
    yield inspect.cleandoc(kind.__doc__ or "") + "\n"
    columns = table_of(code, kind.zh, kind).by_field
    yield "| 参数 parameter | 含义 meaning | 默认 default | 例 example |\n|---|---|---|---|"
    for name, field in kind.model_fields.items():
        meaning = "，".join(filter(None, (field.title, field.description)))
        is_list = columns[name].kind is CellKind.LIST
        yield f"| `{name}` | {meaning} | {_default(field)} | `{_toml(field, is_list)}` |"
    yield ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "必填 required"
    value = field.get_default(call_default_factory=True, validated_data={})
    return f"`{_value(value)}`" if value not in (None, ()) else "—"


def _toml(field: FieldInfo, is_list: bool) -> str:
    example = (field.examples or [""])[0]
    return f"[{_value(example)}]" if is_list else _value(example)


def _value(value: Any) -> str:
    """Return a value as TOML writes it; dates, which examples give as text, without quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    is_date = len(text) == 10 and text[4:5] == text[7:8] == "-"
    return text if is_date else f'"{text}"'
