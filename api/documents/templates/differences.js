/* What one scenario changes beside the base: townships, villages, people, what stays empty, rules. */
function drawDifferences() {
  const row = pickedSide();
  const parts = row.rank === null ? [row.issues.map(issue)] : row.is_base ? [unmetParts(row)] : [townPart(row), advisersPart(row), unmetParts(row), peoplePart(row), rulesPart(row)];
  show(byId("differences"), el("h3", {}, named(row)), parts);
}

const none = (zh, en) => el("p", { class: "quiet" }, both(zh, en));
const isMany = (rows) => rows.length > SHOWN;
const arrow = (before, after) => (before === after ? count(after) : el("span", { class: "moved" }, `${count(before)} → ${count(after)}`));

/* Townships -------------------------------------------------------------------- */
const TOWN = [["villages", "村居", "villages"], ["advised", "有顾问", "advised"], ["visited", "有走访", "visited"], ["minutes", "平均分钟", "mean minutes"], ["seats", "班次", "duty seats"], ["held", "落实", "planned"], ["mediators", "调解员", "mediators"]];

function townPart(row) {
  const rows = townRows(row).filter((one) => one.weight > 0).sort((a, b) => b.weight - a.weight);
  if (!rows.length) return none("没有乡镇受影响", "No township is affected");
  const used = TOWN.map((column, n) => [column, n]).filter(([, n]) => rows.some(({ now, was }) => now && was && now[n] !== was[n]) || n === 0);
  const heads = [head("乡镇", "Township"), head("换顾问的村居", "change adviser"), ...used.map(([[, zh, en]]) => head(zh, en))];
  const draw = (list) => cells(heads, list.map(({ town, now, was, changes }) => ({
    cells: [DATA.towns[town], count(changes), ...used.map(([, n]) => (now && was ? arrow(was[n], now[n]) : now ? [count(now[n]), small(" 新 new")] : "不再单列 no longer apart"))],
  })), "short");
  return folded(`受影响最大的乡镇 Townships most affected（${rows.length}）`, () => searched("查找乡镇 Find a township", rows, (one) => DATA.towns[one.town], draw), true);
}

function townRows(row) {
  const rowsBy = (one) => new Map(one.townships.map(([town, ...figures]) => [town, figures]));
  const [now, was] = [rowsBy(row), rowsBy(baseSide())];
  const changes = new Map();
  for (const [village] of row.advisers) changes.set(DATA.villages[village].town, (changes.get(DATA.villages[village].town) || 0) + 1);
  return [...new Set([...now.keys(), ...was.keys()])].map((town) => {
    const pair = { town, now: now.get(town), was: was.get(town), changes: changes.get(DATA.towns[town]) || 0 };
    return { ...pair, weight: weight(pair) };
  });
}

/* Villages without adviser count most, then visits, duties, mediators, changes; then minutes. */
function weight({ now, was, changes }) {
  if (!now || !was) return 1e9;
  const off = (n) => Math.abs((now[n] || 0) - (was[n] || 0));
  return off(1) * 1e6 + off(2) * 1e4 + (off(4) + off(5) + off(6)) * 1e3 + changes * 100 + off(3);
}

/* Villages that change their adviser ------------------------------------------- */
function advisersPart(row) {
  const zh = `换顾问的村居 Villages that change adviser（${row.advisers.length}）`;
  if (!row.advisers.length) return none("没有村居换顾问", "No village changes its adviser");
  const person = (n) => (n === null ? "无 nobody" : DATA.people[n]);
  const words = ([village, before, after]) => [DATA.villages[village].name, DATA.villages[village].town, person(before), person(after)].join(" ");
  const sorted = [...row.advisers].sort((a, b) => (a[2] !== null) - (b[2] !== null) || (a[1] !== null) - (b[1] !== null));
  const draw = (list) => cells([head("村居", "Village"), head("乡镇", "Township"), head("基准顾问", "Before"), head("方案顾问", "After"), head("原因", "Why")], list.map(([village, before, after, hasLeft]) => ({
    cells: [DATA.villages[village].name, DATA.villages[village].town, person(before), after === null ? el("b", { class: "short-of" }, person(after)) : person(after), hasLeft ? "原顾问离开 has left" : before === null ? "原无顾问 had none" : after === null ? "失去顾问 loses adviser" : "调整 rearranged"],
  })), "short text");
  return folded(zh, () => searched("查找村居、乡镇或姓名 Find a village, township or name", sorted, words, draw), true);
}

/* Demands left empty ------------------------------------------------------------ */
function unmetParts(row) {
  if (row.is_base) return folded(`基准中的空缺 Left empty in the base（${row.unmet.length}）`, () => unmetList(row.unmet), !isMany(row.unmet));
  const more = row.unmet.filter((demand) => demand[3] > demand[4]);
  const fewer = row.unmet.filter((demand) => demand[3] < demand[4]);
  const same = row.unmet.filter((demand) => demand[3] === demand[4]);
  return [
    more.length ? folded(`新增的空缺及原因 Newly empty, and why（${more.length}）`, () => unmetList(more), true) : none("没有新增的空缺", "Nothing is newly empty"),
    fewer.length ? folded(`不再空缺或减少（已补上，或不再要求）No longer empty: filled, or no longer asked for（${fewer.length}）`, () => unmetList(fewer), !isMany(fewer)) : null,
    same.length ? folded(`与基准一样空缺 Empty as in the base（${same.length}）`, () => unmetList(same)) : null,
  ];
}

const placeOf = (place) => (place ? DATA[place[0]][place[1]] : null);

function unmetList(list) {
  const words = (demand) => [DATA.texts[demand[5]].join(" "), KINDS[demand[0]].join(" "), (placeOf(demand[1]) || {}).name, (placeOf(demand[1]) || {}).town].join(" ");
  return searched("查找村居、站点或原因 Find a village, site or reason", list, words, (rows) => el("div", { class: "unmets" }, rows.map(unmetCard)));
}

function unmetCard([kind, place, when, lacking, before, text, reasons]) {
  const [zh, en] = DATA.texts[text];
  const spot = placeOf(place);
  const number = lacking === before ? `缺 ${lacking}` : `缺 ${before} → ${lacking}`;
  return el("div", { class: lacking > before ? "unmet newly" : lacking < before ? "unmet fewer" : "unmet" },
    el("b", {}, `${KINDS[kind][0]}　${spot ? spot.name : ""}　${when}　${number}`), el("p", {}, both(zh, en)),
    reasons.length ? el("ul", {}, reasons.map((n) => el("li", {}, both(...DATA.texts[n])))) : null);
}

/* People and rules --------------------------------------------------------------- */
const LOAD = [["村居", "villages"], ["值班", "turns"], ["走访", "visits"], ["工时", "hours"], ["路途分钟", "travel min"]];

function peoplePart(row) {
  if (!row.people.length) return none("没有人的工作量改变", "Nobody's load changes");
  const off = ([, was, now], n) => Math.abs((now ? now[n] : 0) - (was ? was[n] : 0));
  const rows = [...row.people].sort((a, b) => off(b, 0) - off(a, 0) || off(b, 3) - off(a, 3));
  const heads = [head("姓名", "Name"), ...LOAD.map(([zh, en]) => head(zh, en))];
  const line = ([who, was, now]) => ({ cells: [[DATA.people[who], !now ? small(" 不在 not there") : !was ? small(" 新 new") : null], ...LOAD.map((_, n) => (was && now ? arrow(was[n], now[n]) : count((now || was)[n])))] });
  return folded(`工作量改变的人 People whose load changes（${rows.length}）`, () => searched("查找姓名 Find a name", rows, (one) => DATA.people[one[0]], (list) => cells(heads, list.map(line), "short")));
}

function rulesPart(row) {
  const rows = row.rules.filter(([, , amountNow, before, isOther]) => amountNow !== before || isOther);
  if (!rows.length) return none("各规则的合计与基准相同", "Every rule amounts to what it does in the base");
  const told = (value) => (value === null ? "不用 off" : count(value));
  return folded(`合计改变的规则 Rules that amount to something else（${rows.length}）`, () => [
    el("p", { class: "quiet" }, both("各规则按自己的单位（人、分钟、次）合计，越小越好。", "In the rule's own unit, smaller is better.")),
    cells([head("规则", "Rule"), head("基准", "Base"), head("本方案", "Scenario"), head("规则本身改了", "The rule itself differs")], rows.map(([zh, code, amountNow, before, isOther]) => ({ cells: [both(zh, code), told(before), told(amountNow), isOther ? "是 yes" : ""] })), "short"),
  ]);
}
