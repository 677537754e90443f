/* Figures, goals with their proof, money and the spread over the seeds, all sides beside each other. */
const FIRST = ["adviser_coverage_percent", "effective_coverage_percent", "duty_coverage_percent", "mean_adviser_minutes"];
/* Figures that are told as part of what is asked for. */
const OF_ASKED = { mediator_seats_held: "mediator_seats", visits: "visits", lectures: "lectures" };

function drawFigures() {
  const names = [...new Set(solved().flatMap((row) => Object.keys(row.kpis)))];
  const asked = [...new Set(solved().flatMap((row) => Object.keys(row.asked)))].filter((name) => !Object.values(OF_ASKED).includes(name) && !names.includes(name));
  const all = [...FIRST.filter((name) => names.includes(name)), ...names.filter((name) => !FIRST.includes(name)), ...asked.map((name) => `asked:${name}`)];
  const shown = all.filter((name) => FIRST.includes(name) || differs(name));
  const rest = all.filter((name) => !shown.includes(name));
  show(byId("figures"), figureTable(shown), rest.length ? folded(`其余 ${rest.length} 项各方案相同 the same everywhere`, () => figureTable(rest)) : null);
}

const amount = (row, name) => (name.startsWith("asked:") ? row.asked[name.slice(6)] : row.kpis[name]);
const wanted = (row, name) => row.asked[OF_ASKED[name]];
const differs = (name) => new Set(solved().map((row) => JSON.stringify([amount(row, name), wanted(row, name)]))).size > 1;

function figureTable(names) {
  const heads = [head("指标", "Figure"), ...solved().map((row) => ({ node: named(row), label: row.name }))];
  const rows = names.map((name) => {
    const top = name.endsWith("_percent") ? 100 : Math.max(...solved().map((row) => amount(row, name) || 0));
    return { cells: [both(...DATA.figures[name]), ...solved().map((row) => figureCell(row, name, top))] };
  });
  return cells(heads, rows, "figures");
}

function figureCell(row, name, top) {
  const [value, base] = [amount(row, name), amount(baseSide(), name)];
  const of = wanted(row, name) === undefined ? "" : ` / ${count(wanted(row, name))}`;
  const moved = row.is_base || value === undefined || base === undefined || value === base ? null : el("small", { class: "moved" }, ` ${signed(Number((value - base).toFixed(2)))}`);
  return [el("span", { class: "number" }, figure(name, value), of), moved, top > 0 && value !== undefined ? barOf(value / top) : null];
}

const percent = (share) => `${(Math.max(0, Math.min(1, share)) * 100).toFixed(2)}%`;
const barOf = (share) => svg("svg", { class: "bar", "aria-hidden": "true" }, svg("rect", { class: "track", width: "100%", height: "100%" }), svg("rect", { width: percent(share), height: "100%" }));

/* Goals ---------------------------------------------------------------------- */
function drawGoals() {
  const keys = Object.keys(DATA.goals).flatMap((goal) => Object.keys(STAGES).map((stage) => [stage, goal]))
    .filter(([stage, goal]) => solved().some((row) => row.goals.some((one) => one[0] === stage && one[1] === goal)));
  const isSame = ([stage, goal]) => solved().every((row) => hasBaseValue(row, stage, goal));
  const [apart, same] = [keys.filter((key) => !isSame(key)), keys.filter(isSame)];
  show(byId("goals"),
    el("p", { class: "quiet" }, "每个目标越小越好，越靠左越好，上面的目标优先。●是求得的值，左端竖线是已证明不可能更小的值；真正的最优在两者之间。两段不重叠才算有差别，而且前面的目标都要先有定论；浅蓝底是基准。",
      small("Smaller is better, to the left; goals above come first. ● is the value reached, the tick at the left is proven: the optimum lies between. Only ranges that do not overlap differ, and nothing is said after a goal that is open; the band is the base's.")),
    el("div", { class: "charts" }, apart.map(goalChart)),
    apart.length ? null : el("p", {}, both("所有目标的取值都与基准相同。", "Every goal has the base's value.")),
    same.length ? folded(`其余 ${same.length} 个目标各方案取值相同 the same value everywhere`, () => cells([head("目标", "Goal"), head("取值", "Value")], same.map(([stage, goal]) => ({ cells: [both(goalName(stage, goal), DATA.goals[goal][2]), count(goalOf(baseSide(), stage, goal)[1])] })), "short")) : null);
}

/* The same number, proven in both; it may still be measured otherwise. */
function hasBaseValue(row, stage, goal) {
  const [low, high] = goalOf(row, stage, goal);
  const [baseLow, baseHigh] = goalOf(baseSide(), stage, goal);
  return low === high && baseLow === baseHigh && high === baseHigh;
}

function goalChart([stage, goal]) {
  const [, zh, en] = DATA.goals[goal];
  const spans = solved().map((row) => goalOf(row, stage, goal));
  const scale = axis(spans.map((one) => one[0]), spans.map((one) => one[1]));
  const base = goalOf(baseSide(), stage, goal);
  const heads = [head("方案", "Scenario"), { node: scaleHead(scale), label: "范围" }, head("取值", "Value"), head("已证明不低于", "Proven at least"), head("对基准", "Against the base")];
  const rows = solved().map((row) => {
    const [low, high, verdict] = goalOf(row, stage, goal);
    return { look: row.is_base ? "base" : "", cells: [el("span", {}, named(row)), interval(scale, low, high, base, verdict), count(high), count(low), row.is_base ? "—" : tag(verdict)] };
  });
  return el("div", { class: "chart" }, el("h3", {}, goalName(stage, goal), " ", el("span", { class: "quiet" }, both(zh, en))), cells(heads, rows, "goals stack"));
}

/* From 0 where that leaves the differences to be seen, else from near the least. */
function axis(lows, highs) {
  const [least, most] = [Math.min(...lows), Math.max(...highs)];
  const from = least >= 0 && least <= most * 0.6 ? 0 : least;
  const room = (most - from || 1) * 0.06;
  return { from: from === 0 ? 0 : from - room, to: most + room, least: from, most };
}

const at = (scale, value) => percent(0.02 + (0.96 * (value - scale.from)) / (scale.to - scale.from));
const scaleHead = (scale) => el("span", { class: "ends" }, el("span", {}, `← ${count(scale.least)}`), el("span", {}, `${count(scale.most)}`));

function interval(scale, low, high, base, verdict) {
  const [x1, x2] = [at(scale, low), at(scale, high)];
  const wide = `${Math.max(0.6, parseFloat(at(scale, base[1])) - parseFloat(at(scale, base[0])))}%`;
  return svg("svg", { class: `interval v-${verdict}`, role: "img", "aria-label": `${count(low)} – ${count(high)}` },
    svg("rect", { class: "band", x: at(scale, base[0]), width: wide, height: "100%" }),
    svg("line", { class: "range", x1, x2, y1: "50%", y2: "50%" }),
    svg("line", { class: "proof", x1, x2: x1, y1: "18%", y2: "82%" }),
    svg("circle", { cx: x2, cy: "50%", r: 5 }));
}

/* Money ---------------------------------------------------------------------- */
const PARTS = [["villages", "村居", "villages"], ["duties", "值班", "duties"], ["standby", "备班", "standby"], ["lectures", "讲座", "lectures"], ["mediators", "调解员", "mediators"]];

function drawMoney() {
  const rows = solved().filter((row) => row.money);
  byId("money-part").hidden = !rows.length;
  const top = Math.max(1, ...rows.flatMap((row) => [row.money.total, row.money.fund || 0])) * 1.03;
  const hasFund = rows.some((row) => row.money.fund !== null);
  const heads = [head("方案", "Scenario"), { node: hasFund ? both("费用；竖线为经费", "cost; the line is the fund") : both("费用", "cost"), label: "费用" }, head("月合计（元）", "a month, yuan"), head("对基准", "Against the base"), head("每村居每月", "a village, a month"), head("经费（月）", "fund, a month"), head("余额", "left")];
  const lines = rows.map((row) => ({ look: row.is_base ? "base" : "", cells: [el("span", {}, named(row)), moneyBar(row.money, top), count(row.money.total), row.is_base ? "—" : signed(row.money.total - baseSide().money.total), count(row.money.per_village), row.money.fund === null ? "未设 none" : count(row.money.fund), left(row.money)] }));
  const details = () => cells([head("方案", "Scenario"), ...PARTS.map(([, zh, en]) => head(zh, en))], rows.map((row) => ({ cells: [el("span", {}, named(row)), ...PARTS.map(([name]) => count(row.money[name]))] })), "short");
  const out = [...new Map(rows.flatMap((row) => row.uncounted).map((words) => [words[0], words])).values()];
  show(byId("money"), rows.length ? [cells(heads, lines, "money stack"), folded("费用的组成 What it is made of", details)] : null,
    out.length ? el("p", { class: "quiet" }, "没有计入的（没有费率或没有排）Left out, without a rate or not planned：", out.map(([zh, en], n) => [n ? "、" : "", both(zh, en)])) : null);
}

const left = (money) => (money.left === null ? "—" : el("span", { class: money.left < 0 ? "short-of" : "" }, money.left < 0 ? `缺 short ${count(-money.left)}` : count(money.left)));

function moneyBar(money, top) {
  const line = money.fund === null ? null : svg("line", { class: "fund", x1: percent(money.fund / top), x2: percent(money.fund / top), y1: "0", y2: "100%" });
  return svg("svg", { class: money.left !== null && money.left < 0 ? "money-bar over" : "money-bar", "aria-hidden": "true" }, svg("rect", { y: "20%", width: percent(money.total / top), height: "60%" }), line);
}

/* Spread over the seeds -------------------------------------------------------- */
function drawSpreads() {
  byId("spread-part").hidden = !DATA.spreads.length;
  const names = [...new Set(DATA.spreads.map((one) => one.figure))];
  const isFlat = (name) => new Set(DATA.spreads.filter((one) => one.figure === name).flatMap((one) => [one.least, one.most])).size < 2;
  const shown = names.filter((name) => !isFlat(name) && (FIRST.includes(name) || name === "cost"));
  const rest = names.filter((name) => !shown.includes(name));
  show(byId("spreads"),
    el("p", { class: "quiet" }, `同一方案用 ${SEEDS.length} 个种子各算一次：线从最小到最大，●为平均。`, small("One solve for each seed: the line runs from least to most, ● is the mean.")),
    verdictsOver(),
    el("div", { class: "charts" }, shown.map(spreadChart)), rest.length ? folded(`其余 ${rest.length} 项 others`, () => rest.map(spreadChart)) : null);
}

/* What is proven of a scenario in how many of the seeds. */
function verdictsOver() {
  const line = (row) => {
    const found = DATA.rows.filter((other) => other.letter === row.letter).map((other) => other.verdict);
    return { cells: [el("span", {}, named(row)), Object.keys(DATA.verdicts).filter((verdict) => found.includes(verdict)).map((verdict) => [tag(verdict), ` ${found.filter((one) => one === verdict).length} / ${SEEDS.length}　`])] };
  };
  return cells([head("方案", "Scenario"), head("对各自种子的基准", "Against the base of its seed")], others().map(line), "text");
}

function spreadChart(name) {
  const found = DATA.spreads.filter((one) => one.figure === name);
  const scale = axis(found.map((one) => one.least), found.map((one) => one.most));
  const heads = [head("方案", "Scenario"), { node: scaleHead(scale), label: "范围" }, head("最小", "Least"), head("平均", "Mean"), head("最大", "Most")];
  const rows = found.map((one) => ({ cells: [el("span", {}, named(DATA.rows.find((row) => row.letter === one.row))), spreadLine(scale, one), ...[one.least, one.mean, one.most].map((value) => figure(name, value))] }));
  return el("div", { class: "chart" }, el("h3", {}, both(...DATA.figures[name])), cells(heads, rows, "goals stack"));
}

const spreadLine = (scale, one) => svg("svg", { class: "interval", "aria-hidden": "true" },
  svg("line", { class: "range", x1: at(scale, one.least), x2: at(scale, one.most), y1: "50%", y2: "50%" }), svg("circle", { cx: at(scale, one.mean), cy: "50%", r: 5 }));
