// Sorts, filters and saves the tables of a page; their state is in the address, so that it can be
// linked. Without scripts they stand whole, in order of time.
"use strict";

const nearhit = { tables: new Map() };

nearhit.DataTable = class {
  constructor(block) {
    this.block = block;
    this.table = block.querySelector("table.data");
    this.name = this.table.id;
    this.body = this.table.tBodies[0];
    this.lines = [...this.body.rows];
    this.rows = this.read(block.querySelector(".table-data"));
    this.texts = this.lines.map((line) => line.textContent.toLowerCase());
    this.listeners = [];
    this.makeHeads();
    this.makeTools();
    this.first = this.state;
    this.filter();
  }

  // Rows come by column; values that repeat are given once, with their places.
  read(script) {
    const columns = JSON.parse(script.textContent);
    this.keys = Object.keys(columns);
    const valueAt = (column, place) => (Array.isArray(column) ? column[place] : column.of[column.at?.[place] ?? 0]);
    return this.lines.map((_, place) =>
      Object.fromEntries(this.keys.map((key) => [key, valueAt(columns[key], place)])));
  }

  rowOf(line) {
    return this.rows[Number(line.dataset.row)];
  }

  get shown() {
    return [...this.body.rows].filter((line) => !line.hidden);
  }

  makeHeads() {
    this.heads = [...this.table.tHead.rows[0].cells];
    this.heads.forEach((head) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        this.sort(`${down ? "-" : ""}${head.dataset.key}`);
        nearhit.writeAddress();
      });
      head.append(button);
    });
  }

  // Sort by a column, downwards if its key follows a minus; by none as at first. What has no value
  // stays at the end in both directions.
  sort(sorted) {
    this.sorted = sorted;
    const down = sorted.startsWith("-");
    const place = this.heads.findIndex((head) => head.dataset.key === sorted.replace("-", ""));
    const head = this.heads[place];
    for (const other of this.heads) other.removeAttribute("aria-sort");
    if (!head) return this.body.append(...this.lines);
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const valued = this.lines.map((line) => [this.valueOf(line, head.dataset.key, place), line]);
    const order = new Intl.Collator("en", { numeric: true });
    valued.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      const rising = typeof a === "number" ? a - b : order.compare(a, b);
      return down ? -rising : rising;
    });
    this.body.append(...valued.map(([, line]) => line));
    this.tell();
  }

  valueOf(line, key, place) {
    const row = this.rowOf(line);
    if (key in row) return row[key] === "" ? null : row[key];
    const text = line.cells[place]?.textContent.trim() ?? "";
    if (row.status !== "ok" || text === "–" || text === "") return null;
    return Number.isNaN(Number(text)) ? text : Number(text);
  }

  makeTools() {
    const tools = this.block.querySelector(".tools");
    this.find = tools.querySelector(".find");
    this.front = tools.querySelector(".front-only");
    this.selects = [...tools.querySelectorAll("select")];
    this.number = this.block.querySelector(".number");
    this.sorted = "";
    tools.addEventListener("input", () => this.set(this.state));
    tools.querySelector(".show-all").addEventListener("click", () =>
      this.set({ ...Object.fromEntries(Object.keys(this.state).map((key) => [key, ""])), sort: this.sorted }));
    this.block.querySelector(".save-csv").addEventListener("click", () => this.save("csv"));
    this.block.querySelector(".save-json").addEventListener("click", () => this.save("json"));
    tools.hidden = false;
    this.block.querySelector(".downloads").hidden = false;
  }

  // Every choice of the reader's, as text.
  get state() {
    const chosen = this.selects.map((select) => [select.dataset.key, select.value]);
    const front = this.front?.checked ? "only" : "";
    return { find: this.find.value, front, sort: this.sorted, ...Object.fromEntries(chosen) };
  }

  show(state) {
    this.find.value = state.find;
    if (this.front) this.front.checked = state.front === "only";
    for (const select of this.selects) {
      select.value = state[select.dataset.key];
      if (select.selectedIndex < 0) select.value = "";
    }
    if (state.sort !== this.sorted) this.sort(state.sort);
    this.filter();
  }

  set(state) {
    this.show(state);
    nearhit.writeAddress();
  }

  filter() {
    const words = this.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = this.selects.filter((select) => select.value !== "");
    for (const line of this.lines) {
      const row = this.rowOf(line);
      const text = this.texts[Number(line.dataset.row)];
      line.hidden =
        !chosen.every((select) => String(row[select.dataset.key]) === select.value) ||
        !words.every((word) => text.includes(word)) ||
        Boolean(this.front?.checked && !row.front);
    }
    this.tell();
  }

  tell() {
    const all = this.lines.length.toLocaleString("en");
    const shown = this.shown.length.toLocaleString("en");
    this.number.textContent = shown === all ? `${all} rows` : `${shown} of ${all} rows`;
    for (const listener of this.listeners) listener();
  }

  save(kind) {
    const rows = this.shown.map((line) => this.rowOf(line));
    const text = kind === "csv" ? this.csv(rows) : `${JSON.stringify(rows, null, 1)}\n`;
    const type = kind === "csv" ? "text/csv" : "application/json";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = `${this.name}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  csv(rows) {
    const quoted = (value) => {
      const text = value === null ? "" : String(value);
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = [this.keys, ...rows.map((row) => this.keys.map((key) => row[key]))];
    return lines.map((line) => `${line.map(quoted).join(",")}\n`).join("");
  }

  goTo(line) {
    this.body.querySelector(".chosen")?.classList.remove("chosen");
    line.classList.add("chosen");
    line.tabIndex = -1;
    line.scrollIntoView({ block: "center" });
    line.focus({ preventScroll: true });
  }
};

// The address has what differs from how tables stand at first: #TABLE.COLUMN=VALUE&TABLE.sort=-COLUMN.
nearhit.writeAddress = () => {
  const held = new URLSearchParams();
  for (const { name, first, state } of nearhit.tables.values()) {
    for (const key of Object.keys(state)) if (state[key] !== first[key]) held.set(`${name}.${key}`, state[key]);
  }
  history.replaceState(null, "", held.size ? `#${held}` : location.href.split("#")[0]);
};

nearhit.readAddress = () => {
  const held = new URLSearchParams(location.hash.slice(1));
  for (const table of nearhit.tables.values()) {
    const given = Object.keys(table.first).map((key) => [key, held.get(`${table.name}.${key}`)]);
    table.show({ ...table.first, ...Object.fromEntries(given.filter(([, value]) => value !== null)) });
  }
};

for (const block of document.querySelectorAll(".table-block")) {
  const table = new nearhit.DataTable(block);
  nearhit.tables.set(table.name, table);
}
if (location.hash.includes("=")) nearhit.readAddress();
window.addEventListener("hashchange", () => {
  if (!location.hash || location.hash.includes("=")) nearhit.readAddress(); // others are places of the page
});
