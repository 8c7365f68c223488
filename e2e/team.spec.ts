import type { Browser, Page } from '@playwright/test'
import { expect, readWhileSigningOut, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { owner } from './steps/steps.ts'

const newcomer = 'nadia@elsewhere.example'
const mia = 'mia@harbourplumbing.example'

/** Browser of another user. */
const another = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()

/** Invites, and returns the shown link. */
const invite = async (page: Page, url: string, email: string) => {
  await page.goto(`${url}/settings/team`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByRole('button', { name: 'Invite' }).click()
  return page.getByLabel('Invitation link').inputValue()
}

const enterByMail = async (page: Page, link: string | undefined) => {
  await page.goto(link ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('has no accessibility violations or overflow in any layout', async ({ page, app, axe }) => {
  await enter(page.context(), { app, email: owner })
  const name = 'Maximiliana-Theodora Wolfeschlegelsteinhausenbergerdorff-Hohenlohe'
  const email = `${'maximiliana.theodora.'.repeat(2)}w@${'administration.'.repeat(5)}example`
  await app.sql`update members set name = ${name}, email = ${`m${email}`} where email = ${mia}`
  await app.sql`update businesses set name = ${`${name} Plumbing`}`
  const link = await invite(page, app.url, email)
  await inEveryLayout(page, 'team', axe)
  await page.getByRole('button', { name: `Deactivate ${name}` }).click()
  await expect(page.getByRole('dialog').getByRole('heading', { name: /upcoming appointment/ })).toBeVisible()
  await inEveryLayout(page, 'team-deactivate', axe)
  await page.goto(link)
  await inEveryLayout(page, 'invitation-other', axe)
})

test('a member is invited and signed in by e-mail, accepts once, and works in two businesses', async ({
  page,
  app,
  mail,
  browser,
  axe,
}) => {
  await enter(page.context(), { app, email: owner })
  const link = await invite(page, app.url, newcomer.toUpperCase())
  await expect(page.getByText(`This link was e-mailed to ${newcomer}.`)).toBeVisible()
  await expect.poll(() => mail.linkTo(newcomer)).toBe(link)

  const guest = await another(browser)
  await test.step('opening the link several times does not use it up', async () => {
    for (let n = 0; n < 3; n++) expect((await guest.request.get(link)).status()).toBe(200)
    await guest.request.head(link)
    expect((await app.sql`select accepted_at from invitations`)[0]?.accepted_at).toBeNull()
    await guest.goto(link)
    await expect(guest.getByRole('heading', { name: 'Join Harbour Plumbing' })).toBeVisible()
    await inEveryLayout(guest, 'invitation', axe)
  })

  await test.step('the sign-in link survives being opened, works once, and leads back', async () => {
    await guest.getByRole('button', { name: 'Email me a sign-in link' }).click()
    await expect(guest.getByText(`We sent a sign-in link to ${newcomer}`)).toBeVisible()
    await expect.poll(() => mail.linkTo(newcomer)).toContain('/sign-in/link/')
    const signIn = mail.linkTo(newcomer) ?? ''
    await guest.request.get(signIn)
    await guest.goto(signIn)
    await inEveryLayout(guest, 'sign-in-link', axe)
    await guest.getByRole('button', { name: 'Sign in' }).click()
    await expect(guest).toHaveURL(link)
    await guest.getByRole('button', { name: 'Accept invitation' }).click()
    await expect(guest).toHaveURL(/\/calendar/)
    const third = await another(browser)
    await third.goto(signIn)
    await expect(third.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
    await third.goto(link)
    await expect(third.getByRole('heading', { name: 'This invitation was already used' })).toBeVisible()
    await third.context().close()
  })

  await test.step('switching to a second business and back', async () => {
    await app.sql`with b as (insert into businesses (name, time_zone, opening_hours)
      values ('Second Street', 'Europe/Vienna', '{}') returning id)
      insert into members (business_id, user_id, role, name, email, colour)
      select b.id, u.id, 'owner', 'Nadia', u.email, 3 from b, users u where u.email = ${newcomer}`
    await guest.reload()
    await expect(guest.getByRole('banner').getByText('Harbour Plumbing')).toBeVisible()
    const tab = await guest.context().newPage()
    await tab.goto(`${app.url}/settings/calendar`)
    await guest.getByRole('button', { name: 'You and your businesses' }).click()
    await guest.getByRole('menuitem', { name: 'Switch to Second Street' }).click()
    await expect(guest.getByRole('banner').getByText('Second Street')).toBeVisible()
    await expect(tab.getByRole('banner').getByText('Second Street')).toBeVisible()
    await tab.goto(`${app.url}/settings/team`)
    await expect(tab.getByRole('tab', { name: 'Team' })).toBeVisible()
    await tab.getByRole('button', { name: 'You and your businesses' }).click()
    await tab.getByRole('menuitem', { name: 'Switch to Harbour Plumbing' }).click()
    await expect(tab.getByRole('banner').getByText('Harbour Plumbing')).toBeVisible()
  })
  await guest.context().close()
})

test('an invitation is valid for its address only, and can be withdrawn', async ({ page, app, browser }) => {
  await enter(page.context(), { app, email: owner })
  const link = await invite(page, app.url, newcomer)
  const guest = await another(browser)
  await enter(guest.context(), { app, email: mia })
  await guest.goto(link)
  await expect(guest.getByText(`You are signed in as ${mia}`)).toBeVisible()
  await expect(guest.getByRole('button', { name: 'Accept invitation' })).toHaveCount(0)
  await page.getByRole('button', { name: `Revoke the invitation to ${newcomer}` }).click()
  await expect(page.getByText(`The invitation to ${newcomer} was revoked.`)).toBeVisible()
  await guest.goto(link)
  await expect(guest.getByRole('heading', { name: 'This invitation was revoked' })).toBeVisible()
  await guest.goto(`${app.url}/invitation/${'a'.repeat(43)}`)
  await expect(guest.getByRole('heading', { name: 'This invitation does not exist' })).toBeVisible()
  await guest.context().close()
})

test('an expired invitation says so; a newer one ends the older; the welcome page finds it by address', async ({
  page,
  app,
  mail,
  browser,
}) => {
  await enter(page.context(), { app, email: owner })
  const first = await invite(page, app.url, newcomer)
  const second = await invite(page, app.url, newcomer)
  const guest = await another(browser)
  await guest.goto(first)
  await expect(guest.getByRole('heading', { name: 'This invitation was revoked' })).toBeVisible()
  await app.sql`update invitations set expires_at = now() - interval '1 minute'`
  await guest.goto(second)
  await expect(guest.getByRole('heading', { name: 'This invitation has expired' })).toBeVisible()
  await app.sql`update invitations set expires_at = now() + interval '1 day'`
  await guest.goto(`${app.url}/sign-in`)
  await guest.getByLabel('E-mail address').fill(newcomer)
  await guest.getByRole('button', { name: 'Email me a sign-in link' }).click()
  await expect.poll(() => mail.linkTo(newcomer)).toContain('/sign-in/link/')
  await enterByMail(guest, mail.linkTo(newcomer))
  await expect(guest.getByRole('heading', { name: 'You have an invitation' })).toBeVisible()
  await guest.getByRole('button', { name: 'Join Harbour Plumbing' }).click()
  await expect(guest).toHaveURL(/\/calendar/)
  await guest.context().close()
})

test('refusals of an invitation name the rule and keep the address', async ({ page, app }) => {
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/settings/team`)
  const email = page.getByLabel('E-mail address')
  for (const [typed, sentence] of [
    ['nadia@', 'Enter a complete e-mail address'],
    [mia, 'This person is already in the team.'],
  ] as const) {
    await email.fill(typed)
    await page.getByRole('button', { name: 'Invite' }).click()
    await expect(page.getByText(sentence)).toBeVisible()
    await expect(email).toHaveValue(typed)
    await expect(email).toBeFocused()
  }
  expect((await app.sql`select count(*)::int as n from invitations`)[0]?.n).toBe(0)
})

test('role, colour and name are saved, can be undone, and are logged', async ({ page, app }) => {
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/settings/team`)
  await page.getByLabel('Role of Mia Chen').selectOption('Owner')
  await expect(page.getByText('Changes to Mia Chen saved.')).toBeVisible()
  expect((await app.sql`select role from members where email = ${mia}`)[0]?.role).toBe('owner')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByLabel('Role of Mia Chen')).toHaveValue('staff')
  await page.getByRole('button', { name: 'Colour of Tom Okafor: Violet' }).click()
  await page.getByRole('button', { name: 'Pink' }).click()
  await expect(page.getByRole('button', { name: 'Colour of Tom Okafor: Pink' })).toBeVisible()
  await page.getByRole('button', { name: 'Rename Ravi Patel' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Ravi P.')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Ravi P.', { exact: true })).toBeVisible()
  await page.goto(`${app.url}/settings/activity?kind=member`)
  await expect(page.getByText('Olive Harbour changed Ravi Patel')).toBeVisible()
})

test('the last owner can neither leave nor become staff', async ({ page, app }) => {
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/settings/team`)
  await expect(page.getByRole('button', { name: 'Deactivate Olive Harbour' })).toBeDisabled()
  await expect(page.getByLabel('Role of Olive Harbour')).toBeDisabled()
})

test('deactivating shows the appointments, hands them over in one step, and ends access with the next request', async ({
  page,
  app,
  browser,
}) => {
  const [mine] = await app.sql<{ mia: string; tom: string; id: string; start: string; end: string }[]>`
    select m.id as mia, t.id as tom, a.id, a.starts_at::text as start, a.ends_at::text as end
    from members m, members t, appointments a join appointment_assignees s on s.appointment_id = a.id
    where m.email = ${mia} and t.email = 'tom@harbourplumbing.example' and s.member_id = m.id
      and a.starts_at > now() and not exists (select from appointment_assignees o where o.appointment_id = a.id and o.member_id = t.id)
    order by a.starts_at limit 1`
  await app.sql`with a as (insert into appointments (business_id, title, starts_at, ends_at)
    select business_id, 'Tom is elsewhere', ${mine?.start ?? ''}, ${mine?.end ?? ''} from members where id = ${mine?.tom ?? ''}
    returning id, business_id)
    insert into appointment_assignees select business_id, id, ${mine?.tom ?? ''}, tstzrange(${mine?.start ?? ''}, ${mine?.end ?? ''}), false from a`
  const staff = await another(browser)
  await enter(staff.context(), { app, email: mia })
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/settings/team`)
  await page.getByRole('button', { name: 'Deactivate Mia Chen' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reassign them to').selectOption('Tom Okafor')
  await dialog.getByRole('button', { name: 'Deactivate', exact: true }).click()
  await expect(dialog.getByText('Tom Okafor has no time for some of these appointments.')).toBeVisible()
  expect((await staff.request.get(`${app.url}/api/calendar?from=2026-01-01&to=2026-02-01`)).status()).toBe(200)
  await dialog.getByRole('button', { name: /leave those unassigned/ }).click()
  await expect(page.getByText(/Mia Chen was deactivated\. Tom Okafor takes over/)).toBeVisible()

  expect((await staff.request.get(`${app.url}/api/calendar?from=2026-01-01&to=2026-02-01`)).status()).toBe(401)
  await staff.goto(`${app.url}/calendar`)
  await expect(staff).toHaveURL(/\/welcome/)
  const [left] = await app.sql`select count(*)::int as n from appointment_assignees s
    join appointments a on a.id = s.appointment_id where s.member_id = ${mine?.mia ?? ''} and a.ends_at > now() and a.status = 'booked'`
  expect(left?.n).toBe(0)
  const [given] =
    await app.sql`select array_agg(member_id) as who from appointment_assignees where appointment_id = ${mine?.id ?? ''}`
  expect(given?.who ?? []).not.toContain(mine?.tom)

  await page.getByText('1 deactivated member').click()
  await page.getByRole('button', { name: 'Reactivate Mia Chen' }).click()
  await expect(page.getByText('Mia Chen was reactivated.')).toBeVisible()
  await staff.goto(`${app.url}/calendar`)
  await expect(staff.getByRole('button', { name: 'New appointment' }).first()).toBeVisible()
  await staff.context().close()
})

test('Sign out everywhere ends every session with its next request', async ({ page, app, browser, allowConsole }) => {
  allowConsole(readWhileSigningOut)
  const other = await another(browser)
  await enter(other.context(), { app, email: owner })
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/calendar`)
  await page.getByRole('button', { name: 'You and your businesses' }).click()
  await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
  await expect(page.getByText('You are signed out on all devices.')).toBeVisible()
  expect((await other.request.get(`${app.url}/api/calendar?from=2026-01-01&to=2026-02-01`)).status()).toBe(401)
  await other.goto(`${app.url}/calendar`)
  await expect(other).toHaveURL(/\/sign-in/)
  await other.context().close()
})

test('sign-in links: refusals, a mail server that does not answer, and a limit', async ({ page, app, mail, axe }) => {
  await page.goto(`${app.url}/sign-in`)
  await inEveryLayout(page, 'sign-in', axe)
  const email = page.getByLabel('E-mail address')
  const ask = page.getByRole('button', { name: 'Email me a sign-in link' })
  await email.fill('nobody')
  await ask.click()
  await expect(page.getByText('Enter a complete e-mail address')).toBeVisible()
  await expect(email).toBeFocused()
  mail.refuse = true
  await email.fill(newcomer)
  await ask.click()
  await expect(page.getByText('The e-mail could not be sent.')).toBeVisible()
  mail.refuse = false
  for (let n = 0; n < 4; n++) {
    await page.goto(`${app.url}/sign-in`)
    await email.fill(newcomer)
    await ask.click()
    await expect(page.getByText(`We sent a sign-in link to ${newcomer}`)).toBeVisible()
  }
  await page.goto(`${app.url}/sign-in`)
  await email.fill(newcomer)
  await ask.click()
  await expect(page.getByText(/Too many attempts\. Try again in \d+ minutes\./)).toBeVisible()
  expect(mail.letters).toHaveLength(4)
})
