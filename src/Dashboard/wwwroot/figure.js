// @ts-check
// Charts of history as lines and texts: painted on a canvas and written as SVG from the same list, so that a picture shows what the page shows.

/**
 * @typedef {{ value: number | null, err: number, reason: string | null }} Part
 * @typedef {{ from: number, to: number, clock: number, tick: string, long: boolean, say: string, parts: Part[] }} Row
 * @typedef {{ left: number, top: number, width: number, height: number }} Box
 * @typedef {{ points: [number, number][], fill?: string, stroke?: string, width?: number, dash?: number[], opacity?: number }} Line
 * @typedef {{ text: string, x: number, y: number, size: number, fill: string, anchor?: 'start' | 'middle' | 'end', weight?: number }} Text
 * @typedef {Line | Text} Item
 * @typedef {{ lines: string[], ink: string, ink2: string, ink3: string, ground: string, grid: string, hatch: string, font: string }} Colours
 * @typedef {{ box: Box, x: (seconds: number) => number, y: (value: number) => number, unit: number, colours: Colours }} Frame
 */

const dashes = [[], [6, 3]];
const laneOf = 14;

/** Highest number that a chart of these rows must have room for. @param {Row[]} rows */
export const highest = rows => rows.reduce((most, row) => Math.max(most, ...row.parts.map(part => (part.value === null ? 0 : part.value + part.err))), 0);

/** Bands, steps and marks of the rows: what is not there is not joined. @param {Row[]} rows @param {Frame} frame @returns {Item[]} */
export function course(rows, frame) {
  const { box } = frame;
  const right = box.left + box.width;
  const seen = rows.filter(row => frame.x(row.to) > box.left && frame.x(row.from) < right);
  const clamp = (/** @type {number} */ seconds) => Math.min(right, Math.max(box.left, frame.x(seconds)));
  const inner = { ...frame, x: clamp };
  const count = rows[0]?.parts.length ?? 0;
  /** @type {Item[]} */
  const items = [];
  for (let k = 0; k < count; k++) items.push(...runs(seen, k).flatMap(run => band(run, k, inner)));
  for (let k = 0; k < count; k++) items.push(...runs(seen, k).map(run => steps(run, k, inner)));
  for (let k = 0; k < count; k++) items.push(...holes(seen, k).flatMap(hole => mark(hole, k, inner)));
  return items;
}

/** Rows that follow each other and have numbers of a like length. @param {Row[]} rows @param {number} k */
function runs(rows, k) {
  /** @type {Row[][]} */
  const found = [];
  let last = /** @type {Row | null} */ (null);
  for (const row of rows) {
    // A row of the other event alone says nothing about this one.
    if (row.parts[k].value === null) { if (row.parts[k].reason !== null) last = null; continue; }
    if (last && last.to === row.from && last.long === row.long) found[found.length - 1].push(row);
    else found.push([row]);
    last = row;
  }
  return found;
}

/** Rows that follow each other and lack a number for the same reason. @param {Row[]} rows @param {number} k */
function holes(rows, k) {
  /** @type {{ reason: string, from: number, to: number }[]} */
  const found = [];
  for (const row of rows) {
    const { reason } = row.parts[k];
    if (reason === null) continue;
    const last = found[found.length - 1];
    if (last && last.to === row.from && last.reason === reason) last.to = row.to;
    else found.push({ reason, from: row.from, to: row.to });
  }
  return found;
}

/** @param {Row[]} run @param {number} k @param {Frame} frame @returns {Line[]} */
function band(run, k, frame) {
  const edge = (/** @type {number} */ side) => run.flatMap(row => {
    const part = row.parts[k];
    const y = frame.y(Math.max(0, (part.value ?? 0) + side * part.err));
    return /** @type {[number, number][]} */ ([[frame.x(row.from), y], [frame.x(row.to), y]]);
  });
  return [{ points: [...edge(1), ...edge(-1).reverse()], fill: frame.colours.lines[k], opacity: 0.2 }];
}

/** @param {Row[]} run @param {number} k @param {Frame} frame @returns {Line} */
function steps(run, k, frame) {
  const points = run.flatMap(row => {
    const y = frame.y(row.parts[k].value ?? 0);
    return /** @type {[number, number][]} */ ([[frame.x(row.from), y], [frame.x(row.to), y]]);
  });
  return { points, stroke: frame.colours.lines[k], width: 1.75 * frame.unit, dash: (run[0].long ? [2, 3] : dashes[k % dashes.length]).map(step => step * frame.unit) };
}

/** A hole in a lane at the upper edge, far from zero; silence is hatched over the whole height. @param {{ reason: string, from: number, to: number }} hole @param {number} k @param {Frame} frame @returns {Item[]} */
function mark(hole, k, frame) {
  const { box, unit, colours } = frame;
  const [a, b] = [frame.x(hole.from), frame.x(hole.to)];
  if (b <= a) return [];
  const size = laneOf * unit;
  const top = box.top + 2 * unit + k * size;
  /** @type {Item[]} */
  const items = hole.reason === 'no-data' ? hatch({ left: a, top: k === 0 ? box.top : top, width: b - a, height: k === 0 ? box.height : size }, unit, colours.hatch) : [];
  if (hole.reason === 'none') return items;
  const stroke = frame.colours.lines.length > 1 && k > 0 ? colours.lines[k] : colours.ink2;
  items.push({ points: [[a, top + size], [b, top + size]], stroke, width: unit, dash: hole.reason === 'suppressed' ? [unit, 3 * unit] : [] });
  if (hole.reason === 'no-data') return items;
  const every = 56 * unit;
  const n = Math.max(1, Math.floor((b - a) / every));
  for (let i = 0; i < n; i++) items.push(...sign(hole.reason, a + ((b - a) * (i + 0.5)) / n, top + size / 2, unit, stroke));
  return items;
}

/** The sign of a reason, as the legend has it. @param {string} reason @param {number} x @param {number} y @param {number} unit @param {string} stroke @returns {Line[]} */
export function sign(reason, x, y, unit, stroke) {
  const at = (/** @type {[number, number][]} */ points) => ({ points: points.map(([dx, dy]) => /** @type {[number, number]} */ ([x + dx * unit, y + dy * unit])), stroke, width: 1.4 * unit });
  switch (reason) {
    case 'suppressed': return [at(Array.from({ length: 13 }, (_, i) => [3 * Math.cos((i * Math.PI) / 6), 3 * Math.sin((i * Math.PI) / 6)]))];
    case 'withdrawn': return [at([[-3.5, -3.5], [3.5, 3.5]]), at([[3.5, -3.5], [-3.5, 3.5]])];
    case 'restored': return [at([[0, -4], [4, 0], [0, 4], [-4, 0], [0, -4]])];
    case 'no-data': return [at([[-4, 1], [1, -4]]), at([[-4, 4], [4, -4]]), at([[-1, 4], [4, -1]])];
    case 'none': return [at([[-2.5, 0], [-1.5, 0]]), at([[1.5, 0], [2.5, 0]])];
    default: return [at([[-3.5, -3.5], [3.5, -3.5], [3.5, 3.5], [-3.5, 3.5], [-3.5, -3.5]]), at([[-3.5, 0], [3.5, 0]])];
  }
}

/** Lines aslant over a box, cut at its edges. @param {Box} box @param {number} unit @param {string} stroke @returns {Line[]} */
function hatch(box, unit, stroke) {
  const lines = [];
  const step = 7 * unit;
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  for (let x = Math.ceil((box.left - box.height) / step) * step; x < right; x += step) {
    const from = Math.max(x, box.left);
    const to = Math.min(x + box.height, right);
    if (to > from) lines.push({ points: /** @type {[number, number][]} */ ([[from, bottom - (from - x)], [to, bottom - (to - x)]]), stroke, width: unit, opacity: 0.55 });
  }
  return lines;
}

/** Round numbers from zero up. @param {number} most @param {number} count */
export function scale(most, count = 5) {
  const rough = Math.max(most, 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map(one => one * power).find(one => one >= rough) ?? power);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

/** Rows of a window at which an axis is labelled: whole hours or days by the clock on the wall, as many as fit. @param {Row[]} rows @param {[number, number]} window @param {number} fit */
export function ticks(rows, window, fit) {
  const seen = rows.filter(row => row.from >= window[0] && row.from < window[1]);
  for (const step of [15, 30, 60, 120, 180, 360, 720, 1440]) {
    const some = seen.filter(row => row.clock % step === 0);
    if (some.length <= fit && some.length > 0) return some;
  }
  const days = seen.filter(row => row.clock % 1440 === 0);
  const from = days.length > 0 ? days : seen;
  const every = Math.ceil(from.length / Math.max(1, fit));
  return from.filter((_, i) => i % every === 0);
}

/** Thin space between thousands, as in the tables. @param {number} value */
export const whole = value => String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** Paints items. @param {CanvasRenderingContext2D} context @param {Item[]} items @param {string} font */
export function paint(context, items, font) {
  for (const item of items) {
    context.save();
    if ('text' in item) {
      context.fillStyle = item.fill;
      context.font = `${item.weight ?? 400} ${item.size}px ${font}`;
      context.textAlign = item.anchor === 'middle' ? 'center' : item.anchor ?? 'start';
      context.fillText(item.text, item.x, item.y);
    } else {
      context.globalAlpha = item.opacity ?? 1;
      context.setLineDash(item.dash ?? []);
      context.beginPath();
      item.points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
      if (item.fill) { context.fillStyle = item.fill; context.fill(); }
      if (item.stroke) { context.strokeStyle = item.stroke; context.lineWidth = item.width ?? 1; context.stroke(); }
    }
    context.restore();
  }
}

/** The same items as SVG. @param {Item[]} items @param {number} width @param {number} height @param {string} font @param {string} title */
export function svg(items, width, height, font, title) {
  const lines = items.map(item => {
    if ('text' in item) return `<text x="${round(item.x)}" y="${round(item.y)}" font-size="${item.size}" font-weight="${item.weight ?? 400}" text-anchor="${item.anchor ?? 'start'}" fill="${item.fill}">${escaped(item.text)}</text>`;
    const points = item.points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
    return item.fill
      ? `<polygon points="${points}" fill="${item.fill}" fill-opacity="${item.opacity ?? 1}"/>`
      : `<polyline points="${points}" fill="none" stroke="${item.stroke}" stroke-width="${item.width ?? 1}" stroke-opacity="${item.opacity ?? 1}"${item.dash?.length ? ` stroke-dasharray="${item.dash.join(' ')}"` : ''}/>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(font)}" role="img"><title>${escaped(title)}</title>\n${lines.join('\n')}\n</svg>\n`;
}

/** @param {number} value */
const round = value => Math.round(value * 100) / 100;

/** @param {string} text */
const escaped = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
