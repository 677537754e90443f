"""Run the service and look after it: server, workers, users, tokens, backup."""

from __future__ import annotations

import sys
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.terminal import say

if TYPE_CHECKING:
    from api.settings import ServiceSettings
    from models.store.database.store import Store

app = typer.Typer()
user_app = typer.Typer(help="用户：谁能登录、能做什么。Users: who may sign in, and as what.")
token_app = typer.Typer(help="接口令牌。Tokens of programs.")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")

Data = Annotated[
    Path | None, typer.Option(help="数据文件夹，默认 data 或 ZHIBAN_DATA。Folder of the data.")
]
Name = Annotated[str, typer.Argument(help="用户名 user name")]


class RoleName(StrEnum):
    """What an account may be (``models.store.tables.words.Role``, loaded late)."""

    BUREAU = "bureau"
    OFFICE = "office"
    FIRM = "firm"
    ADVISER = "adviser"


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="监听地址。Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口。Port to listen on.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="一并启动的求解进程。Worker processes started along.")
    ] = None,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help="试用：装入金水区的虚构数据，每种角色一个账号，密码只显示这一次。"
            "A trial: made-up data of Jinshui, an account for each role.",
        ),
    ] = False,
) -> None:
    """启动服务：网站接口与求解进程。Start the service: web server and workers."""
    from api.service.serve import serve as run

    given: dict[str, object] = {"host": host, "port": port, "workers": workers}
    if not demo:
        run(_settings(data, **given))
        return
    settings = _settings(data or Path("demo"), **given, secure_cookies=False)
    _fill_demo(settings)
    run(settings)


def _fill_demo(settings: ServiceSettings) -> None:
    """Load the demo where nothing is yet, and show its passwords."""
    from api.service.demo import fill_demo

    accounts = fill_demo(settings)
    if not accounts:
        say(f"{settings.data} 里已有账号，不再装入 there are accounts already; nothing is loaded")
    for account in accounts:
        say(f"{account.role.label}  用户 user: {account.name}  密码 password: {account.password}")
    say(f"http://{settings.host}:{settings.port}/")


@app.command()
def worker(
    data: Data = None,
    number: Annotated[int, typer.Option(min=1, max=64, help="几个进程。How many.")] = 1,
    name: Annotated[
        str | None, typer.Option(help="名称，须固定且唯一，默认机器名。A stable, unique name.")
    ] = None,
) -> None:
    """另行启动求解进程。Start more workers, here or on another machine."""
    from api.service.serve import work

    work(_settings(data), number, name)


@app.command()
def settings() -> None:
    """列出服务的全部设置与默认值。List every setting of the service."""
    from api.settings import settings_table

    sys.stdout.write(settings_table())


@app.command()
def backup(
    file: Annotated[
        Path, typer.Argument(help="备份文件；定时备份时为文件夹。File; folder if --every.")
    ],
    data: Data = None,
    every: Annotated[
        float | None,
        typer.Option(
            min=0.0001, help="每隔几小时备份一次，一直运行。Hours between backups, for ever."
        ),
    ] = None,
    keep: Annotated[
        int, typer.Option(min=1, help="定时备份保留最近几份。Newest backups to keep, with --every.")
    ] = 14,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="只演练：把已有备份恢复到临时处。Only rehearse a restore."),
    ] = False,
) -> None:
    """备份数据库，服务可继续运行。Back the database up while the service runs."""
    from models.store.backup import backup as write
    from models.store.backup import rehearse
    from models.store.database.store import Store

    if verify:
        say(f"可以恢复 can be restored: {file}，{sum(rehearse(file).values())} 行 rows")
        return
    settings = _settings(data)
    with Store.open(settings.store) as store:
        if every is None:
            write(store, file)
            say(f"已备份 written: {file}")
        else:
            _back_up_always(store, file, every, keep, settings.log_level)


def _back_up_always(store: Store, folder: Path, hours: float, keep: int, log_level: str) -> None:
    from api import logs
    from api.service.backups import back_up_always

    logs.begin(log_level)
    back_up_always(store, folder, timedelta(hours=hours), keep)


@app.command()
def migrate(
    data: Data = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="只检查；需要升级时退出码为 1。Only look; exit 1 if it is due."
        ),
    ] = False,
) -> None:
    """把数据库升级到本版本；启动服务时也会自动升级。Upgrade the database, as a start would."""
    from models.store.database.store import Store
    from models.store.database.upgrade import is_current

    place = _settings(data).store
    if check:
        current = is_current(place)
        say(
            "数据库无须升级 up to date" if current else "数据库需要升级 upgrade due: zhiban migrate"
        )
        raise typer.Exit(0 if current else 1)
    Store.open(place).close()
    say("数据库已是本版本 up to date")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 file to read")],
    data: Data = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="覆盖现有数据。Replace what is there.")
    ] = False,
) -> None:
    """从备份恢复，请先停止服务。Restore a backup; stop the service first."""
    from models.store.backup import restore as read

    read(file, _settings(data).store, overwrite=overwrite)
    say(f"已恢复 restored: {file}")


@user_app.command("add")
def add_user(
    name: Name,
    role: Annotated[RoleName, typer.Option(help="角色 role")],
    area: Annotated[str, typer.Option(help="区划代码 area code")],
    person: Annotated[str | None, typer.Option(help="人员编号 person id")] = None,
    firm: Annotated[str | None, typer.Option(help="机构编号 firm id")] = None,
    data: Data = None,
) -> None:
    """新增或修改用户；密码从终端或标准输入读取。Add or change a user; the password is asked for."""
    from api.access.accounts import OPERATOR, fold_name
    from api.access.passwords import Passwords
    from api.office.people.accounts import Wanted, account_row, keep_account
    from models.store.database.store import Store
    from models.store.tables.words import Role

    account = fold_name(name)
    wanted = Wanted(account, Role[role.name], area, person, firm, _password())
    row = account_row(wanted, Passwords())
    with Store.open(_settings(data).store) as store, store.begin() as session:
        keep_account(session, row, by=OPERATOR)
    say(f"已保存 kept: {account}（{wanted.role.label}，{area}）")


@user_app.command("disable")
def disable_user(name: Name, data: Data = None) -> None:
    """停用用户，令牌与登录一并失效。Keep a user out, tokens and sessions too."""
    from api.access.accounts import OPERATOR, fold_name
    from api.office.people.accounts import close_account
    from models.store.database.store import Store

    account = fold_name(name)
    with Store.open(_settings(data).store) as store, store.begin() as session:
        was_active = close_account(session, account, by=OPERATOR)
    say(
        f"已停用 disabled: {account}"
        if was_active
        else f"没有可停用的用户 nobody to disable: {account}"
    )


@user_app.command("list")
def list_users(data: Data = None) -> None:
    """列出用户。List the users."""
    from models.store.database.store import Store
    from models.store.people.users import users_of

    with Store.open(_settings(data).store) as store, store.read() as session:
        for user in users_of(session):
            state = "  已停用 disabled" if user.disabled_at else ""
            say(f"{user.name}  {user.role.label}  {user.area}{state}")


@token_app.command("add")
def add_token(
    user: Name,
    label: Annotated[str, typer.Option(help="用途 what it is for")],
    data: Data = None,
) -> None:
    """新建接口令牌，只显示这一次。Make an API token; it is shown this once."""
    from api.access.accounts import OPERATOR, fold_name
    from api.access.tokens import hash_token, new_token
    from api.office.people.accounts import issue_token
    from models.store.database.store import Store

    token = new_token()
    with Store.open(_settings(data).store) as store, store.begin() as session:
        issue_token(session, fold_name(user), hash_token(token), label=label, by=OPERATOR)
    say(token)


@token_app.command("revoke")
def revoke_token(
    user: Name,
    label: Annotated[str | None, typer.Option(help="用途；不填为全部 all if none")] = None,
    data: Data = None,
) -> None:
    """撤销接口令牌。Revoke API tokens."""
    from api.access.accounts import OPERATOR, fold_name
    from models.store.database.store import Store
    from models.store.people.tokens import revoke_api_tokens

    with Store.open(_settings(data).store) as store, store.begin() as session:
        count = revoke_api_tokens(session, fold_name(user), label=label, by=OPERATOR)
    say(f"已撤销 revoked: {count}")


def _settings(data: Path | None, **given: object) -> ServiceSettings:
    from api.settings import ServiceSettings

    found = ServiceSettings.load(data=data, **given)
    found.make_folder()
    return found


def _password() -> str:
    """Ask twice on a terminal; elsewhere read one line of standard input."""
    if sys.stdin.isatty():
        password: str = typer.prompt("密码 password", hide_input=True, confirmation_prompt=True)
        return password
    return sys.stdin.readline().rstrip("\r\n")
