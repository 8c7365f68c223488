import { expect, test } from './fixtures/fixtures.ts'
import { at, book, enter, memberId, openCalendar, quietDay, shown, storedTimes } from './steps/calendar.ts'
import { owner, staff } from './steps/steps.ts'

test('changes by others come live; one made meanwhile is a question, and nothing is overwritten', async ({
  page,
  app,
  browser,
  axe,
  allowConsole,
}) => {
  allowConsole(/ERR_FAILED.*\/api\//)
  const day = quietDay()
  const id = await book(app, { title: 'Shared', start: at(day, '09:00'), end: at(day, '10:00') })
  await enter(page.context(), { app, email: owner })
  const other = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await enter(other, { app, email: staff })
  const theirs = await other.newPage()
  await openCalendar(page, app, `?date=${day}`)
  await openCalendar(theirs, app, `?date=${day}`)
  await shown(theirs, id).focus()
  await theirs.keyboard.press('Alt+ArrowDown')
  await expect(shown(page, id)).toHaveAccessibleName(/9:15 am to 10:15 am/)

  await test.step('one page hears nothing for a while', async () => {
    await page.route(/\/api\/live/, (route) => route.abort())
    await page.reload()
    await expect(shown(page, id)).toHaveAccessibleName(/9:15 am to 10:15 am/)
    await page.route(/\/api\/calendar/, (route) => route.abort())
    await shown(theirs, id).focus()
    await theirs.keyboard.press('Alt+ArrowDown')
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:30 to ${day}T10:30`)
    await shown(page, id).focus()
    await page.keyboard.press('Alt+ArrowUp')
    const question = page.getByRole('dialog', { name: 'Changed by someone else' })
    await expect(question).toContainText(/It is now “Shared”, .*9:30 – 10:30 am/)
    await axe(page)
    await question.getByRole('button', { name: /^Move it to .*9:00 – 10:00 am/ }).click()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:00`)
  })
  await other.close()
})

test('what changes while the page is on its way is read once the calendar stands, and not before', async ({
  page,
  app,
  allowConsole,
}) => {
  allowConsole(/ERR_FAILED.*\/api\//)
  const day = quietDay()
  await book(app, { title: 'Known', start: at(day, '09:00'), end: at(day, '10:00') })
  await enter(page.context(), { app, email: owner })
  await page.addInitScript(() => {
    window.readTooEarly = false
    const { fetch } = window
    window.fetch = (...asked) => {
      const grid = document.querySelector('[data-appointment-id]')
      if (`${asked[0]}`.includes('/api/calendar?') && !grid?.checkVisibility({ visibilityProperty: true }))
        window.readTooEarly = true
      return fetch(...asked)
    }
  })
  // Nor does anybody tell of it later.
  await page.route(/\/api\/live/, (route) => route.abort())
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const scripts = '**/_next/static/chunks/*.js'
  await page.route(scripts, async (route) => held.then(() => route.continue()))
  await page.goto(`${app.url}/calendar?view=week&date=${day}`, { waitUntil: 'commit' })
  await expect(page.getByText('Known').first()).toBeVisible()
  const id = await book(app, { title: 'Meanwhile', start: at(day, '11:00'), end: at(day, '12:00') })
  goOn()
  await expect(shown(page, id)).toBeVisible()
  expect(await page.evaluate(() => window.readTooEarly)).toBe(false)
})

test('offline, reloaded or signed out, what was done is kept and sent afterwards', async ({
  page,
  app,
  signInAs,
  axe,
  allowConsole,
}) => {
  allowConsole(/Failed to load resource/, /Failed to fetch/, /ERR_/)
  const day = quietDay()
  const id = await book(app, { title: 'Kept', start: at(day, '09:00'), end: at(day, '10:00') })
  await signInAs(page, owner)
  await openCalendar(page, app, `?view=week&date=${day}`)

  await test.step('offline: on the screen at once, sent when back', async () => {
    await page.context().setOffline(true)
    await expect(page.getByText('You are offline.')).toBeVisible()
    await shown(page, id).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect(shown(page, id)).toHaveAccessibleName(/9:15 am to 10:15 am/)
    await expect(page.getByText('One change is kept')).toBeVisible()
    await axe(page)
    expect(await storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:00`)
    await page.context().setOffline(false)
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:15 to ${day}T10:15`)
    await expect(page.getByText('You are offline.')).toBeHidden()
  })

  await test.step('a page that is closed leaves it to the next', async () => {
    const cut = (url: URL) => url.pathname === '/calendar'
    await page.route(cut, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
    await shown(page, id).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect(page.getByText('The calendar cannot be reached.')).toBeVisible()
    await page.unroute(cut)
    await page.reload()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:30 to ${day}T10:30`)
    await expect(shown(page, id)).toHaveAccessibleName(/9:30 am to 10:30 am/)
  })

  await test.step('a session that ended: says so, signs in, comes back to the same week and goes on', async () => {
    await page.keyboard.press('n')
    const form = page.getByRole('dialog')
    await form.getByLabel('Title').fill('Typed while signed out')
    // As "Sign out everywhere" does: an answer on its way would renew a cookie that was only thrown away.
    await app.sql`update users set session_version = session_version + 1 where email = ${owner}`
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert').getByRole('link', { name: 'Sign in' })).toBeVisible()
    await axe(page)
    await page.getByRole('alert').getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Continue with Google' }).click()
    await page.getByRole('button', { name: owner }).click()
    await page.waitForURL(`${app.url}/calendar?view=week&date=${day}`)
    await expect(page.locator('[data-appointment-id]', { hasText: 'Typed while signed out' })).toBeVisible()
    const rows = () => app.sql`select from appointments where title = 'Typed while signed out'`
    await expect.poll(async () => (await rows()).length).toBe(1)
  })

  await test.step('refused when sent at last, it is shown with what was typed', async () => {
    const assigneeIds = [await memberId(app, 'Mia Chen')]
    await page.context().setOffline(true)
    await page.keyboard.press('n')
    const form = page.getByRole('dialog')
    await form.getByLabel('Title').fill('Second at eleven')
    await form.getByLabel('Start').fill('11:00')
    await form.getByRole('checkbox', { name: 'Mia Chen' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form).toBeHidden()
    await book(app, { title: 'First at eleven', start: at(day, '11:00'), end: at(day, '12:00'), assigneeIds })
    await page.context().setOffline(false)
    await expect(form.getByRole('alert')).toContainText('First at eleven')
    await expect(form.getByLabel('Title')).toHaveValue('Second at eleven')
  })

  await test.step('a reload over it loses nothing; once the person has closed it, it is settled', async () => {
    await page.reload()
    const form = page.getByRole('dialog')
    await expect(form.getByRole('alert')).toContainText('First at eleven')
    await expect(form.getByLabel('Title')).toHaveValue('Second at eleven')
    await page.keyboard.press('Escape')
    await form.getByRole('button', { name: 'Discard' }).click()
    await expect(form).toHaveCount(0)
    const kept = () =>
      page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('sophiie-outbox-')))
    expect(await kept()).toEqual([])
  })
})

test('a question about an earlier change waits behind a form that is being filled in', async ({
  page,
  app,
  axe,
}) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const id = await book(app, { title: 'Moved', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  await book(app, { title: 'In its way', start: at(day, '10:00'), end: at(day, '11:00'), assigneeIds })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(
    (url) => url.pathname === '/calendar',
    async (route) => {
      if (route.request().method() === 'POST') await held
      await route.continue()
    },
  )
  await shown(page, id).focus()
  await page.keyboard.press('Alt+ArrowDown')
  await page.keyboard.press('n')
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await expect(form.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('Half typed')
  answer()
  await expect(shown(page, id)).toHaveAccessibleName(/9:00 am to 10:00 am/)
  await expect(form.getByLabel('Title')).toHaveValue('Half typed')

  await test.step('the browser asks before it leaves what is typed', async () => {
    const asked = page.waitForEvent('dialog')
    void page.evaluate(() => location.reload())
    const dialog = await asked
    expect(dialog.type()).toBe('beforeunload')
    await dialog.dismiss()
    await expect(form.getByLabel('Title')).toHaveValue('Half typed')
  })
  await page.keyboard.press('Escape')
  await form.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('dialog')).toContainText('In its way')
  await axe(page)
})

declare global {
  interface Window {
    /** Whether the rows were read again while the calendar was still being drawn. */
    readTooEarly: boolean
  }
}
