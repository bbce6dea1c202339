// @ts-check
// The plan of a space: GeoJSON of the site drawn once, states told as they change. Map tiles lie under it only where the hub is set to have them.
import { register } from './keys.js';

const L = /** @type {any} */ (window).L;
const svgNames = 'http://www.w3.org/2000/svg';
const hatchId = 'plan-hatch';
const faceSize = 24;
const leaderFrom = 16;
const labelRings = [0, 12, 24, 36, 48, 60];
const markRings = [0, 17, 22, 28, 35, 43, 52, 62, 74, 88];
const directions = 16;

/** The zone that a label belongs to. @type {WeakMap<Element, Element>} */
const areas = new WeakMap();

/** The line from a mark to its place. It lies under everything else, so it is not a part of the mark. @type {WeakMap<Element, Element>} */
const leaders = new WeakMap();

/**
 * @typedef {{ kind: string, id: string, state: string, first: string, second: string }} Item
 * @typedef {{ url: string, attribution: string, zoomMax: number }} Tiles
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box
 * @typedef {{ properties: { kind: string, id: string, name: string, toward: number[] | null, sign?: string, link?: string }, geometry: { type: string, coordinates: any } }} Feature
 */

/**
 * Draws the plan.
 * @param {HTMLElement} host
 * @param {{ features: (Feature | null)[] }} geometry
 * @param {Tiles | null} tiles
 */
export function open(host, geometry, tiles) {
  const map = L.map(host, { attributionControl: false, zoomControl: false, zoomSnap: 0, zoomDelta: 0.5, scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, renderer: L.svg({ padding: 2 }) });
  L.control.zoom({ position: 'topright', zoomInTitle: 'Zoom in', zoomOutTitle: 'Zoom out' }).addTo(map);
  L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
  host.append(north());
  if (tiles) cover(map, host, tiles);

  /** @type {Map<string, (item: Item) => void>} */
  const shown = new Map();
  const bounds = L.latLngBounds([]);
  map.setView([0, 0], 1);
  for (const kind of ['outline', 'zone', 'line', 'barrier', 'element', 'device']) {
    for (const feature of geometry.features) {
      if (feature?.properties.kind !== kind) continue;
      const [layer, show] = makers[kind](map, feature);
      bounds.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng());
      if (show) shown.set(`${kind} ${feature.properties.id}`, show);
    }
  }

  hatch(host);
  const devices = /** @type {HTMLElement[]} */ ([...host.querySelectorAll('.plan-device')]);
  const settle = () => { placeLabels(host); spread(host, devices); };
  const flip = devices.length > 0 ? toggle(map, host, settle) : null;
  let fitted = true;
  let fitting = false;
  let worded = false;
  const fit = () => {
    fitting = true;
    map.invalidateSize({ animate: false });
    map.fitBounds(bounds, { padding: [44, 34], animate: false });
    fitting = false;
    fitted = true;
    settle();
  };
  fit();
  map.on('zoomend', () => { if (!fitting) settle(); });
  map.on('movestart zoomstart', () => { if (!fitting) fitted = false; });
  const resized = new ResizeObserver(() => { if (fitted) fit(); else map.invalidateSize({ animate: false }); });
  resized.observe(host);
  const hide = flip ? [{ keys: 'd', text: 'Show or hide equipment on the plan', group: 'Space', run: flip }] : [];
  const forget = register(...hide, { keys: 'f', text: 'Show the whole plan', group: 'Space', run: fit }, { keys: '+', text: 'Zoom in', group: 'Space', run: () => map.zoomIn() }, { keys: '-', text: 'Zoom out', group: 'Space', run: () => map.zoomOut() });

  return {
    /** @param {Item[]} items */
    update(items) {
      for (const item of items) shown.get(`${item.kind} ${item.id}`)?.(item);
      // Once, when the labels have their words: a mark that moved with every digit would mean nothing.
      if (worded || !items.some(item => item.kind === 'zone')) return;
      worded = true;
      settle();
    },
    dispose() { forget(); resized.disconnect(); map.remove(); },
  };
}

/** @type {Record<string, (map: any, feature: Feature) => [any, ((item: Item) => void)?]>} */
const makers = {
  outline: (map, feature) => [L.polygon(corners(feature), { className: 'plan-outline', interactive: false }).addTo(map)],
  zone(map, feature) {
    const area = L.polygon(corners(feature), { className: 'plan-zone', interactive: false, fillColor: `url(#${hatchId})`, fillOpacity: 1 }).addTo(map);
    const label = part('div', 'plan-label');
    const [name, first, second] = [part('span', 'plan-name narrow', feature.properties.name), part('b', 'num'), part('span', 'num')];
    const [level, density] = [part('span', 'plan-level', '?'), part('span', 'plan-density')];
    first.append(level, density);
    label.append(name, first, second);
    pin(map, area.getBounds().getCenter(), label);
    areas.set(label, area.getElement());
    return [area, item => {
      mark(area.getElement(), 'level-', item.state);
      mark(label, 'level-', item.state);
      // The letter alone where there is no room: the tables beside the plan have the rest.
      const parts = item.first.split(' · ');
      level.textContent = parts[0];
      density.textContent = parts.length > 1 ? ` · ${parts[1]}` : '';
      second.textContent = item.second;
    }];
  },
  line(map, feature) {
    const ends = feature.geometry.coordinates.map(place);
    const line = L.polyline(ends, { className: 'plan-line', interactive: false }).addTo(map);
    const arrows = flow(ends, feature.properties.toward && place(feature.properties.toward));
    pin(map, line.getBounds().getCenter(), arrows.svg, 1000);
    return [line, item => {
      mark(line.getElement(), 'flow-', item.state || 'some');
      mark(arrows.svg, 'flow-', item.state || 'some');
      arrows.inward.textContent = item.first;
      arrows.outward.textContent = item.second;
    }];
  },
  barrier: (map, feature) => {
    const line = L.polyline(feature.geometry.coordinates.map(place), { className: 'plan-barrier', interactive: false }).addTo(map);
    return [line, item => mark(line.getElement(), 'barrier-', item.state)];
  },
  element(map, feature) {
    const sign = vector('svg', { viewBox: '0 0 16 16', class: 'plan-element' });
    const title = vector('title', {});
    title.textContent = feature.properties.name;
    const path = vector('path', {});
    sign.append(title, path);
    const marker = pin(map, place(feature.geometry.coordinates), sign);
    return [marker, item => {
      mark(sign, 'at-', item.state);
      path.setAttribute('d', item.first);
      title.textContent = item.second;
    }];
  },
  device(map, feature) {
    const { name, sign, link } = feature.properties;
    const at = place(feature.geometry.coordinates);
    const holder = part('div', 'plan-device is-unknown');
    const leader = vector('svg', { class: 'plan-leader', 'aria-hidden': 'true' });
    const line = vector('line', {});
    leader.append(line);
    leaders.set(holder, line);
    pin(map, at, leader, -5000);
    const anchor = /** @type {HTMLAnchorElement} */ (part('a', ''));
    anchor.href = link ?? '';
    anchor.draggable = false;
    const face = part('i', 'plan-face');
    const kind = vector('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' });
    kind.append(vector('path', { d: sign ?? '' }));
    face.append(kind);
    const state = vector('svg', { viewBox: '0 0 12 12', class: 'plan-state', 'aria-hidden': 'true' });
    const path = vector('path', {});
    state.append(path);
    anchor.append(face, state);
    holder.append(anchor);
    const say = (/** @type {string} */ words) => { anchor.title = words; anchor.setAttribute('aria-label', words); };
    say(`${name}: not asked yet`);
    anchor.addEventListener('focus', () => map.panInside(at, { padding: [60, 60], animate: false }));
    const marker = pin(map, at, holder, 2000);
    return [marker, item => {
      mark(holder, 'is-', item.state);
      path.setAttribute('d', item.first);
      say(item.second);
    }];
  },
};

/** Lays map tiles under the plan. @param {any} map @param {HTMLElement} host @param {Tiles} tiles */
function cover(map, host, tiles) {
  host.classList.add('tiled');
  // Leaflet takes HTML here; what an administrator wrote is text.
  const attribution = part('span', '', tiles.attribution).innerHTML;
  L.tileLayer(tiles.url, { attribution, maxNativeZoom: tiles.zoomMax, maxZoom: 25, keepBuffer: 1, referrerPolicy: 'no-referrer' }).addTo(map);
  if (attribution) L.control.attribution({ prefix: false }).addAttribution(attribution).addTo(map);
}

/** A button that hides the marks of equipment, until the page is left: what is hidden for longer is forgotten. @param {any} map @param {HTMLElement} host @param {() => void} settle */
function toggle(map, host, settle) {
  const button = /** @type {HTMLButtonElement} */ (part('button', 'plan-toggle'));
  button.type = 'button';
  button.title = 'Equipment on the plan (d)';
  button.setAttribute('aria-label', 'Equipment on the plan');
  button.setAttribute('aria-pressed', 'true');
  const sign = vector('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' });
  sign.append(vector('path', { d: 'M2 5h8v6.5H2zM10 7.5l4-2v5.5l-4-2' }));
  button.append(sign);
  const flip = () => {
    const hidden = host.classList.toggle('no-devices');
    button.setAttribute('aria-pressed', String(!hidden));
    if (!hidden) settle();
  };
  button.addEventListener('click', flip);
  const control = L.control({ position: 'topright' });
  control.onAdd = () => {
    const bar = part('div', 'leaflet-bar');
    L.DomEvent.disableClickPropagation(bar);
    bar.append(button);
    return bar;
  };
  control.addTo(map);
  return flip;
}

/** Puts each label where it covers no number and stays in its zone: with all its words, else with level and density, else with the letter. @param {HTMLElement} host */
function placeLabels(host) {
  /** @type {Box[]} */
  const taken = [...host.querySelectorAll('.plan-flow path, .plan-flow text, .plan-element, .leaflet-control, .plan-north')].map(one => one.getBoundingClientRect());
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll('.plan-label'))) {
    const room = areas.get(one)?.getBoundingClientRect();
    one.style.translate = '';
    let spot = null;
    for (const size of ['whole', 'compact', 'tiny']) {
      one.classList.toggle('compact', size !== 'whole');
      one.classList.toggle('tiny', size === 'tiny');
      const box = one.getBoundingClientRect();
      spot = spots(labelRings).find(({ x, y }) => {
        const moved = { left: box.left + x, top: box.top + y, right: box.right + x, bottom: box.bottom + y };
        return room && within(moved, room) && !taken.some(other => overlap(moved, other));
      });
      if (spot) break;
    }
    if (spot) one.style.translate = `${spot.x.toFixed(1)}px ${spot.y.toFixed(1)}px`;
    taken.push(one.getBoundingClientRect());
  }
}

/** Puts each mark on its place or, where that would cover something, at the nearest free spot with a line to its place. @param {HTMLElement} host @param {HTMLElement[]} devices */
function spread(host, devices) {
  const frame = host.getBoundingClientRect();
  /** @type {Box[]} */
  const taken = [...host.querySelectorAll('.plan-label, .plan-flow path, .plan-flow text, .plan-element, .leaflet-control, .plan-north')].map(one => one.getBoundingClientRect());
  for (const device of devices) {
    const at = device.getBoundingClientRect();
    const inView = within({ left: at.left, top: at.top, right: at.left, bottom: at.top }, frame);
    const spot = spots(markRings).find(one => {
      const box = boxAt(at.left + one.x, at.top + one.y);
      return (!inView || within(box, frame)) && !taken.some(other => overlap(box, other));
    }) ?? { x: 0, y: 0 };
    taken.push(boxAt(at.left + spot.x, at.top + spot.y));
    const anchor = /** @type {HTMLElement} */ (device.querySelector('a'));
    anchor.style.transform = `translate(${spot.x.toFixed(1)}px, ${spot.y.toFixed(1)}px)`;
    const line = leaders.get(device);
    const led = Math.hypot(spot.x, spot.y) >= leaderFrom;
    line?.setAttribute('x2', led ? spot.x.toFixed(1) : '0');
    line?.setAttribute('y2', led ? spot.y.toFixed(1) : '0');
  }
}

/** Where something may stand, nearest first. @param {number[]} rings Distances, pixels. */
function spots(rings) {
  return rings.flatMap(far => Array.from({ length: far === 0 ? 1 : directions }, (_, i) => ({ x: far * Math.sin(i * 2 * Math.PI / directions), y: -far * Math.cos(i * 2 * Math.PI / directions) })));
}

/** @param {number} x @param {number} y */
const boxAt = (x, y) => ({ left: x - faceSize / 2, top: y - faceSize / 2, right: x + faceSize / 2, bottom: y + faceSize / 2 });

/** @param {Box} a @param {Box} b */
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @param {Box} inner @param {Box} outer */
const within = (inner, outer) => inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;

/** @param {Feature} feature */
const corners = feature => feature.geometry.coordinates[0].map(place);

/** @param {number[]} pair */
const place = pair => L.latLng(pair[1], pair[0]);

/** Arrows across a line: inward toward a place, outward the other way. @param {any[]} ends @param {any} toward */
function flow(ends, toward) {
  const svg = vector('svg', { viewBox: '-70 -70 140 140', class: 'plan-flow' });
  const [a, b] = [ends[0], ends[ends.length - 1]].map(end => L.CRS.EPSG3857.latLngToPoint(end, 18));
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const along = { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
  let across = { x: -along.y, y: along.x };
  if (toward) {
    const to = L.CRS.EPSG3857.latLngToPoint(toward, 18);
    if ((to.x - (a.x + b.x) / 2) * across.x + (to.y - (a.y + b.y) / 2) * across.y < 0) across = { x: -across.x, y: -across.y };
  }
  const draw = (/** @type {number} */ side, /** @type {string} */ name) => {
    const at = (/** @type {number} */ far, /** @type {number} */ beside) => `${(along.x * (side * 9 + beside) + across.x * side * far).toFixed(1)} ${(along.y * (side * 9 + beside) + across.y * side * far).toFixed(1)}`;
    svg.append(vector('path', { class: `arrow-${name}`, d: `M${at(-9, 0)}L${at(14, 0)}M${at(8, -5)}L${at(14, 0)}L${at(8, 5)}` }));
    const text = vector('text', { x: (along.x * side * 9 + across.x * side * 25).toFixed(1), y: (along.y * side * 9 + across.y * side * 25 + 4).toFixed(1) });
    text.textContent = '—';
    svg.append(text);
    return text;
  };
  return { svg, inward: draw(1, 'in'), outward: draw(-1, 'out') };
}

/** @param {any} map @param {any} at @param {Element} what @param {number} [above] */
const pin = (map, at, what, above = 0) => L.marker(at, { zIndexOffset: above, interactive: false, keyboard: false, icon: L.divIcon({ className: 'plan-pin', html: what, iconSize: [0, 0] }) }).addTo(map);

/** Gives an element the one class of a kind. @param {Element} element @param {string} prefix @param {string} state */
function mark(element, prefix, state) {
  for (const old of [...element.classList]) if (old.startsWith(prefix)) element.classList.remove(old);
  element.classList.add(prefix + state);
}

/** The pattern of what is not known. @param {HTMLElement} host */
function hatch(host) {
  const definitions = vector('defs', {});
  const pattern = vector('pattern', { id: hatchId, width: '8', height: '8', patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' });
  pattern.append(vector('rect', { width: '8', height: '8', class: 'hatch-gap' }), vector('rect', { width: '2', height: '8', class: 'hatch-ink' }));
  definitions.append(pattern);
  host.querySelector('.leaflet-overlay-pane svg')?.prepend(definitions);
}

function north() {
  const svg = vector('svg', { viewBox: '0 0 20 30', class: 'plan-north', 'aria-hidden': 'true' });
  const text = vector('text', { x: '10', y: '28' });
  text.textContent = 'N';
  svg.append(vector('path', { d: 'M10 2 15 16 10 13 5 16z' }), text);
  return svg;
}

/** @param {string} name @param {Record<string, string>} attributes */
function vector(name, attributes) {
  const made = document.createElementNS(svgNames, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** @param {string} name @param {string} className */
function part(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
