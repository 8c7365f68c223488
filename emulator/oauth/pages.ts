import { escapeHtml, html, type Reply } from '../http.ts'
import type { Account } from '../model.ts'
import type { AuthRequest } from './auth-request.ts'
import { SIGN_IN_SCOPES, scopeLabel } from './scopes.ts'

export function chooserPage({ request, accounts }: { request: AuthRequest; accounts: Account[] }): Reply {
  const buttons = accounts.map(
    (account) => `<li><button class="account" name="email" value="${escapeHtml(account.email)}">
      <span class="face" aria-hidden="true">${escapeHtml(account.name.slice(0, 1))}</span>
      <span><strong>${escapeHtml(account.name)}</strong> <small>${escapeHtml(account.email)}</small></span></button></li>`,
  )
  const none = '<p>There are no accounts yet.</p>'
  return page('Choose an account', {
    client: request.client.id,
    main: `<form method="post" action="/o/oauth2/v2/auth/account?${escapeHtml(request.query)}">
      ${buttons.length > 0 ? `<ul class="accounts">${buttons.join('')}</ul>` : none}</form>`,
  })
}

export function consentPage({
  request,
  account,
  ticked,
}: {
  request: AuthRequest
  account: Account
  ticked: boolean
}): Reply {
  const choices = request.scopes.filter((scope) => !SIGN_IN_SCOPES.has(scope))
  return page(choices.length > 0 ? 'Choose what the app can access' : 'Sign in', {
    client: request.client.id,
    main: `<p class="who">Signed in as <strong>${escapeHtml(account.name)}</strong> (${escapeHtml(account.email)})</p>
    <form method="post" action="/o/oauth2/v2/auth/consent?${escapeHtml(request.query)}">
      <input type="hidden" name="email" value="${escapeHtml(account.email)}">
      <p>The app will know your name, e-mail address and picture.</p>
      ${choicesList(choices, ticked)}
      <div class="buttons"><button name="answer" value="cancel">Cancel</button>
      <button class="main" name="answer" value="allow">${choices.length === 1 ? 'Allow' : 'Continue'}</button></div>
    </form>`,
  })
}

function choicesList(scopes: string[], ticked: boolean): string {
  if (scopes.length === 0) return ''
  if (scopes.length === 1)
    return `<p>It also asks to:</p><ul class="plain"><li>${escapeHtml(scopeLabel(scopes[0] ?? ''))}</li></ul>`
  const boxes = scopes.map(
    (scope) => `<li><label><input type="checkbox" name="scope" value="${escapeHtml(scope)}"${ticked ? ' checked' : ''}>
      ${escapeHtml(scopeLabel(scope))}</label></li>`,
  )
  return `<fieldset><legend>It asks for the following permissions. Tick those you allow.</legend>
    <ul class="boxes"><li class="all"><label><input type="checkbox" id="all"${ticked ? ' checked' : ''}> Select all</label></li>${boxes.join('')}</ul></fieldset>
    <script>${SELECT_ALL}</script>`
}

const SELECT_ALL = `
const all = document.getElementById('all'), boxes = [...document.querySelectorAll('[name=scope]')]
all.addEventListener('change', () => { for (const box of boxes) box.checked = all.checked })
for (const box of boxes) box.addEventListener('change', () => { all.checked = boxes.every((each) => each.checked) })`

export function errorPage({ status, code, detail }: { status: number; code: string; detail: string }): Reply {
  return page(`Error ${status}: ${code}`, {
    status,
    main: `<p>Access blocked: this app’s request is not valid.</p><p class="detail">${escapeHtml(detail)}</p>`,
  })
}

function page(
  title: string,
  { main, client, status = 200 }: { main: string; client?: string; status?: number },
): Reply {
  const to = client
    ? `<p class="app">to continue to <strong>${escapeHtml(client.replace('.apps.googleusercontent.com', ''))}</strong></p>`
    : ''
  const reply = html(
    `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>${escapeHtml(title)} · Google (emulated)</title>
<style>${CSS}</style></head><body><main><p class="note">This is an emulator of Google for trying the product. Nothing here reaches Google.</p>
<h1>${escapeHtml(title)}</h1>${to}${main}</main></body></html>`,
    status,
  )
  return { ...reply, headers: { ...reply.headers, 'cache-control': 'no-store' } }
}

const CSS = `
:root { color-scheme: light dark; --ground: #f3f5f9; --card: #fff; --ink: #1d2430; --soft: #586173; --line: #d5dae3; --main: #1a5fd0; --on: #fff; --note: #fdf3d6; --note-ink: #5a4300 }
@media (prefers-color-scheme: dark) { :root { --ground: #12151b; --card: #1b2029; --ink: #e9ecf2; --soft: #a6afbf; --line: #39414f; --main: #8ab4f8; --on: #10203b; --note: #3a3115; --note-ink: #f5e2ab } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { width: min(30rem, 100%); padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem }
h1 { margin: 1rem 0 .25rem; font-size: 1.5rem; font-weight: 600; line-height: 1.25 }
.note { margin: 0; padding: .5rem .75rem; border-radius: .5rem; background: var(--note); color: var(--note-ink); font-size: .875rem }
.app, .who, small, .detail { color: var(--soft); overflow-wrap: anywhere } .app { margin: 0 0 1rem; font-size: .9375rem }
ul { list-style: none; margin: 1rem 0; padding: 0 } .plain { list-style: disc; padding-left: 1.25rem }
.account { display: flex; gap: .75rem; align-items: center; width: 100%; text-align: left; border-radius: 0; border-width: 0 0 1px; padding: .75rem .25rem }
.account strong, .account small { display: block } .account:hover { background: var(--ground) }
.face { flex: none; display: grid; place-items: center; width: 2.25rem; height: 2.25rem; border-radius: 50%; background: var(--main); color: var(--on); font-weight: 600 }
fieldset { margin: 0; padding: 0; border: 0 } legend { padding: 0 }
.boxes li { border-top: 1px solid var(--line) } .boxes label { display: flex; gap: .75rem; align-items: start; padding: .75rem .25rem; cursor: pointer }
.boxes input { flex: none; width: 1.125rem; height: 1.125rem; margin: .2rem 0 0; accent-color: var(--main) } .all { font-weight: 600 }
.buttons { display: flex; justify-content: flex-end; gap: .75rem; margin-top: 1.25rem }
button { min-height: 2.75rem; padding: .5rem 1.25rem; font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: .5rem; cursor: pointer }
.main { background: var(--main); border-color: var(--main); color: var(--on); font-weight: 600 }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }`
