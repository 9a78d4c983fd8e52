// Axes, colours, hover and zoom of charts.
"use strict";

// Return how an axis looks.
nearhit.scaleOf = ({ label, scale: type, order }, css) => {
  const color = (name) => css.getPropertyValue(name).trim();
  return {
    type,
    ...(type === "category" ? { labels: order, offset: true } : {}),
    title: { display: true, text: label, color: color("--soft"), font: { size: 13 } },
    grid: { color: color("--line"), tickLength: 4 },
    border: { color: color("--soft") },
    ticks: { color: color("--soft"), font: { size: 12 }, maxRotation: 40, ...(type === "logarithmic" ? { callback: nearhit.logTick } : {}) },
    afterDataLimits: type === "linear" ? nearhit.withRoom : undefined,
  };
};

// Return how a chart looks and answers: axes, colours of the scheme, hover, zoom.
nearhit.chartOptions = (figure, css) => {
  const color = (name) => css.getPropertyValue(name).trim();
  return {
    animation: false,
    color: color("--ink"),
    backgroundColor: color("--ground"),
    maintainAspectRatio: false,
    layout: { padding: { right: 12, top: 10 } },
    interaction: { mode: "nearest", intersect: true },
    onClick: (_, [hit]) => hit && figure.table.goTo(figure.pointAt(hit).line),
    scales: { x: nearhit.scaleOf(figure.about.x, css), y: nearhit.scaleOf(figure.y, css) },
    plugins: {
      legend: { display: false },
      tooltip: {
        enabled: false,
        filter: ({ dataset }) => !dataset.front,
        external: ({ tooltip }) => figure.showTip(tooltip),
      },
      zoom: {
        pan: { enabled: true, mode: "xy", modifierKey: "shift" },
        zoom: {
          mode: "xy",
          wheel: { enabled: true, modifierKey: "ctrl" },
          pinch: { enabled: true },
          drag: { enabled: true, threshold: 8, backgroundColor: `${color("--front")}22`, borderColor: color("--front"), borderWidth: 1 },
        },
      },
    },
  };
};

// Label 1, 2 and 5 of every power of ten, as numbers; in a narrow range every tick.
nearhit.logTick = function logTick(value) {
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  const wide = this.max / this.min > 4;
  const text = value >= 1e4 ? value.toLocaleString("en") : String(Number(value.toPrecision(3)));
  return wide && ![1, 2, 5].some((one) => Math.abs(digit - one) < 0.01) ? "" : text;
};

// Leave room around the points, but none below zero; where users zoomed they chose the limits.
nearhit.withRoom = (scale) => {
  if (scale.options.min !== undefined || scale.options.max !== undefined) return;
  const room = 0.08 * (scale.max - scale.min || 1);
  scale.min = scale.min >= 0 ? Math.max(0, scale.min - room) : scale.min - room;
  scale.max += room;
};
