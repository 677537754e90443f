"""Notes that a reader needs before trusting the comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from models.instance import Instance
from models.issues import Sentence
from scenarios.changes.base import shown
from scenarios.changes.budget import LABELS as MONEY
from scenarios.compare.result import Compared, Verdict
from scenarios.compare.side import Side
from solver.limits import Stage
from solver.profiles import load_rates
from solver.profiles.rates import RATES

SMALLER = Sentence(
    zh="目标值越小越好。只有当一个方案的取值小于另一个的下界时才说它更好；下界不能区分时写“无法区分”，"
    "不同的取值此时不说明任何差别。",
    en="Smaller is better. A scenario is called better only where its value lies below the other's bound; "
    "where the bounds do not separate them it says 'not separated', and different values mean nothing.",
)
ON_TOP = Sentence(
    zh="当月各目标是在所排顾问、调解员之上求得的；同样好的另一份安排可能得到不同的月份。",
    en="Goals of the month are reached on top of the seats planned; other seats, equally good, might "
    "give another month.",
)
NEAREST = Sentence(
    zh="每个方案从基准方案出发求解；同样好的安排中取与基准最接近的，所列的更换因此是改变所致，"
    "或无法证明可以避免。",
    en="Each scenario starts from the base plan, and of equally good plans the nearest to it is taken: the "
    "changes listed come from the scenario, or could not be proven avoidable.",
)


ESTIMATED = Sentence(
    zh="当月没有官方放假通知，工作日为推算。",
    en="There is no official holiday notice for the month: workdays are estimated.",
)


def notes(rows: Sequence[Compared], stage: Stage, base: Side | None) -> Iterator[Sentence]:
    """Yield the notes that apply to these scenarios; ``base`` is that of the first seed."""
    yield SMALLER
    if stage is Stage.ALL:
        yield ON_TOP
    yield NEAREST
    yield from _measures(rows)
    if base is None:
        return
    if base.report.estimated_days:
        yield ESTIMATED
    yield _rates(base.instance)


def _rates(instance: Instance) -> Sentence:
    """Return the rates that the costs are based on."""
    rates = load_rates(instance.settings.profile, instance.rules)
    known = {field: getattr(rates, field) for field in MONEY}
    told = [(*MONEY[field], shown(value)) for field, value in known.items() if value]
    own = any(row.rule == RATES for row in instance.rules)
    return Sentence(
        zh=f"费用按费率计（元）：{'，'.join(f'{zh} {value}' for zh, _, value in told)}"
        f"{'' if own else '；费率取自文献，不是本地标准，请在“规则调整”中设置 rates'}。",
        en=f"Costs are counted with these rates (yuan): {', '.join(f'{en} {value}' for _, en, value in told)}"
        f"{'' if own else '; they are examples from documents, set your own as rates in 规则调整'}.",
    )


def _measures(rows: Sequence[Compared]) -> Iterator[Sentence]:
    """Yield which scenarios are not measured as the base is, and which ask for other amounts."""
    base = next((row for row in rows if row.is_base), None)
    others = [row.name for row in rows if any(goal.verdict is Verdict.OTHER for goal in row.goals)]
    if others:
        yield Sentence(
            zh=f"以下方案的一些目标与基准口径不同（规则、需求数量或现任顾问不同），标“口径不同”，比较与排名到此为止："
            f"{_listed(others, '、')}。",
            en="Some goals of these scenarios are not measured as the base's (other rules, other amounts asked "
            f"for, other present advisers); they say so, and verdict and rank end there: {_listed(others, ', ')}.",
        )
    more = [row.name for row in rows if base and row.asked and row.asked != base.asked]
    if more:
        yield Sentence(
            zh=f"需求数量与基准不同的方案，见“需求”：{_listed(more, '、')}。",
            en=f"Scenarios that ask for other amounts than the base, see 'asked': {_listed(more, ', ')}.",
        )


def _listed(names: Iterable[str], mark: str) -> str:
    return mark.join(dict.fromkeys(names))
