// @ts-check
// The page of history: draws what its table says, reads it out point by point, and saves it as a picture. It asks the hub for nothing.
import { course, highest, paint, ticks, whole } from './figure.js';
import { register } from './keys.js';
import { saveCourse, saveWeek } from './picture.js';

/** @typedef {import('./figure.js').Row} Row */

const uPlot = /** @type {any} */ (window).uPlot;
const head = 1.18;
const zoomBy = 2;
const dayMinutes = 1440;

const panel = /** @type {HTMLElement | null} */ (document.querySelector('[data-chart]'));
if (panel) {
  const colours = coloursOf(panel);
  if (panel.dataset.chart === 'week') {
    for (const button of saves(panel)) button.addEventListener('click', () => void saveWeek(panel, colours(), button.dataset.save ?? 'png'));
  } else {
    const rows = read();
    const chart = open(panel, rows, colours);
    for (const button of saves(panel)) button.addEventListener('click', () => void saveCourse(panel, rows, chart.window(), colours(), button.dataset.save ?? 'png'));
  }
}

const form = /** @type {HTMLFormElement | null} */ (document.querySelector('[data-history-pickers]'));
for (const name of ['from', 'to']) {
  const field = form?.elements.namedItem(name);
  // Who names a time means it, whatever the list above says.
  field?.addEventListener('input', () => { const range = form?.elements.namedItem('range'); if (range instanceof HTMLSelectElement) range.value = 'own'; });
}
// A series belongs to its space: the list of another one comes with the page.
form?.elements.namedItem('space')?.addEventListener('change', () => form.requestSubmit());

/** The rows of the table. @returns {Row[]} */
function read() {
  return [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('table[data-points] tbody tr'))].map(row => {
    const data = row.dataset;
    const part = (/** @type {string | undefined} */ value, /** @type {string | undefined} */ err, /** @type {string | undefined} */ reason) => ({ value: value ? Number(value) : null, err: Number(err ?? 0), reason: reason ?? null });
    const parts = [part(data.value, data.err, data.reason)];
    if (panel?.dataset.chart === 'compare') parts.push(part(data.value2, data.err2, data.reason2));
    return { from: Number(data.from), to: Number(data.to), clock: Number(data.clock), tick: data.tick ?? '', long: data.long !== undefined, say: data.say ?? '', parts };
  });
}

/** @param {HTMLElement} host @param {Row[]} rows @param {() => import('./figure.js').Colours} colours */
function open(host, rows, colours) {
  const plot = /** @type {HTMLElement} */ (host.querySelector('[data-plot]'));
  const readout = /** @type {HTMLElement} */ (host.querySelector('[data-readout]'));
  const all = /** @type {[number, number]} */ ([rows[0].from, rows[rows.length - 1].to]);
  let seen = all;
  let at = -1;
  plot.hidden = false;
  plot.tabIndex = 0;
  plot.setAttribute('role', 'application');
  plot.setAttribute('aria-roledescription', 'chart');
  plot.setAttribute('aria-label', `${host.dataset.title}. ${rows.length} points; the table below says the same. Left and right arrow keys go from point to point, plus and minus zoom, 0 shows all.`);
  const live = document.createElement('p');
  live.className = 'visually-hidden';
  live.setAttribute('role', 'status');
  host.append(live);

  const axis = { stroke: () => colours().ink3, font: `11px ${colours().font}`, grid: { stroke: () => colours().grid, width: 1 }, ticks: { show: false } };
  const marks = (/** @type {any} */ u) => ticks(rows, seen, Math.max(2, Math.floor(u.bbox.width / devicePixelRatio / 78)));
  const made = new uPlot({
    width: Math.max(200, plot.clientWidth), height: plot.clientHeight, padding: [8, 12, 0, 0], legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false },
    scales: {
      x: { time: false, range: () => seen },
      y: { range: () => [0, Math.max(10, highest(rows.filter(row => row.to > seen[0] && row.from < seen[1])) * head)] },
    },
    axes: [
      { ...axis, size: 26, splits: (/** @type {any} */ u) => marks(u).map(row => row.from), values: (/** @type {any} */ u) => marks(u).map(row => row.tick) },
      { ...axis, size: 56, space: 34, values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(split => (Number.isInteger(split) ? whole(split) : '')) },
    ],
    series: [{}, ...rows[0].parts.map(() => ({ paths: () => null, points: { show: false } }))],
    hooks: {
      draw: [(/** @type {any} */ u) => draw(u)],
      setCursor: [(/** @type {any} */ u) => { if (u.cursor.idx !== null && u.cursor.left >= 0) show(under(u)); }],
      setSelect: [(/** @type {any} */ u) => {
        if (u.select.width < 6) return;
        zoom([u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')]);
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
    },
  }, [rows.map(row => (row.from + row.to) / 2), ...rows[0].parts.map((_, k) => rows.map(row => row.parts[k].value))], plot);

  /** The row under the pointer, as long as it is. @param {any} u */
  function under(u) {
    const seconds = u.posToVal(u.cursor.left, 'x');
    const i = rows.findIndex(row => row.from <= seconds && seconds < row.to);
    return i < 0 ? at : i;
  }

  /** @param {any} u */
  function draw(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const frame = { box: bbox, unit: devicePixelRatio, colours: colours(), x: (/** @type {number} */ seconds) => u.valToPos(seconds, 'x', true), y: (/** @type {number} */ value) => u.valToPos(value, 'y', true) };
    paintRows(ctx, frame);
    ctx.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {import('./figure.js').Frame} frame */
  function paintRows(context, frame) {
    if (at >= 0) {
      const row = rows[at];
      const [a, b] = [frame.x(row.from), frame.x(row.to)];
      context.fillStyle = frame.colours.ink3;
      context.globalAlpha = 0.18;
      context.fillRect(a, frame.box.top, Math.max(b - a, 2 * frame.unit), frame.box.height);
      context.globalAlpha = 1;
    }
    paint(context, course(rows, frame), frame.colours.font);
  }

  /** @param {number} i */
  function show(i) {
    if (i === at || i < 0) return;
    at = i;
    readout.textContent = rows[i].say;
    plot.dataset.at = String(i);
    made.redraw(false);
  }

  /** @param {number} i */
  function go(i) {
    const to = Math.min(rows.length - 1, Math.max(0, i));
    const row = rows[to];
    const middle = (row.from + row.to) / 2;
    if (middle < seen[0] || middle > seen[1]) zoom([middle - (seen[1] - seen[0]) / 2, middle + (seen[1] - seen[0]) / 2]);
    show(to);
    live.textContent = row.say;
  }

  /** @param {[number, number]} to */
  function zoom(to) {
    const least = rows.reduce((shortest, row) => Math.min(shortest, row.to - row.from), Infinity) * 2;
    const span = Math.min(Math.max(to[1] - to[0], least), all[1] - all[0]);
    const from = Math.min(Math.max((to[0] + to[1] - span) / 2, all[0]), all[1] - span);
    seen = [from, from + span];
    plot.dataset.window = seen.map(Math.round).join(' ');
    made.setData(made.data, true);
  }

  /** @param {number} by */
  function zoomAround(by) {
    const span = (seen[1] - seen[0]) / by;
    const middle = at >= 0 ? (rows[at].from + rows[at].to) / 2 : (seen[0] + seen[1]) / 2;
    zoom([middle - span / 2, middle + span / 2]);
    live.textContent = seen[0] === all[0] && seen[1] === all[1] ? 'All is shown.' : `${rows.filter(row => row.to > seen[0] && row.from < seen[1]).length} points are shown.`;
  }

  /** The point that lies about a day away. @param {number} side */
  function dayAway(side) {
    const from = rows[Math.max(0, at)].from + side * dayMinutes * 60;
    return rows.reduce((best, row, i) => (Math.abs(row.from - from) < Math.abs(rows[best].from - from) ? i : best), Math.max(0, at));
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowRight: () => go(at + 1), ArrowLeft: () => go(at < 0 ? rows.length - 1 : at - 1),
    Home: () => go(0), End: () => go(rows.length - 1), PageDown: () => go(dayAway(1)), PageUp: () => go(dayAway(-1)),
    '+': () => zoomAround(zoomBy), '-': () => zoomAround(1 / zoomBy), '0': () => { zoom(all); live.textContent = 'All is shown.'; },
  };
  plot.addEventListener('keydown', press => {
    const run = keys[press.key];
    if (!run || press.ctrlKey || press.altKey || press.metaKey) return;
    press.preventDefault();
    run();
  });
  const group = 'Chart, while it has the keyboard';
  register(
    { keys: 'ArrowRight', text: 'Next point', group }, { keys: 'ArrowLeft', text: 'Point before', group },
    { keys: 'PageDown', text: 'A day on', group }, { keys: 'PageUp', text: 'A day back', group },
    { keys: '+', text: 'Nearer', group }, { keys: '-', text: 'Farther', group }, { keys: '0', text: 'All', group },
  );

  new ResizeObserver(() => { if (plot.clientWidth > 0) made.setSize({ width: plot.clientWidth, height: plot.clientHeight }); }).observe(plot);
  const repaint = () => made.redraw(false);
  document.addEventListener('hub-theme', repaint);
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', repaint);
  plot.dataset.points = String(rows.length);
  return { window: () => seen };
}

/** @param {HTMLElement} host @returns {HTMLElement[]} */
function saves(host) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll('[data-save]'))];
}

/** Colours of the tokens as a canvas and a picture need them. @param {HTMLElement} host */
function coloursOf(host) {
  const probe = document.createElement('span');
  probe.className = 'visually-hidden';
  host.append(probe);
  const colour = (/** @type {string} */ token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  return () => ({
    lines: [colour('--series-1'), colour('--series-2')], ink: colour('--ink'), ink2: colour('--ink-2'), ink3: colour('--ink-3'),
    ground: colour('--panel'), grid: colour('--line-soft'), hatch: colour('--hatch-ink'), font: getComputedStyle(host).fontFamily,
  });
}
