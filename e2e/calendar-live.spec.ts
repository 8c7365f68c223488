import { expect, test } from './fixtures/fixtures.ts'
import { at, book, enter, memberId, openCalendar, quietDay, shown, storedTimes } from './steps/calendar.ts'
import { owner, staff } from './steps/steps.ts'

test('changes by others arrive live; a conflicting change asks, and nothing is overwritten', async ({
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

  await test.step('one page is cut off from changes', async () => {
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

test('rows that change while the page loads are read once the calendar is shown, and not before', async ({
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
    window.fetch = (...args) => {
      const grid = document.querySelector('[data-appointment-id]')
      if (`${args[0]}`.includes('/api/calendar?') && !grid?.checkVisibility({ visibilityProperty: true }))
        window.readTooEarly = true
      return fetch(...args)
    }
  })
  // No later event announces it either.
  await page.route(/\/api\/live/, (route) => route.abort())
  let goOn = () => {}
  const released = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const scripts = '**/_next/static/chunks/*.js'
  await page.route(scripts, async (route) => released.then(() => route.continue()))
  await page.goto(`${app.url}/calendar?view=week&date=${day}`, { waitUntil: 'commit' })
  await expect(page.getByText('Known').first()).toBeVisible()
  const id = await book(app, { title: 'Meanwhile', start: at(day, '11:00'), end: at(day, '12:00') })
  goOn()
  await expect(shown(page, id)).toBeVisible()
  expect(await page.evaluate(() => window.readTooEarly)).toBe(false)
})

test('changes made offline, before a reload or after the session ended are kept and sent later', async ({
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

  await test.step('offline: shown at once, sent when online again', async () => {
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

  await test.step('the next page sends the changes of a closed one', async () => {
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

  await test.step('an ended session: says so; after sign-in the same week is shown and the change is sent', async () => {
    await page.keyboard.press('n')
    const form = page.getByRole('dialog')
    await form.getByLabel('Title').fill('Typed while signed out')
    // Ends the session on the server: a late response could renew a cookie that was only deleted.
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

  await test.step('a change refused when it is sent is shown with its input', async () => {
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

  await test.step('it survives a reload, until the person closes it', async () => {
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

test('a question about an earlier change waits while a form is open', async ({ page, app, axe }) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const id = await book(app, { title: 'Moved', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  await book(app, { title: 'In its way', start: at(day, '10:00'), end: at(day, '11:00'), assigneeIds })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(
    (url) => url.pathname === '/calendar',
    async (route) => {
      if (route.request().method() === 'POST') await released
      await route.continue()
    },
  )
  await shown(page, id).focus()
  await page.keyboard.press('Alt+ArrowDown')
  await page.keyboard.press('n')
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await expect(form.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('Half typed')
  release()
  await expect(shown(page, id)).toHaveAccessibleName(/9:00 am to 10:00 am/)
  await expect(form.getByLabel('Title')).toHaveValue('Half typed')

  await test.step('the browser asks before it discards input', async () => {
    const dialogShown = page.waitForEvent('dialog')
    void page.evaluate(() => location.reload())
    const dialog = await dialogShown
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
    /** Whether rows were fetched while the calendar was still rendering. */
    readTooEarly: boolean
  }
}
