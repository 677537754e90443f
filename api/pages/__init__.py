"""Pages for the office, its lawyers, firms and the public: one room a page family.

A page calls the same action as the HTTP route and the command; it holds no rule of its own.
"""

from __future__ import annotations

from fastapi import FastAPI

from api.http import handlers
from api.pages.board import board, changes, panels, plan_map, why_page
from api.pages.data import data_tables, import_wizard
from api.pages.figures import attendance_page, fairness, money_page, monthly_report
from api.pages.firm import firm_pages
from api.pages.frame import problem_page, static_files
from api.pages.help import handbook
from api.pages.home import home, sign_in
from api.pages.log import log_page
from api.pages.me import my_calendar, my_duties, my_notices, my_record, my_requests
from api.pages.month import month
from api.pages.plans import publication
from api.pages.public import public_pages
from api.pages.requests import requests, sudden_absence
from api.pages.rules import rules_page
from api.pages.solving import job_page, plan_list

ROUTERS = tuple(
    part.router
    for part in (
        static_files,
        sign_in,
        home,
        month,
        import_wizard,
        data_tables,
        plan_list,  # before the board, whose addresses take any word for a roster
        job_page,
        board,
        panels,
        plan_map,
        why_page,
        changes,
        publication,
        requests,
        sudden_absence,
        fairness,
        attendance_page,
        money_page,
        monthly_report,
        log_page,
        rules_page,
        firm_pages,
        my_duties,
        my_requests,
        my_calendar,
        my_record,
        my_notices,
        handbook,
        public_pages,
    )
)
"""The pages, each family once."""


def install(app: FastAPI) -> None:
    """Give the application its pages; the guard is installed already."""
    for router in ROUTERS:
        app.include_router(router, include_in_schema=False)
    handlers.shown_as(app, problem_page.page_of_problem)
