// @ts-check
// Keys of the overview: up and down the rows. A row that changes its place keeps the keyboard.
import { register } from './keys.js';

const links = () => /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('tr[data-space] .row-link')]);
let at = '';

/** @param {number} by */
function step(by) {
  const all = links();
  if (all.length === 0) return;
  const now = all.findIndex(link => link === document.activeElement || (at && link.pathname === at));
  all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by))].focus({ focusVisible: true });
}

register(
  { keys: 'j', also: ['ArrowDown'], text: 'Next space', group: 'Overview', run: () => step(1) },
  { keys: 'k', also: ['ArrowUp'], text: 'Space before', group: 'Overview', run: () => step(-1) },
  { keys: 'Enter', text: 'Open the space', group: 'Overview' },
);

document.addEventListener('focusin', event => {
  const link = event.target instanceof HTMLAnchorElement && event.target.matches('.row-link') ? event.target : null;
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
