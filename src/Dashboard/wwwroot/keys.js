// @ts-check
// The shortcuts of a page, in one place: pages register theirs, `?` lists them, and single keys can be switched off (WCAG 2.1.4).

/**
 * @typedef {object} Shortcut
 * @property {string} keys One key as in KeyboardEvent.key, or two with a space between, pressed one after the other.
 * @property {string} text What it does.
 * @property {string} group Heading it stands under in the list.
 * @property {() => void} [run] Does it; without it the key is only listed, since the browser does it.
 * @property {string[]} [also] Other keys for the same; a key of more than one letter, such as ArrowDown, works even where single keys are off.
 */

const store = 'hub-single-keys';
const sequenceMs = 1200;

/** @type {Shortcut[]} */
const shortcuts = [];
let first = '';
let firstAt = 0;
/** @type {HTMLDialogElement | null} */
let dialog = null;

export const singleKeys = {
  get on() { return localStorage.getItem(store) !== 'off'; },
  set on(value) { value ? localStorage.removeItem(store) : localStorage.setItem(store, 'off'); },
};

/**
 * Adds shortcuts; a later one with the same keys takes the place of an earlier one.
 * @param {...Shortcut} added
 * @returns {() => void} Takes them away again.
 */
export function register(...added) {
  for (const one of added) {
    const at = shortcuts.findIndex(known => known.keys === one.keys);
    if (at >= 0) shortcuts.splice(at, 1);
    shortcuts.push(one);
  }
  return () => {
    for (const one of added) {
      const at = shortcuts.indexOf(one);
      if (at >= 0) shortcuts.splice(at, 1);
    }
  };
}

/** Goes to a page; while the page has lost the hub, only once the hub answers. @param {string} path */
export const go = path => () => {
  if (document.body.classList.contains('lost')) document.dispatchEvent(new CustomEvent('hub-leave', { detail: { leave: () => location.assign(path) } }));
  else location.assign(path);
};

/** Opens the list of shortcuts. */
export function showShortcuts() {
  dialog ??= build();
  fill(dialog);
  if (!dialog.open) dialog.showModal();
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select'));
}

/** @param {KeyboardEvent} press */
function onKey(press) {
  if (press.ctrlKey || press.altKey || press.metaKey || press.defaultPrevented || isTyping(press.target) || document.querySelector('dialog[open]')) return;
  const now = performance.now();
  const pair = now - firstAt < sequenceMs ? `${first} ${press.key}` : '';
  const found = shortcuts.find(one => pair && one.keys === pair) ?? shortcuts.find(one => one.keys === press.key || one.also?.includes(press.key));
  first = press.key;
  firstAt = now;
  if (!found?.run) return;
  if (press.key.length === 1 && !singleKeys.on) return;
  first = '';
  press.preventDefault();
  found.run();
}

function build() {
  const made = document.createElement('dialog');
  made.setAttribute('aria-labelledby', 'shortcuts-title');
  made.innerHTML = `
    <div class="dialog-head"><h2 id="shortcuts-title">Keyboard shortcuts</h2><button type="button" class="quiet" data-close>Close</button></div>
    <div class="dialog-body"><div class="shortcuts"></div>
      <p class="shortcut-switch"><label class="check"><input type="checkbox"> Single keys work as shortcuts</label></p></div>`;
  made.querySelector('[data-close]')?.addEventListener('click', () => made.close());
  const box = /** @type {HTMLInputElement} */ (made.querySelector('input'));
  box.checked = singleKeys.on;
  box.addEventListener('change', () => { singleKeys.on = box.checked; });
  document.body.append(made);
  return made;
}

/** @param {HTMLDialogElement} made */
function fill(made) {
  const list = /** @type {HTMLElement} */ (made.querySelector('.shortcuts'));
  list.replaceChildren(...[...new Set(shortcuts.map(one => one.group))].map(group => {
    const section = document.createElement('section');
    const head = document.createElement('h3');
    head.textContent = group;
    const lines = document.createElement('ul');
    lines.append(...shortcuts.filter(one => one.group === group).map(line));
    section.append(head, lines);
    return section;
  }));
}

/** @param {Shortcut} one */
function line(one) {
  const item = document.createElement('li');
  const text = document.createElement('span');
  text.textContent = one.text;
  const keys = document.createElement('span');
  keys.className = 'keys';
  for (const [i, way] of [one.keys, ...(one.also ?? [])].entries()) {
    if (i > 0) keys.append(' or ');
    for (const key of way === ' ' ? [' '] : way.split(' ')) {
      const cap = document.createElement('kbd');
      cap.textContent = names[key] ?? key;
      keys.append(cap);
    }
  }
  item.append(text, keys);
  return item;
}

/** @type {Record<string, string>} */
const names = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', ' ': 'Space' };

document.addEventListener('keydown', onKey);
