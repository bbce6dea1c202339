// @ts-check
// The last two hours of a space: density per zone and people. A gap stays a gap, and is hatched.

const uPlot = /** @type {any} */ (window).uPlot;
const hours = 2;
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4], [3, 6]];

/**
 * @typedef {{ stepSeconds: number, from: string | null, people: (number | null)[], zones: { id: string, density: (number | null)[] }[] }} Recent
 */

/**
 * Shows the strip and asks for it anew at each step.
 * @param {HTMLElement} host
 * @param {{ space: string, zone: string, zones: { id: string, name: string }[] }} options
 */
export function open(host, options) {
  /** @type {Map<string, number>} */
  let on = new Map();
  /** @type {Recent | null} */
  let recent = null;
  /** @type {any[]} */
  let charts = [];
  let timer = 0;
  let gone = false;
  const colour = colours(host);
  const say = part('p', 'strip-note');
  host.append(say);

  async function load() {
    let next = 10;
    try {
      const answer = await fetch(`/api/spaces/${encodeURIComponent(options.space)}/recent`, { cache: 'no-store' });
      if (!answer.ok) throw new Error(String(answer.status));
      recent = await answer.json();
      next = recent?.stepSeconds ?? next;
      show();
    } catch {
      say.textContent = 'The last two hours cannot be read now.';
      say.hidden = false;
    }
    if (!gone) timer = setTimeout(load, next * 1000);
  }

  function show() {
    if (gone || !recent) return;
    say.hidden = false;
    say.textContent = 'Nothing has been noted yet.';
    if (recent.from === null) return;
    const data = table(recent, options.zones);
    say.hidden = data.times[0] <= data.window[0];
    say.textContent = `Noted since ${clock(data.times[0])}: the hub keeps this in memory only, and began anew when it started.`;
    if (charts.length === 0) build();
    charts.forEach((chart, i) => {
      chart.hubWindow = data.window;
      chart.setData(i === 0 ? [data.times, ...data.zones] : [data.times, data.people], true);
    });
    describe(data);
  }

  function build() {
    const box = part('div', 'strip-charts');
    host.append(box);
    charts = [
      chart(box, 'Density, people per m²', options.zones.map((zone, i) => ({ label: zone.name, stroke: () => colour(`--series-${(i % 6) + 1}`), width: 1.75, dash: dashes[i % 6], spanGaps: false, points: { show: false } })), true),
      chart(box, 'People', [{ label: 'People', stroke: () => colour('--ink-2'), width: 1.75, spanGaps: false, points: { show: false } }], false),
    ];
    size();
  }

  /** @param {HTMLElement} box @param {string} title @param {any[]} series @param {boolean} withLimits */
  function chart(box, title, series, withLimits) {
    const figure = part('figure', 'strip-chart');
    const caption = part('figcaption', '');
    caption.append(part('span', 'strip-title', title));
    const values = series.map((one, i) => {
      const entry = part('span', 'strip-key');
      entry.append(swatch(i, withLimits), part('span', 'narrow clip', one.label), part('b', 'num'));
      if (series.length > 1 || withLimits) caption.append(entry);
      else { entry.replaceChildren(entry.lastChild ?? ''); caption.append(entry); }
      return entry.querySelector('b') ?? entry;
    });
    const plot = part('div', 'strip-plot');
    plot.setAttribute('role', 'img');
    figure.append(caption, plot);
    box.append(figure);
    const axis = { stroke: () => colour('--ink-3'), font: `11px ${getComputedStyle(host).fontFamily}`, grid: { stroke: () => colour('--line-soft'), width: 1 }, ticks: { show: false } };
    /** @type {any} */
    let made = null;
    made = new uPlot({
      width: 300, height: 90, padding: [6, 18, 0, 0], legend: { show: false }, tzDate: (/** @type {number} */ seconds) => uPlot.tzDate(new Date(seconds * 1000), options.zone),
      cursor: { drag: { x: false, y: false }, points: { size: 6 }, sync: { key: options.space } },
      scales: { x: { range: () => made?.hubWindow ?? [0, 1] }, y: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ max) => [0, Math.max(withLimits ? 0.5 : 10, ...(withLimits ? limitsNear(max) : []), (max || 0) * 1.15)] } },
      axes: [{ ...axis, space: 60, size: 22, values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(clock) }, { ...axis, size: 44, space: 24, values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(split => withLimits ? String(split) : whole(split)) }],
      series: [{}, ...series],
      hooks: {
        drawClear: [(/** @type {any} */ u) => gaps(u)],
        draw: [(/** @type {any} */ u) => { if (withLimits) lines(u); }],
        setCursor: [(/** @type {any} */ u) => read(u, values, withLimits)],
        setData: [(/** @type {any} */ u) => read(u, values, withLimits)],
      },
    }, [[], ...series.map(() => [])], plot);
    return made;
  }

  /** A limit is drawn once the numbers come near it: far above it would press the curve flat. @param {number} max */
  const limitsNear = max => [...on.values()].filter(limit => limit <= Math.max(1, (max || 0) * 3)).map(limit => limit * 1.08);

  /** @param {number} seconds */
  const clock = seconds => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: options.zone }).format(new Date(seconds * 1000));

  /** @param {any} u @param {Element[]} values @param {boolean} withLimits */
  function read(u, values, withLimits) {
    const at = u.cursor.idx ?? u.data[0].length - 1;
    values.forEach((cell, i) => {
      const value = u.data[i + 1]?.[at];
      cell.textContent = value == null ? 'unknown' : withLimits ? value.toFixed(2) : whole(value);
    });
  }

  /** Hatches what was not known: before the first step, and wherever a series has none. @param {any} u */
  function gaps(u) {
    const { ctx, bbox } = u;
    const times = u.data[0];
    if (times.length === 0) return;
    const [left, right] = u.hubWindow ?? [times[0], times[times.length - 1]];
    const spans = times[0] > left ? [[left, times[0]]] : [];
    let from = null;
    for (let i = 0; i < times.length; i++) {
      const unknown = u.data.slice(1).some((/** @type {any[]} */ one) => one[i] == null);
      if (unknown && from === null) from = times[Math.max(0, i - 1)];
      if (!unknown && from !== null) { spans.push([from, times[i]]); from = null; }
    }
    if (from !== null) spans.push([from, right]);
    ctx.save();
    ctx.strokeStyle = colour('--hatch-ink');
    ctx.globalAlpha = 0.4;
    ctx.lineWidth = devicePixelRatio;
    for (const [a, b] of spans) {
      const [x0, x1] = [Math.max(bbox.left, u.valToPos(a, 'x', true)), Math.min(bbox.left + bbox.width, u.valToPos(b, 'x', true))];
      if (x1 <= x0) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(x0, bbox.top, x1 - x0, bbox.height);
      ctx.clip();
      ctx.beginPath();
      const step = 7 * devicePixelRatio;
      for (let x = Math.floor((x0 - bbox.height) / step) * step; x < x1; x += step) { ctx.moveTo(x, bbox.top + bbox.height); ctx.lineTo(x + bbox.height, bbox.top); }
      ctx.stroke();
      ctx.restore();
    }
    ctx.restore();
  }

  /** @param {any} u */
  function lines(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.lineWidth = 1.25 * devicePixelRatio;
    ctx.strokeStyle = colour('--priority-1');
    for (const limit of new Set(on.values())) {
      const y = u.valToPos(limit, 'y', true);
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }

  /** The chart in words. @param {ReturnType<typeof table>} data */
  function describe(data) {
    const plots = host.querySelectorAll('[role="img"]');
    const words = options.zones.map((zone, i) => sentence(`Density of ${zone.name}`, data.zones[i], data.times, 2));
    plots[0]?.setAttribute('aria-label', words.join(' '));
    plots[1]?.setAttribute('aria-label', sentence('People', data.people, data.times, 0));
  }

  /** @param {string} what @param {(number | null)[]} values @param {number[]} times @param {number} digits */
  function sentence(what, values, times, digits) {
    const known = values.map((value, i) => [value, times[i]]).filter(pair => pair[0] !== null);
    if (known.length === 0) return `${what}: not known in the last two hours.`;
    const highest = known.reduce((a, b) => (/** @type {number} */ (b[0]) > /** @type {number} */ (a[0]) ? b : a));
    const now = values[values.length - 1];
    const missing = Math.round(values.filter(value => value === null).length * (recent?.stepSeconds ?? 10) / 60);
    return `${what}: now ${now === null ? 'not known' : now.toFixed(digits)}, highest ${highest[0]?.toFixed(digits)} at ${clock(/** @type {number} */ (highest[1]))}${missing > 0 ? `, not known for ${missing} min` : ''}.`;
  }

  /** @param {number} i @param {boolean} isZone */
  function swatch(i, isZone) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 22 6');
    svg.setAttribute('class', `strip-swatch series-${isZone ? (i % 6) + 1 : 0}`);
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', 'M0 3h22');
    line.setAttribute('stroke-dasharray', dashes[i % 6].join(' '));
    svg.append(line);
    return svg;
  }

  function size() {
    for (const one of charts) {
      const box = /** @type {HTMLElement} */ (one.root.parentElement);
      if (box.clientWidth > 0) one.setSize({ width: box.clientWidth, height: Math.max(60, box.clientHeight) });
    }
  }

  const resized = new ResizeObserver(size);
  resized.observe(host);
  const repaint = () => charts.forEach(one => one.redraw(false));
  document.addEventListener('hub-theme', repaint);
  const scheme = matchMedia('(prefers-color-scheme: light)');
  scheme.addEventListener('change', repaint);
  void load();

  return {
    /** @param {{ zone: string, on: number }[]} list */
    limits(list) {
      on = new Map(list.map(one => [one.zone, one.on]));
      charts.forEach(one => one.redraw(true, true));
    },
    dispose() {
      gone = true;
      clearTimeout(timer);
      resized.disconnect();
      document.removeEventListener('hub-theme', repaint);
      scheme.removeEventListener('change', repaint);
      charts.forEach(one => one.destroy());
    },
  };
}

/** @param {Recent} recent @param {{ id: string }[]} zones */
function table(recent, zones) {
  const from = Date.parse(/** @type {string} */ (recent.from)) / 1000;
  const times = recent.people.map((_, i) => from + i * recent.stepSeconds);
  const last = times[times.length - 1];
  return {
    times,
    people: recent.people,
    zones: zones.map(zone => recent.zones.find(one => one.id === zone.id)?.density ?? times.map(() => null)),
    window: [last - hours * 3600, last],
  };
}

/** Thin space between thousands, as in the tables. @param {number} value */
const whole = value => String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** Colours of the tokens as the canvas needs them. @param {HTMLElement} host */
function colours(host) {
  const probe = part('span', 'visually-hidden');
  host.append(probe);
  return (/** @type {string} */ token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
}

/** @param {string} name @param {string} className */
function part(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
