from __future__ import annotations

import pytest

from benchmarks.history import BASELINES, COUNTIES, CURVES, FAULTS, FEEDS, RUNS, YEARS, append
from benchmarks.machine import ROOT
from benchmarks.page import PAGE, page
from benchmarks.page_text import NO_RUNS
from tests.benchmarks.rows import contest, feed_load, month_closed, run, trial


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHIBAN_RESULTS", str(tmp_path))
    return tmp_path


def lines_with(word: str) -> list[list[str]]:
    """Return the cells of the page's table lines that begin with a word."""
    lines = [line.strip("| ").split(" | ") for line in page().splitlines() if line[:1] == "|"]
    return [cells for cells in lines if cells[0] == word]


def goals(seed: int, seconds: float, **changes: object) -> list:
    common = {"seed": seed, "whole_seconds": seconds} | changes
    return [run(stage=stage, rung="coverage", **common) for stage in ("seats", "month")]


def test_committed_page_is_current():
    made = page(ROOT / "benchmarks" / "results")
    assert PAGE.read_text(encoding="utf-8") == made, "run: python -m benchmarks.page"


def test_without_rows_every_section_says_so():
    assert page().count(NO_RUNS) == 11


def test_median_over_seeds_stands_beside_its_target():
    append(RUNS, [row for seed, s in ((1, 2.0), (2, 2.9), (3, 9.0)) for row in goals(seed, s)])
    first = lines_with("T")[0]
    assert first == [
        *("T", "18", "11", "56", "2", "3", "2.9 (3)", "200 (300)", "0 (0)", "0 (0)", "0", "是 yes")
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"whole_seconds": 3.1},
        {"peak_memory_mb": 301.0},
        {"gap": 0.001},
        {"hard_breaches": 1},
        {"status": "exit 2", "rung": "", "stage": "", "gap": None},
    ],
)
def test_target_missed_in_one_respect_is_not_met(changes):
    rows = goals(1, 2.0)
    append(RUNS, [row.model_copy(update=changes) for row in rows])
    assert lines_with("T")[0][-1] == "否 no"


def test_gap_of_a_city_may_be_as_large_as_its_target():
    rows = [run(size="suzhou", stage=s, gap=g) for s, g in (("seats", 0.002), ("month", 0.001))]
    append(RUNS, rows)
    assert lines_with("suzhou")[0][8:] == ["0.2 % (0.2 %)", "0.1 % (0.1 %)", "0", "是 yes"]


def test_shortage_must_be_proven_where_advisers_are_too_few():
    append(RUNS, goals(1, 2.0, size="shehong"))
    assert lines_with("shehong")[0][-1] == "否 no"
    append(RUNS, [run(stage="shortage", rung="missing", value=9, bound=9.0, size="shehong")])
    assert lines_with("shehong")[0][-1] == "是 yes"


def test_newest_commit_is_shown_and_the_older_stays_in_the_history():
    append(RUNS, goals(1, 2.5))
    append(RUNS, goals(1, 1.5, commit="0123456789", date="2026-12-02T08:00Z"))
    assert [cells[6] for cells in lines_with("T") if len(cells) == 12] == ["1.5 (3)"]
    dated = [lines_with(f"2026-12-0{day}")[0] for day in (1, 2)]
    assert [cells[1] for cells in dated] == ["abcdef0123", "0123456789"]
    assert [cells[6] for cells in dated] == ["2.5", "1.5"]


def test_run_with_a_killed_worker_stands_apart():
    append(RUNS, [*goals(1, 2.0, size="yunnan"), *goals(1, 3.0, size="yunnan", killed=1)])
    assert [cells[6] for cells in lines_with("yunnan")[:1]] == ["2.0 (900)"]
    assert lines_with("yunnan, 杀一进程 one killed")[0][6] == "3.0 (900)"


def test_crash_and_single_worker_are_compared_with_the_unbroken_run():
    append(RUNS, goals(1, 2.0, size="yunnan"))
    append(RUNS, goals(1, 3.0, size="yunnan", workers=1, solve_seconds=1.8))
    append(RUNS, goals(1, 2.5, size="yunnan", killed=1, value=4))
    single = [cells for cells in lines_with("yunnan") if cells[1:3] == ["1", "1"]]
    assert single == [
        ["yunnan", "1", "1", "3.0 (×1.50)", "1.8 (×1.80)", "200", "0", "optimal", "–"]
    ]
    (crash,) = [
        c for c in lines_with("yunnan, 杀一进程 one killed") if len(c) == 9 and c[7] == "optimal"
    ]
    assert (crash[3], crash[8]) == ("2.5 (×1.25)", "seats coverage +4, month coverage +4")


def test_feeds_stand_beside_their_target():
    append(FEEDS, [feed_load(phase="publish", subscribers=0, requests=1), feed_load()])
    assert lines_with("publish")[0][1:3] == ["–", "1"]
    assert lines_with("unchanged") == [
        [
            *("unchanged", "闭环 closed", "30000", "0", "1500", "9.0", "40.0", "90.0"),
            *("是 yes", "0.10", "0.02", "是 yes"),
        ]
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"per_second": 999.0},
        {"p99_ms": 50.1},
        {"errors": 1},
        {"is_solving": False},
        {"rate": 1000.0, "per_second": 900.0},
        {"phase": "packed", "per_second": 249.0},
    ],
)
def test_feeds_that_miss_their_target_in_one_respect_do_not_meet_it(changes):
    row = feed_load(**changes)
    append(FEEDS, [row])
    assert lines_with(row.phase)[0][-1] == "否 no"


def test_full_feeds_have_a_target_of_their_own_and_the_newest_run_counts():
    append(FEEDS, [feed_load(phase="whole", per_second=n, p99_ms=200.0) for n in (240, 251)])
    assert [cells[-1] for cells in lines_with("whole")] == ["是 yes"]


def test_contenders_are_compared_with_zhiban_goal_by_goal():
    append(BASELINES, [contest(), contest(rung="travel", value=100)])
    other = {"contender": "by-hand", "whole_seconds": 1.0, "plan_seconds": 0.5, "unmet": 6}
    append(BASELINES, [contest(value=6, **other), contest(rung="travel", value=90, **other)])
    failed = contest(contender="vroom", status="no | room", rung="", value=None, plan_seconds=None)
    append(BASELINES, [failed.model_copy(update={"hard_breaches": None, "unmet": None})])
    # weights: coverage 1,000,000 and travel 10 a unit
    assert lines_with("by-hand")[0][1:] == [
        *("6 (×1.50)", "90 (×0.90)", "coverage +2", "60000900 (×1.50)", "0", "6"),
        *("1.0 (×0.50)", "0.50 (×0.50)", "200"),
    ]
    assert lines_with("vroom (no   room)")[0][1:4] == ["–", "–", "–"]
    assert lines_with("zhiban")[0][3] == "–"


def test_newest_contest_of_a_contender_replaces_the_older():
    append(BASELINES, [contest(value=9), contest(value=5, date="2026-12-03T08:00Z")])
    assert [cells[1] for cells in lines_with("zhiban")] == ["5 (×1.00)"]


def test_curve_shows_the_exponent():
    sizes = (250, 500, 1000)
    append(CURVES, [run(size=f"{n}", villages=n, whole_seconds=n**1.5) for n in sizes])
    # one that its limit ended tells nothing of the seconds that the size takes
    append(CURVES, [run(size="2000", villages=2000, whole_seconds=60, gap=0.5)])
    assert lines_with("秒 s")[0] == ["秒 s", "村居 villages", "1.50 (0.00)"]
    assert [cells[0] for n in (*sizes, 2000) for cells in lines_with(f"{n}")] == [
        *("250", "500", "1000", "2000")
    ]


def test_country_is_estimated_from_counties():
    counties = [
        run(size=f"5301{n}", villages=n, whole_seconds=float(n), workers=1) for n in (50, 100, 200)
    ]
    append(COUNTIES, counties)
    text = page()
    assert "3 个县单独测量" in text
    # seconds are villages here, so 600,000 villages take 600,000 seconds on 2 cores
    assert [lines_with(n)[0][1] for n in ("1", "10")] == ["5000.0", "500.0"]


def test_newest_trial_of_each_database_and_seed_is_shown():
    append(FAULTS, [trial(wrong=2), trial(commit="0123456789"), trial(seed=2, failed=1)])
    append(FAULTS, [trial(database="postgres", killed_database=3)])
    cells = lines_with("sqlite") + lines_with("postgres")
    assert [(c[1], c[3], c[4], c[12], c[13]) for c in cells] == [
        ("1", "7 worker, 7 server", "7 done, 0 cancelled, 0 failed", "0", "0123456789"),
        ("2", "7 worker, 7 server", "7 done, 0 cancelled, 1 failed", "0", "abcdef0123"),
        ("1", "7 worker, 7 server, 3 database", "7 done, 0 cancelled, 0 failed", "0", "abcdef0123"),
    ]


@pytest.mark.parametrize(
    ("changes", "met"),
    [({}, "是 yes"), ({"most_above": 2.1}, "否 no"), ({"most_below": -2.1}, "否 no")],
)
def test_years_show_the_last_month_of_a_class_beside_the_target(changes, met):
    first = month_closed(month="2024-01", most_above=0.4)
    append(YEARS, [first, month_closed(**changes)])
    (line,) = (cells for cells in lines_with("1") if cells[1] == "standby")
    assert line[-2] == met
