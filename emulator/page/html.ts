import { escapeHtml } from '../http.ts'
import type { Account } from '../model.ts'
import type { ConnectedApp } from './connected-apps.ts'

// HTML written by the server. The week itself is drawn in the browser.

function shell({ title, body, script = '' }: { title: string; body: string; script?: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/calendar/page/icon.svg">
<link rel="stylesheet" href="/calendar/page/page.css">
${script}
</head>
<body>${body}</body>
</html>`
}

const brand =
  '<a class="brand" href="/"><img src="/calendar/page/icon.svg" alt="" width="26" height="26"><span>Google Calendar <small>(emulator)</small></span></a>'

export function accountsPage(accounts: Account[]): string {
  const rows = accounts.map(
    ({ email, name, timeZone }) =>
      `<li><a class="account" href="/calendar?account=${encodeURIComponent(email)}">
<span class="face" aria-hidden="true">${initials(name)}</span>
<span><b>${escapeHtml(name)}</b><small>${escapeHtml(email)}</small></span>
<small class="zone">${escapeHtml(timeZone)}</small></a></li>`,
  )
  const list = rows.length
    ? `<ul class="accounts">${rows.join('')}</ul>`
    : '<p>There are no accounts yet. Start without <code>--empty</code> for sample accounts, or with <code>--ics FILE</code>.</p>'
  return shell({
    title: 'Google Calendar (emulator)',
    body: `<header class="top">${brand}</header>
<main class="sheet"><h1>Choose an account</h1>
<p>This is an emulator of Google Calendar. Connected apps see your changes at once. Nothing leaves this computer.</p>
${list}</main>`,
  })
}

export function accessPage(account: Account, access: ConnectedApp[]): string {
  const back = `/calendar?account=${encodeURIComponent(account.email)}`
  const cards = access.map(
    ({ clientId, name, scopes }) => `<li class="app"><div><h2>${escapeHtml(name)}</h2>
<ul>${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul></div>
<form method="post" action="/calendar/access?account=${encodeURIComponent(account.email)}">
<input type="hidden" name="client" value="${escapeHtml(clientId)}">
<button class="button danger" aria-label="Remove access of ${escapeHtml(name)}">Remove access</button></form></li>`,
  )
  const list = cards.length
    ? `<ul class="apps">${cards.join('')}</ul>`
    : '<p class="empty">No apps have access to this account.</p>'
  return shell({
    title: 'Third-party access – Google Account (emulator)',
    body: `<header class="top">${brand}</header>
<main class="sheet"><p><a href="${back}">Back to the calendar</a></p><h1>Third-party access</h1>
<p>Apps with access to the Google account of ${escapeHtml(account.name)} (${escapeHtml(account.email)}).</p>${list}</main>`,
  })
}

/** The week page, filled by `client/main.js`. */
export function calendarPage(account: Account): string {
  const query = `account=${encodeURIComponent(account.email)}`
  return shell({
    title: `${account.name} – Google Calendar (emulator)`,
    script: '<script type="module" src="/calendar/page/main.js"></script>',
    body: `<div class="app-shell">
<header class="top">${brand}
<nav class="weeks" aria-label="Week">
<button class="button" id="today">Today</button>
<button class="button icon" id="previous" aria-label="Previous week">‹</button>
<button class="button icon" id="next" aria-label="Next week">›</button>
</nav>
<h1 id="title" aria-live="polite">Calendar</h1>
<details class="menu"><summary><span class="face" aria-hidden="true">${initials(account.name)}</span><span>Account</span></summary>
<div class="menu-box"><p><b>${escapeHtml(account.name)}</b><small>${escapeHtml(account.email)}</small></p>
<a href="/calendar/access?${query}">Third-party access</a><a href="/">Switch account</a></div></details>
</header>
<aside class="side"><button class="button primary create" id="create"><span aria-hidden="true">+</span> Create</button>
<details class="calendars" open><summary>Calendars</summary><ul id="calendars"></ul></details></aside>
<main class="week" id="week" aria-label="Week"></main>
</div>
<div id="toast" class="toast" role="status"></div>
<dialog id="editor" aria-labelledby="editor-title"></dialog>
<dialog id="scope-dialog" aria-labelledby="scope-dialog-title"></dialog>
<noscript><p class="empty">This page needs JavaScript.</p></noscript>`,
  })
}

export function missingPage(): string {
  return shell({
    title: 'Unknown account – Google Calendar (emulator)',
    body: `<header class="top">${brand}</header><main class="sheet"><h1>Unknown account</h1>
<p>This account does not exist. <a href="/">Choose another</a>.</p></main>`,
  })
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return escapeHtml(
    [words[0], words.length > 1 ? words.at(-1) : '']
      .map((word) => word?.[0] ?? '')
      .join('')
      .toUpperCase(),
  )
}
