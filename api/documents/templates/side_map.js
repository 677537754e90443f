/* The map of one scenario: what differs from the base, on top of all villages. */
const LOOKS = {
  lost: ["失去顾问", "loses its adviser", () => [svg("path", { d: "M0-10 10 0 0 10-10 0Z", class: "lost" }), svg("path", { d: "M0-5V1M0 4V5", class: "bang" })]],
  gained: ["得到顾问", "gains an adviser", () => svg("path", { d: "M0-9 9 7H-9Z", class: "gained" })],
  changed: ["换顾问", "changes adviser", () => svg("circle", { r: 6, class: "changed" })],
  bare: ["一直没有顾问", "without adviser in both", () => svg("path", { d: "M0-7 7 0 0 7-7 0Z", class: "bare" })],
  more: ["空缺增多（顾问、值班、走访）", "more left empty", () => svg("path", { d: "M-8-8H8V8H-8ZM-4 0H4", class: "more-empty" })],
  fewer: ["空缺减少", "less left empty", () => svg("path", { d: "M-8-8H8V8H-8ZM-4 0H4M0-4V4", class: "fewer-empty" })],
  opened: ["新开站点", "site opens", () => [svg("circle", { r: 10, class: "opened" }), svg("path", { d: "M-5 0H5M0-5V5", class: "stroke" })]],
  closed: ["关闭站点", "site closes", () => [svg("circle", { r: 10, class: "closed" }), svg("path", { d: "M-4-4 4 4M4-4-4 4", class: "stroke" })]],
  moved: ["迁移站点（线从旧址来）", "site moves, from the end of the line", () => [svg("circle", { r: 10, class: "moved-site" }), svg("path", { d: "M-5 0H4M0-4 5 0 0 4", class: "stroke" })]],
  village: ["其余村居", "other villages", () => svg("circle", { r: 3, class: "still" })],
  site: ["站点", "sites", () => svg("rect", { x: -4, y: -4, width: 8, height: 8, class: "still-site" })],
};
let ground = 0;
let chosenPlace = null;

function drawMap() {
  drawLayers("ground", "villages", "ways", "sites", "labels", "differs");
  DATA.villages.forEach((village, n) => village.at && addMark("villages", village.at, LOOKS.village[2](), "village", ["villages", n], () => tip(["villages", n]), pickPlace));
  DATA.sites.forEach((site, n) => {
    if (!site.at || site.kind.endsWith("工作室") || isNew(n)) return;
    addMark("sites", site.at, LOOKS.site[2](), "site", ["sites", n], () => tip(["sites", n]), pickPlace);
  });
  drawTowns();
  ground = marks.length;
}

/* Only some scenarios have it, here. */
const isNew = (n) => DATA.rows.some((row) => row.sites.opened.includes(n) || row.sites.moved.some((pair) => pair[1] === n));

/* Place by place, what differs: the first look that fits is drawn. */
function differing(row) {
  const found = new Map();
  const put = (look, table, n) => {
    const key = `${table} ${n}`;
    if (!found.has(key)) found.set(key, { look, place: [table, n] });
  };
  for (const [village, before, after] of row.advisers) put(after === null ? "lost" : before === null ? "gained" : "changed", "villages", village);
  for (const n of row.sites.opened) put("opened", "sites", n);
  for (const n of row.sites.closed) put("closed", "sites", n);
  for (const [, n] of row.sites.moved) put("moved", "sites", n);
  for (const [place, more] of emptier(row)) put(more > 0 ? "more" : "fewer", ...place);
  for (const demand of row.unmet) if (demand[0] === 0 && demand[1] && demand[3]) put("bare", ...demand[1]);
  return [...found.values()];
}

/* How many more demands than in the base stay empty at a place, advisers of villages apart. */
function emptier(row) {
  const sums = new Map();
  for (const [kind, place, , lacking, before] of row.unmet) {
    if (kind === 0 || !place) continue;
    const key = place.join(" ");
    const [, sum] = sums.get(key) || [place, 0];
    sums.set(key, [place, sum + lacking - before]);
  }
  return [...sums.values()].filter(([, sum]) => sum !== 0);
}

function drawSide() {
  const row = pickedSide();
  marks.length = ground;
  chosenPlace = null;
  const found = row.rank === null ? [] : differing(row);
  show(layers.ways, row.sites.moved.map(wayOf));
  show(layers.differs);
  for (const look of Object.keys(LOOKS).reverse()) {
    for (const one of found.filter((other) => other.look === look)) {
      const spot = placeOf(one.place).at;
      if (spot) addMark("differs", spot, LOOKS[look][2](), look, one.place, () => tip(one.place), pickPlace);
    }
  }
  drawKey(found);
  drawPanel();
  place();
}

function wayOf([from, to]) {
  const [a, b] = [DATA.sites[from].at, DATA.sites[to].at];
  return a && b ? svg("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: "way" }) : null;
}

function drawKey(found) {
  const counts = new Map();
  for (const { look } of found) counts.set(look, (counts.get(look) || 0) + 1);
  const entry = (look) => el("span", {}, svg("svg", { class: "sign", viewBox: "-12 -12 24 24", "aria-hidden": "true" }, LOOKS[look][2]()), both(LOOKS[look][0], LOOKS[look][1]), counts.has(look) ? el("b", {}, ` ${counts.get(look)}`) : null);
  show(byId("key"), Object.keys(LOOKS).filter((look) => counts.has(look)).map(entry), entry("village"), entry("site"));
}

function pickPlace(spot) {
  chosenPlace = spot;
  drawPanel();
}

const tip = (spot) => [placeOf(spot).name, placeOf(spot).town, ...story(spot)];

/* What happens at a place, in lines. */
function story([table, n]) {
  const row = pickedSide();
  const change = table === "villages" && row.advisers.find((one) => one[0] === n);
  const names = change ? [change[1], change[2]].map((who) => (who === null ? "无" : DATA.people[who])) : [];
  const isAt = (place) => place && place[0] === table && place[1] === n;
  const site = table === "sites" ? siteStory(row.sites, n) : "";
  const demands = row.unmet.filter((demand) => isAt(demand[1])).map(([kind, , when, lacking, before]) => `${KINDS[kind][0]} ${when} 缺 ${lacking === before ? lacking : `${before} → ${lacking}`}`);
  const rest = demands.length > 6 ? [`…… 共 ${demands.length} 项`] : [];
  return [change ? `顾问：${names.join(" → ")}` : "", site, ...demands.slice(0, 6), ...rest].filter(Boolean);
}

function siteStory(sites, n) {
  if (sites.opened.includes(n)) return "新开 opens";
  if (sites.closed.includes(n)) return "关闭 closes";
  if (sites.moved.some((pair) => pair[1] === n)) return "迁来此处 moves here";
  return sites.moved.some((pair) => pair[0] === n) ? "从此处迁走 moves away" : "";
}

function drawPanel() {
  const row = pickedSide();
  show(byId("panel"), chosenPlace ? placePanel(chosenPlace) : sidePanel(row));
}

function placePanel(spot) {
  const found = placeOf(spot);
  const lines = story(spot);
  return [
    el("button", { type: "button", class: "more", click: () => pickPlace(null) }, "← 返回 Back"),
    el("h3", {}, found.name), el("p", { class: "quiet" }, [found.kind, found.town].filter(Boolean).join("　")),
    lines.length ? el("ul", {}, lines.map((line) => el("li", {}, line))) : el("p", {}, both("与基准相同", "as in the base")),
  ];
}

function sidePanel(row) {
  const { opened, closed, moved } = row.sites;
  const list = (zh, en, numbers) => (numbers.length ? el("li", {}, both(zh, en), "：", numbers.map((n) => DATA.sites[n].name).join("、")) : null);
  return [
    el("h3", {}, named(row)), said(row), row.is_base || row.rank === null ? null : el("p", {}, tag(row.verdict)),
    el("ul", {}, list("新开", "opens", opened), list("关闭", "closes", closed), list("迁移", "moves", moved.map((pair) => pair[1]))),
    row.rank === null ? row.issues.map(issue) : null,
    row.promote ? [el("h3", {}, both("采用这个方案", "Take this scenario")), el("p", { class: "quiet" }, both("在本文件所在的文件夹里运行，得到完整的计划、日历与名单：", "run in the folder of this file; it writes the whole plan:")), el("code", { class: "command" }, row.promote)] : null,
    el("p", { class: "quiet hint" }, both("点选地图上的村居或站点，看那里有什么变化。", "Choose a place on the map to see what changes there.")),
  ];
}
