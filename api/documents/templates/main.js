/* The month of duties, the filters, and the start. */
const PARTS = ["上午", "下午", "夜间"];
const month = () => Number(DATA.meta.month.split("年")[1].replace("月", ""));
const dayText = (n) => `${month()}月${n}日（周${DATA.days[n - 1].week}）`;
const siteName = (slot) => (DATA.sites[slot.site] ? DATA.sites[slot.site].name : "");
const names = (slot) => [...slot.who.map((n) => DATA.people[n].name), ...Array(slot.vacant).fill("待定")];

function person(n) {
  const chosenHere = chosen.person === n;
  return el("button", { type: "button", class: chosenHere ? "name on" : "name", click: () => pickPerson(n) }, DATA.people[n].name);
}

const seats = (slot) => [...slot.who.map(person), ...Array(slot.vacant).fill(0).map(() => el("span", { class: "vacant" }, "待定"))];

function drawMonth() {
  const slots = DATA.slots.filter(slotFits);
  const text = !DATA.meta.plansDuties ? "本次未排值班 No duties in this plan" : slots.length ? "" : "没有符合条件的值班 No duty fits the filter";
  show(byId("grid-note"), text);
  show(byId("grid"), slots.length ? gridTable(slots) : null);
  show(byId("agenda"), slots.length ? agenda(slots) : null);
}

function gridTable(slots) {
  const used = new Set(slots.map((slot) => slot.day));
  const rows = new Map();
  for (const slot of slots) {
    const key = JSON.stringify([slot.site, slot.key, PARTS.indexOf(slot.part)]);
    if (!rows.has(key)) rows.set(key, { slot, days: new Map() });
    rows.get(key).days.set(slot.day, slot);
  }
  const dayClass = (day) => [day.off ? "off" : "", used.has(day.day) ? "" : "unused"].join(" ");
  const heads = DATA.days.map((day) => el("th", { class: dayClass(day), title: day.note }, String(day.day), el("small", {}, day.week), day.note && day.off ? el("small", { class: "rest" }, "休") : day.note ? el("small", { class: "work" }, "班") : null));
  const sorted = [...rows.values()].sort((a, b) => a.slot.site - b.slot.site || a.slot.key.localeCompare(b.slot.key) || PARTS.indexOf(a.slot.part) - PARTS.indexOf(b.slot.part));
  let last = null;
  const body = sorted.map(({ slot, days }) => {
    const first = slot.site !== last;
    last = slot.site;
    const site = el("button", { type: "button", class: "place", click: () => pickSite(slot.site) }, siteName(slot));
    const head = el("th", { scope: "row" }, first ? site : null, el("small", {}, `${slot.post} ${slot.part}`));
    const cells = DATA.days.map((day) => el("td", { class: dayClass(day) }, days.has(day.day) ? seats(days.get(day.day)) : null));
    return el("tr", { class: first ? "first" : "" }, head, cells);
  });
  return el("table", {}, el("thead", {}, el("tr", {}, el("th", {}, "值班地点"), heads)), el("tbody", {}, body));
}

function agenda(slots) {
  return DATA.days.filter((day) => slots.some((slot) => slot.day === day.day)).map((day) => {
    const rows = slots.filter((slot) => slot.day === day.day);
    const head = el("summary", {}, el("b", {}, dayText(day.day)), day.note ? el("small", {}, ` ${day.note}`) : null, el("em", {}, `${rows.length} 班`));
    const items = rows.map((slot) => el("li", {}, el("span", { class: "when" }, `${slot.part} ${slot.hours}`), el("b", {}, siteName(slot)), el("span", {}, slot.post), el("span", {}, seats(slot)), slot.remark ? el("small", {}, slot.remark) : null));
    return el("details", { open: slots.length <= 60 ? "" : null }, head, el("ul", {}, items));
  });
}

/* Filters ------------------------------------------------------------------ */
const finds = new Map();

function addFind(label, pick) {
  const twice = finds.has(label);
  finds.set(twice ? `${label}（${finds.size}）` : label, pick);
}

function drawFilters() {
  DATA.people.forEach((one, n) => addFind(one.firm ? `${one.name}　${one.firm}` : `${one.name}　${one.kind}`, () => pickPerson(n)));
  DATA.sites.forEach((site, n) => addFind(site.name, () => pickSite(n)));
  DATA.villages.forEach((village, n) => addFind(`${village.name}　${village.town}`, () => pickVillage(n)));
  show(byId("names"), [...finds.keys()].map((label) => el("option", { value: label })));
  const towns = [...new Set([...DATA.villages, ...DATA.sites].map((place) => place.town))].filter(Boolean);
  show(byId("town"), el("option", { value: "" }, "全部 All"), towns.map((town) => el("option", { value: town }, town)));
  show(byId("site"), el("option", { value: "" }, "全部 All"), sitesOnDuty().map((n) => el("option", { value: String(n) }, DATA.sites[n].name)));
  byId("find").addEventListener("change", find);
  byId("town").addEventListener("change", (event) => {
    choose({ town: event.target.value, person: null, site: null, village: null });
    fitMap(marks.filter((mark) => mark.kind !== "town" && markFits(mark)).map((mark) => mark.at));
  });
  byId("site").addEventListener("change", (event) => pickSite(event.target.value === "" ? null : Number(event.target.value)));
  byId("clear").addEventListener("click", () => {
    byId("find").value = "";
    choose({ person: null, site: null, town: "", village: null });
    fitMap();
  });
}

function sitesOnDuty() {
  return [...new Set(DATA.slots.map((slot) => slot.site))].filter((n) => n !== null).sort((a, b) => a - b);
}

/* map.html#person=L001, #site=Z001 or #village=…: a link to one of them. */
function followLink() {
  const link = new URLSearchParams(window.location.hash.slice(1));
  for (const [name, list, pick] of [["person", DATA.people, pickPerson], ["site", DATA.sites, pickSite], ["village", DATA.villages, pickVillage]]) {
    const n = list.findIndex((one) => one.id === link.get(name));
    if (n >= 0) pick(n);
  }
}

function find(event) {
  const text = event.target.value.trim();
  const exact = finds.get(text);
  const near = [...finds.keys()].find((label) => text && label.includes(text));
  if (exact) exact();
  else if (near) finds.get(near)();
}

function syncFilters() {
  byId("town").value = chosen.town;
  byId("site").value = chosen.site === null ? "" : String(chosen.site); // blank when the site has no duty
}

function drawKey() {
  const item = (name, text) => el("span", {}, el("i", { class: name }), text);
  const bare = DATA.meta.plansAdvisers && DATA.villages.some((village) => village.adviser === null);
  show(byId("key"),
    DATA.villages.length ? item("k-village", "村居（按顾问着色）") : null,
    bare ? item("k-bare", "没有顾问") : null,
    item("k-centre", "中心"), item("k-station", "工作站等"),
    DATA.sites.some((site) => site.kind.endsWith("工作室") && !villageSpots.has(spot(site.at))) ? item("k-room", "工作室") : null,
    DATA.villages.some((village) => village.priority) ? item("k-priority", "重点村居") : null,
    DATA.meta.plansStations ? item("k-share", "共用固定站") : null,
    DATA.background.length ? el("span", {}, "底图：示意，非行政区界线") : null,
    DATA.meta.notice ? el("span", { class: "k-notice" }, DATA.meta.notice) : null);
}

drawHead();
drawMap();
drawKey();
drawFilters();
drawGoals();
watchers.push(syncFilters, drawPanel, drawMonth, drawUnmet, markChoice);
watchMap();
choose({});
fitMap();
followLink();
window.addEventListener("hashchange", followLink);
document.body.dataset.ready = "yes";
