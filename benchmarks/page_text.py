"""The fixed text of the results page."""

NO_RUNS = "还没有测量 no runs yet"

HEAD = """# 测量 Benchmarks

本页由 `python -m benchmarks.page` 从 `results/*.csv` 生成，测试保证不过时。
This page is made from `results/*.csv`; a test keeps it current.

| 命令 command | 内容 what it measures | 用时 takes about |
|---|---|---|
| `make bench` | T、S、M，各五个种子；种子 1 的对照 · five seeds each, baselines on the first | 10 min |
| `make bench-city` | suzhou，三个种子与对照 · three seeds and the baselines | 20 min |
| `make bench-borders` | suzhou 的席位，整体与分县 · seats as one model and county by county | 4 min |
| `make bench-feeds` | 苏州一个月的订阅，同时求解全市 · feeds of a month of Suzhou while the city is solved | 6 min |
| `make bench-stress` | shehong、changping，三个种子 · three seeds | 2 min |
| `make bench-province` | yunnan，三个种子；两进程、单进程、杀一进程 · three seeds; two workers, one, one killed | 45 min |
| `make bench-faults` | 服务在进程被杀时，两种数据库 · the service while its processes are killed, both databases | 30 min |
| `make bench-curves` | 250–16,000 个村居；云南各县单独 · the curves, and each county alone | 60 min |

计时：整条命令 `zhiban solve FILE --out DIR`，从启动到写完最后一个文件；再用单独的 `zhiban verify` 核对。
内存：每 50 毫秒把进程及其全部子进程的常驻内存相加，取最大（共享页在每个进程中各计一次）。
Timed: the whole command, start-up to last file; a `zhiban verify` of its own then checks the plan.
Memory: resident memory of the process and all its children added up every 50 ms, the largest sum;
pages that processes share count in each. Gap: (value − bound) ÷ max(1, |value|), the largest of any goal.
"""

CONTEST = """\
同一输入、同一规则、同一时限、同一独立核对；值越小越好，× 为与 zhiban 之比。
Same instance, rules, limit and independent check; smaller is better, × is the ratio to zhiban.

- `cp-sat`：CP-SAT 默认参数，一个加权和（每个目标是下一个的十倍）。CP-SAT with its defaults on one
  weighted sum, each goal ten times the next. `highs`：HiGHS 解同一加权和。HiGHS on the same sum.
  两者保留两个阶段，因为走访由顾问进行。Both keep the two stages, as the adviser makes the visits.
- `by-hand`：逐村、再按日期逐班，取最近的空闲人员。The nearest free person, village after village, then
  slot after slot by date; keeps every hard rule, never looks ahead.
- `vroom`：只排顾问，与 zhiban 只排席位相比。Advisers alone, beside zhiban's seats alone.

zhiban 按阶梯逐个目标求解：先看首个不同的目标，再看加权和。zhiban climbs goal by goal: look at the first
goal that differs, then at the weighted sum. 只有 zhiban 的整条命令还写出工作簿、日历、地图和原因。
zhiban's whole command alone also writes workbook, calendars, map and reasons.
"""

BORDER = """\
苏州席位：有人服务两个县。整体一个模型，与各县分开求解、再两县两县改进县界（`zhiban solve --apart`）相比；
损失对整体模型的下界而言，后面的目标还取决于前面目标的取值。Suzhou's seats, where some serve two counties:
one model, against counties apart whose borders are then improved two at a time. The loss is against the
bound of the whole model; a later goal also depends on what the earlier ones reached.
"""

CURVE = """\
云南的县，按代码顺序取整县，直到达到村居数；默认规则方案。
Whole counties of Yunnan in the order of their codes, default profile.
"""

FIT = """
拟合 cost = factor × n^exponent，对数最小二乘，括号内为标准误。
Least squares on logarithms, standard error in brackets.
秒只用求解到底（差距 0）的点：其余的点用满了时限。Seconds of the points solved to the end (gap 0) alone:
the others used up their time limit.
"""
