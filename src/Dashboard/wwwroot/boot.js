// @ts-check
// Starts the live page, notices within 5 s when it is no longer live, and brings it back by itself.
const lostAfterMs = 4000;
const reloadAfterMs = 9000;
const retryMs = 1000;
const lookMs = 250;

const Blazor = /** @type {any} */ (window).Blazor;
const banner = /** @type {HTMLElement} */ (document.getElementById('lost'));
let beat = '';
let beatAt = performance.now();
let beatClock = '';
let lost = false;
let reloading = false;
let reconnecting = false;

const pause = (/** @type {number} */ ms) => new Promise(done => setTimeout(done, ms));

/** Whether the page holds what a person has typed: such a page is never loaded anew behind their back. */
const isKept = () => [...document.querySelectorAll('form[data-keep] input:not([type="hidden"]), form[data-keep] textarea')].some(field => /** @type {HTMLInputElement} */ (field).value !== /** @type {HTMLInputElement} */ (field).defaultValue);

/** Loads the page anew, but only once the hub answers: a browser's error page would never come back by itself. */
async function reload() {
  if (reloading) return;
  reloading = true;
  for (;;) {
    try {
      const answer = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(2000) });
      if (answer.ok && !isKept()) {
        location.reload();
        return;
      }
    } catch {
      // Not there yet.
    }
    await pause(retryMs);
  }
}

/** Tries until the hub answers. A hub that was started anew does not know this page any more: then the page is loaded anew. */
async function reconnect() {
  if (reconnecting) return;
  reconnecting = true;
  for (;;) {
    try {
      if (!await Blazor.reconnect()) void reload();
      reconnecting = false;
      return;
    } catch {
      await pause(retryMs);
    }
  }
}

function look() {
  const pulse = /** @type {HTMLElement | null} */ (document.querySelector('[data-beat]'));
  const now = performance.now();
  if (pulse && pulse.dataset.beat !== beat) {
    beat = pulse.dataset.beat ?? '';
    beatClock = pulse.dataset.wall ?? '';
    beatAt = now;
  }
  const silentMs = now - beatAt;
  if (silentMs >= lostAfterMs !== lost) show(!lost);
  if (silentMs >= reloadAfterMs) void reload();
}

function show(/** @type {boolean} */ isLost) {
  lost = isLost;
  document.body.classList.toggle('lost', lost);
  banner.textContent = lost ? `No live data since ${beatClock} — numbers below are old. The page comes back by itself.` : '';
}

setInterval(look, lookMs);
Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: () => void reconnect(), onConnectionUp: () => {} } } }).catch(reload);
