// Makes the board quick: panels open beside it, changes come back without a new page, keys move
// from cell to cell, and what others change is looked for. Without this file all of it works by pages.
const SOON = 700; // milliseconds between questions while a check is at work
const LATER = 5000;
const side = document.getElementById("side");
let asking = 0;

const board = () => document.getElementById("board");
const headers = { "X-Page-Part": "true", "X-Page-Address": window.location.href, Accept: "text/html" };

// Returns the document of an address; a session that has ended leads to sign-in and back.
async function read(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", headers, ...options });
  const elsewhere = answer.headers.get("X-Sign-In");
  if (elsewhere) {
    window.location.href = elsewhere;
    return null;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { page, address: answer.url, isWell: answer.ok };
}

// Puts a part of another page in the place of the same part here, and keeps the focus.
function take(found, focus) {
  const fresh = found.page.getElementById("board");
  if (!fresh) return false;
  const scroll = document.querySelector(".board-scroll");
  const at = scroll ? [scroll.scrollLeft, scroll.scrollTop] : null;
  board().replaceWith(document.adoptNode(fresh));
  const now = document.querySelector(".board-scroll");
  if (at && now) [now.scrollLeft, now.scrollTop] = at;
  const target = focus && document.getElementById(focus);
  if (target) target.focus({ preventScroll: true });
  return true;
}

async function openPanel(address) {
  side.dataset.busy = "1";
  const found = await read(address);
  delete side.dataset.busy;
  const panel = found && found.page.getElementById("panel");
  if (!panel) {
    if (found) window.location.href = address;
    return;
  }
  side.replaceChildren(document.adoptNode(panel));
  side.hidden = false;
  const head = side.querySelector("h2");
  if (head) head.focus();
}

let opener = "";
function closePanel() {
  side.hidden = true;
  side.replaceChildren();
  const back = document.getElementById(opener);
  if (back) back.focus();
}

async function send(form) {
  const focus = opener || (document.activeElement && document.activeElement.id);
  side.dataset.busy = "1";
  const found = await read(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  delete side.dataset.busy;
  if (!found) return;
  if (!take(found, focus)) {
    // a page of another kind: an error in words
    document.body.replaceWith(document.adoptNode(found.page.body));
    return;
  }
  side.hidden = true;
  side.replaceChildren();
  if (found.isWell) window.history.replaceState(null, "", found.address);
  watch();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.action.endsWith("/changes")) return;
  event.preventDefault();
  send(form);
}, true);

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a");
  if (!link) return;
  if (link.classList.contains("open-cell")) {
    event.preventDefault();
    if (link.id) opener = link.id;
    openPanel(link.href);
  } else if (link.classList.contains("close") && side.contains(link)) {
    event.preventDefault();
    closePanel();
  }
});

// Keys ---------------------------------------------------------------------------------------
function near(cell, key) {
  const row = cell.closest("tr");
  const box = cell.closest("td");
  if (!row || !box) return null;
  const column = [...row.children].indexOf(box);
  const within = [...box.querySelectorAll(".cell")];
  const inBox = within.indexOf(cell);
  if (key === "ArrowDown" && within[inBox + 1]) return within[inBox + 1];
  if (key === "ArrowUp" && within[inBox - 1]) return within[inBox - 1];
  const rows = [...row.parentNode.children];
  const step = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    for (let n = column + step; n > 0 && n < row.children.length; n += step) {
      const there = row.children[n].querySelectorAll(".cell");
      if (there.length) return there[Math.min(inBox, there.length - 1)];
    }
    return null;
  }
  for (let n = rows.indexOf(row) + step; n >= 0 && n < rows.length; n += step) {
    const there = rows[n].children[column].querySelectorAll(".cell");
    if (there.length) return step > 0 ? there[0] : there[there.length - 1];
  }
  return null;
}

function pressed(id) {
  const button = document.getElementById(id);
  if (button && !button.disabled) send(button.form);
}

// Empties the cell of its one person; of several, its panel asks whom.
function empty(cell) {
  const undo = document.getElementById("undo");
  if (!undo) return;
  if (!cell.dataset.person) {
    cell.click();
    return;
  }
  const form = undo.form.cloneNode(true);
  form.elements.do.value = "clear";
  const { kind, target, person } = cell.dataset;
  for (const [name, value] of Object.entries({ kind, target, person })) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  opener = cell.id;
  send(form);
}

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (event.key === "Escape" && !side.hidden) closePanel();
  if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) {
    event.preventDefault();
    pressed(key === "y" || event.shiftKey ? "redo" : "undo");
    return;
  }
  const cell = event.target.closest && event.target.closest(".cell");
  if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key.startsWith("Arrow")) {
    const next = near(cell, event.key);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  } else if (event.key === "Delete") {
    event.preventDefault();
    empty(cell);
  } else if (event.key === " ") {
    event.preventDefault();
    cell.click();
  }
});

// What others change, and the end of a check ---------------------------------------------------
async function look() {
  const here = board().dataset;
  if (document.hidden || !side.hidden) return;
  const answer = await fetch(`${here.here}/state`, { credentials: "same-origin", headers }).catch(() => null);
  if (!answer || !answer.ok) {
    const elsewhere = answer && answer.headers.get("X-Sign-In");
    if (elsewhere) window.location.href = elsewhere;
    return;
  }
  const state = await answer.json();
  if (board() === null || board().dataset.version !== here.version) return;
  const isNewer = String(state.version) !== here.version;
  if (!isNewer && !(state.checked && here.checked === "0")) return;
  const address = new URL(window.location.href);
  if (isNewer || !address.searchParams.get("seen")) address.searchParams.set("seen", here.version);
  const focus = document.activeElement && document.activeElement.id;
  const found = await read(address.href);
  if (found && side.hidden) take(found, focus);
}

function watch() {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    await look();
    watch();
  }, board() && board().dataset.checked === "0" ? SOON : LATER);
}
watch();
