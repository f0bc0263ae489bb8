/** Longest delay that a timer takes. */
const FAR_MS = 2 ** 31 - 1;

/** Waits without letting the process end meanwhile: somebody counts on the answer, though all that could bring it is watchers that hold nothing. */
export async function holdProcess<T>(answer: Promise<T>): Promise<T> {
  const hold = setInterval(() => undefined, FAR_MS);
  try {
    return await answer;
  } finally {
    clearInterval(hold);
  }
}
