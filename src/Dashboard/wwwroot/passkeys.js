// @ts-check
// Signs in with a passkey, and adds one. The hub asks and checks; this only carries the question to the authenticator and its answer back.

const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
const isAble = window.isSecureContext && !isAddress && 'PublicKeyCredential' in window
  && 'parseRequestOptionsFromJSON' in PublicKeyCredential && 'parseCreationOptionsFromJSON' in PublicKeyCredential;

/**
 * Posts a form's fields; the antiforgery token of the page goes with them.
 * @param {string} to
 * @param {Record<string, string>} fields
 */
async function post(to, fields) {
  const token = /** @type {HTMLInputElement} */ (document.querySelector('input[name=__RequestVerificationToken]'));
  const answer = await fetch(to, { method: 'POST', body: new URLSearchParams({ ...fields, [token.name]: token.value }), cache: 'no-store' });
  if (answer.ok) return answer.json();
  if (answer.status === 429) throw new Error(await answer.text());
  const problem = await answer.json().catch(() => ({}));
  throw new Error([problem.title, problem.detail].filter(Boolean).join('. ') || `The hub answered ${answer.status}.`);
}

/** @param {string} next */
async function signIn(next) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await post('/session/passkey/begin', { next }));
  const credential = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  location.assign((await post('/session/passkey', { credential: JSON.stringify(credential.toJSON()), next })).to);
}

/**
 * @param {string} name
 * @param {string} current
 */
async function add(name, current) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post('/account/passkeys/begin', { current }));
  const credential = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  location.assign((await post('/account/passkeys', { credential: JSON.stringify(credential.toJSON()), name })).to);
}

/**
 * Runs one attempt and says what went wrong.
 * @param {HTMLElement} around
 * @param {() => Promise<void>} attempt
 */
async function run(around, attempt) {
  const button = /** @type {HTMLButtonElement} */ (around.querySelector('button'));
  const wrong = /** @type {HTMLElement} */ (around.querySelector('.wrong'));
  wrong.hidden = true;
  button.disabled = true;
  try {
    await attempt();
  } catch (error) {
    const isCancelled = error instanceof DOMException && error.name === 'NotAllowedError';
    wrong.textContent = isCancelled ? 'No passkey was used: it was cancelled, or this device has none for this hub.' : /** @type {Error} */ (error).message;
    wrong.hidden = false;
  } finally {
    button.disabled = false;
  }
}

const way = document.getElementById('passkey-sign-in');
if (way && isAble) {
  way.hidden = false;
  way.querySelector('button')?.addEventListener('click', () => void run(way, () => signIn(way.dataset.next ?? '')));
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById('passkey-add'));
if (form && isAble) {
  form.hidden = false;
  form.addEventListener('submit', event => {
    event.preventDefault();
    const fields = new FormData(form);
    void run(form, () => add(String(fields.get('name')), String(fields.get('current'))));
  });
}

const needed = document.getElementById('passkey-name-needed');
if (needed) needed.hidden = isAble;
const insecure = document.getElementById('insecure');
if (insecure) insecure.hidden = window.isSecureContext;
