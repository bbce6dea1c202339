// @ts-check
// Pictures to take along: title, axes, legend and the words about the noise are in them, so that they can be understood without the page.
import { course, highest, paint, scale, sign, svg, ticks, whole } from './figure.js';

/**
 * @typedef {import('./figure.js').Row} Row
 * @typedef {import('./figure.js').Item} Item
 * @typedef {import('./figure.js').Colours} Colours
 */

const width = 1200;
const plotHeight = 380;
const cellHeight = 44;
const sharp = 2;
const lineHeight = 18;
const lineChars = 160;

/** @param {HTMLElement} panel @param {Row[]} rows @param {[number, number]} window @param {Colours} colours @param {string} kind */
export function saveCourse(panel, rows, window, colours, kind) {
  const legend = words(panel);
  const box = { left: 70, top: 70, width: width - 90, height: plotHeight };
  const below = box.top + box.height + 48;
  const height = heightOf(legend, below);
  const seen = rows.filter(row => row.to > window[0] && row.from < window[1]);
  const most = Math.max(10, highest(seen) * 1.18);
  const x = (/** @type {number} */ seconds) => box.left + ((seconds - window[0]) / (window[1] - window[0])) * box.width;
  const y = (/** @type {number} */ value) => box.top + box.height - (value / most) * box.height;
  /** @type {Item[]} */
  const items = [...ground(panel, colours, height)];
  for (const value of scale(most)) {
    items.push({ points: [[box.left, y(value)], [box.left + box.width, y(value)]], stroke: colours.grid, width: 1 });
    items.push({ text: whole(value), x: box.left - 8, y: y(value) + 4, size: 12, fill: colours.ink2, anchor: 'end' });
  }
  for (const row of ticks(rows, window, 12)) {
    items.push({ points: [[x(row.from), box.top], [x(row.from), box.top + box.height]], stroke: colours.grid, width: 1 });
    items.push({ text: row.tick, x: x(row.from), y: box.top + box.height + 18, size: 12, fill: colours.ink2, anchor: 'middle' });
  }
  items.push(...course(rows, { box, x, y, unit: 1, colours }));
  items.push(...lines(legend, below, colours));
  return save(panel, items, height, colours, kind);
}

/** @param {HTMLElement} panel @param {Colours} colours @param {string} kind */
export function saveWeek(panel, colours, kind) {
  const [left, top, cellWidth] = [70, 96, (width - 90) / 24];
  const legend = words(panel);
  const below = top + 7 * cellHeight + 30;
  const height = heightOf(legend, below);
  /** @type {Item[]} */
  const items = [...ground(panel, colours, height)];
  for (let hour = 0; hour < 24; hour++) items.push({ text: String(hour).padStart(2, '0'), x: left + (hour + 0.5) * cellWidth, y: top - 8, size: 12, fill: colours.ink2, anchor: 'middle' });
  for (const [day, row] of [...panel.querySelectorAll('.history-week tbody tr')].entries()) {
    items.push({ text: row.querySelector('th')?.textContent ?? '', x: left - 10, y: top + day * cellHeight + 26, size: 13, fill: colours.ink, anchor: 'end' });
    for (const [hour, cell] of [.../** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll('td'))].entries()) {
      const [x, y] = [left + hour * cellWidth, top + day * cellHeight];
      const corners = /** @type {[number, number][]} */ ([[x + 1, y + 1], [x + cellWidth - 1, y + 1], [x + cellWidth - 1, y + cellHeight - 1], [x + 1, y + cellHeight - 1]]);
      items.push({ points: corners, fill: plain(getComputedStyle(cell).backgroundColor) });
      if (cell.classList.contains('shade-long')) items.push({ points: [...corners, corners[0]], stroke: colours.ink3, width: 1, dash: [3, 2] });
      const [value, error] = [cell.querySelector('b')?.textContent, cell.querySelector('span')?.textContent];
      if (value) {
        items.push({ text: value, x: x + cellWidth / 2, y: y + 20, size: 13, fill: colours.ink, anchor: 'middle', weight: 600 });
        items.push({ text: error ?? '', x: x + cellWidth / 2, y: y + 35, size: 11, fill: colours.ink, anchor: 'middle' });
      } else {
        items.push(...sign(cell.dataset.reason ?? '', x + cellWidth / 2, y + cellHeight / 2, 1, colours.ink2));
      }
    }
  }
  items.push(...lines(legend, below, colours));
  return save(panel, items, height, colours, kind);
}

/** @typedef {{ text: string, sign: SVGElement | null, isMore?: boolean }} Words */

/** What the legend and the words about the noise say, in lines that fit; marks are named by their sign. @param {HTMLElement} panel @returns {Words[]} */
function words(panel) {
  const legend = [...panel.querySelectorAll('.history-legend li')].map(item => ({ text: item.textContent ?? '', sign: /** @type {SVGElement | null} */ (item.querySelector('svg')) }));
  const noise = document.querySelector('[data-noise-error]')?.textContent;
  return [...legend, ...(noise ? [{ text: noise, sign: null }] : [])].flatMap(({ text, sign: drawn }) => cut(text).map((line, i) => ({ text: line, sign: drawn, isMore: i > 0 })));
}

/** A text in lines. @param {string} text */
function cut(text) {
  const found = [''];
  for (const word of text.trim().split(/\s+/)) {
    const line = found[found.length - 1];
    if (line && line.length + word.length >= lineChars) found.push(word);
    else found[found.length - 1] = line ? `${line} ${word}` : word;
  }
  return found;
}

/** @param {Words[]} legend @param {number} top */
const heightOf = (legend, top) => top + legend.length * lineHeight;

/** @param {Words[]} legend @param {number} top @param {Colours} colours @returns {Item[]} */
const lines = (legend, top, colours) => legend.flatMap(({ text, sign: drawn, isMore }, i) => {
  const y = top + i * lineHeight;
  const key = drawn?.dataset.reason;
  const line = drawn?.dataset.line;
  /** @type {Item[]} */
  const before = key ? sign(key, 82, y - 4, 1, colours.ink2)
    : line === 'band' ? [{ points: [[72, y - 8], [92, y - 8], [92, y], [72, y]], fill: colours.lines[0], opacity: 0.2 }]
    : line ? [{ points: [[72, y - 4], [92, y - 4]], stroke: colours.lines[line === 'second' ? 1 : 0], width: 1.75, dash: line === 'second' ? [6, 3] : line === 'long' ? [2, 3] : [] }] : [];
  return [...(isMore ? [] : before), /** @type {Item} */ ({ text, x: drawn ? 104 : 70, y, size: 12, fill: colours.ink2 })];
});

/** @param {HTMLElement} panel @param {Colours} colours @param {number} height @returns {Item[]} */
const ground = (panel, colours, height) => [
  { points: [[0, 0], [width, 0], [width, height], [0, height]], fill: colours.ground },
  { text: panel.dataset.title ?? '', x: 24, y: 30, size: 17, fill: colours.ink, weight: 600 },
  { text: `${panel.dataset.note}; ${panel.dataset.unit}`, x: 24, y: 50, size: 12, fill: colours.ink2 },
];

/** @param {HTMLElement} panel @param {Item[]} items @param {number} height @param {Colours} colours @param {string} kind */
async function save(panel, items, height, colours, kind) {
  const name = `${(panel.dataset.title ?? 'history').replace(/[^\p{L}\p{N}-]+/gu, '-').toLowerCase()}.${kind}`;
  if (kind === 'svg') {
    give(new Blob([svg(items, width, height, colours.font, `${panel.dataset.title}. ${panel.dataset.note}`)], { type: 'image/svg+xml' }), name);
    return;
  }
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * sharp, height * sharp];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.scale(sharp, sharp);
  paint(context, items, colours.font);
  const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
  if (blob) give(blob, name);
}

/** A mixed colour as one that every reader of SVG knows. @param {string} colour */
function plain(colour) {
  const context = /** @type {CanvasRenderingContext2D} */ (Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d'));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return `rgb(${[...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(' ')})`.replace(/ /g, ', ');
}

/** @param {Blob} blob @param {string} name */
function give(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
