/* The map: kilometres on a plane, drawn as SVG, moved and scaled by its view box. */
const MAP = byId("map");
const view = { x: 0, y: 0, w: 10, h: 10 };
const marks = [];
const layers = {};
/* Class, half side in pixels, ending of the kind of site; the first that fits. */
const SITE_LOOKS = [["centre", 9, "中心"], ["room", 6, "工作室"], ["station", 6, ""]];

function drawMap() {
  for (const name of ["ground", "shares", "reach", "links", "rooms", "villages", "sites", "labels"]) {
    layers[name] = svg("g", { class: name });
    MAP.append(layers[name]);
  }
  for (const ring of DATA.background) {
    layers.ground.append(svg("polygon", { points: ring.map((at) => at.join(",")).join(" ") }));
  }
  DATA.villages.forEach((village, n) => village.at && drawVillage(village, n));
  DATA.sites.forEach((site, n) => site.at && drawSite(site, n));
  drawShares();
  drawTowns();
}

/* A line from every village to the fixed station it shares. */
function drawShares() {
  DATA.villages.forEach((village, n) => {
    const host = DATA.villages[village.station];
    if (!host || village.station === n || !host.at || !village.at) return;
    layers.shares.append(svg("line", { x1: village.at[0], y1: village.at[1], x2: host.at[0], y2: host.at[1] }));
  });
}

function stationTip(village) {
  if (village.station === null) return "";
  const host = DATA.villages[village.station];
  if (!host) return "流动服务点 Mobile point";
  return host === village ? "设有固定站 Fixed station" : `共用固定站：${host.name}`;
}

function addMark(layer, at, shape, kind, number, tip, pick) {
  const group = svg("g", { class: `mark ${kind}` }, shape);
  group.addEventListener("click", () => !drag.moved && pick(number));
  group.addEventListener("pointerenter", (event) => showTip(event, tip()));
  group.addEventListener("pointerleave", hideTip);
  layers[layer].append(group);
  marks.push({ group, at, kind, number });
}

function drawVillage(village, n) {
  const person = DATA.people[village.adviser];
  const bare = DATA.meta.plansAdvisers && !person;
  const shape = bare
    ? [svg("path", { d: "M0-11 11 0 0 11-11 0Z", class: "bare" }), svg("path", { d: "M0-5.5V1M0 4V5", class: "bang" })]
    : [svg("circle", { r: village.priority ? 6.5 : 5.5, fill: colourOf(person), class: village.priority ? "priority" : "" })];
  addMark("villages", village.at, shape, bare ? "unserved" : "village", n, () => villageTip(village, person), pickVillage);
}

/* A workroom lies in its village: the village stands for both. */
const spot = (at) => (at ? at.join() : "");
const villageSpots = new Set(DATA.villages.map((village) => spot(village.at)));
const roomsAt = new Map();
for (const site of DATA.sites) {
  if (!site.at || !villageSpots.has(spot(site.at))) continue;
  roomsAt.set(spot(site.at), [...(roomsAt.get(spot(site.at)) || []), ...site.mediators]);
}
const mediatorsOf = (village) => roomsAt.get(spot(village.at)) || [];

function drawSite(site, n) {
  if (site.kind.endsWith("工作室") && villageSpots.has(spot(site.at))) return;
  const [name, side] = SITE_LOOKS.find(([, , ending]) => site.kind.endsWith(ending));
  const shape = svg("rect", { x: -side, y: -side, width: 2 * side, height: 2 * side, rx: 2, class: name });
  addMark(name === "room" ? "rooms" : "sites", site.at, shape, "site", n, () => [site.name, site.kind, site.phone], pickSite);
}

function villageTip(village, person) {
  const who = person ? `法律顾问：${person.name}　${person.firm}` : DATA.meta.plansAdvisers ? "没有法律顾问 No adviser" : "";
  const mediators = mediatorsOf(village).map((n) => DATA.people[n].name).join("、");
  return [village.name, village.town, who, stationTip(village), mediators && `专职调解员：${mediators}`, ...village.visits.map((text) => `走访：${text}`)];
}

function drawTowns() {
  const towns = new Map();
  for (const village of DATA.villages) {
    if (!village.at) continue;
    const sum = towns.get(village.town) || [0, 0, 0];
    towns.set(village.town, [sum[0] + village.at[0], sum[1] + village.at[1], sum[2] + 1]);
  }
  for (const [name, [x, y, count]] of [...towns].sort((a, b) => b[1][2] - a[1][2])) {
    const group = svg("g", { class: "mark town" }, svg("text", {}, name));
    layers.labels.append(group);
    marks.push({ group, at: [x / count, y / count], kind: "town", name });
  }
}

/* View box ----------------------------------------------------------------- */
function fitMap(points) {
  const list = points && points.length ? points : marks.map((mark) => mark.at);
  if (!list.length) return;
  const [xs, ys] = [list.map((at) => at[0]), list.map((at) => at[1])];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const box = MAP.getBoundingClientRect();
  const ratio = box.height > 0 ? box.width / box.height : 1.4;
  const foot = box.height > 0 ? byId("key").offsetHeight / box.height : 0; // the key covers the foot of the map
  const w = Math.max(wide * 1.1, (high * 1.12 * ratio) / (1 - foot), 2);
  const h = w / ratio;
  Object.assign(view, { w, h, x: left + wide / 2 - w / 2, y: top + high / 2 - (h * (1 - foot)) / 2 });
  place();
}

function place() {
  MAP.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
  const unit = view.w / (MAP.getBoundingClientRect().width || 800);
  for (const mark of marks) mark.group.setAttribute("transform", `translate(${mark.at}) scale(${unit})`);
  for (const text of layers.reach.querySelectorAll("text")) text.setAttribute("font-size", 12 * unit);
  thinLabels(unit);
  drawScale(unit);
}

function thinLabels(unit) {
  const taken = [];
  for (const mark of marks.filter((one) => one.kind === "town")) {
    const [x, y] = [mark.at[0] / unit, mark.at[1] / unit];
    const wide = mark.name.length * 13 + 6;
    const clash = taken.some((other) => Math.abs(other.x - x) < (other.wide + wide) / 2 && Math.abs(other.y - y) < 18);
    mark.group.toggleAttribute("hidden", clash);
    if (!clash) taken.push({ x, y, wide });
  }
}

function drawScale(unit) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
  const km = steps.filter((step) => step / unit <= 140).pop() || steps[0];
  const bar = el("span", { class: "bar" });
  bar.style.width = `${km / unit}px`;
  show(byId("scale"), bar, el("span", {}, `${km} 公里 km　↑ 北 N`));
}

function zoom(factor, x, y) {
  const box = MAP.getBoundingClientRect();
  const fx = x === undefined ? 0.5 : (x - box.left) / box.width;
  const fy = y === undefined ? 0.5 : (y - box.top) / box.height;
  const w = Math.min(5000, Math.max(0.3, view.w * factor));
  const h = (w * view.h) / view.w;
  Object.assign(view, { x: view.x + (view.w - w) * fx, y: view.y + (view.h - h) * fy, w, h });
  place();
}

const drag = { points: new Map(), moved: false };

function moveMap(event) {
  const last = drag.points.get(event.pointerId);
  if (!last) return;
  const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
  if (!drag.moved && Math.hypot(dx, dy) < 4) return;
  drag.moved = true;
  if (drag.points.size === 2) pinch(event, last);
  const unit = view.w / MAP.getBoundingClientRect().width;
  const share = drag.points.size === 2 ? 0.5 : 1;
  Object.assign(view, { x: view.x - dx * unit * share, y: view.y - dy * unit * share });
  drag.points.set(event.pointerId, [event.clientX, event.clientY]);
  place();
}

function pinch(event, last) {
  const other = [...drag.points].find(([id]) => id !== event.pointerId)[1];
  const before = Math.hypot(last[0] - other[0], last[1] - other[1]);
  const after = Math.hypot(event.clientX - other[0], event.clientY - other[1]);
  if (before > 10 && after > 10) zoom(before / after, (event.clientX + other[0]) / 2, (event.clientY + other[1]) / 2);
}

function watchMap() {
  MAP.addEventListener("pointerdown", (event) => {
    if (!drag.points.size) drag.moved = false;
    drag.points.set(event.pointerId, [event.clientX, event.clientY]);
  });
  window.addEventListener("pointermove", moveMap);
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, (event) => drag.points.delete(event.pointerId));
  }
  MAP.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, event.clientX, event.clientY);
  }, { passive: false });
  byId("in").addEventListener("click", () => zoom(1 / 1.5));
  byId("out").addEventListener("click", () => zoom(1.5));
  byId("fit").addEventListener("click", () => fitMap());
  window.addEventListener("resize", () => fitMap());
}

/* Tooltip and choice ------------------------------------------------------- */
function showTip(event, lines) {
  const tip = byId("tip");
  show(tip, lines.filter(Boolean).map((line, n) => el(n ? "div" : "b", {}, line)));
  tip.hidden = false;
  const box = MAP.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  tip.style.left = `${Math.max(4, Math.min(x + 14, box.width - tip.offsetWidth - 6))}px`;
  tip.style.top = `${Math.max(4, y + 16 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 12 : y + 16)}px`;
}

function hideTip() {
  byId("tip").hidden = true;
}

function markFits(mark) {
  if (mark.kind === "town") return chosen.person === null && chosen.site === null;
  if (mark.kind === "site") return siteFits(mark.number);
  const village = DATA.villages[mark.number];
  if (chosen.town && village.town !== chosen.town) return false;
  if (chosen.village !== null && chosen.person === null) return mark.number === chosen.village;
  return chosen.person === null || village.adviser === chosen.person || mediatorsOf(village).includes(chosen.person);
}

function siteFits(number) {
  if (chosen.site !== null) return number === chosen.site;
  if (chosen.town && DATA.sites[number].town !== chosen.town) return false;
  if (chosen.person === null) return true;
  const sits = DATA.slots.some((slot) => slot.site === number && slot.who.includes(chosen.person));
  return sits || DATA.sites[number].mediators.includes(chosen.person);
}

function markChoice() {
  for (const mark of marks) mark.group.classList.toggle("dim", !markFits(mark));
  const person = DATA.people[chosen.person];
  const base = person ? person.at : chosen.site !== null ? DATA.sites[chosen.site].at : null;
  const mine = person ? DATA.villages.filter((v) => v.adviser === chosen.person && v.at) : [];
  show(layers.links, base ? mine.map((v) => svg("line", { x1: base[0], y1: base[1], x2: v.at[0], y2: v.at[1], stroke: colourOf(person) })) : []);
  show(layers.reach, base ? drawReach(base, person) : []);
  place();
}

function drawReach(base, person) {
  const shapes = DATA.circles.flatMap((circle) => [
    svg("circle", { cx: base[0], cy: base[1], r: circle.km }),
    svg("text", { x: base[0], y: base[1] - circle.km, dy: "-0.4em" }, `${circle.label} ≈ ${circle.km.toFixed(1)} 公里`),
  ]);
  const dot = svg("path", { d: "M0-9 2.6-2.8 9-2.8 3.9 1.4 5.6 8 0 4.2-5.6 8-3.9 1.4-9-2.8-2.6-2.8Z", class: "office" });
  if (!person) return shapes;
  const unit = view.w / (MAP.getBoundingClientRect().width || 800);
  return [...shapes, svg("g", { transform: `translate(${base}) scale(${unit})` }, dot)];
}
