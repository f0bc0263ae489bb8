import type { ReactNode } from 'react';

const SUGGESTIONS = ['Two dry martinis and a tap beer, please', "What's on the menu?", 'Something fruity', "What's my tab?"] as const;

/** How to begin: shown while nothing has been said. */
export function Suggestions({ onChoose }: { readonly onChoose: (text: string) => void }): ReactNode {
  return (
    <div className="suggestions">
      <p className="suggestions-welcome">What can I get you?</p>
      <p>Tell Maya in your own words, or start with one of these.</p>
      <ul>
        {SUGGESTIONS.map((text) => (
          <li key={text}>
            <button type="button" className="suggestion" onClick={() => onChoose(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
