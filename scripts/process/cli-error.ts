/** An error that the user can fix: printed as its message, without a stack trace. */
export class CliError extends Error {
  override name = 'CliError'
}

/**
 * Runs a script's main function. Errors set exit code 1; all but CliErrors print their stack trace.
 */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof CliError ? error.message : error)
    process.exitCode = 1
  }
}
