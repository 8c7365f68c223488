import { test } from './fixtures/fixtures.ts'
import { mainJob } from './steps/main-job.ts'

test('the main job: link, choose, book, move, cancel, apply changes from Google, unlink', ({
  page,
  app,
  google,
  signInAs,
}) => mainJob({ page, app, google, signInAs }))
