// @ts-check
// What every page can do whether it is live or not: shortcuts of the navigation, the account menu, the scheme of colours.
import { go, register, showShortcuts } from './keys.js';

const themes = 'hub-theme';
const letters = /** @type {Record<string, string>} */ ({ '/': 'o', '/alarms': 'a', '/equipment': 'e', '/history': 'h' });

register({ keys: '?', text: 'This list', group: 'Everywhere', run: showShortcuts });
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.nav a'))) {
  const letter = letters[link.pathname];
  if (letter) register({ keys: `g ${letter}`, text: link.dataset.name ?? '', group: 'Go to', run: go(link.pathname) });
}

document.querySelector('[data-shortcuts]')?.addEventListener('click', () => {
  close();
  showShortcuts();
});

const menu = /** @type {HTMLDetailsElement | null} */ (document.querySelector('.menu'));
const close = () => { if (menu) menu.open = false; };
document.addEventListener('click', press => { if (menu?.open && !menu.contains(/** @type {Node} */ (press.target))) close(); });
menu?.addEventListener('keydown', press => {
  if (press.key !== 'Escape') return;
  close();
  menu.querySelector('summary')?.focus();
});

for (const choice of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[name="theme"]'))) {
  choice.checked = choice.value === (localStorage.getItem(themes) ?? 'system');
  choice.addEventListener('change', () => {
    choice.value === 'system' ? localStorage.removeItem(themes) : localStorage.setItem(themes, choice.value);
    paint();
  });
}

function paint() {
  const theme = localStorage.getItem(themes);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.dispatchEvent(new CustomEvent('hub-theme'));
}
