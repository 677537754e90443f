"""Import: upload, every issue at once, what changes against the data in use, and then the yes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from api.access.action_places import Place
from api.access.actions import Action
from api.access.denied import UnseenError
from api.access.roles import Actor
from api.http.guard import Grant
from api.jobs.contract.plan import File
from api.jobs.contract.verdict import State
from api.office.context import Service
from api.office.data.claims import ClaimedError
from api.office.data.data_changes import Choice, choose_data
from api.office.data.data_differences import data_differences
from api.office.plans import ordering
from api.pages.frame.doors import require_page
from api.pages.frame.forms import FormVersion
from api.pages.frame.page import page, see
from api.routes.answering.attachments import attachment
from api.routes.answering.path_ids import AreaId, JobId, area_place
from api.routes.answering.running import InService
from api.routes.jobs.job_views import asked_for, job_view
from api.routes.jobs.jobs import place_of_job
from models.instance import Instance
from models.issues import InputError
from models.rows import Why
from models.store.jobs.jobs import get_job

router = APIRouter(prefix="/office/{area}/import")
SHOWN_ISSUES = 50
"""Issues on a page; the workbook has all."""
MOST_ROWS = 200
"""Rows of a kind of change that are named."""


def place_of_own_import(service: InService, area: AreaId, job: JobId) -> Place | None:
    """Return where an import of this area belongs, none if it is another's."""
    place = place_of_job(service, job)
    return place if place is not None and place.area == area else None


Uploading = Annotated[Grant, Depends(require_page(Action.UPLOAD_INSTANCE, area_place))]
Choosing = Annotated[Grant, Depends(require_page(Action.UPLOAD_INSTANCE, place_of_own_import))]


@router.get("")
def ask_file(request: Request, area: AreaId, service: InService, grant: Uploading) -> HTMLResponse:
    """Show where the template and the last data are, and take a file."""
    return page(
        request, "data/import.html", area=area, has_data=service.areas.data(area) is not None
    )


@router.get("/template.xlsx")
def save_template(area: AreaId, grant: Uploading) -> Response:
    """Return an empty workbook with a sheet for each table."""
    from models.formats.write import write_template  # late: xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "template.xlsx")
        write_template(path)
        return attachment("zhiban-template.xlsx", path.read_bytes())


@router.post("")
def upload(area: AreaId, file: UploadFile, service: InService, grant: Uploading) -> Response:
    """Have a file read; nothing is used until somebody says so."""
    asked = asked_for("import", area, grant.actor, None)
    found = File(name=file.filename or "", content=file.file.read())
    job = ordering.upload_data(service, asked, found, keep=True)
    return see(f"/office/{area}/import/{job.id}")


@router.get("/{job}")
def show_import(
    request: Request,
    area: AreaId,
    job: JobId,
    service: InService,
    grant: Choosing,
    start: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> HTMLResponse:
    """Show how far the reading is: every issue, or what changes against the data in use."""
    return _shown(request, service, area, job, start=start)


@router.post("/{job}/use")
def use(
    request: Request,
    area: AreaId,
    job: JobId,
    service: InService,
    grant: Choosing,
    revision: FormVersion,
    confirm: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
    why: Annotated[Why, Form()] = "",
) -> Response:
    """Work with the imported data from now on; accepted leave goes over into them."""
    return _used(request, service, grant.actor, area, job, revision, tuple(confirm), why)


def _used(
    request: Request,
    service: Service,
    actor: Actor,
    area: str,
    job: str,
    revision: int,
    confirm: tuple[str, ...],
    why: str,
) -> Response:
    with service.store.read() as session:
        key = get_job(session, job).instance
    if key is None:
        raise UnseenError
    try:
        choice = Choice(instance=key, confirm=confirm, why=why)
        leave = choose_data(service, actor, area, choice, revision=revision)
    except InputError as error:
        return _shown(request, service, area, job, error=error)
    data = service.areas.data_at(area)
    return page(
        request,
        "data/imported.html",
        area=area,
        counts=data.instance.counts(),
        titles=_titles(),
        leave=leave,
        names={one.id: one.name for one in data.instance.people},
    )


def _shown(
    request: Request,
    service: Service,
    area: str,
    job: str,
    *,
    start: int = 0,
    error: InputError | None = None,
) -> HTMLResponse:
    with service.store.read() as session:
        kept = get_job(session, job)
    if kept.kind != "import":
        raise UnseenError
    view = job_view(service, kept)
    data = service.areas.data(area)
    differences = None
    if view.state is State.DONE and view.instance is not None:
        new = service.areas.instance(view.instance)
        differences = data_differences(data.instance if data else Instance(), new)
    return page(
        request,
        "data/import_job.html",
        status=409 if error else 200,
        area=area,
        job=view,
        issues=view.issues[start : start + SHOWN_ISSUES],
        start=start,
        page_address=lambda other: f"?start={other}",
        differences=differences,
        most=MOST_ROWS,
        revision=data.revision if data else 0,
        is_first=data is None,
        titles=_titles(),
        error=error,
        claimed=error.people if isinstance(error, ClaimedError) else (),
    )


def _titles() -> dict[str, str]:
    """Return the Chinese name of each table."""
    return {name: field.title or name for name, field in Instance.model_fields.items()}
