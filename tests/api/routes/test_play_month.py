"""The month over HTTP on Jinshui goes through to its end."""

from __future__ import annotations

import pytest

from tests.api.routes.play_month import main


@pytest.mark.slow
def test_a_month_on_jinshui_goes_as_promised(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    steps = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert [step.split()[0] for step in steps] == [
        "上传含两处错误的工作簿",
        "改正后上传",
        "求解",
        "改一个班次",
        "发布",
        "三部手机订阅",
        "两人换班",
        "发布",
    ]
