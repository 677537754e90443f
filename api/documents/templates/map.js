/* What the map of a month shows. */
/* Class, half side in pixels, ending of the kind of site; the first that fits. */
const SITE_LOOKS = [["centre", 9, "中心"], ["room", 6, "工作室"], ["station", 6, ""]];

function drawMap() {
  drawLayers("ground", "shares", "reach", "links", "rooms", "villages", "sites", "labels");
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
