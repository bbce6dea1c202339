// @ts-check
// The plan of a space: GeoJSON of the site drawn once, states told as they change. No tiles, nothing from elsewhere.
import { register } from './keys.js';

const L = /** @type {any} */ (window).L;
const svgNames = 'http://www.w3.org/2000/svg';
const hatchId = 'plan-hatch';
const labelWidth = 150;
const labelHeight = 120;

/**
 * @typedef {{ kind: string, id: string, state: string, first: string, second: string }} Item
 * @typedef {{ properties: { kind: string, id: string, name: string, toward: number[] | null }, geometry: { type: string, coordinates: any } }} Feature
 */

/**
 * Draws the plan.
 * @param {HTMLElement} host
 * @param {{ features: (Feature | null)[] }} geometry
 */
export function open(host, geometry) {
  const map = L.map(host, { attributionControl: false, zoomControl: false, zoomSnap: 0, zoomDelta: 0.5, scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, renderer: L.svg({ padding: 2 }) });
  L.control.zoom({ position: 'topright', zoomInTitle: 'Zoom in', zoomOutTitle: 'Zoom out' }).addTo(map);
  L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
  host.append(north());

  /** @type {Map<string, (item: Item) => void>} */
  const shown = new Map();
  const bounds = L.latLngBounds([]);
  map.setView([0, 0], 1);
  for (const kind of ['outline', 'zone', 'line', 'barrier', 'element']) {
    for (const feature of geometry.features) {
      if (feature?.properties.kind !== kind) continue;
      const [layer, show] = makers[kind](map, feature);
      bounds.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng());
      if (show) shown.set(`${kind} ${feature.properties.id}`, show);
    }
  }

  hatch(host);
  let fitted = true;
  let fitting = false;
  const fit = () => {
    fitting = true;
    map.invalidateSize({ animate: false });
    map.fitBounds(bounds, { padding: [44, 34], animate: false });
    fitting = false;
    fitted = true;
  };
  fit();
  map.on('movestart zoomstart', () => { if (!fitting) fitted = false; });
  const resized = new ResizeObserver(() => { if (fitted) fit(); else map.invalidateSize({ animate: false }); });
  resized.observe(host);
  const forget = register({ keys: 'f', text: 'Show the whole plan', group: 'Space', run: fit }, { keys: '+', text: 'Zoom in', group: 'Space', run: () => map.zoomIn() }, { keys: '-', text: 'Zoom out', group: 'Space', run: () => map.zoomOut() });

  return {
    /** @param {Item[]} items */
    update(items) { for (const item of items) shown.get(`${item.kind} ${item.id}`)?.(item); },
    dispose() { forget(); resized.disconnect(); map.remove(); },
  };
}

/** @type {Record<string, (map: any, feature: Feature) => [any, ((item: Item) => void)?]>} */
const makers = {
  outline: (map, feature) => [L.polygon(corners(feature), { className: 'plan-outline', interactive: false }).addTo(map)],
  zone(map, feature) {
    const area = L.polygon(corners(feature), { className: 'plan-zone', interactive: false, fillColor: `url(#${hatchId})`, fillOpacity: 1 }).addTo(map);
    const label = part('div', 'plan-label');
    const [name, first, second] = [part('span', 'plan-name narrow', feature.properties.name), part('b', 'num', '?'), part('span', 'num')];
    label.append(name, first, second);
    pin(map, area.getBounds().getCenter(), label);
    map.on('zoomend resize', () => {
      const corners = area.getBounds();
      const room = map.latLngToLayerPoint(corners.getSouthEast()).subtract(map.latLngToLayerPoint(corners.getNorthWest()));
      label.classList.toggle('compact', room.x < labelWidth || room.y < labelHeight);
    });
    return [area, item => {
      mark(area.getElement(), 'level-', item.state);
      mark(label, 'level-', item.state);
      first.textContent = item.first;
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
};

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
