// SPDX-License-Identifier: BSD-2-Clause
// The pages that the throw-away provider shows on the person's phone. Plain forms: a browser and phone.py can both
// walk through them.

const STYLE = `
  :root { color-scheme: light dark; --ink: #16202c; --soft: #5d6b7a; --paper: #fff; --desk: #e9eef3; --line: #d5dde5; --go: #0b6e4f; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8eef4; --soft: #9aa8b6; --paper: #1b2530; --desk: #10171e; --line: #33414f; --go: #2fa57c; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--desk); color: var(--ink);
         font: 17px/1.5 system-ui, sans-serif; }
  main { width: min(26rem, 92vw); padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; }
  small { color: var(--soft); text-transform: uppercase; letter-spacing: .08em; font-size: .72rem; }
  h1 { margin: .2rem 0 .8rem; font-size: 1.45rem; line-height: 1.25; }
  p { margin: .6rem 0; color: var(--soft); }
  code { display: block; margin: 1rem 0; padding: .7rem; text-align: center; font: 600 1.8rem/1 ui-monospace, monospace;
         letter-spacing: .12em; color: var(--ink); background: var(--desk); border-radius: 10px; }
  button, input[type=text] { width: 100%; margin: .35rem 0; padding: .8rem 1rem; font: inherit; border-radius: 10px;
         border: 1px solid var(--line); background: transparent; color: inherit; text-align: left; }
  input[type=text] { text-align: center; letter-spacing: .12em; text-transform: uppercase; }
  button { cursor: pointer; }
  button:hover, button:focus-visible { border-color: var(--go); outline: none; }
  button.go { background: var(--go); border-color: var(--go); color: #fff; text-align: center; font-weight: 600; }
  button.no { text-align: center; color: var(--soft); }
  button span { color: var(--soft); float: right; }
`;

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);

function page(title, body, outcome = '') {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title><style>${STYLE}</style></head>
<body><main data-outcome="${safe(outcome)}"><small>Test identity provider</small><h1>${safe(title)}</h1>${body}</main></body></html>`;
}

export function enterCode(form, problem) {
  const note = problem ? `<p>${safe(problem)}</p>` : '<p>Type the code that the screen in front of you shows.</p>';
  return page('Which code do you see?',
    `${note}${form}<button class="go" type="submit" form="op.deviceInputForm">Continue</button>`,
    problem ? 'problem' : '');
}

export function confirmCode(form, clientName, userCode) {
  return page(`Sign in to ${clientName}?`,
    `<p>Go on only if you are signing in there right now, and the screen shows this code:</p><code>${safe(userCode)}</code>${form}
     <button class="go" type="submit" form="op.deviceConfirmForm">Yes, that is me</button>
     <button class="no" type="submit" form="op.deviceConfirmForm" name="abort" value="yes">No, stop it</button>`);
}

export function chooseAccount(uid, accounts) {
  const buttons = accounts.map((a) => `<button type="submit" name="account" value="${safe(a.sub)}">${safe(a.name)}
    <span>${safe(a.preferred_username)}</span></button>`).join('');
  return page('Who are you?', `<p>A real provider would ask for your password or passkey here.</p>
    <form method="post" action="/interaction/${safe(uid)}">${buttons}</form>`);
}

export function approved(clientName) {
  return page('You are signed in', `<p>${safe(clientName)} goes on by itself. You can close this page.</p>`, 'approved');
}

export function stopped() {
  return page('Stopped', '<p>Nobody was signed in.</p>', 'denied');
}

export function failed(message) {
  return page('That did not work', `<p>${safe(message)}</p>`, 'problem');
}
