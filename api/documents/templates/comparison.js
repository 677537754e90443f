/* The choice of seed and scenario, the notes, and the start. */
function choiceOf(name, value, isOn, label, pick) {
  const input = el("input", { type: "radio", name, value, checked: isOn ? "" : null });
  input.addEventListener("change", pick);
  return el("label", { class: "choice" }, input, label);
}

function drawSeeds() {
  byId("seeds").hidden = SEEDS.length < 2;
  show(byId("seeds"), el("span", {}, both("种子（结论、排名等只属于所选的种子）", "Seed: answer and ranking are of this seed")), SEEDS.map((seed) => choiceOf("seed", seed, seed === picked.seed, String(seed), () => {
    picked.seed = seed;
    drawAll();
  })));
}

function drawChoices() {
  show(byId("choices"), sides().map((row) => choiceOf("side", row.letter, row === pickedSide(), named(row), () => {
    picked.letter = row.letter;
    drawOne();
  })));
}

function drawOne() {
  drawSide();
  drawDifferences();
}

function drawAll() {
  for (const draw of [drawAnswer, drawScenarios, drawRanking, drawFigures, drawGoals, drawMoney, drawChoices, drawOne]) draw();
}

function drawNotes() {
  show(byId("notes"), el("ul", {}, DATA.notes.map(([zh, en]) => el("li", {}, zh, el("small", { class: "line", lang: "en" }, en)))));
  const sources = DATA.meta.sources.map(([name, n]) => `${name} ${n}`).join("，");
  const lost = DATA.villages.filter((village) => !village.at).length;
  const soft = DATA.background.length ? "底图轮廓：示意，非行政区界线 schematic, not boundaries。" : "";
  show(byId("map-note"), sources ? `村居坐标 Coordinates：${sources}。` : "", lost ? `${lost} 个村居没有坐标，未画出。` : "", soft, DATA.attribution ? `数据来源 ${DATA.attribution}` : "");
  show(byId("foot"), "全部数据在本文件内，不联网。旁边的 comparison.xlsx 可筛选，comparison.json 可供程序读取。", small("All data are in this file; nothing is loaded. comparison.xlsx and comparison.json lie beside it."));
}

/* comparison.html#B: a link to one scenario; else the first that is solved. */
function followLink() {
  const named = decodeURIComponent(window.location.hash.slice(1));
  const found = others().find((row) => row.letter === named) || others().find((row) => row.rank !== null) || baseSide();
  picked.letter = found.letter;
}

drawHead();
drawNotes();
drawSeeds();
drawMap();
drawSpreads();
followLink();
drawAll();
watchMap();
fitMap();
window.addEventListener("hashchange", () => {
  followLink();
  drawChoices();
  drawOne();
});
document.body.dataset.ready = "yes";
