"""The bundled scenarios: real places, generated on load, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

from models.instance import Instance
from models.issues import InputError, Issue


@dataclass(frozen=True)
class Scenario:
    """A bundled scenario: what it is called and what it is made from.

    ``size`` is a code of ``scenarios.sizes.SIZES`` or ``jinshui``.
    """

    id: str
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    area: str
    size: str
    profile: str = "default"


SCENARIOS = {
    scenario.id: scenario
    for scenario in (
        Scenario(
            "jinshui",
            "金水区三级公共法律服务平台",
            "Jinshui district: centre, stations, workrooms",
            "郑州市金水区24个街道、287个社区：区中心四个基本岗位，街道工作站，社区工作室，"
            "一社区一法律顾问，专职人民调解员3/2/1",
            "24 streets and 287 communities of Zhengzhou: a centre with four posts, a station per "
            "street, a workroom and an adviser per community, mediators 3/2/1",
            "410105",
            "jinshui",
            "henan_jinshui",
        ),
        Scenario(
            "township",
            "一个镇：芜湖市南陵县工山镇",
            "One town: Gongshan, Nanling county, Wuhu",
            "18个村居、8名法律顾问、1个工作站；镇的坐标来自公开数据",
            "18 villages, 8 advisers and 1 station; the town's point is from open data",
            "340223105",
            "T",
        ),
        Scenario(
            "county",
            "一个县：芜湖市无为市",
            "One county: Wuwei, Wuhu",
            "20个乡镇街道、276个村居：县中心、工作站、法院、检察院、看守所值班，赶集普法",
            "20 townships and 276 villages: centre, stations, court, procuratorate and detention "
            "centre duty, legal stalls at markets",
            "340281",
            "M",
        ),
    )
}
"""Scenarios by id, in the order in which they are offered."""


def load(scenario_id: str, seed: int = 1) -> Instance:
    """Make the instance of a bundled scenario.

    Raises
    ------
    InputError
        If there is no scenario ``scenario_id`` or the seed is negative.
    """
    # late, so that listing the scenarios does not wait for numpy
    from scenarios.generate import generate
    from scenarios.sizes import JINSHUI

    scenario = SCENARIOS.get(scenario_id)
    if scenario is None:
        raise InputError([_unknown_scenario(scenario_id)])
    size = JINSHUI if scenario.size == JINSHUI.code else scenario.size
    instance = generate(scenario.area, size, seed)
    settings = instance.settings.model_copy(update={"profile": scenario.profile})
    return instance.model_copy(update={"settings": settings})


def _unknown_scenario(scenario_id: str) -> Issue:
    return Issue(
        code="unknown_scenario",
        value=scenario_id[:40],
        zh="没有这个示例",
        en="There is no such scenario",
        mend_zh=f"可用的示例：{'、'.join(SCENARIOS)}。",
        mend_en=f"Maybe one of {', '.join(SCENARIOS)}.",
    )
