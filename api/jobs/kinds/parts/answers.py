"""A question's answers on their way between a child's folder and the results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.actions.whatif import JSON, RUNS
from api.jobs.contract.folder import put
from api.jobs.contract.results import Results
from api.jobs.kinds.parts.question import SCENARIOS
from scenarios.compare.result import Comparison


@dataclass(frozen=True)
class Answers:
    """The answers of one job, kept in the results and worked on in ``folder``."""

    job: str
    results: Results
    folder: Path

    def lay_out(self) -> None:
        """Put what is kept where the child looks for it: it is not solved again."""
        (self.folder / RUNS).mkdir(parents=True, exist_ok=True)
        for name in self.results.answer_files(self.job):
            content = self.results.read_answer_file(self.job, name)
            if content is not None:
                (self.folder / name).parent.mkdir(exist_ok=True)
                put(self.folder / name, content)

    def keep_runs(self) -> None:
        """Keep the answers that are there and not kept yet, and what is to be solved."""
        known = self.results.answer_files(self.job)
        kept = {name.split("/")[1] for name in known if name.startswith(f"{RUNS}/")}
        if SCENARIOS not in known and (self.folder / SCENARIOS).exists():
            self._keep([self.folder / SCENARIOS])
        for run in sorted((self.folder / RUNS).glob("[!.]*")):
            if run.name not in kept:
                self._keep(sorted(run.iterdir()))

    def keep(self) -> None:
        """Keep all, the comparison last and at once with the files written of it."""
        self.keep_runs()
        self._keep([path for path in sorted(self.folder.glob("[!.]*")) if path.is_file()])

    def _keep(self, paths: list[Path]) -> None:
        """Keep files all or none, so that an answer is whole."""
        files = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        self.results.keep_answer_files(self.job, files)


def kept_comparison(results: Results, job: str) -> Comparison | None:
    """Return the comparison that a job has kept, none before its end."""
    content = results.read_answer_file(job, JSON)
    return None if content is None else Comparison.model_validate_json(content)


def counts(comparison: Comparison) -> dict[str, int]:
    """Return how many scenarios were solved, were refused, and are missing."""
    refused = sum(row.rank is None for row in comparison.scenarios)
    solved = len(comparison.scenarios) - refused
    return {"solved": solved, "refused": refused, "missing": len(comparison.missing)}
