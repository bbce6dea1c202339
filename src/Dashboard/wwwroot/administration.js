// @ts-check
// Changes accounts over the hub's API, as any program would. Every answer with a secret is shown once; everything else is read anew.

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const ask = /** @type {HTMLDialogElement} */ (byId('ask'));
const input = /** @type {HTMLInputElement} */ (byId('ask-input'));

/** A choice of spaces: the whole site, or some. @param {HTMLElement} field */
function choice(field) {
  const boxes = /** @type {HTMLInputElement[]} */ ([...field.querySelectorAll('[data-space-id]')]);
  const all = /** @type {HTMLInputElement} */ (field.querySelector('[data-all]'));
  const some = /** @type {HTMLInputElement} */ (field.querySelector('[data-some]'));
  const none = /** @type {HTMLElement} */ (field.querySelector('[data-none]'));
  field.addEventListener('change', changed => {
    if (changed.target === all) for (const box of boxes) box.checked = false;
    else if (changed.target !== some) some.checked = true;
    none.hidden = true;
  });
  return {
    /** Ids of the spaces, none for the whole site; null, and said, where only some were wanted and none is named. */
    read() {
      const ids = some.checked ? boxes.filter(box => box.checked).map(box => box.value) : [];
      none.hidden = !some.checked || ids.length > 0;
      return none.hidden ? ids : null;
    },
    /** @param {string[]} ids */
    write(ids) {
      (ids.length > 0 ? some : all).checked = true;
      for (const box of boxes) box.checked = ids.includes(box.value);
      none.hidden = true;
    },
  };
}

const addSpaces = choice(byId('add-spaces'));
const askSpaces = choice(byId('ask-spaces'));

/** What each button asks before it acts. */
const questions = /** @type {Record<string, { title: string, text: string, yes: string, isDanger?: boolean }>} */ ({
  disable: { title: 'Disable', text: 'Sessions and open pages end within a minute; API tokens and passkeys are removed.', yes: 'Disable', isDanger: true },
  enable: { title: 'Enable', text: 'The account opens again with the password it had.', yes: 'Enable' },
  reset: { title: 'Reset the password of', text: 'A new password is made and shown once. Sessions end and passkeys are removed; API tokens stay.', yes: 'Reset', isDanger: true },
  token: { title: 'Add an API token for', text: 'The token may do what the account may, in the same spaces. It is shown once.', yes: 'Add' },
  revoke: { title: 'Revoke a token of', text: 'Programs that use it are refused at once.', yes: 'Revoke', isDanger: true },
  scope: { title: 'Spaces of', text: 'Sessions of the account end; it signs in again.', yes: 'Set' },
});

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function send(method, path, body) {
  const answer = await fetch(`/api/accounts${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  const told = text && answer.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error([told.title ?? `The hub answered ${answer.status}`, told.detail].filter(Boolean).join(': '));
  return told;
}

/**
 * @param {string} act
 * @param {string} user
 * @param {string} token
 */
function act(act, user, token) {
  const path = `/${encodeURIComponent(user)}`;
  switch (act) {
    case 'scope': return send('POST', `${path}/scope`, { spaces: askSpaces.read() });
    case 'token': return send('POST', `${path}/tokens`, { name: input.value });
    case 'revoke': return send('DELETE', `${path}/tokens/${encodeURIComponent(token)}`);
    default: return send('POST', `${path}/${act}`);
  }
}

/** Draws the table anew; the page stays, with what is typed and a secret that is shown. */
async function refresh() {
  const answer = await fetch(location.href, { cache: 'no-store' });
  const rows = answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('accounts') : null;
  if (!rows) throw new Error('It is done, but the table could not be read anew: reload the page.');
  byId('accounts').replaceChildren(...rows.children);
}

/**
 * @param {() => Promise<any>} change
 * @param {() => void} [done]
 */
async function run(change, done) {
  const problem = byId('problem');
  problem.hidden = true;
  try {
    const told = await change();
    done?.();
    if (told.password || told.token) show(told);
    await refresh();
  } catch (error) {
    problem.textContent = /** @type {Error} */ (error).message;
    problem.hidden = false;
  }
}

/** @param {{ user: string, name?: string, password?: string, token?: string }} told */
function show(told) {
  byId('secret-title').textContent = told.password ? `Password of ${told.user}` : `Token ${told.name} of ${told.user}`;
  byId('secret-value').textContent = told.password ?? told.token ?? '';
  byId('secret').hidden = false;
  byId('secret-done').focus();
}

/** @param {HTMLElement} button */
function question(button) {
  const row = /** @type {HTMLElement} */ (button.closest('tr'));
  const user = row.dataset.user ?? '';
  const what = button.dataset.act ?? '';
  const { title, text, yes, isDanger = false } = questions[what];
  byId('ask-title').textContent = `${title} ${user}`;
  byId('ask-text').textContent = text;
  byId('ask-yes').textContent = yes;
  byId('ask-yes').className = isDanger ? 'danger' : 'primary';
  byId('ask-name').hidden = what !== 'token';
  input.required = what === 'token';
  input.value = '';
  byId('ask-spaces').hidden = what !== 'scope';
  askSpaces.write((row.dataset.spaces ?? '').split(',').filter(Boolean));
  ask.returnValue = '';
  ask.onclose = () => ask.returnValue === 'yes' && void run(() => act(what, user, button.dataset.token ?? ''));
  ask.showModal();
}

// Without a space nothing is sent: an empty list would be the whole site.
ask.querySelector('form')?.addEventListener('submit', sent => {
  if (sent.submitter === byId('ask-yes') && !byId('ask-spaces').hidden && askSpaces.read() === null) sent.preventDefault();
});

document.addEventListener('click', event => {
  const button = /** @type {HTMLElement} */ (event.target).closest('button[data-act]');
  if (button) question(/** @type {HTMLElement} */ (button));
});

byId('secret-done').addEventListener('click', () => {
  byId('secret').hidden = true;
  byId('secret-value').textContent = '';
  byId('user').focus();
});

const form = /** @type {HTMLFormElement} */ (byId('account-add'));
form.addEventListener('submit', event => {
  event.preventDefault();
  const fields = new FormData(form);
  const spaces = addSpaces.read();
  if (spaces) void run(() => send('POST', '', { user: fields.get('user'), role: fields.get('role'), spaces }), () => form.reset());
});
