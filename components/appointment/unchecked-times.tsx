/** Beside proposed times, when the mirror could not be brought up to date first. */
export const UncheckedTimes = () => (
  <p className="mt-2 text-wait">Google Calendar could not be checked just now. These times may be taken there.</p>
)
