/* Everything beside the map: figures, panel, unmet list, month grid, goals. */
function drawHead() {
  const meta = DATA.meta;
  const hash = meta.hash ? `　输入 ${meta.hash.slice(0, 12)}` : "";
  show(byId("origin"), `求解状态 ${meta.status}　规则 ${meta.profile}　种子 ${meta.seed}${hash}`);
  const estimated = meta.estimated ? "本月工作日为推算，以国务院办公厅通知为准。" : "";
  const notice = [meta.notice, estimated].filter(Boolean).join("　");
  show(byId("notice"), notice);
  byId("notice").hidden = !notice;
  const sources = meta.sources.map(([name, count]) => `${name} ${count}`).join("，");
  const soft = DATA.background.length ? "　底图轮廓：示意，非行政区界线 schematic, not boundaries。" : "";
  const credit = DATA.attribution ? `　数据来源 ${DATA.attribution}` : "";
  const lost = DATA.villages.filter((village) => !village.at).length;
  const off = lost ? `　${lost} 个村居没有坐标，未画出。` : "";
  show(byId("map-note"), sources ? `村居坐标 Coordinates：${sources}。` : "", off, soft, credit);
  show(byId("foot"), `输入指纹 Input hash ${meta.hash || "—"}　`, Object.entries(meta.versions).map(([k, v]) => `${k} ${v}`).join("　"));
  drawCards();
}

function drawCards() {
  const { villages, slots, unmet, meta } = DATA;
  const served = villages.filter((v) => v.adviser !== null).length;
  const advisers = new Set(villages.map((v) => v.adviser).filter((n) => n !== null)).size;
  const seats = slots.reduce((sum, slot) => sum + slot.who.length + slot.vacant, 0);
  const empty = slots.reduce((sum, slot) => sum + slot.vacant, 0);
  const visits = villages.reduce((sum, village) => sum + village.visits.length, 0);
  const cards = [
    meta.plansAdvisers && ["有顾问的村居", "villages served", `${served} / ${villages.length}`, served < villages.length],
    meta.plansAdvisers && ["法律顾问", "advisers", advisers],
    meta.plansDuties && ["已落实班次", "duty seats filled", `${seats - empty} / ${seats}`, empty > 0],
    visits > 0 && ["走访", "visits", visits],
    ["未满足", "unmet", unmet.length, unmet.length > 0],
    ["硬性违反", "hard breaches", meta.hard, meta.hard > 0],
    ["须批准的例外", "waivers", meta.waivers],
  ];
  show(byId("cards"), cards.filter(Boolean).map(([zh, en, value, bad]) =>
    el("div", { class: bad ? "card bad" : "card" }, el("b", {}, String(value)), el("span", {}, zh), el("small", {}, en))));
}

/* Panel -------------------------------------------------------------------- */
function drawPanel() {
  const panel = byId("panel");
  if (chosen.person !== null) show(panel, personPanel(DATA.people[chosen.person], chosen.person));
  else if (chosen.site !== null) show(panel, sitePanel(DATA.sites[chosen.site], chosen.site));
  else if (chosen.village !== null) show(panel, barePanel(DATA.villages[chosen.village]));
  else show(panel, legend());
}

const back = () => el("button", { type: "button", class: "back", click: () => choose({ person: null, site: null, village: null }) }, "← 返回 Back");
const dot = (person) => el("i", { class: "dot", colour: colourOf(person) });
/* On the service's own page a panel leads on to the reasons; a file that stands alone has nowhere to go. */
const whyLink = (kind, id) => (DATA.board ? el("p", {}, el("a", { href: `${DATA.board}/why?kind=${kind}&target=${encodeURIComponent(id)}` }, "为什么 Why")) : null);
const facts = (...lines) => lines.filter(Boolean).map((line) => el("p", { class: "quiet" }, line));

function personPanel(person, number) {
  const mine = DATA.villages.filter((village) => village.adviser === number);
  const duties = DATA.slots.filter((slot) => slot.who.includes(number)).sort((a, b) => a.day - b.day);
  const seats = DATA.sites.filter((site) => site.mediators.includes(number));
  return [
    back(), el("h2", {}, dot(person), person.name),
    facts([person.kind, person.firm].filter(Boolean).join("　"), person.phone && `办公电话 Office phone：${person.phone}`), whyLink("person", person.id),
    listPart(`服务村居 Villages（${mine.length}）`, mine.map((v) => [v.name, v.town, ...v.visits.map((text) => `走访 ${text}`)])),
    listPart(`值班 Duties（${duties.length}）`, duties.map((slot) => [`${dayText(slot.day)} ${slot.part} ${slot.hours}`, `${siteName(slot)}　${slot.post}`])),
    listPart(`专职调解员 Mediators（${seats.length}）`, seats.map((site) => [site.name])),
    el("p", { class: "quiet hint" }, "圆圈为从机构出发的出行范围（直线近似）；★ 为机构所在地。Circles: reach from the office (★), as the crow flies."),
  ];
}

function sitePanel(site, number) {
  const duties = DATA.slots.filter((slot) => slot.site === number);
  const seated = site.mediators.map((n) => [DATA.people[n].name, DATA.people[n].phone]);
  const rows = duties.map((slot) => [`${dayText(slot.day)} ${slot.part}　${slot.post}`, names(slot).join("、")]);
  return [
    back(), el("h2", {}, site.name),
    facts(`${site.kind}　${site.town}`, site.phone && `公开电话 Phone：${site.phone}`), whyLink("site", site.id),
    listPart(`专职调解员 Mediators（${seated.length}）`, seated),
    listPart(`本月值班 Duties（${rows.length}）`, rows),
  ];
}

function barePanel(village) {
  const why = DATA.unmet.filter((row) => row.id === village.id);
  return [back(), el("h2", {}, village.name), facts(village.town, DATA.meta.plansAdvisers && "没有法律顾问 No adviser"), whyLink("village", village.id), why.map(unmetItem)];
}

function listPart(title, rows) {
  if (!rows.length) return null;
  const items = rows.map(([first, ...rest]) => el("li", {}, el("b", {}, first), rest.filter(Boolean).map((text) => el("span", {}, text))));
  return [el("h3", {}, title), el("ul", { class: "list" }, items)];
}

function legend() {
  const counts = new Map();
  for (const village of DATA.villages) {
    const fits = village.adviser !== null && (!chosen.town || village.town === chosen.town);
    if (fits) counts.set(village.adviser, (counts.get(village.adviser) || 0) + 1);
  }
  const order = [...counts.keys()].sort((a, b) => DATA.people[a].firm.localeCompare(DATA.people[b].firm, "zh") || a - b);
  const rows = order.map((n) => el("button", { type: "button", class: "row", click: () => pickPerson(n) },
    dot(DATA.people[n]), el("b", {}, DATA.people[n].name), el("span", {}, DATA.people[n].firm), el("em", {}, `${counts.get(n)} 村`)));
  return [
    el("h2", {}, "法律顾问 ", el("small", {}, `Advisers（${order.length}）`)),
    el("p", { class: "quiet" }, "点选姓名或地图上的点，查看所服务的村居、值班与出行范围。相邻顾问颜色不同；同色不一定是同一人。"),
    el("div", { class: "legend" }, rows),
  ];
}

/* Unmet and goals ---------------------------------------------------------- */
function unmetItem(row) {
  const head = `${row.kind}　${row.target}${row.when ? `　${row.when}` : ""}${row.missing > 1 ? `　缺 ${row.missing}` : ""}`;
  const reasons = row.reasons.map((reason) => el("li", {}, reason.zh, " ", el("small", {}, reason.en)));
  return el("div", { class: "unmet" }, el("b", {}, head), el("p", {}, row.zh, " ", el("small", {}, row.en)), el("ul", {}, reasons));
}

function drawUnmet() {
  const rows = DATA.unmet.filter((row) => !chosen.town || row.town === chosen.town);
  const none = el("p", { class: "quiet" }, "全部满足 Nothing is unmet");
  show(byId("unmet"), rows.length ? rows.map(unmetItem) : none);
}

function drawGoals() {
  const stages = { seats: "顾问与调解员 seats", month: "当月 month" };
  const goalRows = DATA.goals.map((goal) => [stages[goal.stage] || goal.stage, `${goal.zh} ${goal.name}`, goal.value, goal.bound, goal.gap]);
  const kpiRows = DATA.kpis.map(([zh, en, value]) => [zh === en ? zh : `${zh} ${en}`, value]);
  show(byId("goals"),
    goalRows.length ? table(["阶段 Stage", "目标 Goal", "取值 Value", "下界 Bound", "差距 Gap"], goalRows) : null,
    goalRows.length ? el("p", { class: "quiet" }, "取值越小越好；下界是已证明不可能更小的值；差距为零即最优。Smaller is better; the bound is proven; a gap of zero is optimal.") : null,
    kpiRows.length ? table(["指标 Figure", "取值 Value"], kpiRows) : null);
}
