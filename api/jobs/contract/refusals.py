"""Why a job is refused or failed, in both languages."""

from __future__ import annotations

from models.issues import Issue
from models.messages import Spot, issue


def too_long(seconds: float, most: float, cell: str = "seconds") -> Issue:
    """Return the issue: the requested time exceeds the limit."""
    return issue("job_seconds", Spot(cell=cell), f"{seconds:g}", most=f"{most:g}")


def too_many_solves(solves: int, most: int) -> Issue:
    """Return the issue: the question needs more solves than the limit."""
    return issue("job_solves", Spot(cell="scenario"), str(solves), solves=solves, most=most)


def too_long_in_all(seconds: float, most: float) -> Issue:
    """Return the issue: the solves of the question together exceed the limit."""
    shown = f"{seconds:g}"
    spot = Spot(cell="time_limit")
    return issue("job_question_seconds", spot, shown, seconds=shown, most=f"{most:g}")


def too_many_workers(workers: int, most: int) -> Issue:
    """Return the issue: the number of processes exceeds the limit."""
    return issue("job_workers", Spot(cell="workers"), str(workers), most=most)


def too_many_rows(rows: int, most: int) -> Issue:
    """Return the issue: the instance has more rows than the limit."""
    return issue("job_rows", value=str(rows), rows=rows, most=most)


def too_large(name: str, size: int, most: int) -> Issue:
    """Return the issue: the uploaded file is larger than the limit."""
    return issue("job_bytes", Spot(name), str(size), size=size, most=most)


def bad_name(name: str) -> Issue:
    """Return the issue: the file name cannot be used."""
    return issue("job_file_name", value=name)


def no_instance(digest: str) -> Issue:
    """Return the issue: there is no such instance."""
    return issue("job_instance", Spot(cell="instance"), digest)


def no_roster(roster: int, version: int) -> Issue:
    """Return the issue: the roster has moved on from the version to be exported."""
    return issue("job_roster", Spot(cell="roster"), f"{roster} v{version}")


def no_file(name: str) -> Issue:
    """Return the issue: the uploaded file is gone."""
    return issue("job_file", Spot(name))


def used_id(job: str) -> Issue:
    """Return the issue: another order has this id."""
    return issue("job_id_used", value=job)


def too_much() -> Issue:
    """Return the issue: reading the file ran out of memory."""
    return issue("job_memory")


def more_issues(number: int) -> Issue:
    """Return the issue that stands for all those beyond the limit."""
    return issue("job_more_issues", value=str(number), count=number)


def overtime() -> Issue:
    """Return the issue: the job was stopped before it had a result."""
    return issue("job_overtime")


def died() -> Issue:
    """Return the issue: the job was interrupted several times."""
    return issue("job_died")


def unwritable() -> Issue:
    """Return the issue: the job's files could not be read or written."""
    return issue("job_unwritable")


def not_begun() -> Issue:
    """Return the issue: the job never reached the queue."""
    return issue("job_not_begun")


def broken() -> Issue:
    """Return the issue: the program failed."""
    return issue("job_broken")
