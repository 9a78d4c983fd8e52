// Draws charts of series, those that files have, too.
"use strict";

nearhit.SeriesPlot = class {
  constructor(figure) {
    this.about = JSON.parse(figure.querySelector(".plot-data").textContent);
    this.canvases = [...figure.querySelectorAll("canvas")];
    this.legend = figure.querySelector(".legend");
    figure.querySelector(".panels").hidden = false;
    figure.querySelector(".without-script").hidden = true;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    const css = getComputedStyle(document.documentElement);
    for (const chart of this.charts ?? []) chart.destroy();
    this.drawLegend(css);
    this.charts = this.about.panels.map((panel, place) => new Chart(this.canvases[place], {
      type: "scatter",
      data: { datasets: panel.series.map((series) => this.dataset(series, css)) },
      options: this.options(panel, css),
      plugins: [nearhit.names],
    }));
  }

  drawLegend(css) {
    const names = this.about.series;
    this.legend.replaceChildren(...(names.length < 2 ? [] : names).map((name, place) => {
      const entry = document.createElement("span");
      entry.innerHTML = nearhit.swatch(nearhit.markOf(place, css));
      entry.append(name);
      return entry;
    }));
  }

  dataset(series, css) {
    const mark = nearhit.markOf(Math.max(0, this.about.series.indexOf(series.name)), css);
    const color = series.faint ? `${css.getPropertyValue("--soft").trim()}88` : mark.color;
    const stairs = series.mark === "stairs";
    const heights = stairs ? [...series.y, series.y.at(-1)] : series.y;
    const bare = stairs || series.mark === "steps";
    return {
      label: series.name,
      data: series.x.map((x, place) => ({ x, y: heights[place], row: series.text[place] ?? "" })),
      named: series.text.length ? (text) => text : undefined,
      showLine: series.mark !== "points",
      fill: stairs && series.faint,
      stepped: bare && "before",
      borderColor: color,
      backgroundColor: color,
      borderWidth: 1.5,
      pointStyle: mark.shape,
      pointBackgroundColor: series.x.map((_, place) => (series.hollow[place] ? css.getPropertyValue("--ground").trim() : color)),
      pointRadius: bare ? 0 : 4,
      pointHitRadius: 6,
      order: series.faint ? 2 : 1,
      clip: 8,
    };
  }

  axis({ label, log, ticks, limits: [min, max], down }, css) {
    const scale = nearhit.scaleOf({ label, scale: log ? "logarithmic" : "linear" }, css);
    if (ticks.length) {
      scale.afterBuildTicks = (axis) => { axis.ticks = ticks.filter((one) => one >= axis.min && one <= axis.max).map((value) => ({ value })); };
      scale.ticks.callback = (value) => value.toLocaleString("en");
    }
    return { ...scale, afterDataLimits: undefined, reverse: down, min: min ?? undefined, max: max ?? undefined };
  }

  options(panel, css) {
    const color = css.getPropertyValue("--ink").trim();
    return {
      animation: false,
      color,
      backgroundColor: css.getPropertyValue("--ground").trim(),
      maintainAspectRatio: false,
      interaction: { mode: "nearest", intersect: true },
      scales: { x: this.axis(panel.x, css), y: this.axis(panel.y, css) },
      plugins: {
        title: { display: Boolean(panel.title), text: panel.title, color },
        legend: { display: false },
        tooltip: { callbacks: { label: ({ dataset, label, formattedValue }) => `${dataset.label}: ${label}${formattedValue}` } },
      },
    };
  }
};

nearhit.plots = [...document.querySelectorAll("figure.plot")].map((figure) => new nearhit.SeriesPlot(figure));
