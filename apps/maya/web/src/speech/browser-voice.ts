/** The browser's own voice. */
export interface BrowserVoice {
  /** Says a sentence behind those that are still being said. False when this browser has no voice. */
  readonly say: (text: string, heard: { readonly onEnd: () => void; readonly onFailure: () => void }) => boolean;
  readonly stop: () => void;
}

export function createBrowserVoice(): BrowserVoice {
  /** Kept until it is over: a browser may forget an utterance that nobody holds, and then never tells of its end. */
  const saying = new Set<SpeechSynthesisUtterance>();
  return {
    say: (text, { onEnd, onFailure }) => {
      if (!('speechSynthesis' in globalThis)) return false;
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = 'en-US';
      const over = (tell: () => void) => (): void => {
        if (saying.delete(utterance)) tell();
      };
      utterance.addEventListener('end', over(onEnd));
      utterance.addEventListener('error', over(onFailure));
      saying.add(utterance);
      speechSynthesis.speak(utterance);
      return true;
    },
    stop: () => {
      saying.clear(); // what is called off has neither ended nor failed
      if ('speechSynthesis' in globalThis) speechSynthesis.cancel();
    },
  };
}
