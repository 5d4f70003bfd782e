// Small comforts. Every page works without this file.

// A second press within ten seconds is the same press; after that the first one is taken for lost.
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.getAttribute("aria-busy")) { event.preventDefault(); return; }
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), 10000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
  });
}

// The ring answers the matrix and the matrix the ring; the sentence under the ring says it in words.
function linkedBoard() {
  const ring = document.querySelector("svg.ring");
  const table = document.querySelector("table.matrix");
  if (!ring || !table) return;
  const said = document.querySelector("[data-said]");
  const cells = [...table.querySelectorAll("td[data-state]")];
  const place = (cell) => `${cell.parentNode.rowIndex - 1}-${cell.cellIndex - 1}`;
  const arcs = new Map([...ring.querySelectorAll("[data-arc]")].map((arc) => [arc.dataset.arc, arc]));
  const named = (cell) => {
    const giver = cell.parentNode.querySelector("th span").textContent.trim();
    const receiver = table.tHead.rows[0].cells[cell.cellIndex].querySelector("abbr").title;
    return `${giver} for ${receiver}: ${cell.querySelector(".word").textContent.trim()}`;
  };
  const answer = (chosen, words, seat) => {
    for (const one of ring.querySelectorAll("g")) one.classList.toggle("named", one === seat);
    ring.classList.toggle("answering", chosen.length > 0);
    for (const cell of cells) {
      const lit = chosen.includes(cell);
      cell.classList.toggle("lit", lit);
      arcs.get(place(cell))?.classList.toggle("lit", lit);
    }
    if (said) said.textContent = words;
  };
  const rest = () => answer([], "");
  const heed = (show, ...all) => {
    for (const one of all) {
      for (const kind of ["mouseenter", "focusin"]) one?.addEventListener(kind, show);
      for (const kind of ["mouseleave", "focusout"]) one?.addEventListener(kind, rest);
    }
  };
  for (const cell of cells) {
    const show = () => answer([cell], named(cell));
    cell.tabIndex = cell === cells[0] ? 0 : -1;
    heed(show, cell, arcs.get(place(cell)));
  }
  for (const [index, seat] of [...ring.querySelectorAll("g")].entries()) {
    const row = table.tBodies[0].rows[index];
    const own = cells.filter((cell) => cell.parentNode === row);
    const show = () => answer(own, `${row.querySelector("th span").textContent.trim()}: ${row.dataset.words}`, seat);
    row.cells[0].tabIndex = -1;
    heed(show, seat, row.cells[0]);
  }
  for (const line of document.querySelectorAll("#given [data-receiver], #received [data-giver]")) {
    const { giver, receiver } = line.dataset;
    const own = cells.find((cell) => giver
      ? cell.dataset.giver === giver && table.tBodies[0].rows[cell.cellIndex - 1].className === "me"
      : cell.dataset.receiver === receiver && cell.parentNode.className === "me");
    if (!own) continue;
    heed(() => answer([own], named(own)), line);
  }
  walkable(table, cells);
}

const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const walked = "td[data-state], th[scope=row]";

function walkable(table, cells) {
  table.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const from = event.target.closest(walked);
    if (!step || !from) return;
    event.preventDefault();
    let row = from.parentNode.rowIndex + step[0];
    let column = from.cellIndex + step[1];
    let next = table.rows[row]?.cells[column];
    if (next && !next.matches(walked)) next = table.rows[row += step[0]]?.cells[column += step[1]];
    if (!next?.matches(walked)) return;
    for (const cell of [...cells, ...table.querySelectorAll("th[scope=row]")]) cell.tabIndex = cell === next ? 0 : -1;
    next.focus();
  });
}

// A live region speaks only of what changes after the page has loaded.
function say(words) {
  const region = document.querySelector("[data-announcer]");
  if (!region) return;
  // The same words once more are a change only after they were gone.
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 50);
}

function readFlashes() {
  const words = [...document.querySelectorAll(".flash")].map((flash) => flash.textContent.trim()).join(" ");
  if (words) setTimeout(() => say(words), 300);
}

document.addEventListener("said", (event) => say(event.detail));
for (const comfort of [sendOnce, linkedBoard, readFlashes]) comfort();
