// @ts-check
// The hand on the list of alarms: up and down, take, note, steps; and the hub is told while somebody points at a row.
import { go, register } from './keys.js';

/** @typedef {{ invokeMethodAsync: (name: string, ...args: unknown[]) => Promise<unknown> }} Hub */

const pointerRestsMs = 8000;
const movedMs = 600;

/**
 * @param {HTMLElement} root
 * @param {Hub} hub
 */
export function attach(root, hub) {
  const rows = () => /** @type {HTMLElement[]} */ ([...root.querySelectorAll('tr[data-alarm]')]);
  const isOpen = (/** @type {HTMLElement} */ row) => row.dataset.state === 'unacknowledged' || row.dataset.state === 'returned';
  const selected = () => rows().find(row => row.contains(document.activeElement)) ?? rows().find(row => row.dataset.alarm === chosen) ?? null;
  const here = /** @type {HTMLElement} */ (root.querySelector('[data-said-here]'));
  let chosen = '';
  let isHeld = false;
  let pointerAt = -Infinity;
  let noteFor = '';
  let order = '';
  let movedAt = -Infinity;

  const mark = () => {
    const all = rows();
    for (const row of all) row.toggleAttribute('data-selected', row.dataset.alarm === chosen);
    const now = all.map(row => row.dataset.alarm).join(' ');
    if (now === order) return;
    const wasFilled = order !== '';
    order = now;
    if (!isHeld && wasFilled) movedAt = performance.now();
  };
  const hasJustMoved = () => performance.now() - movedAt < movedMs;

  /** @param {HTMLElement | null} row */
  const choose = row => {
    chosen = row?.dataset.alarm ?? '';
    if (row) {
      row.focus({ focusVisible: true, preventScroll: true });
      row.scrollIntoView({ block: 'nearest' });
    } else if (document.activeElement instanceof HTMLElement && root.contains(document.activeElement)) {
      document.activeElement.blur();
    }
    mark();
    hold();
  };

  const hold = () => {
    const now = chosen !== '' || performance.now() - pointerAt < pointerRestsMs;
    if (now === isHeld) return;
    isHeld = now;
    hub.invokeMethodAsync('Hold', now).catch(() => { isHeld = !now; });
  };

  /** @param {number} by */
  const step = by => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex(row => row === selected());
    choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))]);
  };

  /** The selected row; without one the topmost that nobody has taken, unless it came there only now: the hand may have meant the one before. */
  const aim = () => {
    const row = selected();
    if (row && isOpen(row)) return row;
    if (row) return tell('The selected alarm is taken already. Esc lets go of it.');
    const top = rows().find(isOpen) ?? null;
    if (!top) return tell('No alarm waits.');
    if (!hasJustMoved()) return top;
    choose(top);
    return tell('The list has just moved: press again to take the selected alarm.');
  };

  /** @param {string} text @returns {null} */
  const tell = text => {
    here.textContent = text;
    return null;
  };

  const canTake = (/** @type {HTMLElement} */ row) => {
    const button = /** @type {HTMLButtonElement | null} */ (row.querySelector('[data-take]'));
    if (!button) return false;
    if (document.body.classList.contains('lost') || button.disabled) {
      tell('Nothing can be taken now: the hub does not answer.');
      return false;
    }
    return true;
  };

  /** After one is taken the next that waits is selected; where none does, the list is let go and sorts itself. @param {HTMLElement} row */
  const onward = row => {
    const all = rows();
    const at = all.indexOf(row);
    choose([...all.slice(at + 1), ...all.slice(0, at)].find(isOpen) ?? null);
  };

  const take = () => {
    const row = aim();
    if (!row || !canTake(row)) return;
    tell('');
    const hadChosen = chosen !== '';
    /** @type {HTMLElement} */ (row.querySelector('[data-take]')).click();
    if (hadChosen) onward(row);
  };

  const dialog = /** @type {HTMLDialogElement} */ (root.querySelector('[data-note]'));
  const noteSaid = /** @type {HTMLElement} */ (dialog.querySelector('[data-note-said]'));
  const noteTake = /** @type {HTMLButtonElement} */ (dialog.querySelector('[data-note-take]'));
  let isSending = false;
  const text = /** @type {HTMLTextAreaElement} */ (dialog.querySelector('textarea'));
  const note = () => {
    const row = aim();
    if (!row || !canTake(row)) return;
    noteFor = row.dataset.alarm ?? '';
    choose(row);
    /** @type {HTMLElement} */ (dialog.querySelector('[data-note-for]')).textContent = `${[...row.querySelectorAll('.c-place .place > *')].map(part => part.textContent?.trim()).join(' · ')}: ${row.querySelector('.c-what')?.textContent?.trim() ?? ''}`;
    noteSaid.textContent = '';
    noteTake.disabled = false;
    text.value = '';
    dialog.showModal();
    text.focus();
  };
  const noteRow = () => rows().find(one => one.dataset.alarm === noteFor);

  /** Why the note cannot be stored any more; nothing while it still can. A text that nobody stores must not vanish with the window. */
  const whyNotNoted = () => {
    const row = noteRow();
    if (row?.dataset.by) return `${row.dataset.by} was first at ${row.dataset.at}; your note was not stored.`;
    if (!row || row.dataset.state === 'over') return 'The alarm is over; your note was not stored.';
    return '';
  };
  const lookAtNote = () => {
    if (!dialog.open || isSending || noteTake.disabled) return;
    const why = whyNotNoted();
    if (!why) return;
    noteSaid.textContent = why;
    noteTake.disabled = true;
  };
  /** The window closes only once the hub has stored the note; else the text stays, and what became of it is said. */
  const takeNoted = async () => {
    lookAtNote();
    if (isSending || noteTake.disabled) return;
    const row = noteRow();
    if (document.body.classList.contains('lost') || row?.querySelector('[data-take]:disabled')) {
      noteSaid.textContent = 'Nothing can be taken now: the hub does not answer. Your note is not stored; its text stays here.';
      return;
    }
    isSending = true;
    noteTake.disabled = true;
    noteSaid.textContent = '';
    try {
      const why = /** @type {string | null} */ (await hub.invokeMethodAsync('TakeWithNote', noteFor, text.value));
      if (why) {
        noteSaid.textContent = why;
      } else {
        dialog.close();
        if (row) onward(row);
      }
    } catch {
      noteSaid.textContent = 'No connection: whether the alarm was taken is not known. Your text stays here.';
    } finally {
      isSending = false;
      noteTake.disabled = false;
    }
  };
  dialog.querySelector('form')?.addEventListener('submit', sent => {
    sent.preventDefault();
    void takeNoted();
  });
  dialog.querySelector('[data-note-close]')?.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => { text.value = ''; });
  text.addEventListener('keydown', press => {
    if (press.key === 'Enter' && (press.ctrlKey || press.metaKey)) void takeNoted();
  });

  const steps = () => /** @type {HTMLElement | null | undefined} */ ((selected() ?? rows()[0])?.querySelector('[data-steps]'))?.click();

  const remove = register(
    { keys: 'a', text: 'Take the selected alarm, or the topmost', group: 'Alarms', run: take },
    { keys: 'n', text: 'Take it with a note', group: 'Alarms', run: note },
    { keys: 'j', also: ['ArrowDown'], text: 'Next alarm', group: 'Alarms', run: () => step(1) },
    { keys: 'k', also: ['ArrowUp'], text: 'Alarm before', group: 'Alarms', run: () => step(-1) },
    { keys: 'Enter', text: 'Open the space of the selected alarm', group: 'Alarms' },
    { keys: 'o', text: 'Open or close its steps', group: 'Alarms', run: steps },
    { keys: 'Escape', text: 'Let go: show the alarms in order', group: 'Alarms', run: () => { pointerAt = -Infinity; choose(null); } },
  );

  const onFocus = (/** @type {FocusEvent} */ event) => {
    const row = event.target instanceof Element ? event.target.closest('tr[data-alarm]') : null;
    if (row instanceof HTMLElement) chosen = row.dataset.alarm ?? '';
    mark();
    hold();
  };
  const onLeave = (/** @type {FocusEvent} */ event) => {
    // A row that is drawn anew or loses its button keeps the keyboard; only somebody who goes elsewhere lets go.
    if (event.relatedTarget instanceof Element && !root.contains(event.relatedTarget)) chosen = '';
    mark();
    hold();
  };
  const onPointer = (/** @type {PointerEvent} */ event) => {
    pointerAt = event.target instanceof Element && event.target.closest('tr[data-alarm]') ? performance.now() : -Infinity;
    hold();
  };
  const onClick = (/** @type {MouseEvent} */ press) => {
    const target = press.target instanceof Element ? press.target : null;
    if (target?.closest('[data-release]')) {
      pointerAt = -Infinity;
      choose(null);
      return;
    }
    const row = target?.closest('tr[data-alarm]');
    if (press.isTrusted && target?.closest('[data-take]') && hasJustMoved()) {
      press.preventDefault();
      press.stopPropagation();
      tell('The list has just moved: look again before you take an alarm.');
      return;
    }
    if (press.isTrusted) tell('');
    if (row instanceof HTMLElement && !target?.closest('a, button')) choose(row);
    else if (press.isTrusted && press.detail > 0 && target?.closest('[data-take]')) choose(null);
  };
  // Only on the row itself: on a button or a link Enter does what it always does.
  const onEnter = (/** @type {KeyboardEvent} */ press) => {
    const row = press.target instanceof HTMLElement && press.target.matches('tr[data-alarm]') ? press.target : null;
    const link = /** @type {HTMLAnchorElement | null | undefined} */ (row?.querySelector('.c-place a'));
    if (press.key === 'Enter' && link) go(link.href)();
  };
  root.addEventListener('keydown', onEnter);
  root.addEventListener('focusin', onFocus);
  root.addEventListener('focusout', onLeave);
  root.addEventListener('pointermove', onPointer);
  root.addEventListener('pointerleave', () => { pointerAt = -Infinity; hold(); });
  root.addEventListener('click', onClick, { capture: true });
  const watch = new MutationObserver(mark);
  watch.observe(root, { childList: true, subtree: true });
  const beat = setInterval(() => {
    if (chosen && !rows().some(row => row.dataset.alarm === chosen)) chosen = '';
    mark();
    hold();
    lookAtNote();
  }, 500);
  mark();

  dialog.dataset.ready = '';

  return {
    dispose() {
      remove();
      watch.disconnect();
      clearInterval(beat);
    },
  };
}
