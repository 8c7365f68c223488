/** The result of `work`, which may fail once; `isRepeated` says that it did. */
export const retryOnce = async <T>(
  work: () => Promise<T>,
  onFailure: (error: unknown) => void,
): Promise<{ result: T; isRepeated: boolean }> => {
  try {
    return { result: await work(), isRepeated: false }
  } catch (error) {
    onFailure(error)
    return { result: await work(), isRepeated: true }
  }
}
