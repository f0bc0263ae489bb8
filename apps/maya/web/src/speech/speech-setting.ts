const KEY = 'maya-speech';

/** Whether the visitor has turned speech on, in this or an earlier visit. A browser that stores nothing remembers nothing. */
export function isSpeechWanted(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

export function rememberSpeech(isWanted: boolean): void {
  try {
    if (isWanted) localStorage.setItem(KEY, 'on');
    else localStorage.removeItem(KEY);
  } catch {
    // It holds for this page, at least.
  }
}
