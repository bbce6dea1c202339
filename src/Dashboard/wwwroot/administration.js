// @ts-check
// Changes accounts over the hub's API, as any program would. Every answer with a secret is shown once; everything else is read anew.

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const ask = /** @type {HTMLDialogElement} */ (byId('ask'));
const input = /** @type {HTMLInputElement} */ (byId('ask-input'));
const boxes = /** @type {HTMLInputElement[]} */ ([...byId('ask-spaces').querySelectorAll('input')]);

/** What each button asks before it acts. */
const questions = /** @type {Record<string, { title: string, text: string, yes: string }>} */ ({
  disable: { title: 'Disable', text: 'Sessions and open pages end within a minute; API tokens and passkeys are removed.', yes: 'Disable' },
  enable: { title: 'Enable', text: 'The account opens again with the password it had.', yes: 'Enable' },
  reset: { title: 'Reset the password of', text: 'A new password is made and shown once. Sessions end and passkeys are removed.', yes: 'Reset' },
  token: { title: 'Add an API token for', text: 'The token may do what the account may, in the same spaces. It is shown once.', yes: 'Add' },
  revoke: { title: 'Revoke a token of', text: 'Programs that use it are refused at once.', yes: 'Revoke' },
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
    case 'scope': return send('POST', `${path}/scope`, { spaces: boxes.filter(box => box.checked).map(box => box.value) });
    case 'token': return send('POST', `${path}/tokens`, { name: input.value });
    case 'revoke': return send('DELETE', `${path}/tokens/${encodeURIComponent(token)}`);
    default: return send('POST', `${path}/${act}`);
  }
}

/** @param {() => Promise<any>} change */
async function run(change) {
  const problem = byId('problem');
  problem.hidden = true;
  try {
    const told = await change();
    if (told.password || told.token) show(told);
    else location.reload();
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
  const { title, text, yes } = questions[what];
  byId('ask-title').textContent = `${title} ${user}`;
  byId('ask-text').textContent = text;
  byId('ask-yes').textContent = yes;
  byId('ask-name').hidden = what !== 'token';
  input.required = what === 'token';
  input.value = '';
  byId('ask-spaces').hidden = what !== 'scope';
  const spaces = (row.dataset.spaces ?? '').split(',');
  for (const box of boxes) box.checked = spaces.includes(box.value);
  ask.returnValue = '';
  ask.onclose = () => ask.returnValue === 'yes' && void run(() => act(what, user, button.dataset.token ?? ''));
  ask.showModal();
}

document.addEventListener('click', event => {
  const button = /** @type {HTMLElement} */ (event.target).closest('button[data-act]');
  if (button) question(/** @type {HTMLElement} */ (button));
});

byId('secret-done').addEventListener('click', () => location.reload());

const form = /** @type {HTMLFormElement} */ (byId('account-add'));
form.addEventListener('submit', event => {
  event.preventDefault();
  const fields = new FormData(form);
  void run(() => send('POST', '', { user: fields.get('user'), role: fields.get('role') }));
});
