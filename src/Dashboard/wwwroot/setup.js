// @ts-check
// A mistake in the set-up form empties neither the secret nor the user name; passwords are typed anew.
// They are kept in this tab only, for the one answer of the hub: an address with the secret in it would stay in histories and logs.

const kept = 'hub-setup';
const form = /** @type {HTMLFormElement} */ (document.getElementById('setup'));
const fields = ['secret', 'user'].map(name => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)));

const before = sessionStorage.getItem(kept);
sessionStorage.removeItem(kept);
if (before && form.dataset.wrong) for (const [i, value] of JSON.parse(before).entries()) fields[i].value = value;

form.addEventListener('submit', () => sessionStorage.setItem(kept, JSON.stringify(fields.map(field => field.value))));
