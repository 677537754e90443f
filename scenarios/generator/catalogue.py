"""The bundled scenarios: real places, generated on load, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass

from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import issue


@dataclass(frozen=True)
class BundledScenario:
    """A bundled scenario: what it is called and what it is made from.

    ``size`` is a code of ``scenarios.generator.sizes.SIZES`` or ``DOCUMENTED``. ``month`` is the month
    that is planned; ``title``, if not empty, names a plan whose area does not say what it is.
    """

    id: str
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    area: str
    size: str
    profile: str = "default"
    month: str = "2026-12"
    title: str = ""


SCENARIOS = {
    scenario.id: scenario
    for scenario in (
        BundledScenario(
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
        BundledScenario(
            "township",
            "一个镇：芜湖市南陵县工山镇",
            "One town: Gongshan, Nanling county, Wuhu",
            "18个村居、8名法律顾问、1个工作站；镇的坐标来自公开数据",
            "18 villages, 8 advisers and 1 station; the town's point is from open data",
            "340223105",
            "T",
        ),
        BundledScenario(
            "county",
            "一个县：芜湖市无为市",
            "One county: Wuwei, Wuhu",
            "20个乡镇街道、276个村居：县中心、工作站、法院、检察院、看守所值班，赶集普法",
            "20 townships and 276 villages: centre, stations, court, procuratorate and detention "
            "centre duty, legal stalls at markets",
            "340281",
            "M",
        ),
        BundledScenario(
            "suzhou",
            "苏州市：半小时法律服务圈",
            "Suzhou: a half-hour circle of legal services",
            "2015年的数目：10个市区、96个镇街、1998个村居、1973个村居站点（一站至多3村、每月值班）、"
            "3558名律师和基层法律服务工作者；地理为今日118个乡级单位、2248个村居，镇街取村居最多者，"
            "各镇街按比例取离镇区最近的村居。顾问900名、只值班480名为设定",
            "Counts of 2015: 10 counties, 96 towns, 1,998 villages, 1,973 village stations (at most "
            "3 villages each, one duty a month), 3,558 lawyers and grassroots workers. Today's 118 "
            "township-level units and 2,248 villages, thinned: the towns with most villages, of "
            "each its share of villages nearest to the town. 900 advisers and 480 more on the "
            "duty list are our own numbers",
            "3205",
            "suzhou",
            "suzhou",
        ),
        BundledScenario(
            "bengbu",
            "蚌埠市：有效覆盖与一小时服务圈",
            "Bengbu: effective coverage and the one-hour circle",
            "全市9个县区（含2个开发区）、80个乡镇街道、1150个村居",
            "The whole city: 9 counties (2 of them zones), 80 townships, 1,150 villages",
            "3403",
            "L",
            "anhui",
        ),
        BundledScenario(
            "wuhu",
            "芜湖市：村居法律顾问与专职调解员",
            "Wuhu: village advisers and full-time mediators",
            "全市9个县区（含2个开发区）、72个乡镇街道、943个村居",
            "The whole city: 9 counties (2 of them zones), 72 townships, 943 villages",
            "3402",
            "L",
            "anhui",
        ),
        BundledScenario(
            "yunnan",
            "云南省：公共法律服务惠民工程",
            "Yunnan: lectures at the province's pace",
            "16个州市、129个县、1446个乡镇街道、14873个村居；律师紧缺；讲座按第一季度10%、"
            "第二季度50%、第三季度40%的进度，计划6月，前5个月的讲座已记录、多数县略有落后",
            "16 prefectures, 129 counties, 1,446 townships, 14,873 villages; lawyers are scarce; "
            "10, 50 and 40 % of the year's lectures in its first three quarters. June is planned; "
            "the lectures of five months are on record, in most counties a little behind",
            "53",
            "yunnan",
            "yunnan_2019",
            "2026-06",
        ),
        BundledScenario(
            "shehong",
            "人手不足一例：仿射洪2018年",
            "Too few advisers: the counts of Shehong 2018",
            "515个村居、95名顾问，人均5.4个，超过5个的上限；地理借用怀远、固镇两县的30个乡镇街道",
            "515 villages and 95 advisers, 5.4 each, above the cap of 5; on the geography of 30 "
            "townships of the counties Huaiyuan and Guzhen",
            "3403",
            "shehong",
            "default",
            title="仿射洪2018年（地理借用怀远、固镇）",
        ),
        BundledScenario(
            "changping",
            "人手奇缺一例：仿昌平2019年",
            "Far too few advisers: the counts of Changping 2019",
            "126个社区、20名顾问，人均6.3个，超过5个的上限；地理借用金水区22个街道；"
            "另有20人只值班，为设定",
            "126 communities and 20 advisers, 6.3 each, above the cap of 5; on the geography of 22 "
            "streets of Jinshui; 20 more on the duty list alone are our own number",
            "410105",
            "changping",
            "default",
            title="仿昌平2019年（地理借用金水）",
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
    from scenarios.generator.generate import generate
    from scenarios.generator.sizes import DOCUMENTED

    scenario = SCENARIOS.get(scenario_id)
    if scenario is None:
        raise InputError([_unknown_scenario(scenario_id)])
    size = DOCUMENTED.get(scenario.size, scenario.size)
    name = scenario.title and f"{scenario.title} {_month_zh(scenario.month)}"
    instance = generate(scenario.area, size, seed, month=scenario.month, name=name)
    settings = instance.settings.model_copy(update={"profile": scenario.profile})
    return instance.model_copy(update={"settings": settings})


def _month_zh(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"


def _unknown_scenario(scenario_id: str) -> Issue:
    known, known_en = "、".join(SCENARIOS), ", ".join(SCENARIOS)
    return issue("unknown_scenario", value=scenario_id, known=known, known_en=known_en)
