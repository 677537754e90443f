/* The sides of the comparison: the base and the scenarios of one seed, and how they are told. */
const SEEDS = [...new Set(DATA.rows.map((row) => row.seed))];
const picked = { seed: SEEDS[0], letter: "" };
const STAGES = { seats: ["顾问与调解员", "seats"], month: ["当月", "month"] };
const KINDS = DATA.kinds;

const sides = () => DATA.rows.filter((row) => row.seed === picked.seed);
const solved = () => sides().filter((row) => row.rank !== null);
const baseSide = () => sides().find((row) => row.is_base);
const pickedSide = () => sides().find((row) => row.letter === picked.letter) || baseSide();
const others = () => sides().filter((row) => !row.is_base);

const small = (text) => el("small", { lang: "en" }, text);
const both = (zh, en) => [zh, en && en !== zh ? [" ", small(en)] : null];
const badge = (row) => el("i", { class: row.is_base ? "badge" : `badge b${(row.letter.charCodeAt(0) - 65) % 8}`, "aria-hidden": "true" }, row.letter || "基");
const named = (row) => [badge(row), el("b", {}, row.name), row.is_base ? small(" base") : null];
const tag = (verdict) => el("span", { class: `verdict v-${verdict}` }, both(...DATA.verdicts[verdict]));
const goalName = (stage, goal) => `${DATA.goals[goal][0]}（${STAGES[stage][0]}）`;

const count = (value) => (value === null || value === undefined ? "—" : Number(value).toLocaleString("en", { maximumFractionDigits: 2 }));
const signed = (value) => (value > 0 ? `+${count(value)}` : value < 0 ? `−${count(-value)}` : "0");
const figure = (name, value) => (value === undefined || value === null ? "—" : `${count(value)}${name.endsWith("_percent") ? "%" : ""}`);
const span = (low, high) => (low === high ? count(high) : `${count(low)}–${count(high)}`);

/* A goal of one side: [proven at least, value, verdict]; what nothing is charged on is 0. */
function goalOf(row, stage, name) {
  const found = row.goals.find((goal) => goal[0] === stage && goal[1] === name);
  return found ? found.slice(2) : [0, 0, "same"];
}

function cells(heads, rows, name) {
  const line = (row) => el("tr", { class: row.look || null }, row.cells.map((cell, n) => el(n ? "td" : "th", n ? { "data-label": heads[n].label } : { scope: "row" }, cell)));
  const top = heads.map((head) => el("th", { scope: "col" }, head.zh !== undefined ? both(head.zh, head.en) : head.node));
  return el("div", { class: "scroll", tabindex: "0" }, el("table", { class: `plain ${name}` }, el("thead", {}, el("tr", {}, top)), el("tbody", {}, rows.map(line))));
}

const head = (zh, en) => ({ zh, en, label: zh });

/* What is folded away is drawn when it is opened. */
function folded(title, draw, open) {
  const body = el("div", {});
  const part = el("details", { open: open ? "" : null }, el("summary", {}, title), body);
  let drawn = false;
  const unfold = () => {
    if (!drawn && part.open) show(body, draw());
    drawn = drawn || part.open;
  };
  part.addEventListener("toggle", unfold);
  unfold();
  return part;
}

/* A list that can be searched; long ones show their beginning. */
const SHOWN = 40;
function searched(label, rows, words, draw) {
  const field = el("input", { type: "search", "aria-label": label, placeholder: label, autocomplete: "off" });
  const body = el("div", {});
  let limit = SHOWN;
  const redraw = () => {
    const text = field.value.trim().toLowerCase();
    const fits = rows.filter((row) => !text || words(row).toLowerCase().includes(text));
    const more = el("button", { type: "button", class: "more", click: () => { limit = Infinity; redraw(); } }, `显示全部 ${fits.length} 项 Show all`);
    const part = el("p", { class: "quiet" }, `前 ${limit} 项，共 ${fits.length} 项 the first ${limit} of ${fits.length}`);
    show(body, fits.length ? draw(fits.slice(0, limit)) : el("p", { class: "quiet" }, "没有符合的 None fits"), fits.length > limit ? [part, more] : null);
  };
  field.addEventListener("input", redraw);
  redraw();
  return el("div", { class: "searched" }, rows.length > 8 ? field : null, body);
}
