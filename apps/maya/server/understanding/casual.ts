import type { Menu } from '../menu/index.ts';
import { DEFAULT_CONFIG, type UnderstandingConfig } from './config.ts';
import { normalise } from './normalise.ts';
import { oncePer } from './once-per.ts';
import { nameForms, namesIn } from './phrases.ts';
import { detectSpeechAct } from './speech-act.ts';
import { tokenise } from './tokens.ts';

/** True for talk that has nothing to do with the bar's business: no order intent, no business word, no name of the menu. Silence is not casual. */
export function isCasual(text: string, menu: Menu, config: UnderstandingConfig = DEFAULT_CONFIG): boolean {
  const tokens = tokenise(normalise(text, config.maxInputCharacters).text);
  if (tokens.length === 0 || detectSpeechAct(text, { menu, config }).intent !== 'none') return false;
  return namesIn(tokens, businessWords(config)).length === 0 && namesIn(tokens, menuNames(menu)).length === 0;
}

const businessWords = oncePer((config: UnderstandingConfig) => config.businessWords.map((word) => nameForms(word)));
const menuNames = oncePer((menu: Menu) => menu.items.map(({ name, aliases }) => nameForms(name, aliases)));
