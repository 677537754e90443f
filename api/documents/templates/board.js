/* A map: kilometres on a plane, drawn as SVG, moved and scaled by its view box. */
const MAP = byId("map");
const view = { x: 0, y: 0, w: 10, h: 10 };
const marks = [];
const layers = {};

function drawLayers(...names) {
  for (const name of names) {
    layers[name] = svg("g", { class: name });
    MAP.append(layers[name]);
  }
  for (const ring of DATA.background) {
    layers.ground.append(svg("polygon", { points: ring.map((at) => at.join(",")).join(" ") }));
  }
}

function addMark(layer, at, shape, kind, number, tip, pick) {
  const group = svg("g", { class: `mark ${kind}` }, shape);
  group.addEventListener("click", () => !drag.moved && pick(number));
  group.addEventListener("pointerenter", (event) => showTip(event, tip()));
  group.addEventListener("pointerleave", hideTip);
  layers[layer].append(group);
  marks.push({ group, at, kind, number });
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
  // the key may cover the foot of the map
  const isCovered = box.height > 0 && MAP.parentNode.contains(byId("key"));
  const foot = isCovered ? byId("key").offsetHeight / box.height : 0;
  const w = Math.max(wide * 1.1, (high * 1.12 * ratio) / (1 - foot), 2);
  const h = w / ratio;
  Object.assign(view, { w, h, x: left + wide / 2 - w / 2, y: top + high / 2 - (h * (1 - foot)) / 2 });
  place();
}

function place() {
  MAP.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
  const unit = view.w / (MAP.getBoundingClientRect().width || 800);
  for (const mark of marks) mark.group.setAttribute("transform", `translate(${mark.at}) scale(${unit})`);
  for (const text of MAP.querySelectorAll(".reach text")) text.setAttribute("font-size", 12 * unit);
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
