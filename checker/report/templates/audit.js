// Sorts and filters the tables of evaluations; the page reads the same without it.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const head = [...table.tHead.rows[0].cells];
  head.forEach((cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    cell.textContent = "";
    cell.append(button);
    button.addEventListener("click", () => {
      const down = cell.getAttribute("aria-sort") === "ascending";
      head.forEach((other) => other.removeAttribute("aria-sort"));
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.order ?? row.cells[column].textContent.trim();
      const order = (a, b) => key(a).localeCompare(key(b), "en", { numeric: true });
      body.append(...[...rows].sort((a, b) => (down ? -order(a, b) : order(a, b))));
    });
  });
  const tools = document.createElement("div");
  tools.className = "tools";
  const field = (words, control) => {
    const label = document.createElement("label");
    label.append(words, control);
    tools.append(label);
    return control;
  };
  const text = field("Filter", document.createElement("input"));
  text.type = "search";
  const verdict = field("Verdict", document.createElement("select"));
  const verdicts = ["all", ...new Set(rows.map((row) => row.dataset.verdict))];
  verdicts.forEach((one) => verdict.add(new Option(one, one)));
  const shown = document.createElement("output");
  shown.className = "quiet";
  tools.append(shown);
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = (verdict.value === "all" || row.dataset.verdict === verdict.value) &&
        row.textContent.toLowerCase().includes(wanted);
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  text.addEventListener("input", filter);
  verdict.addEventListener("change", filter);
  filter();
  table.parentElement.before(tools);
}
