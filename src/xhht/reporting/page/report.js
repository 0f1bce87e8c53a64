"use strict";
const find = (id) => document.getElementById(id);
const areas = [...document.querySelectorAll(".area")];
const pageTitle = document.title;

// One area at a time, by the address, so that Back and bookmarks work.
function show(moveFocus) {
  const wanted = find(decodeURIComponent(location.hash.slice(1)));
  const open = areas.includes(wanted) ? wanted : areas[0];
  for (const area of areas) area.hidden = area !== open;
  const heading = open.querySelector("h2");
  find("go-to").value = open.id;
  document.title = open === areas[0] ? pageTitle : heading.textContent + " – " + pageTitle;
  if (moveFocus && areas.includes(wanted)) {
    open.scrollIntoView();
    heading.focus({ preventScroll: true });
  }
}

function showTitle() {
  const wanted = find("title").value;
  for (const table of document.querySelectorAll("[data-title]"))
    table.hidden = wanted !== "" && table.dataset.title !== wanted;
}

// A cell as a number: the share of "3/12", the lower end of "25,00–50,00%", NaN for no figure.
function numberIn(text) {
  const [part, whole] = text.split("/").map((each) =>
    parseFloat(document.documentElement.lang === "vi"
      ? each.replaceAll(".", "").replace(",", ".") : each.replaceAll(",", "")));
  return whole === undefined ? part : part / whole;
}

function compare(one, other, numeric, sign) {
  if (!numeric) return sign * one.localeCompare(other, document.documentElement.lang, { numeric: true });
  const [a, b] = [numberIn(one), numberIn(other)];
  // What was not reported stays last, whichever way.
  if (isNaN(a) || isNaN(b)) return isNaN(a) - isNaN(b);
  return sign * (a - b);
}

function sort(head) {
  const numeric = head.classList.contains("n");
  const rising = head.ariaSort ? head.ariaSort !== "ascending" : !numeric;
  for (const each of head.parentNode.children) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", rising ? "ascending" : "descending");
  const body = head.closest("table").tBodies[0];
  const text = (row) => row.cells[head.cellIndex].textContent.trim();
  const rows = [...body.rows].map((row) => [text(row), row]);
  rows.sort((a, b) => compare(a[0], b[0], numeric, rising ? 1 : -1));
  body.append(...rows.map(([, row]) => row));
}

for (const head of document.querySelectorAll("thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sort(head));
  head.append(button);
}
for (const area of areas) {
  const indent = "\u2003".repeat(area.dataset.depth);
  find("go-to").append(new Option(indent + area.querySelector("h2").textContent, area.id));
}
find("go-to").addEventListener("change", (event) => {
  location.hash = encodeURIComponent(event.target.value);
});
find("title").addEventListener("change", showTitle);
find("print").addEventListener("click", () => print());
find("print-all").addEventListener("click", () => {
  document.documentElement.classList.add("everything");
  print();
});
addEventListener("afterprint", () => document.documentElement.classList.remove("everything"));
addEventListener("hashchange", () => show(true));
find("tools").hidden = false;
show(true);
