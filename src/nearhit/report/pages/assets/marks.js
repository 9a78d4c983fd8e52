// How points are told apart, and which of them are on the front.
"use strict";

nearhit.SHAPES = {
  circle: '<circle cx="8" cy="8" r="5.5"/>',
  rect: '<path d="M3 3h10v10H3z"/>',
  triangle: '<path d="M8 2.2l6 11H2z"/>',
  rectRot: '<path d="M8 1.5L14.5 8 8 14.5 1.5 8z"/>',
  star: '<path d="M8 1v14M1 8h14M3 3l10 10M13 3L3 13" stroke-width="2" fill="none"/>',
};
nearhit.COLORS = 8;

// Return colour and shape of the place-th of several things: all colours, then the next shape.
nearhit.markOf = (place, css) => {
  const shapes = Object.keys(nearhit.SHAPES);
  const color = css.getPropertyValue(`--series-${place % nearhit.COLORS}`).trim();
  const turn = place + Math.floor(place / nearhit.COLORS);
  return { color, shape: shapes[turn % shapes.length] };
};

nearhit.swatch = ({ color, shape }) =>
  `<svg viewBox="0 0 16 16" aria-hidden="true" fill="${color}" stroke="${color}">${nearhit.SHAPES[shape]}</svg>`;

nearhit.SHARES = ["particle_efficiency", "track_efficiency", "trackml_score"];

// Return the binomial error of a share of trackable particles, 0 for other figures.
const errorOf = ({ y, row }, key) =>
  nearhit.SHARES.includes(key) && row.n_trackable ? Math.sqrt((y * (1 - y)) / row.n_trackable) : 0;

// Return the points that no other beats: cheapest first, each gaining more than the one before it,
// by more than the larger error of the two, as the fronts of tables do.
nearhit.frontOf = (points, key) => {
  const front = [];
  for (const point of [...points].sort((a, b) => a.x - b.x || b.y - a.y)) {
    const last = front.at(-1);
    if (!last || point.y - last.y > Math.max(errorOf(point, key), errorOf(last, key))) front.push(point);
  }
  return front;
};

nearhit.groupBy = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
};

// Return what names a row among others: what they share is left out, the rest is in the tip.
nearhit.namer = (rows) => {
  const differ = (key) => new Set(rows.map((row) => row[key])).size > 1;
  const keys = ["metric", "bucket_size", "threads"].filter(differ);
  const several = differ("library") || differ("tracker");
  return (row) => {
    const buckets = [`${row.bucket_size} of ${row.library}`, row.choices].filter(Boolean).join(", ");
    if (row.tracker) return row.library === "whole-event" ? row.tracker : `${row.tracker_name} in ${buckets}`;
    return [several ? row.library : row.index, ...keys.map((key) => row[key])].join(" ");
  };
};

// Write names beside points, those that would cover another left out.
nearhit.names = {
  id: "names",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea } = chart;
    const taken = [];
    ctx.save();
    ctx.font = `12px ${Chart.defaults.font.family}`;
    ctx.fillStyle = chart.options.color;
    ctx.strokeStyle = chart.options.backgroundColor;
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    for (const [set, data] of chart.data.datasets.entries()) {
      if (!data.named || !chart.isDatasetVisible(set)) continue;
      for (const [place, { x, y }] of chart.getDatasetMeta(set).data.entries()) {
        const text = data.named(data.data[place].row);
        if (!text) continue;
        const width = ctx.measureText(text).width;
        const inside = x >= chartArea.left && x <= chartArea.right && y >= chartArea.top && y <= chartArea.bottom;
        const boxes = [[x - 4, y - 24], [x - width + 4, y - 24], [x + 9, y + 6], [x - 9 - width, y + 6]];
        const free = boxes.find(([left, top]) =>
          inside && left >= chartArea.left && left + width <= chartArea.right && top >= chartArea.top &&
          taken.every(([l, t, w]) => left > l + w || left + width < l || Math.abs(top - t) > 14));
        if (free) {
          taken.push([...free, width]);
          ctx.strokeText(text, free[0], free[1] + 12);
          ctx.fillText(text, free[0], free[1] + 12);
        }
      }
    }
    ctx.restore();
  },
};
