/** Something the person at the keyboard can fix: printed as its sentence alone, without a stack. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/** Runs a script's main function: exit code 1 with one sentence for a refusal, with the stack for a surprise. */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error)
    process.exitCode = 1
  }
}
