"""The section on fault trials of the results page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.cells import Cells, table
from benchmarks.history import Faults

TEXT = """\
真实的 `zhiban serve` 与求解进程，两个共用律师的办公室经 HTTP 求解、修改、发布、订阅；按种子在请求或求解途中
`kill -9` 求解进程、网站（连同求解进程）、PostgreSQL，再按服务管理器的做法启动。办公室没有得到答复就用同一
Idempotency-Key 重复。最后核对：任务都已结束且各有一份草稿，日志与得到答复的操作一一对应，日历等于已发布的
安排，无人重复排班，SEQUENCE 不减；「问题」是不符之处的数目。
A real `zhiban serve` with its worker; two offices that share lawyers solve, edit, publish and subscribe over
HTTP, while by seed, during requests and solves, the worker, the web server (its parent) and PostgreSQL are
killed with `kill -9` and started again as a service manager does. What was not answered is asked again under
the same Idempotency-Key. In the end every job must have ended and have one draft, the log must have each
answered action once, calendars must equal what is published, nobody may be booked twice, no SEQUENCE may
have gone down; *wrong* counts what does not hold. Longest: a request until it was answered, a job until its end.
"""

HEAD = (
    *("数据库 database", "种子 seed", "轮次 rounds", "杀进程 killed", "任务 jobs"),
    *("修改 edits", "发布 published", "冲突 clashes", "重复请求 repeated"),
    *("最长等待 longest, s", "最长任务 longest job, s", "全程 s", "问题 wrong", "commit"),
)


def faults(rows: Sequence[Faults]) -> Iterator[str]:
    """Yield the newest trial of each database and seed: what was killed, what came of it."""
    yield TEXT
    newest = {(row.database, row.seed): row for row in rows}
    yield from table(HEAD, (_line(row) for row in newest.values()))
    last = rows[-1]
    yield f"\n*{last.machine}; python {last.python}; {last.date[:10]}*"


def _line(row: Faults) -> Cells:
    killed = {"worker": row.killed_worker, "server": row.killed_server}
    killed |= {"database": row.killed_database} if row.killed_database else {}
    ended = {"done": row.done, "cancelled": row.cancelled, "failed": row.failed}
    return (
        *(row.database, str(row.seed), str(row.rounds)),
        ", ".join(f"{count} {name}" for name, count in killed.items()),
        ", ".join(f"{count} {name}" for name, count in ended.items()),
        *(str(n) for n in (row.edited, row.published, row.clashed, row.repeated)),
        *(f"{row.longest_answer_seconds:g}", f"{row.longest_job_seconds:g}", f"{row.seconds:.0f}"),
        *(str(row.wrong), row.commit),
    )
