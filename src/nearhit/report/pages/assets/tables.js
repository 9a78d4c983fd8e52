// Sorts, filters and saves the tables of a page. Without it they stand whole, in order of time.
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
    this.filter();
  }

  // Rows come by column, so that keys are not repeated in every row.
  read(script) {
    const { keys, rows } = JSON.parse(script.textContent);
    this.keys = keys;
    return rows.map((row) => Object.fromEntries(keys.map((key, place) => [key, row[place]])));
  }

  rowOf(line) {
    return this.rows[Number(line.dataset.row)];
  }

  get shown() {
    return [...this.body.rows].filter((line) => !line.hidden);
  }

  makeHeads() {
    [...this.table.tHead.rows[0].cells].forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => this.sort(head, place));
      head.append(button);
    });
  }

  // What has no value stays at the end in both directions.
  sort(head, place) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of this.table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
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
    for (const control of [this.find, this.front, ...this.selects]) {
      control?.addEventListener("input", () => this.filter());
    }
    tools.querySelector(".show-all").addEventListener("click", () => this.clear());
    this.block.querySelector(".save-csv").addEventListener("click", () => this.save("csv"));
    this.block.querySelector(".save-json").addEventListener("click", () => this.save("json"));
    tools.hidden = false;
    this.block.querySelector(".downloads").hidden = false;
  }

  clear() {
    this.find.value = "";
    if (this.front) this.front.checked = false;
    for (const select of this.selects) select.value = "";
    this.filter();
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

for (const block of document.querySelectorAll(".table-block")) {
  const table = new nearhit.DataTable(block);
  nearhit.tables.set(table.name, table);
}
