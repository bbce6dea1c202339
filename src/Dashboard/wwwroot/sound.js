// @ts-check
// Alarms that can be heard: one calm pattern per priority, made here from tones. The hub says what waits and when to repeat;
// this page decides whether it may be heard, and says so.
import { register } from './keys.js';

/** @typedef {{ key: string, priority: number }} Waiting */

const heardStore = 'hub-heard';
const silentStore = 'hub-silent-until';
const soundedStore = 'hub-sounded-at';
const silenceMs = 2 * 60 * 1000;
const otherTabMs = 4000;

/** Notes as [seconds from the start, hertz]; urgent is six notes rising twice, low is one. @type {Record<number, { notes: [number, number][], loud: number, long: number }>} */
const patterns = {
  1: { notes: [[0, 659], [0.17, 831], [0.34, 988], [0.75, 659], [0.92, 831], [1.09, 988]], loud: 0.32, long: 0.2 },
  2: { notes: [[0, 587], [0.24, 740], [0.48, 587]], loud: 0.26, long: 0.26 },
  3: { notes: [[0, 523], [0.34, 440]], loud: 0.2, long: 0.36 },
  4: { notes: [[0, 392]], loud: 0.16, long: 0.5 },
};

/** @type {AudioContext | null} */
const audio = typeof AudioContext === 'undefined' ? null : new AudioContext();
/** @type {Waiting[]} */
let waiting = [];

const isAudible = () => audio?.state === 'running';
const silentUntil = () => Number(localStorage.getItem(silentStore) ?? 0);
const isSilent = () => silentUntil() > Date.now();

/** @returns {Set<string>} */
function heard() {
  try {
    return new Set(JSON.parse(localStorage.getItem(heardStore) ?? '[]'));
  } catch {
    return new Set();
  }
}

/**
 * Takes in what waits. What is new is heard once even where the screen is silenced; urgent alarms are repeated unless it is.
 * @param {Waiting[]} now
 * @param {boolean} isRepeat
 */
export function tell(now, isRepeat) {
  waiting = now;
  const before = heard();
  const fresh = now.filter(one => !before.has(one.key));
  if (fresh.length > 0) {
    if (play(Math.min(...fresh.map(one => one.priority)))) localStorage.setItem(heardStore, JSON.stringify(now.map(one => one.key)));
  } else if (isRepeat && !isSilent() && !anotherTabSounded()) {
    play(1);
  }
  paint();
}

const anotherTabSounded = () => Date.now() - Number(localStorage.getItem(soundedStore) ?? 0) < otherTabMs;

/**
 * Plays the pattern of a priority.
 * @param {number} priority
 * @returns {boolean} Whether it can be heard.
 */
export function play(priority) {
  const pattern = patterns[priority];
  if (!audio || !pattern || !isAudible()) return false;
  const start = audio.currentTime + 0.03;
  for (const [at, pitch] of pattern.notes) note(audio, start + at, pitch, pattern.loud, pattern.long);
  localStorage.setItem(soundedStore, String(Date.now()));
  document.dispatchEvent(new CustomEvent('hub-sound', { detail: { priority, state: audio.state } }));
  return true;
}

/** @param {AudioContext} out @param {number} at @param {number} pitch @param {number} loud @param {number} long */
function note(out, at, pitch, loud, long) {
  const tone = out.createOscillator();
  const swell = out.createGain();
  tone.type = 'triangle';
  tone.frequency.value = pitch;
  swell.gain.setValueAtTime(0, at);
  swell.gain.linearRampToValueAtTime(loud, at + 0.02);
  swell.gain.exponentialRampToValueAtTime(0.001, at + long);
  tone.connect(swell).connect(out.destination);
  tone.start(at);
  tone.stop(at + long + 0.05);
}

/** A browser lets a page be heard only after somebody has touched it. */
async function enable() {
  if (!audio || isAudible()) return;
  try {
    await audio.resume();
  } catch {
    // Still blocked: the warning stays.
  }
  paint();
  if (isAudible()) tell(waiting, false);
}

function silence() {
  isSilent() ? localStorage.removeItem(silentStore) : localStorage.setItem(silentStore, String(Date.now() + silenceMs));
  paint();
}

/** Time of day in the zone of the site. @param {number} at Milliseconds since 1970. @param {number} offset Minutes ahead of UTC. */
const siteClock = (at, offset) => new Date(at + offset * 60_000).toISOString().slice(11, 19);

function paint() {
  const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-sound]'));
  if (!box) return;
  const urgent = waiting.some(one => one.priority === 1);
  const state = document.body.classList.contains('lost') ? 'lost' : !audio ? 'none' : !isAudible() ? 'blocked' : isSilent() ? 'silent' : 'on';
  box.dataset.sound = state;
  write(box, '[data-sound-text]', {
    lost: 'No connection: a new alarm would not be heard',
    none: 'This browser has no sound: watch this line',
    blocked: 'Alarms cannot be heard: the browser blocks sound',
    silent: `Silenced until ${siteClock(silentUntil(), Number(box.dataset.offset ?? 0))}; a new alarm still sounds`,
    on: 'Sound on',
  }[state]);
  hide(box, '[data-sound-enable]', state !== 'blocked');
  hide(box, '[data-sound-silence]', !(state === 'silent' || (state === 'on' && urgent)));
  write(box, '[data-sound-silence-text]', state === 'silent' ? 'Sound again' : 'Silence 2 min');
}

/** @param {HTMLElement} box @param {string} what @param {string} text */
function write(box, what, text) {
  const element = box.querySelector(what);
  if (element && element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement} box @param {string} what @param {boolean} hidden */
function hide(box, what, hidden) {
  const element = /** @type {HTMLElement | null} */ (box.querySelector(what));
  if (element && element.hidden !== hidden) element.hidden = hidden;
}

document.addEventListener('click', async press => {
  const target = press.target instanceof Element ? press.target : null;
  const test = /** @type {HTMLElement | null | undefined} */ (target?.closest('[data-sound-test]'));
  if (test) {
    await enable();
    play(Number(test.dataset.soundTest));
  } else if (target?.closest('[data-sound-silence]')) {
    silence();
  }
});
for (const gesture of ['pointerdown', 'keydown', 'click']) document.addEventListener(gesture, () => void enable(), { capture: true });
audio?.addEventListener('statechange', paint);
setInterval(paint, 500);
register({ keys: 'm', text: 'Silence urgent alarms for 2 minutes, or end that', group: 'Alarms', run: silence });
paint();
