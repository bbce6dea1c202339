// @ts-check
// Keys of the equipment page, and its filter kept in the address.
import { register } from './keys.js';

const links = () => /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('.equipment .row-link')]);
let at = '';

/** Keeps the filter in the address, so that the page can be loaded anew, kept and sent to a colleague. @param {string} query */
export function keep(query) {
  history.replaceState(history.state, '', location.pathname + query);
}

/** @param {number} by */
function step(by) {
  const all = links();
  if (all.length === 0) return;
  const now = all.findIndex(link => link === document.activeElement || (at && link.pathname === at));
  all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by))].focus({ focusVisible: true });
}

register(
  { keys: 'j', also: ['ArrowDown'], text: 'Next device', group: 'Equipment', run: () => step(1) },
  { keys: 'k', also: ['ArrowUp'], text: 'Device before', group: 'Equipment', run: () => step(-1) },
  { keys: '/', text: 'Filter', group: 'Equipment', run: () => /** @type {HTMLElement | null} */ (document.querySelector('[data-filter]'))?.focus() },
);

document.addEventListener('focusin', event => {
  const link = event.target instanceof HTMLAnchorElement && event.target.matches('.equipment .row-link') ? event.target : null;
  at = link?.pathname ?? '';
});

// Moving a row takes the keyboard away from it; it is given back before the next paint.
document.addEventListener('focusout', event => {
  if (event.relatedTarget || !at) return;
  const path = at;
  requestAnimationFrame(() => {
    if (document.activeElement === document.body && document.hasFocus()) links().find(link => link.pathname === path)?.focus({ focusVisible: true, preventScroll: true });
  });
});
