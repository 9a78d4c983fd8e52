// Draws the rows that a table shows. Points are told by colour, shape and name; keys move over them.
"use strict";

nearhit.FigureChart = class {
  constructor(figure) {
    this.figure = figure;
    this.about = JSON.parse(figure.querySelector(".chart-data").textContent);
    this.table = nearhit.tables.get(figure.dataset.table);
    this.canvas = figure.querySelector("canvas");
    this.tip = figure.querySelector(".tip");
    this.said = figure.querySelector(".said");
    this.hidden = new Set();
    this.ySelect = figure.querySelector(".chart-y");
    this.colorSelect = figure.querySelector(".chart-color");
    for (const part of figure.querySelectorAll(".chart-tools, .canvas, .legend, .hint")) part.hidden = false;
    figure.querySelector(".without-script").hidden = true;
    this.listen();
    this.draw();
  }

  get y() {
    return this.about.y[Number(this.ySelect?.value ?? 0)];
  }

  get color() {
    return this.about.colors[Number(this.colorSelect?.value ?? 0)][0];
  }

  listen() {
    const redraw = () => this.draw();
    this.table.listeners.push(redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    this.ySelect?.addEventListener("input", redraw);
    this.colorSelect?.addEventListener("input", () => {
      this.hidden.clear();
      this.draw();
    });
    const on = (name, act) => this.figure.querySelector(name).addEventListener("click", act);
    on(".zoom-in", () => this.chart.zoom(1.5));
    on(".zoom-out", () => this.chart.zoom(1 / 1.5));
    on(".zoom-reset", () => this.chart.resetZoom());
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", `Chart: ${this.about.title}. Arrows go from point to point, plus and minus zoom, 0 shows all, Enter goes to the row.`);
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener("blur", () => this.choose(null));
  }

  // The points of the rows that the table shows and that have both figures.
  points() {
    const { x, only } = this.about;
    const found = [];
    for (const line of this.table.shown) {
      const row = this.table.rowOf(line);
      const point = { x: row[x.key], y: row[this.y.key], row, line };
      const whole = only.every(([key, value]) => row[key] === value);
      if (whole && point.x !== null && point.y !== null) found.push(point);
    }
    return found;
  }

  draw() {
    const css = getComputedStyle(document.documentElement);
    const points = this.points();
    const order = new Intl.Collator("en", { numeric: true });
    const names = [...new Set(points.map(({ row }) => String(row[this.color])))].sort(order.compare);
    const marks = new Map(names.map((name, place) => [name, nearhit.markOf(place, css)]));
    const drawn = points.filter(({ row }) => !this.hidden.has(String(row[this.color])));
    this.chart?.destroy();
    this.tip.hidden = true;
    this.at = -1;
    this.chart = new Chart(this.canvas, {
      type: "scatter",
      data: { datasets: [...this.fronts(drawn, css), ...this.series(drawn, marks)] },
      options: nearhit.chartOptions(this, css),
      plugins: [nearhit.names],
    });
    this.drawLegend(names, marks);
  }

  // Points of one thing; where the chart has lines, a line for each thing that was measured.
  series(points, marks) {
    const { lines } = this.about;
    const keyOf = ({ row }) => JSON.stringify([row[this.color], ...lines.map((key) => row[key])]);
    return [...nearhit.groupBy(points, keyOf).values()].map((group) => {
      const { color, shape } = marks.get(String(group[0].row[this.color]));
      const rank = ({ x }) => (this.about.x.order.length ? this.about.x.order.indexOf(x) : x);
      return {
        data: lines.length ? [...group].sort((a, b) => rank(a) - rank(b)) : group,
        showLine: lines.length > 0,
        borderColor: color,
        backgroundColor: color,
        borderWidth: 1.5,
        pointStyle: shape,
        pointBorderWidth: shape === "star" ? 2 : 1,
        pointRadius: 5,
        pointHoverRadius: 8,
        order: 1,
      };
    });
  }

  fronts(points, css) {
    if (!this.about.front) return [];
    const judged = points.filter(({ row }) => !row.reads_truth);
    const named = nearhit.namer(points.map(({ row }) => row));
    const { key, less } = this.y;
    const keyOf = ({ row }) => JSON.stringify(this.about.apart.map((key) => row[key]));
    return [...nearhit.groupBy(judged, keyOf).values()].map((group) => ({
      data: nearhit.frontOf(less ? group.map((one) => ({ ...one, y: -one.y })) : group, key)
        .map((one) => (less ? { ...one, y: -one.y } : one)),
      showLine: true,
      stepped: "before",
      borderColor: css.getPropertyValue("--ink").trim(),
      borderWidth: 1.25,
      pointRadius: 0,
      pointHitRadius: 0,
      pointHoverRadius: 0,
      named,
      front: true,
      order: 2,
    }));
  }

  pointAt({ datasetIndex, index }) {
    return this.chart.data.datasets[datasetIndex].data[index];
  }

  drawLegend(names, marks) {
    const legend = this.figure.querySelector(".legend");
    const heading = this.about.colors.find(([key]) => key === this.color)[1];
    legend.replaceChildren(...(names.length < 2 ? [] : names).map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.innerHTML = nearhit.swatch(marks.get(name));
      button.append(name === "null" ? "none" : name);
      button.title = `${heading} ${name}: show or hide`;
      button.setAttribute("aria-pressed", String(!this.hidden.has(name)));
      button.addEventListener("click", () => this.toggle(name));
      return button;
    }));
  }

  toggle(name) {
    if (!this.hidden.delete(name)) this.hidden.add(name);
    this.draw();
    const buttons = [...this.figure.querySelectorAll(".legend button")];
    buttons.find((button) => button.textContent === name)?.focus();
  }

  // The words of a point are those of its row in the table.
  words(line) {
    const heads = [...this.table.table.tHead.rows[0].cells].map((head) => head.textContent);
    const cells = [...line.cells].map((cell) => cell.textContent.replace(/\s+/g, " ").trim());
    const pairs = heads.map((head, place) => [head, cells[place]]).slice(1);
    return { name: cells[0], pairs: pairs.filter(([, text]) => text !== "–" && text !== "ok") };
  }

  showTip(tooltip) {
    const hit = tooltip.opacity ? tooltip.dataPoints?.[0] : null;
    this.tip.hidden = !hit;
    if (!hit) return;
    const { name, pairs } = this.words(hit.raw.line);
    const title = document.createElement("strong");
    title.textContent = name;
    const list = document.createElement("dl");
    for (const [head, text] of pairs) {
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      [term.textContent, value.textContent] = [head, text];
      list.append(term, value);
    }
    this.tip.replaceChildren(title, list);
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const { clientWidth, clientHeight } = this.canvas.parentElement;
    const left = tooltip.caretX + 14 + width > clientWidth ? tooltip.caretX - 14 - width : tooltip.caretX + 14;
    this.tip.style.left = `${Math.max(0, Math.min(left, clientWidth - width))}px`;
    this.tip.style.top = `${Math.max(0, Math.min(tooltip.caretY - height / 2, clientHeight - height))}px`;
  }

  // Points that can be reached by keys, from left to right.
  stops() {
    const area = this.chart.chartArea;
    return this.chart.data.datasets.flatMap((set, datasetIndex) =>
      set.front ? [] : set.data.map((point, index) => {
        const { x, y } = this.chart.getDatasetMeta(datasetIndex).data[index];
        return { datasetIndex, index, point, x, y };
      })
    ).filter(({ x, y }) => x >= area.left && x <= area.right && y >= area.top && y <= area.bottom)
      .sort((a, b) => a.x - b.x || b.y - a.y);
  }

  press(event) {
    const acts = {
      "+": () => this.chart.zoom(1.5),
      "=": () => this.chart.zoom(1.5),
      "-": () => this.chart.zoom(1 / 1.5),
      0: () => this.chart.resetZoom(),
      Escape: () => this.choose(null),
      ArrowRight: () => this.step(1),
      ArrowUp: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      ArrowDown: () => this.step(-1),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      Enter: () => this.chosen && this.table.goTo(this.chosen.point.line),
    };
    if (!(event.key in acts) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  step(by) {
    const stops = this.stops();
    if (!stops.length) return;
    const at = this.chosen ? stops.findIndex(({ point }) => point === this.chosen.point) : -1;
    const next = at < 0 && by > 0 && by !== Infinity ? 0 : Math.max(0, Math.min(stops.length - 1, at + by));
    this.choose(stops[next]);
  }

  choose(stop) {
    this.chosen = stop;
    const active = stop ? [{ datasetIndex: stop.datasetIndex, index: stop.index }] : [];
    this.chart.setActiveElements(active);
    this.chart.tooltip.setActiveElements(active, stop ? { x: stop.x, y: stop.y } : { x: 0, y: 0 });
    this.chart.update();
    if (!stop) return;
    const { name, pairs } = this.words(stop.point.line);
    this.said.textContent = `${name}: ${pairs.map((pair) => pair.join(" ")).join(", ")}`;
  }
};

nearhit.startCharts = () => {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  nearhit.charts = [...document.querySelectorAll("figure.chart:not(.plot)")].map((figure) => new nearhit.FigureChart(figure));
};
nearhit.startCharts();
