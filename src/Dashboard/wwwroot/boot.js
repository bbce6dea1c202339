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

/** Whether the hub answers: a page that is not for this person or not there is an answer too. */
async function isAnswering() {
  return (await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(2000) })).status < 500;
}

/** Leaves a lost page only for a hub that answers: the picture that is left is worth more than a browser's error page. @param {() => void} leave */
async function hold(leave) {
  try {
    if (await isAnswering()) {
      leave();
      return;
    }
  } catch {
    // Not there: held.
  }
  if (lost) banner.textContent = `${lostText()} The way to another page is held until the hub answers.`;
}

const lostText = () => `No live data since ${beatClock} — numbers below are old. The page comes back by itself.`;

/** Loads the page anew, but only once the hub answers: a browser's error page would never come back by itself. */
async function reload() {
  if (reloading) return;
  reloading = true;
  for (;;) {
    try {
      if (await isAnswering() && !isKept()) {
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
  banner.textContent = lost ? lostText() : '';
}

document.addEventListener('hub-leave', asked => void hold(/** @type {CustomEvent} */ (asked).detail.leave));
document.addEventListener('click', press => {
  const link = press.target instanceof Element ? /** @type {HTMLAnchorElement | null} */ (press.target.closest('a[href]')) : null;
  if (!lost || !link || link.origin !== location.origin || link.target || press.ctrlKey || press.metaKey || press.shiftKey) return;
  if (link.hash && link.pathname === location.pathname) return;
  press.preventDefault();
  void hold(() => location.assign(link.href));
}, { capture: true });
document.addEventListener('submit', sent => {
  const form = /** @type {HTMLFormElement} */ (sent.target);
  if (!lost || sent.defaultPrevented || form.method === 'dialog') return;
  sent.preventDefault();
  void hold(() => form.submit());
});
setInterval(look, lookMs);
Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: () => void reconnect(), onConnectionUp: () => {} } } }).catch(reload);
