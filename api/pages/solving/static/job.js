// Progress of a job, goal by goal, as events come; where no events pass, the page asks again.
const table = document.getElementById("progress");
const body = table.querySelector("tbody");
const rows = new Map();

const word = (code) => {
  const found = document.querySelector(`#goal-words [data-goal="${code}"]`);
  return found ? found.textContent : code;
};
const number = (value, digits) => (value === null ? "—" : Number(value.toFixed(digits)).toLocaleString());

function show(step) {
  const key = `${step.stage} ${step.goal}`;
  let row = rows.get(key);
  if (!row) {
    row = body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = word(step.goal);
    row.append(head);
    for (let n = 0; n < 4; n += 1) row.insertCell().className = "number";
    rows.set(key, row);
  }
  const gap = step.gap === null ? "—" : `${(step.gap * 100).toFixed(2)}%`;
  [number(step.value, 0), number(step.bound, 1), gap, number(step.seconds, 1)].forEach((text, n) => {
    row.cells[n + 1].textContent = text;
  });
  table.hidden = false;
}

const again = () => window.location.reload();
const events = new EventSource(table.dataset.events);
events.addEventListener("progress", (event) => {
  const steps = JSON.parse(event.data).steps;
  (Array.isArray(steps) ? steps : Object.values(steps)).forEach(show);
});
events.addEventListener("started", () => {
  if (document.body.dataset.started) return;
  document.body.dataset.started = "1";
});
events.addEventListener("end", () => {
  events.close();
  again();
});
let failures = 0;
events.onerror = () => {
  failures += 1;
  if (failures > 2) {
    events.close();
    window.setTimeout(again, 5000);
  }
};
