import { useEffect, useState, type ReactNode } from 'react';

/** How long the button tells what became of the copying. */
const TOLD_MS = 2_000;

const LABELS = { idle: 'Copy', copied: 'Copied', failed: 'Not copied' } as const;

/** Puts a text on the clipboard. A page that another device reads over plain HTTP has no clipboard, and no button. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const [outcome, setOutcome] = useState<keyof typeof LABELS>('idle');
  useEffect(() => {
    if (outcome === 'idle') return;
    const timer = setTimeout(() => setOutcome('idle'), TOLD_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  if (!('clipboard' in navigator)) return null;
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  return (
    <button type="button" className="copy-button" data-outcome={outcome} onClick={copy}>
      {LABELS[outcome]}
      <span className="visually-hidden"> {what}</span>
    </button>
  );
}
