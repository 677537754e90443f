/* The answer in words, what each scenario changes, and the ranked table. */
function drawHead() {
  const { meta } = DATA;
  show(byId("question-en"), meta.questionEn);
  const way = meta.deterministic ? "可重现" : "按时间停止，再算可能不同";
  show(byId("origin"), `${meta.plan}　${meta.month}　求解范围：${meta.stage[0]}　${way}　内部资料，含姓名，不对外公布 `, small(`${meta.stage[1]}; for the office only`));
  show(byId("notice"), meta.notice);
  byId("notice").hidden = !meta.notice;
  show(byId("missing"), meta.missing.length ? `尚未求解：${meta.missing.join("、")}。再运行同一命令即继续。Not solved yet; run the same command to go on.` : "");
  byId("missing").hidden = !meta.missing.length;
}

/* Which scenarios are better, worse, the same, open: in words. */
const ANSWERS = [
  ["better", "已证明比基准更好", "proven better than the base"],
  ["worse", "已证明比基准更差", "proven worse than the base"],
  ["open", "不能断定与基准有差别", "not shown to differ from the base"],
  ["same", "已证明与基准一样好", "proven as good as the base"],
  ["other", "要求与基准不同（口径不同），不能直接比好坏", "asks for something else than the base: neither better nor worse"],
];

function drawAnswer() {
  const lines = ANSWERS.map(([verdict, zh, en]) => {
    const rows = others().filter((row) => row.verdict === verdict);
    return rows.length ? el("li", {}, el("span", { class: `verdict v-${verdict}` }, both(zh, en)), rows.map((row) => el("div", {}, named(row), " ", el("span", { class: "why" }, why(row)), el("div", { class: "effect" }, effects(row))))) : null;
  });
  const refused = others().filter((row) => row.rank === null);
  const last = refused.length ? el("li", {}, el("span", { class: "verdict v-worse" }, both("不可行，没有方案", "refused: there is no plan")), refused.map((row) => el("div", {}, named(row)))) : null;
  show(byId("answer"), others().length ? [lines, last] : el("li", {}, "只有基准 Only the base"));
}

/* What decides the verdict, with the numbers that prove it. */
function why(row) {
  if (!row.decided) return both("所有目标都相同", "all goals are the same");
  const [stage, goal] = row.decided;
  const [low, high] = goalOf(row, stage, goal);
  const [baseLow, baseHigh] = goalOf(baseSide(), stage, goal);
  const name = goalName(stage, goal);
  const from = `基准 ${span(baseLow, baseHigh)}，本方案 ${span(low, high)}`;
  if (row.verdict === "other") return [...both(`“${name}”的要求不同，见指标`, "see the figures"), alike(row)];
  if (row.verdict === "open") {
    const apart = high < baseLow || low > baseHigh;
    return apart ? both(`“${name}”之前的目标还没有定论（${from}）`, "an earlier goal is open") : both(`“${name}”可能的范围重叠：${from}`, "the ranges overlap");
  }
  return both(`由“${name}”决定：${from}，越小越好`, `decided by ${DATA.goals[goal][2]}; smaller is better`);
}

/* Of a scenario without a common yardstick: the first goal measured alike that is proven to differ. */
function alike(row) {
  const found = row.goals.find((goal) => goal[4] === "better" || goal[4] === "worse");
  if (!found) return "";
  const [stage, goal, low, high, verdict] = found;
  const word = DATA.verdicts[verdict];
  return both(`；口径相同的目标中，“${goalName(stage, goal)}”${word[0]}：基准 ${span(...goalOf(baseSide(), stage, goal))}，本方案 ${span(low, high)}`, `of goals measured alike, ${DATA.goals[goal][2]}: ${word[1]}`);
}

/* What a scenario does to the figures that are looked at first, to what is asked for, and to the cost. */
function effects(row) {
  const base = baseSide();
  const moved = (zh, before, after) => (before === after || before === undefined || after === undefined ? [] : [`${zh} ${before} → ${after}`]);
  const kpis = [...FIRST, "mediator_seats_held"].flatMap((name) => moved(DATA.figures[name] && DATA.figures[name][0], base.kpis[name] && figure(name, base.kpis[name]), row.kpis[name] && figure(name, row.kpis[name])));
  const asked = Object.keys(base.asked).flatMap((name) => moved(DATA.figures[`asked:${name}`][0], count(base.asked[name]), row.asked[name] === undefined ? undefined : count(row.asked[name])));
  const empty = moved("空缺", count(missing(base)), count(missing(row)));
  const changes = row.advisers.length ? [`${row.advisers.length} 个村居换顾问`] : [];
  const cost = row.money && base.money ? moved("月费用", `${count(base.money.total)} 元`, `${count(row.money.total)} 元`) : [];
  return [...kpis, ...asked, ...empty, ...changes, ...cost].join("；") || "主要指标与基准相同 main figures as in the base";
}

function drawScenarios() {
  show(byId("scenarios"), sides().map((row) => el("div", { class: "scenario" }, el("h3", {}, named(row), row.name_en && !row.is_base ? [" ", small(row.name_en)] : null), said(row), row.issues.map(issue))));
}

const SENTENCES = 2;
function said(row) {
  if (row.is_base) return el("p", { class: "quiet" }, row.sentences.length ? sentences(row.sentences) : both("现有的人员、站点与规则，什么也不改", "people, sites and rules as they are"));
  const rest = row.sentences.slice(SENTENCES);
  return [sentences(row.sentences.slice(0, SENTENCES)), rest.length ? folded(`另 ${rest.length} 项改变 more changes`, () => sentences(rest)) : null];
}

const sentences = (list) => el("ul", {}, list.map(([zh, en]) => el("li", {}, zh, el("small", { class: "line", lang: "en" }, en))));
const issue = ([zh, en, mend, mendEn]) => el("p", { class: "notice" }, `不可行：${zh}。${mend}`, " ", small(`${en}. ${mendEn}`));

function drawRanking() {
  const order = [...sides()].sort((a, b) => (shownRank(a) ?? Infinity) - (shownRank(b) ?? Infinity));
  const kpis = [["adviser_coverage_percent", "顾问覆盖", "advised"], ["effective_coverage_percent", "本月有走访", "visited"], ["duty_coverage_percent", "班次落实", "duties planned"], ["mean_adviser_minutes", "到村平均分钟", "mean minutes"]]
    .filter(([name]) => solved().some((row) => row.kpis[name] !== undefined));
  const heads = [head("名次", "Rank"), head("方案", "Scenario"), head("对基准", "Against the base"), ...kpis.map(([, zh, en]) => head(zh, en)), head("换顾问的村居", "villages that change adviser"), head("空缺", "left empty"), head("月费用（元）", "cost, yuan")];
  const rows = order.map((row) => ({
    look: row.is_base ? "base" : "",
    cells: [place(row, order), el("span", {}, named(row)), row.is_base ? "—" : row.rank === null ? "不可行 refused" : tag(row.verdict), ...(row.rank === null ? [...kpis, 0, 0, 0].map(() => "—") : numbers(row, kpis))],
  }));
  show(byId("ranking"), cells(heads, rows, "stack"), ties(order),
    el("p", { class: "quiet" }, both("名次 = 1 + 已证明更好的方案个数。", "Rank = 1 + how many are proven better.")),
    order.some(isPartly) ? el("p", { class: "quiet" }, both("* 有的目标与基准口径不同：按目标次序比到第一个这样的目标为止，其后不分好坏，请看指标。", "* Some goals are not measured as the base's: the comparison ends at the first of them, and nothing is said of what comes after; look at the figures.")) : null);

  function place(row, all) {
    const rank = shownRank(row);
    if (rank === null) return "—";
    const isTied = all.filter((other) => shownRank(other) === rank).length > 1;
    return [String(rank), isPartly(row) ? "*" : null, isTied ? el("small", {}, " 并列 tied") : null];
  }
}

/* What asks for something else than the base has no place among the others. */
const shownRank = (row) => (row.verdict === "other" ? null : row.rank);
const isPartly = (row) => row.goals.some((goal) => goal[4] === "other");
const missing = (row) => row.unmet.reduce((sum, demand) => sum + demand[3], 0);
const numbers = (row, kpis) => [...kpis.map(([name]) => figure(name, row.kpis[name])), row.is_base ? "—" : count(row.advisers.length), count(missing(row)), row.money ? count(row.money.total) : "—"];

/* Who shares a rank, and why: words for what is not proven. */
function ties(order) {
  const ranks = [...new Set(order.map(shownRank))].filter((rank) => rank !== null);
  const groups = ranks.map((rank) => order.filter((row) => shownRank(row) === rank)).filter((group) => group.length > 1);
  return groups.map((group) => el("p", { class: "quiet tie" }, `名次 ${group[0].rank} 并列 tied：${group.map((row) => row.name).join("、")}。`, reasonsOf(group)));
}

function reasonsOf(group) {
  if (!group.some((row) => row.is_base)) return both("它们之间不能断定有差别。", "They are not shown to differ.");
  const of = (verdict) => group.filter((row) => !row.is_base && row.verdict === verdict).map((row) => row.name).join("、");
  return ["same", "open", "other"].filter(of).map((verdict) => [`${of(verdict)}：与基准${DATA.verdicts[verdict][0]}；`, small(`${DATA.verdicts[verdict][1]}. `)]);
}
